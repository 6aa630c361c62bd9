"""What lies on a timeline and what its files hold, each worked out once."""

from dataclasses import dataclass, field
from pathlib import Path

from opentimelineio.core import Item
from opentimelineio.schema import Clip, GeneratorReference, MissingReference

from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.clip_search import Nest, find_stack
from longtake_bridge.timeline.coverage import Picture, full_pictures
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.media import (
    MediaFacts,
    Probe,
    media_path,
    probe_clip,
    read_media_use,
    sequence_rate,
)
from longtake_bridge.timeline.piece import Beside, comparable_effects
from longtake_bridge.timeline.placement import Anchor, Span
from longtake_bridge.timeline.refusal import speed_fault
from longtake_bridge.timeline.timing import nearest_frame
from longtake_bridge.timeline.track_edit import Lying, lay_out


@dataclass(slots=True)
class Look:
    """A timeline that stays as it is, and its media; a file is asked for once, readable or not."""

    document: TimelineDocument
    probe: Probe
    _known: dict[Path, MediaFacts | BridgeError] = field(default_factory=dict)
    _lying: dict[tuple[Nest, int], list[Lying]] = field(default_factory=dict)
    _full: dict[tuple[Nest, int], tuple[Picture, ...]] = field(default_factory=dict)

    def media(self, clip: Clip) -> MediaFacts:
        """What the file of a clip holds.

        Raises:
            BridgeError: The clip shows no file, or none that can be read.
        """
        path = media_path(clip, self.document.locate)
        if path not in self._known:
            try:
                self._known[path] = probe_clip(clip, self.document.locate, self.probe)
            except BridgeError as error:
                if error.reason not in ("BAD_INPUT", "MISSING_INPUT", "PATH_REFUSED"):
                    raise  # the engine, and not this file, is the trouble
                self._known[path] = error
        found = self._known[path]
        if isinstance(found, BridgeError):
            raise found
        return found

    def lying(self, nest: Nest, track: int) -> list[Lying]:
        """All that lies on a track."""
        where = (nest, track)
        if where not in self._lying:
            self._lying[where] = lay_out(find_stack(self.document.timeline, nest)[track])
        return self._lying[where]

    def full_pictures(self, nest: Nest, track: int) -> tuple[Picture, ...]:
        """Where a track shows pictures that fill the frame."""
        where = (nest, track)
        if where not in self._full:
            lane = find_stack(self.document.timeline, nest)[track]
            self._full[where] = full_pictures(lane)
        return self._full[where]

    def is_opaque(self, clip: Clip) -> bool:
        """Whether the media of a clip lets nothing through; true for what is not there to ask."""
        try:
            return not self.media(clip).has_alpha
        except BridgeError as error:
            if error.reason not in ("BAD_INPUT", "MISSING_INPUT", "PATH_REFUSED", "NOT_POSSIBLE"):
                raise
            return True

    def is_one_file(self, nest: Nest, track: int, first: int, second: int) -> bool:
        """Whether two children of a track show the same file; it need not be there."""
        lane = find_stack(self.document.timeline, nest)[track]
        try:
            paths = {media_path(lane[one], self.document.locate) for one in (first, second)}
        except BridgeError:
            return False
        return len(paths) == 1

    def beside(self, nest: Nest, track: int, index: int) -> Beside:
        """The clip at an index of a track, ready to stand beside a made piece.

        Raises:
            BridgeError: Its media cannot be read, or it shows more than that holds.
        """
        rate = self.document.rate
        lying = next(one for one in self.lying(nest, track) if one.index == index)
        start, end = nearest_frame(lying.start_s, rate), nearest_frame(lying.end_s, rate)
        media = self.media(lying.item)
        return Beside(
            anchor=Anchor(lying.item.name, Span(start, end - start, rate)),
            media=media,
            use=read_media_use(lying.item, media),
            sequence_rate=sequence_rate(lying.item),
            effects=comparable_effects(lying.item),
        )


def why_no_neighbour(item: Item) -> str | None:
    """Why no frames can be made that join an item, as a clause; None for a plain clip of a file."""
    name = f'"{item.name}"' if item.name else "a clip without a name"
    if not isinstance(item, Clip):
        return f"{name} beside it is a nested timeline"
    if not item.enabled:
        return f"{name} beside it is switched off"
    if isinstance(item.media_reference, GeneratorReference):
        kind = item.media_reference.generator_kind or "generator"
        return f"{name} beside it is made by the editor ({kind})"
    if item.media_reference is None or isinstance(item.media_reference, MissingReference):
        return f"{name} beside it has no media"
    fault = speed_fault(item)
    return f"{name} beside it {fault}" if fault else None
