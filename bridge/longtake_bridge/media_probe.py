"""The engine's view of media files, as the timeline's side reads it."""

import contextlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError, bad_input, wrong_call
from longtake_bridge.length import Length
from longtake_bridge.request import rational
from longtake_bridge.result import Take, fraction
from longtake_bridge.timeline.media import MediaFacts, Probe, media_facts
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.timing import count_frames


def probe_with(engine: Engine) -> Probe:
    """How a timeline learns of its media: the engine opens the files."""

    def probe(path: Path, sequence_rate: Fraction | None) -> MediaFacts:
        rate = rational(sequence_rate) if sequence_rate is not None else None
        media = engine.probe(str(path), rate)
        if not media.video_streams:
            raise bad_input(f"{path.name} holds no video; name a clip that shows a picture.")
        video = media.video_streams[0]
        return media_facts(
            path,
            fraction(video.frame_rate),
            video.frame_count,
            video.start_timecode,
            has_sound=bool(media.audio_streams),
            has_alpha=_has_alpha(video.pixel_format),
        )

    return probe


def frames_between(facts: MediaFacts, start: Length | None, end: Length | None) -> tuple[int, int]:
    """(start_frame, duration_frames) of the part of a file between two places in it.

    A timecode is one that the file shows, anything else counts from its first frame; None is the
    file's start or end.

    Raises:
        BridgeError: WRONG_CALL; the file does not show that.
    """
    first = _frame_at(facts, start) if start is not None else 0
    stop = _frame_at(facts, end) if end is not None else facts.frame_count
    if not 0 <= first < stop <= facts.frame_count:
        raise wrong_call(
            f"{facts.path.name} has {facts.frame_count} frames, and {first} to {stop - 1} are "
            "asked for; give --between two places in it, the earlier one first."
        )
    return first, stop - first


def _frame_at(facts: MediaFacts, place: Length) -> int:
    frame = count_frames(place, facts.rate)
    return frame - facts.start_frame if place.timecode is not None else frame


def made_take(engine: Engine, take: Take) -> MadeTake:
    """A take of the engine as it goes on a timeline."""
    facts = probe_with(engine)(Path(take.media), None)
    details = take.to_json()
    for told_elsewhere in ("media", "model", "rate", "duration_frames"):
        del details[told_elsewhere]
    details["spec"] = dict(take.spec)
    return MadeTake(facts, take.start_frame, take.model, details)


@contextlib.contextmanager
def media_folder(path: Path | None) -> Iterator[None]:
    """The folder of the made media is there; an empty one is taken away again after a failure."""
    if path is None:
        yield
        return
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BridgeError(
            f"The folder {path} cannot be made ({error.strerror}); choose another with --media.",
            "WRONG_CALL",
        ) from error
    try:
        yield
    except BaseException:
        with contextlib.suppress(OSError):  # not empty: it holds what was made before
            path.rmdir()
        raise


def _has_alpha(pixel_format: str) -> bool:
    """Whether pictures of an FFmpeg pixel format carry alpha."""
    return pixel_format.startswith(("yuva", "gbrap", "rgba", "argb", "bgra", "abgr", "ya"))
