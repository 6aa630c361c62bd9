"""Where a made piece goes, as a value of its own: for OTIO here, for native calls in a plugin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    import opentimelineio as otio

Action = Literal[
    "append_after", "insert_before", "fill_gap", "overwrite", "replace_media", "new_track"
]
Follow = Literal["gap", "ripple", "overwrite"]
Kind = Literal["video", "audio"]
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class TrackRef:
    """One track."""

    kind: Kind
    index: int  # from 0 at the bottom, among the tracks of its kind
    name: str
    nest: tuple[
        tuple[int, int], ...
    ] = ()  # (track, item) steps to a nested stack, from the timeline's

    def to_json_object(self) -> Json:
        """A JSON object that `from_json_object` reads back."""
        nest = [list(step) for step in self.nest]
        return {"kind": self.kind, "index": self.index, "name": self.name, "nest": nest}

    @classmethod
    def from_json_object(cls, value: Json) -> Self:
        """The track that `to_json_object` wrote."""
        nest = tuple((step[0], step[1]) for step in value["nest"])
        return cls(value["kind"], value["index"], value["name"], nest)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open run of frames at a rate.

    Record spans count timeline frames from the timeline's start, source spans a file's frames from
    its first one.
    """

    start_frame: int
    duration_frames: int
    rate: Fraction

    @property
    def start_s(self) -> Fraction:
        """Seconds before it."""
        return self.start_frame / self.rate

    @property
    def duration_s(self) -> Fraction:
        """Seconds of it."""
        return self.duration_frames / self.rate

    @property
    def end_s(self) -> Fraction:
        """Seconds up to its end."""
        return self.start_s + self.duration_s

    def to_json_object(self) -> Json:
        """A JSON object that `from_json_object` reads back."""
        return {
            "start_frame": self.start_frame,
            "duration_frames": self.duration_frames,
            "rate": _rate_text(self.rate),
        }

    @classmethod
    def from_json_object(cls, value: Json) -> Self:
        """The span that `to_json_object` wrote."""
        return cls(value["start_frame"], value["duration_frames"], Fraction(value["rate"]))


@dataclass(frozen=True, slots=True)
class Anchor:
    """The clip beside which, or in whose place, the made piece goes; as it lies before the edit."""

    clip_name: str
    record_range: Span

    def to_json_object(self) -> Json:
        """A JSON object that `from_json_object` reads back."""
        return {"clip_name": self.clip_name, "record_range": self.record_range.to_json_object()}

    @classmethod
    def from_json_object(cls, value: Json) -> Self:
        """The anchor that `to_json_object` wrote."""
        return cls(value["clip_name"], Span.from_json_object(value["record_range"]))


@dataclass(frozen=True, slots=True)
class Trim:
    """A clip that shows more of its own media: an edge moved out into the gap beside it."""

    anchor: Anchor  # as it lies before the edit
    side: Literal["head", "tail"]
    frames: int  # timeline frames, 1 or more

    def to_json_object(self) -> Json:
        """A JSON object that `from_json_object` reads back."""
        return {
            "anchor": self.anchor.to_json_object(),
            "side": self.side,
            "frames": self.frames,
        }

    @classmethod
    def from_json_object(cls, value: Json) -> Self:
        """The trim that `to_json_object` wrote."""
        return cls(Anchor.from_json_object(value["anchor"]), value["side"], value["frames"])


@dataclass(frozen=True, slots=True)
class PlacedTake:
    """One made file, whole."""

    label: str  # the backend's name
    media_path: str  # absolute
    frame_count: int
    rate: Fraction
    start_frame: int = 0  # the file's own start timecode, in frames
    has_sound: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)  # JSON: score, seams, notes, ...

    def to_json_object(self) -> Json:
        """A JSON object that `from_json_object` reads back."""
        return {
            "label": self.label,
            "media_path": self.media_path,
            "frame_count": self.frame_count,
            "rate": _rate_text(self.rate),
            "start_frame": self.start_frame,
            "has_sound": self.has_sound,
            "details": dict(self.details),
        }

    @classmethod
    def from_json_object(cls, value: Json) -> Self:
        """The take that `to_json_object` wrote."""
        return cls(**{**value, "rate": Fraction(value["rate"])})


