"""The takes of what Longtake has made on a timeline: found, chosen, added to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, Stack, Timeline, Track, TrackKind

from longtake_bridge.errors import not_possible, wrong_call
from longtake_bridge.timeline.clip_search import Nest, find_stack, track_label
from longtake_bridge.timeline.location import is_bare_path
from longtake_bridge.timeline.made_clip import (
    METADATA_KEY,
    describe_take,
    is_made,
    take_reference,
)
from longtake_bridge.timeline.media import Locate
from longtake_bridge.timeline.placement import PlacedTake
from longtake_bridge.timeline.timing import (
    exact_rate,
    frame_to_timecode,
    nearest_frame,
    seconds_of,
    time_at,
)
from longtake_bridge.timeline.track_edit import lay_out

ORIGINAL = "original"  # the key of what a clip showed before


@dataclass(frozen=True, slots=True)
class ListedTake:
    """One take of an edit."""

    number: int  # from 1, in the order of making
    model: str
    media: Path
    details: Mapping[str, Any]  # as it was made: score, seed, spec, ...

    @property
    def confidence(self) -> float | None:
        """How sure it is, 0 to 1; None where its model was not tried on the clip."""
        score = self.details.get("score") or {}
        # Timelines made before 2026-11-21 hold zeros there.
        tried = any(score.get(name) for name in ("confidence", "psnr_db", "ssim"))
        return score.get("confidence") if tried else None

    @property
    def sureness(self) -> str:
        """The same for a person, who reads it in a list."""
        if self.confidence is None:
            return "not tried on the clip"
        return f"confidence {self.confidence:.2f}"

    @property
    def seed(self) -> int:
        """What it was made with."""
        return int(self.details.get("spec", {}).get("guidance", {}).get("seed", 0))


@dataclass(frozen=True, slots=True)
class MadeEdit:
    """One made clip of a timeline."""

    place: str  # V1@00:00:05:00, as --clip takes it
    clip_name: str
    nest: Nest
    start_s: Fraction  # in its stack
    task: str
    request: Mapping[str, Any]
    takes: tuple[ListedTake, ...]
    active: int | None  # the number of the take that is shown; None for the original
    has_original: bool  # whether what the clip showed before is among its media
    shown: tuple[int, int]  # (start_frame, duration_frames) of the active take's file


def find_edits(timeline: Timeline, rate: Fraction, locate: Locate) -> tuple[MadeEdit, ...]:
    """All made clips on video tracks, from the bottom track up, each from left to right."""
    return tuple(
        _edit(lying, lying.place(timeline, rate), locate) for lying in _made(timeline.tracks, ())
    )


def choose_take(timeline: Timeline, edit: MadeEdit, number: int | None) -> Timeline:
    """A copy of the timeline in which `edit` shows another take; None for its original.

    The sound that was made with it goes along.

    Raises:
        BridgeError: WRONG_CALL; it has no such take.
    """
    numbers = [take.number for take in edit.takes]
    if number is not None and number not in numbers:
        raise wrong_call(
            f'"{edit.clip_name}" has no take {number}; there are {numbers[0]} to {numbers[-1]}.'
        )
    if number is None and not edit.has_original:
        raise wrong_call(
            f'"{edit.clip_name}" was made where nothing was before; choose one of its takes.'
        )
    changed = timeline.deepcopy()
    for clip in _clips_of(changed, edit):
        _show(clip, edit, number)
    return changed


def add_takes(timeline: Timeline, edit: MadeEdit, takes: Sequence[PlacedTake]) -> Timeline:
    """A copy of the timeline in which `edit` has more takes, after those that it had."""
    changed = timeline.deepcopy()
    for clip in _clips_of(changed, edit):
        references = dict(clip.media_references())
        known = _described(clip)
        bare = is_bare_path(getattr(clip.media_reference, "target_url", ""))
        for take in takes:
            key = f"take {len(known) + 1}"
            references[key] = take_reference(take, bare)
            known.append(describe_take(take, key))
        clip.set_media_references(references, clip.active_media_reference_key)
        clip.metadata[METADATA_KEY]["takes"] = known
    return changed


@dataclass(frozen=True, slots=True)
class _Lying:
    """A made clip where it lies."""

    clip: Clip
    stack: Stack
    nest: Nest
    track: int
    start_s: Fraction

    def place(self, timeline: Timeline, rate: Fraction) -> str:
        """V1@00:00:05:00, as the timeline shows it."""
        start_s = self.start_s
        if not self.nest and timeline.global_start_time is not None:
            start_s += seconds_of(timeline.global_start_time)
        timecode = frame_to_timecode(nearest_frame(start_s, rate), rate)
        inside = f' in "{self.stack.name}"' if self.nest else ""
        return f"{track_label(self.stack, self.track)}@{timecode}{inside}"


def _made(stack: Stack, nest: Nest) -> Iterator[_Lying]:
    for t, track in enumerate(stack):
        if not isinstance(track, Track) or track.kind != TrackKind.Video:
            continue
        for lying in lay_out(track):
            if isinstance(lying.item, Clip) and is_made(lying.item):
                yield _Lying(lying.item, stack, nest, t, lying.start_s)
            elif isinstance(lying.item, Stack):
                yield from _made(lying.item, (*nest, (t, lying.index)))


def _edit(lying: _Lying, place: str, locate: Locate) -> MadeEdit:
    clip = lying.clip
    request = dict(clip.metadata[METADATA_KEY].get("request", {}))
    told = enumerate(_described(clip), start=1)
    active = _active(clip)
    return MadeEdit(
        place=place,
        clip_name=clip.name,
        nest=lying.nest,
        start_s=lying.start_s,
        task=str(request.get("task", "")),
        request=request,
        takes=tuple(_take(clip, one, number, locate) for number, one in told),
        active=active,
        has_original=active is None or ORIGINAL in clip.media_references(),
        shown=_shown(clip),
    )


def _take(clip: Clip, told: Mapping[str, Any], number: int, locate: Locate) -> ListedTake:
    reference = clip.media_references().get(told.get("media_reference", ""))
    url = getattr(reference, "target_url", None)
    media = locate(url) if url else Path(told.get("media", ""))
    return ListedTake(number, str(told.get("model", "")), media, told)


def _described(clip: Clip) -> list[dict[str, Any]]:
    return [dict(one) for one in clip.metadata[METADATA_KEY].get("takes", [])]


def _active(clip: Clip) -> int | None:
    for number, one in enumerate(_described(clip), 1):
        if one.get("media_reference") == clip.active_media_reference_key:
            return number
    return None


def _shown(clip: Clip) -> tuple[int, int]:
    available, shown = clip.media_reference.available_range, clip.trimmed_range()
    begin = available.start_time if available is not None else RationalTime(0, shown.duration.rate)
    start_s = seconds_of(shown.start_time) - seconds_of(begin)
    rate = exact_rate(begin.rate)
    start = max(0, nearest_frame(start_s, rate))
    return start, max(1, nearest_frame(seconds_of(shown.duration), rate))


def _clips_of(timeline: Timeline, edit: MadeEdit) -> list[Clip]:
    """The made clip and the sound that was made with it: they lie at one time, of one request."""
    found = []
    for track in find_stack(timeline, edit.nest):
        for lying in lay_out(track) if isinstance(track, Track) else ():
            clip = lying.item
            if not (isinstance(clip, Clip) and is_made(clip) and lying.start_s == edit.start_s):
                continue
            if [one.get("media") for one in _described(clip)] == [
                take.details.get("media") for take in edit.takes
            ]:
                found.append(clip)
    return found


def _show(clip: Clip, edit: MadeEdit, number: int | None) -> None:
    was = _active(clip)
    if number == was:
        return
    default = Clip.DEFAULT_MEDIA_KEY
    references, told = dict(clip.media_references()), _described(clip)
    # Readers that know one media reference a clip look for the default key only.
    shown = references.pop(default)
    wanted = ORIGINAL if number is None else told[number - 1]["media_reference"]
    if wanted not in references:
        raise not_possible(
            f'The media of "{clip.name}" is not among what this timeline holds; a format other '
            "than OTIO keeps one file a clip."
        )
    references[f"take {was}" if was is not None else ORIGINAL] = shown
    references[default] = references.pop(wanted)
    if was is not None:
        told[was - 1]["media_reference"] = f"take {was}"
    if number is not None:
        told[number - 1]["media_reference"] = default
    if number is None or was is None:
        clip.source_range = _on_other_media(clip, edit, shown, references[default], number)
    clip.metadata[METADATA_KEY]["takes"] = told
    clip.set_media_references(references, default)
    _rename_marker(clip, told[number - 1]["model"] if number is not None else ORIGINAL)


def _on_other_media(
    clip: Clip, edit: MadeEdit, was: Any, now: Any, number: int | None
) -> TimeRange:
    """What shows the same on the original as on a take, or the other way round."""
    span = edit.request.get("output_range")
    if span is None or edit.request.get("factor") != "1" or clip.source_range is None:
        raise not_possible(
            f'"{clip.name}" has another length than what it shows now; undo the edit in the '
            "editor, or take the timeline from before it."
        )
    shown = clip.source_range
    into_s = seconds_of(shown.start_time) - _begin_s(was)
    rate = exact_rate(was.available_range.duration.rate)
    offset_s = int(span[0]) / rate
    start_s = _begin_s(now) + into_s + (offset_s if number is None else -offset_s)
    return TimeRange(time_at(start_s, shown.start_time.rate), shown.duration)


def _begin_s(reference: Any) -> Fraction:
    available = reference.available_range
    return seconds_of(available.start_time) if available is not None else Fraction(0)


def _rename_marker(clip: Clip, label: str) -> None:
    for marker in clip.markers:
        if METADATA_KEY in marker.metadata:
            _, comma, frames = marker.name.rpartition(",")
            marker.name = f"Longtake: {label}{comma}{frames}"
