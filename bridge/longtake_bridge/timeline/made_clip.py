"""The made piece as an OTIO clip: its takes, its marker, and all it takes to make it again."""

from pathlib import Path
from typing import Any

from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Marker, MarkerColor

from longtake_bridge.timeline.location import is_bare_path, url_from_path
from longtake_bridge.timeline.placement import PlacedTake, Placement, Span
from longtake_bridge.timeline.timing import seconds_of, time_at

METADATA_KEY = "longtake"
METADATA_VERSION = 1


def made_clip(edit: Placement, anchor: Clip | None) -> Clip:
    """The clip of a placement's takes, dressed as its anchor is: the same effects, shown or not."""
    clip = Clip(name=edit.name)
    if anchor is not None:
        clip.enabled = anchor.enabled
        clip.effects.extend(effect.deepcopy() for effect in anchor.effects)
    clip.source_range = _source_range(edit, anchor)
    _set_references(clip, edit, _wants_bare_paths(anchor))
    clip.metadata[METADATA_KEY] = describe(edit)
    if edit.track.kind == "video":
        clip.markers.append(_marker(edit, clip.source_range))
    return clip


def set_takes(clip: Clip, edit: Placement) -> None:
    """Gives a clip the takes; its own media stays among its references as `original`."""
    original, bare = clip.media_reference, _wants_bare_paths(clip)
    clip.source_range = _source_range(edit, clip)
    _set_references(clip, edit, bare, {"original": original.deepcopy()})
    clip.metadata[METADATA_KEY] = describe(edit)
    if edit.track.kind == "video":
        clip.markers.append(_marker(edit, clip.source_range))


def describe(edit: Placement) -> dict[str, Any]:
    """The metadata of a made clip: what was asked for, and every take."""
    return {
        "version": METADATA_VERSION,
        "action": edit.action,
        "clip_name": edit.anchor.clip_name if edit.anchor else "",
        "handle_frames": edit.handle_frames,
        "overlap_frames": edit.overlap_frames,
        "trims": [trim.to_json_object() for trim in edit.trims],
        "request": dict(edit.request),
        "takes": [
            describe_take(take, _key(edit, number)) for number, take in enumerate(edit.takes)
        ],
    }


def widen_media(clip: Clip) -> None:
    """Lets media be said to hold all that the clip shows, where only a part was said."""
    available, shown = clip.media_reference.available_range, clip.source_range
    if available is None or shown is None:
        return
    start_s, end_s = seconds_of(available.start_time), seconds_of(available.end_time_exclusive())
    shown_s = seconds_of(shown.start_time)
    wide_start_s = min(start_s, shown_s)
    wide_end_s = max(end_s, shown_s + seconds_of(shown.duration))
    if (wide_start_s, wide_end_s) != (start_s, end_s):
        clip.media_reference.available_range = TimeRange(
            time_at(wide_start_s, available.start_time.rate),
            time_at(wide_end_s - wide_start_s, available.duration.rate, shown.duration.rate),
        )


def is_made(clip: Clip) -> bool:
    """True for a clip that Longtake put on the timeline."""
    return METADATA_KEY in clip.metadata


def _source_range(edit: Placement, anchor: Clip | None) -> TimeRange:
    take, span = edit.takes[edit.active_take], _source_of(edit)
    start = RationalTime(take.start_frame + span.start_frame, float(take.rate))
    rates = [float(take.rate), float(edit.record_range.rate)]
    if anchor is not None:
        rates.insert(0, anchor.trimmed_range().duration.rate)
    return TimeRange(start, time_at(edit.record_range.duration_s, *rates))


def _set_references(
    clip: Clip, edit: Placement, bare: bool, others: dict[str, Any] | None = None
) -> None:
    references = dict(others or {})
    for number, take in enumerate(edit.takes):
        references[_key(edit, number)] = take_reference(take, bare)
    clip.set_media_references(references, _key(edit, edit.active_take))


def _key(edit: Placement, number: int) -> str:
    # Readers that know one media reference a clip look for this key only.
    if number == edit.active_take:
        return Clip.DEFAULT_MEDIA_KEY
    return f"take {number + 1}"


def take_reference(take: PlacedTake, bare: bool) -> ExternalReference:
    """A take as media; its path is written plainly, not as a URL, where `bare`."""
    path, rate = Path(take.media_path), float(take.rate)
    reference = ExternalReference(
        target_url=path.as_posix() if bare else url_from_path(path),
        available_range=TimeRange(
            RationalTime(take.start_frame, rate), RationalTime(take.frame_count, rate)
        ),
    )
    reference.name = path.name
    reference.metadata[METADATA_KEY] = {"version": METADATA_VERSION, "model": take.label}
    return reference


def describe_take(take: PlacedTake, key: str) -> dict[str, Any]:
    """What is kept of a take whose media is called `key` on its clip."""
    return {
        "media_reference": key,
        "media": take.media_path,
        "model": take.label,
        "duration_frames": take.frame_count,
        "rate": f"{take.rate.numerator}/{take.rate.denominator}",
        **take.details,
    }


def _marker(edit: Placement, shown: TimeRange) -> Marker:
    made = edit.record_range.duration_frames - edit.overlap_frames
    label = edit.takes[edit.active_take].label
    frames = "1 frame" if made == 1 else f"{made} frames"
    marker = Marker(f"Longtake: {label}, {frames}", shown, MarkerColor.PURPLE)
    marker.metadata[METADATA_KEY] = {"version": METADATA_VERSION}
    return marker


def _source_of(edit: Placement) -> Span:
    assert edit.source_range is not None, "a placement with takes says which part of them it shows"
    return edit.source_range


def _wants_bare_paths(clip: Clip | None) -> bool:
    reference = clip.media_reference if clip is not None else None
    url = getattr(reference, "target_url", None)  # absent from all but files
    return bool(url) and is_bare_path(url)
