"""Resolve's plugin in a stand-in for Resolve, driven as every other editor is."""

import importlib
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from longtake_bridge.host.testing import Laid
from longtake_bridge.plugin.source import plugins_folder, read_shared
from longtake_bridge.plugin.testing.resolve import PoolItem, Resolve, Timeline, TimelineItem

_PATIENCE_S = 60.0
_TICK_S = 0.02
_LIBRARY = ("longtake_client", "longtake_edits", "longtake_timeline", "longtake_resolve")
_BEFORE = " (before Longtake)"


class ResolveEditor:
    """A `HostEditor`; `folder` is where the plugin's library is put for it."""

    can_trim = False

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._command, self._ticks = list(command), 0
        self._resolve = Resolve()
        self._edits: Any = None
        self._library = _load_library(folder)

    @property
    def _timeline(self) -> Timeline:
        assert self._resolve.project is not None
        return self._resolve.project.current

    def open(self, project: Path, rate: int, clips: Sequence[Laid]) -> None:
        """As `HostEditor` says; a Resolve project has no file."""
        self._resolve = Resolve(float(rate), lambda path: float(rate))
        timeline = self._timeline
        timeline.start_frame = 3600 * rate  # where its timecode says that the playhead is
        for one in clips:
            lanes = timeline.tracks[one.kind]
            while len(lanes) <= one.track:
                lanes.append([])
            pool_item = PoolItem(str(one.media), float(rate), 1 << 30)
            start = timeline.start_frame + one.start
            item = TimelineItem(timeline, pool_item, one.source_start, start, one.frames)
            item.name = one.name
            lanes[one.track].append(item)

    def press(self, task: str, clip: str, **settings: Any) -> None:
        """As `HostEditor` says."""
        self._timeline.current = self._find(clip)
        if self._edits is None:
            self._edits = self._library.open_edits(self._resolve, self._command)
        self._edits.start(task, settings, lambda: self._library.Spread(self._resolve))

    def wait_for(self, state: Literal["working", "idle"]) -> None:
        """As `HostEditor` says."""
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s:
            self.ticks()
            if (state == "idle" and not self._edits.busy) or (
                state == "working" and self._edits.share > 0
            ):
                return
            time.sleep(_TICK_S)
        raise AssertionError(f"not {state} within {_PATIENCE_S:g} s; said {self._edits.said}")

    def cancel(self) -> None:
        """As `HostEditor` says."""
        self._edits.cancel()

    def sentence(self) -> str:
        """As `HostEditor` says."""
        return self._edits.said if self._edits.failed else ""

    def laid(self) -> tuple[Laid, ...]:
        """As `HostEditor` says."""
        kinds: tuple[Literal["video", "audio"], ...] = ("video", "audio")
        found = [
            self._laid(kind, number, item)
            for kind in kinds
            for number, lane in enumerate(self._timeline.tracks[kind])
            for item in lane
            if item.enabled
        ]
        return tuple(sorted(found, key=lambda one: (one.kind, one.track, one.start)))

    def undo(self) -> None:
        """The timeline from before, which the plugin has kept: Resolve's scripts have no undo."""
        project = self._resolve.project
        assert project is not None
        (project.current,) = [one for one in project.timelines if one.name.endswith(_BEFORE)]

    def switch_take(self, clip: str, number: int) -> None:
        """As `HostEditor` says: by the clip's own take selector."""
        assert self._find(clip).SelectTakeByIndex(number + 1)

    def ticks(self) -> int:
        """As `HostEditor` says."""
        self._edits.tick()
        self._ticks += 1
        return self._ticks

    def quit(self) -> None:
        """As `HostEditor` says."""
        if self._edits is not None:
            self._edits.close()
        for name in _LIBRARY:
            sys.modules.pop(name, None)

    def _find(self, clip: str) -> TimelineItem:
        return next(
            item for lane in self._timeline.tracks["video"] for item in lane if item.name == clip
        )

    def _laid(self, kind: Literal["video", "audio"], track: int, item: TimelineItem) -> Laid:
        assert item.pool_item is not None
        media, start = Path(item.pool_item.path), item.start - self._timeline.start_frame
        return Laid(item.name, kind, track, start, item.frames, media, int(item.first))


def _load_library(folder: Path) -> Any:
    """The plugin's own module for edits, from a folder like the one that it is installed into."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in (plugins_folder() / "resolve" / "library").glob("*.py"):
        (folder / path.name).write_bytes(path.read_bytes())
    for name, content in read_shared():
        (folder / name).write_bytes(content)
    for name in _LIBRARY:
        sys.modules.pop(name, None)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module("longtake_resolve")
    finally:
        sys.path.remove(str(folder))
