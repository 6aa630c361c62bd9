"""Files of other formats, through OTIO's adapters: what was written is read back and compared.

The adapters drop or shift things without a word; a timeline that does not come back as it was is
refused.
"""

import contextlib
import io
import re
import tempfile
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
from opentimelineio.opentime import RationalTime
from opentimelineio.schema import (
    Clip,
    SerializableCollection,
    Timeline,
    Track,
    TrackKind,
)

from longtake_bridge.errors import BridgeError, not_possible
from longtake_bridge.timeline import fcpxml
from longtake_bridge.timeline.file_format import FileFormat
from longtake_bridge.timeline.made_clip import is_made
from longtake_bridge.timeline.screen import Shown, shown_on, tracks_of

# High enough to read any EDL's frame numbers, until its rate is known.
_EDL_TRIAL_RATE = Fraction(60)
_DROP_TIMECODE = re.compile(r"\b\d\d:\d\d:\d\d;(\d\d)\b")


def read(path: Path, form: FileFormat, rate: Fraction | None) -> otio.core.SerializableObject:
    """What a file holds; raises whatever the adapter does. `rate` is for EDLs alone."""
    with _quiet():
        return _read(path, form, rate)


def _read(path: Path, form: FileFormat, rate: Fraction | None) -> otio.core.SerializableObject:
    if form.adapter == "fcpx_xml":
        return fcpxml.read(path.read_text(encoding="utf-8"))
    if form.adapter == "cmx_3600":
        text = path.read_text(encoding="utf-8", errors="replace")
        rate = _drop_rate(text) or rate or _EDL_TRIAL_RATE
        return otio.adapters.read_from_string(text, adapter_name=form.adapter, rate=float(rate))
    return otio.adapters.read_from_file(str(path), adapter_name=form.adapter)


def rehearse(timeline: Timeline, form: FileFormat, rate: Fraction) -> None:
    """Nothing, where the format can hold this timeline.

    Raises:
        BridgeError: NOT_POSSIBLE, saying what it cannot hold.
    """
    with tempfile.TemporaryDirectory() as folder:
        write(timeline, Path(folder) / f"trial{form.suffix}", form, rate)


def write(timeline: Timeline, path: Path, form: FileFormat, rate: Fraction) -> None:
    """Writes a timeline whose media paths are absolute, and reads it back to be sure.

    Raises:
        BridgeError: NOT_POSSIBLE; the format or its adapter cannot hold this timeline.
    """
    prepared = _prepare(timeline, form, rate)
    try:
        if form.adapter == "fcpx_xml":
            path.write_text(fcpxml.write(prepared), encoding="utf-8")
        else:
            with _quiet():
                otio.adapters.write_to_file(
                    prepared, str(path), adapter_name=form.adapter, **_arguments(form, rate)
                )
        back = read(path, form, rate)
    except (BridgeError, OSError):
        raise
    # Adapters fail in their own ways on what they do not know: all mean that they cannot write
    # this.
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise not_possible(
            f"{form.title} cannot hold this timeline through its adapter ({reason}); write an "
            ".otio."
        ) from None
    _compare(prepared, back, form, rate)


def _quiet() -> contextlib.redirect_stdout[io.StringIO]:
    """Keeps what adapters print off stdout, where --json has the word."""
    return contextlib.redirect_stdout(io.StringIO())


def _drop_rate(edl: str) -> Fraction | None:
    """The rate of an EDL in drop-frame timecode, which says it; None for any other."""
    frames = [int(number) for number in _DROP_TIMECODE.findall(edl)]
    if not frames:
        return None
    return Fraction(60000 if max(frames) >= 30 else 30000, 1001)


def _arguments(form: FileFormat, rate: Fraction) -> dict[str, object]:
    if form.adapter == "cmx_3600":
        return {"rate": float(rate), "reelname_len": None}
    if form.adapter == "AAF":
        return {"use_empty_mob_ids": True}  # made media has none: the adapter makes them up
    return {}


def _prepare(timeline: Timeline, form: FileFormat, rate: Fraction) -> Timeline:
    """A copy with what the adapter needs and without what it would stumble over."""
    result = timeline.deepcopy()
    for clip in result.find_clips():
        reference = clip.media_reference
        if (
            form.adapter != "cmx_3600"
            and reference.available_range is None
            and not reference.is_missing_reference
        ):
            raise not_possible(
                f'{form.title} needs to know how long the media of "{clip.name}" is, and this '
                "timeline does not say; write an .otio."
            )
        if form.video_tracks and clip.markers:
            clip.markers.clear()
    if form.adapter == "fcp_xml":
        _prepare_xmeml(result, rate)
    if form.video_tracks:
        _keep_one_track(result)
    return result


def _prepare_xmeml(timeline: Timeline, rate: Fraction) -> None:
    if timeline.global_start_time is None:  # the adapter takes the sequence's rate from it
        timeline.global_start_time = RationalTime(0, float(rate))
    # Equal items become one element and a reference to it, though one lies beside a transition and
    # the
    # other does not (a clip and its sound). Metadata of ours is not written, but tells them apart.
    items = timeline.find_children(descended_from_type=otio.core.Composable)
    for number, item in enumerate(items):
        item.metadata["longtake_place"] = number


def _keep_one_track(timeline: Timeline) -> None:
    """Leaves one video track: the one with the newest made clip, else the lowest."""
    video = [track for track in timeline.tracks if track.kind == TrackKind.Video]
    made = [t for t in video if any(isinstance(c, Clip) and is_made(c) for c in t)]
    keep = (made or video)[:1]
    for track in list(timeline.tracks):
        if not any(track is one for one in keep):
            timeline.tracks.remove(track)


def _compare(
    written: Timeline, back: otio.core.SerializableObject, form: FileFormat, rate: Fraction
) -> None:
    if isinstance(back, SerializableCollection):
        back = next((one for one in back if isinstance(one, Timeline)), back)
    if not isinstance(back, Timeline):
        raise not_possible(f"{form.title} lost the timeline in writing; write an .otio.")
    for kind in (TrackKind.Video, TrackKind.Audio):
        ours, theirs = _runs(written, kind, rate), _runs(back, kind, rate)
        if ours == theirs:
            continue
        differing = [a for a, b in zip(ours, theirs, strict=False) if a != b]
        where = f' from "{differing[0][0].name}" on' if differing and differing[0] else ""
        raise not_possible(
            f"{form.title} through its adapter would not keep every frame of this timeline in its "
            f"place{where}; write an .otio."
        )


def _runs(timeline: Timeline, kind: str, rate: Fraction) -> list[tuple[Shown, ...]]:
    tracks: list[Track] = [track for track in tracks_of(timeline) if track.kind == kind]
    return [tuple(_comparable(run, rate) for run in shown_on(track, rate)) for track in tracks]


def _comparable(run: Shown, rate: Fraction) -> Shown:
    """A run with its source time to a thousandth of a frame, and of its media the name alone."""
    source_s = Fraction(round(run.source_s * rate * 1000), 1000) / rate
    return Shown(
        run.name, run.start_frame, run.duration_frames, run.url.rpartition("/")[2], source_s
    )