@dataclass(frozen=True, slots=True)
class Placement:
    """One edit: what to put where, and what becomes of what is there.

    `append_after` and `insert_before` first give the anchor `handle_frames` more of its own media
    at that edge, take `overlap_frames` off it again, which the made piece brings remade, and put
    the made piece beside it. Without takes there is nothing to put: the clip alone grows.
    `fill_gap` first lets the clips beside the gap show more of their own media, as `trims` say;
    without takes that is all. `fill_gap`, `overwrite` and `new_track` lay the made piece at
    `record_range`, with the effects of the anchor where there is one; `replace_media` gives it to
    the anchor, which first grows at its tail where `record_range` is longer than it.
    """

    action: Action
    track: TrackRef
    record_range: Span  # of the made piece, or of the handle or gap where nothing is made
    source_range: Span | None  # of every take, in its file; None where nothing is made
    name: str  # of the made clip
    takes: tuple[PlacedTake, ...] = ()
    active_take: int = 0
    follow: Follow = "gap"
    anchor: Anchor | None = None  # append_after, insert_before and replace_media must have one
    handle_frames: int = 0  # timeline frames
    overlap_frames: int = 0  # timeline frames
    request: Mapping[str, Any] = field(default_factory=dict)  # JSON: all it takes to make it again
    linked: tuple["Placement", ...] = ()  # the same for the clip's sound
    trims: tuple[Trim, ...] = ()  # of fill_gap alone

    @property
    def added_frames(self) -> int:
        """Timeline frames that the edit puts on its track."""
        if not self.takes:
            return self.handle_frames
        return self.handle_frames + self.record_range.duration_frames - self.overlap_frames

    def apply(self, timeline: "otio.schema.Timeline") -> "otio.schema.Timeline":
        """A new timeline with the edit done; `timeline` stays as it is.

        Raises:
            BridgeError: WRONG_CALL where there is no room; NOT_POSSIBLE where the edit would break
                something.
        """
        from longtake_bridge.timeline.placing import place  # noqa: PLC0415 # it needs this module

        return place(self, timeline).timeline

    def to_json_object(self) -> Json:
        """A JSON object that `from_json_object` reads back."""
        return {
            "action": self.action,
            "track": self.track.to_json_object(),
            "record_range": self.record_range.to_json_object(),
            "source_range": self.source_range.to_json_object() if self.source_range else None,
            "name": self.name,
            "takes": [take.to_json_object() for take in self.takes],
            "active_take": self.active_take,
            "follow": self.follow,
            "anchor": self.anchor.to_json_object() if self.anchor else None,
            "handle_frames": self.handle_frames,
            "overlap_frames": self.overlap_frames,
            "request": dict(self.request),
            "linked": [placement.to_json_object() for placement in self.linked],
            "trims": [trim.to_json_object() for trim in self.trims],
        }

    @classmethod
    def from_json_object(cls, value: Json) -> Self:
        """The placement that `to_json_object` wrote."""
        source, anchor = value["source_range"], value["anchor"]
        return cls(
            action=value["action"],
            track=TrackRef.from_json_object(value["track"]),
            record_range=Span.from_json_object(value["record_range"]),
            source_range=Span.from_json_object(source) if source else None,
            name=value["name"],
            takes=tuple(PlacedTake.from_json_object(take) for take in value["takes"]),
            active_take=value["active_take"],
            follow=value["follow"],
            anchor=Anchor.from_json_object(anchor) if anchor else None,
            handle_frames=value["handle_frames"],
            overlap_frames=value["overlap_frames"],
            request=value["request"],
            linked=tuple(cls.from_json_object(placement) for placement in value["linked"]),
            trims=tuple(Trim.from_json_object(trim) for trim in value.get("trims", ())),
        )


def _rate_text(rate: Fraction) -> str:
    return f"{rate.numerator}/{rate.denominator}"
