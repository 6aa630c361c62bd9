"""What a test of any editor needs: how it is driven, and an editor in memory that can be driven so.

`MemoryEditor` is a plugin too: it speaks with a real `longtake host` by the client that all plugins
carry, and does what a plugin has to do, on a timeline of its own. Real editors get a driver each.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, Protocol

from longtake_bridge.host.client_for_hosts import Longtake
from longtake_bridge.host.edits_for_hosts import Edits

_PATIENCE_S = 60.0
_TICK_S = 0.02


@dataclass(frozen=True, slots=True)
class Laid:
    """Something on an editor's timeline; frames from 0 at the start of the timeline."""

    name: str
    kind: Literal["video", "audio"]
    track: int  # from 0 at the bottom, of its kind
    start: int
    frames: int
    media: Path
    source_start: int = 0

    @property
    def end(self) -> int:
        """One past its last frame."""
        return self.start + self.frames


def seen(laid: Sequence[Laid], kind: str = "video") -> list[tuple[int, int, int]]:
    """What a viewer sees, or hears: start, length and first source frame of every run of frames.

    What lies above hides what is below, and two pieces of a file that go on where the other ends
    are one: editors put the same pictures on their timelines in different ways.
    """
    shown: dict[int, tuple[Path, int]] = {}
    for one in sorted(laid, key=lambda one: one.track):
        if one.kind == kind:
            for frame in range(one.frames):
                shown[one.start + frame] = (one.media, one.source_start + frame)
    runs: list[tuple[int, int, int]] = []
    for at, (media, source) in sorted(shown.items()):
        if runs and shown.get(at - 1) == (media, source - 1):
            start, frames, first = runs[-1]
            runs[-1] = (start, frames + 1, first)
        else:
            runs.append((at, 1, source))
    return runs


class HostEditor(Protocol):
    """A running editor with Longtake's plugin in it, as a test drives it.

    Attributes:
        can_trim: Whether its plugin can trim and move what lies on the timeline already.
    """

    can_trim: bool

    def open(self, project: Path, rate: int, clips: Sequence[Laid]) -> None:
        """A saved project with these clips on its timeline."""
        ...

    def press(self, task: str, clip: str, **settings: Any) -> None:
        """Select the clip and press the plugin's button; returns at once."""
        ...

    def wait_for(self, state: Literal["working", "idle"]) -> None:
        """Let the editor run until an edit has begun in the engine, or until none is under way."""
        ...

    def cancel(self) -> None:
        """Press the plugin's own button for that."""
        ...

    def sentence(self) -> str:
        """What the plugin told the user of the last edit, where it failed; else empty."""
        ...

    def laid(self) -> tuple[Laid, ...]:
        """All that lies on the timeline and is switched on, by kind, track and start."""
        ...

    def undo(self) -> None:
        """The edit undone in one step, as the user does it."""
        ...

    def switch_take(self, clip: str, number: int) -> None:
        """Show another take of a made clip, 0 being the best."""
        ...

    def ticks(self) -> int:
        """How often the editor has drawn itself; grows as long as it is alive."""
        ...

    def quit(self) -> None:
        """End the editor, whatever the plugin is doing."""
        ...


