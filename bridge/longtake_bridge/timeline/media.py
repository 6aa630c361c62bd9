"""What is known of a clip's media, and which part of it the clip shows."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio

from longtake_bridge.errors import BridgeError, bad_input, not_possible
from longtake_bridge.timeline.timing import exact_rate, seconds_of, timecode_to_frame

Locate = Callable[[str], Path]  # a target URL to the absolute path that it means
Probe = Callable[[Path, Fraction | None], "MediaFacts"]  # path, and the rate of an image sequence


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a probe found in a media file."""

    path: Path
    rate: Fraction  # frames a second
    frame_count: int
    start_frame: int = 0  # its start timecode, counted in frames; 0 where it has none
    has_sound: bool = False
    has_alpha: bool = False  # what lies below may show through it


def media_facts(
    path: Path,
    rate: Fraction,
    frame_count: int,
    start_timecode: str = "",
    *,
    has_sound: bool = False,
    has_alpha: bool = False,
) -> MediaFacts:
    """The facts of a file with a start timecode as text; empty where it has none."""
    start_frame = 0
    # A timecode that is none at this rate starts nothing: some cameras write such.
    with suppress(BridgeError):
        start_frame = timecode_to_frame(start_timecode, rate) if start_timecode else 0
    return MediaFacts(path, rate, frame_count, start_frame, has_sound, has_alpha)


@dataclass(frozen=True, slots=True)
class MediaUse:
    """The part of a file that a clip shows, in seconds from the file's first frame; half-open."""

    start_s: Fraction
    end_s: Fraction
    media_s: Fraction  # all there is

    @property
    def head_handle_s(self) -> Fraction:
        """Seconds of real media before the clip's head."""
        return max(self.start_s, Fraction(0))

    @property
    def tail_handle_s(self) -> Fraction:
        """Seconds of real media after the clip's tail."""
        return max(self.media_s - self.end_s, Fraction(0))


def media_path(clip: otio.schema.Clip, locate: Locate) -> Path:
    """The path of the file, or the pattern of the image sequence, that a clip shows.

    Raises:
        BridgeError: BAD_INPUT or NOT_POSSIBLE; the clip shows no file, or none on this machine.
    """
    reference = clip.media_reference
    if isinstance(reference, otio.schema.GeneratorReference):
        raise not_possible(
            f'"{clip.name}" is made by a generator of the editor ({reference.generator_kind}); '
            "render it to a file and relink the clip, or make it longer in the editor."
        )
    if isinstance(reference, otio.schema.ImageSequenceReference):
        padding = reference.frame_zero_padding
        number = f"%0{padding}d" if padding > 1 else "%d"
        name = f"{reference.name_prefix}{number}{reference.name_suffix}"
        return locate(reference.target_url_base) / name
    url = reference.target_url if isinstance(reference, otio.schema.ExternalReference) else ""
    if not url:
        raise bad_input(
            f'"{clip.name}" has no media on this timeline; relink it in the editor and export '
            "again."
        )
    return locate(url)


def probe_clip(clip: otio.schema.Clip, locate: Locate, probe: Probe) -> MediaFacts:
    """What a clip's file holds.

    Raises:
        BridgeError: The clip shows no file, or none that can be read.
    """
    path, rate = media_path(clip, locate), sequence_rate(clip)
    facts = replace(probe(path, rate), path=path)
    return replace(facts, rate=rate) if rate is not None else facts


def sequence_rate(clip: otio.schema.Clip) -> Fraction | None:
    """The frame rate of an image sequence; None for media that say theirs themselves."""
    reference = clip.media_reference
    if isinstance(reference, otio.schema.ImageSequenceReference) and reference.rate > 0:
        return exact_rate(reference.rate)
    return None


def read_media_use(clip: otio.schema.Clip, facts: MediaFacts) -> MediaUse:
    """Which part of its file a clip shows.

    Raises:
        BridgeError: BAD_INPUT; the clip shows more than the file holds.
    """
    available = clip.media_reference.available_range
    shown = clip.source_range or available
    media_s = facts.frame_count / facts.rate
    if shown is None:  # the clip shows its file whole, and nothing says how long that is
        return MediaUse(Fraction(0), media_s, media_s)
    start_s, duration_s = seconds_of(shown.start_time), seconds_of(shown.duration)
    origin_s = _origin_s(available or shown, facts)
    use = MediaUse(start_s - origin_s, start_s - origin_s + duration_s, media_s)
    slack_s = 1 / facts.rate  # containers and editors disagree on the last frame now and then
    if use.start_s < -slack_s or use.end_s > media_s + slack_s:
        raise bad_input(
            f'"{clip.name}" shows more of {facts.path.name} than the file holds '
            f"({facts.frame_count} frames); relink it to the right file and export again."
        )
    return use


def _origin_s(said: otio.opentime.TimeRange, facts: MediaFacts) -> Fraction:
    """The source time of the file's first frame, in seconds.

    `said` starts there where it is the whole file. Some editors say only the part that they use:
    then it is counted from the file's start timecode where it lies in that, or from 0.
    """
    start_s, end_s = seconds_of(said.start_time), seconds_of(said.end_time_exclusive())
    media_s = facts.frame_count / facts.rate
    timecode_s = facts.start_frame / facts.rate
    slack_s = 1 / facts.rate
    if abs(end_s - start_s - media_s) <= slack_s:
        return start_s
    for origin_s in (timecode_s, Fraction(0)):
        if origin_s - slack_s <= start_s and end_s <= origin_s + media_s + slack_s:
            return origin_s
    return start_s
