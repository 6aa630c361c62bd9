"""The steps that put an edit on a host's timeline, in the host's own frame numbers.

A host does them in the order in which they come, in one step of its undo history: first what goes
or gets shorter, then what moves (the last things first) or gets longer, then what is new.
"""

from fractions import Fraction

from msgspec import Struct

from longtake_bridge.host.context import Track


class Remove(Struct, frozen=True, tag_field="do", tag="remove"):
    """Take an item off the timeline: nothing of it is seen any more."""

    item: int  # its place in the context's `items`


class Set(Struct, frozen=True, tag_field="do", tag="set"):
    """Give an item these edges: move it by `moved_frames`, then move its head and tail out."""

    item: int
    record_start: int  # as it lies afterwards
    record_frames: int
    source_start: int  # of its media, at the item's `source_rate`
    head_frames: int  # timeline frames of its own media shown more at the head; negative: fewer
    tail_frames: int  # the same at the tail
    moved_frames: int  # how far later its pictures are seen; 0 but for a ripple


class Put(Struct, frozen=True, tag_field="do", tag="put"):
    """Put a new item there, where nothing lies by now."""

    track: Track
    record_start: int
    record_frames: int
    name: str
    media: str  # the active one of `takes`
    source_start: int  # first frame shown, from 0 at the file's first, at `source_rate`
    source_frames: int
    source_rate: Fraction
    takes: tuple[str, ...]  # files with the same frames, to switch between; the best first
    dressed_as: int | None  # the item whose effects it should wear
    copy_of: int | None  # it is the rest of this item, which was cut in two: no made media


Change = Remove | Set | Put
