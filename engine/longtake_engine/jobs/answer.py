"""What the answers of a worker hold, as the daemon reads them.

They mirror `media.info`, which loads numpy: the daemon must start at once and stay small. They are
read by name from the JSON of those values, whatever else that holds.
"""

from fractions import Fraction
from typing import Literal

import msgspec


class FoundColor(msgspec.Struct, frozen=True):
    """Colour tags by FFmpeg's names; empty where the file does not say."""

    range: str
    matrix: str
    primaries: str
    transfer: str


class FoundVideo(msgspec.Struct, frozen=True):
    """One video stream."""

    index: int
    codec: str
    pixel_format: str
    width: int
    height: int
    pixel_aspect: Fraction
    rotation_degrees: int
    rate: Fraction
    variable_rate: bool
    frame_count: int
    start_timecode: str
    bit_depth: int
    has_alpha: bool
    color: FoundColor
    scan: Literal["", "progressive", "top_first", "bottom_first"]


class FoundAudio(msgspec.Struct, frozen=True):
    """One audio stream."""

    index: int
    codec: str
    sample_format: str
    sample_rate: int
    layout: str
    channel_count: int
    start_s: float
    duration_s: float


class FoundMedia(msgspec.Struct, frozen=True):
    """What a file holds."""

    path: str
    container: str
    size_bytes: int
    video_streams: tuple[FoundVideo, ...]
    audio_streams: tuple[FoundAudio, ...]
    notes: tuple[str, ...] = ()