@dataclass(slots=True)
class MemoryEditor:
    """An editor whose timeline is a list; numbers its frames from `first_frame`.

    Raises AssertionError where a plugin asks for what an editor would refuse: two things at one
    place, frames that a file does not hold.
    """

    command: Sequence[str]
    first_frame: int = 86400
    frames_of: Callable[[Path], int] = lambda path: 1 << 30
    can_trim: bool = True
    _project: Path = Path()
    _rate: int = 0
    _laid: list[Laid] = field(default_factory=list)
    _takes: dict[str, list[str]] = field(default_factory=dict)
    _history: list[list[Laid]] = field(default_factory=list)
    _edits: Edits | None = None
    _ticks: int = 0

    def open(self, project: Path, rate: int, clips: Sequence[Laid]) -> None:
        """As `HostEditor` says."""
        self._project, self._rate, self._laid = project, rate, list(clips)
        self._check()

    def press(self, task: str, clip: str, **settings: Any) -> None:
        """As `HostEditor` says."""
        if self._edits is None:
            self._edits = Edits(Longtake, "memory", self.command)
        self._edits.start(task, settings, lambda: _Spread(self, clip))

    def wait_for(self, state: Literal["working", "idle"]) -> None:
        """As `HostEditor` says."""
        for edits in self._ticking():
            if not edits.busy if state == "idle" else edits.share > 0:
                return
        said = self._edits.said if self._edits is not None else ""
        raise AssertionError(f"not {state} within {_PATIENCE_S:g} s; said {said}")

    def cancel(self) -> None:
        """As `HostEditor` says."""
        if self._edits is not None:
            self._edits.cancel()

    def sentence(self) -> str:
        """As `HostEditor` says."""
        return self._edits.said if self._edits is not None and self._edits.failed else ""

    def laid(self) -> tuple[Laid, ...]:
        """As `HostEditor` says."""
        return tuple(sorted(self._laid, key=lambda one: (one.kind, one.track, one.start)))

    def undo(self) -> None:
        """As `HostEditor` says."""
        self._laid = self._history.pop()

    def switch_take(self, clip: str, number: int) -> None:
        """As `HostEditor` says."""
        takes = self._takes[clip]
        with self._one_step():
            self._laid = [
                replace(one, media=Path(takes[number])) if one.name == clip else one
                for one in self._laid
            ]

    def ticks(self) -> int:
        """As `HostEditor` says."""
        self._tick()
        return self._ticks

    def quit(self) -> None:
        """As `HostEditor` says."""
        if self._edits is not None:
            self._edits.close(timeout_s=_PATIENCE_S)

    def context_of(self, laid: Sequence[Laid], clip: str) -> dict[str, Any]:
        """What Longtake is told of the timeline when that clip is selected."""
        return {
            "rate": self._rate,
            "items": [self._item(one) for one in laid],
            "clip": [(one.kind, one.name) for one in laid].index(("video", clip)),
            "start_frame": self.first_frame,
            "at": self.first_frame,  # the playhead: nobody moves it
            "project": str(self._project),
        }

    def make(self, changes: Sequence[dict[str, Any]], sent: Sequence[Laid]) -> None:
        """Do the changes, in one step for `undo`, to what lay there when the edit was sent."""
        places: dict[int, Laid] = dict(enumerate(sent))
        with self._one_step():
            for change in changes:
                if change["do"] == "remove":
                    self._laid.remove(places.pop(change["item"]))
                elif change["do"] == "set":
                    old = places[change["item"]]
                    self._laid.remove(old)
                    places[change["item"]] = self._set(old, change)
                    self._laid.append(places[change["item"]])
                else:
                    self._put(change)
                self._check()

    def _ticking(self) -> Iterator[Edits]:
        deadline_s = time.monotonic() + _PATIENCE_S
        while self._edits is not None and time.monotonic() < deadline_s:
            self._tick()
            yield self._edits
            time.sleep(_TICK_S)

    def _tick(self) -> None:
        self._ticks += 1
        if self._edits is not None:
            self._edits.tick()

    def _item(self, one: Laid) -> dict[str, Any]:
        return {
            "track": {"kind": one.kind, "index": one.track},
            "record_start": one.start + self.first_frame,
            "record_frames": one.frames,
            "name": one.name,
            "media": str(one.media),
            "source_start": one.source_start,
        }

    @contextmanager
    def _one_step(self) -> Iterator[None]:
        before = list(self._laid)
        yield
        self._history.append(before)

    def _set(self, old: Laid, change: dict[str, Any]) -> Laid:
        new = replace(
            old,
            start=change["record_start"] - self.first_frame,
            frames=change["record_frames"],
            source_start=change["source_start"],
        )
        moved_head = old.start + change["moved_frames"] - change["head_frames"]
        assert new.start == moved_head, "both ways of saying it agree"
        assert new.frames == old.frames + change["head_frames"] + change["tail_frames"]
        return new

    def _put(self, change: dict[str, Any]) -> None:
        self._takes[change["name"]] = change["takes"]
        self._laid.append(
            Laid(
                change["name"],
                change["track"]["kind"],
                change["track"]["index"],
                change["record_start"] - self.first_frame,
                change["record_frames"],
                Path(change["media"]),
                change["source_start"],
            )
        )

    def _check(self) -> None:
        for one in self._laid:
            held = self.frames_of(one.media)
            assert one.start >= 0, f"{one} lies before the start"
            assert one.source_start >= 0, f"{one} shows what is before its file"
            assert one.source_start + one.frames <= held, f"{one} shows more than {held} frames"
        for one, other in pairwise(self.laid()):
            if (one.kind, one.track) == (other.kind, other.track):
                assert one.end <= other.start, f"{one} and {other} lie over each other"


class _Spread:
    """The timeline of a `MemoryEditor` as it lay when an edit was asked for."""

    def __init__(self, editor: MemoryEditor, clip: str) -> None:
        self._editor, self._clip, self._laid = editor, clip, list(editor.laid())

    def context(self) -> dict[str, Any]:
        return self._editor.context_of(self._laid, self._clip)

    def place(self, answer: dict[str, Any]) -> None:
        self._editor.make(answer["changes"], self._laid)
