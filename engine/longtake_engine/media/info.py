"""What a media file holds, as values.

Fields mean what the fields of the same name in `proto/` mean.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import numpy as np

from longtake_engine.errors import BadInput
from longtake_engine.picture import Color

Scan = Literal["", "progressive", "top_first", "bottom_first"]


@dataclass(frozen=True, slots=True)
class Timing:
    """How the pictures of a stream fall onto frames of a constant rate.

    `even`: stored picture k is frame k, found by rounding its time. `shown`: the rate varies, and
    frame k is what is on screen at k / rate. `counted`: the file has no times that can be trusted,
    and the k-th decoded picture is frame k; there is no seeking in such a file.
    """

    kind: Literal["even", "shown", "counted"]
    rate: Fraction
    first_pts: int  # of frame 0, in time_base
    time_base: Fraction  # seconds

    def frame_at(self, pts: int) -> int:
        """The first frame that shows the picture stamped `pts`; not for `counted`."""
        position = (pts - self.first_pts) * self.time_base * self.rate
        if self.kind == "even":
            return round(position)
        # Stamps are rounded to the time base: one due at k / rate may be stamped a tick late.
        slack = max(self.time_base * self.rate, Fraction(1, 100))
        return -((slack - position) // 1)


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """One video stream."""

    index: int
    codec: str
    profile: str  # FFmpeg's name of the codec's profile, such as "HQ"; empty where there is none
    pixel_format: str  # as stored
    width: int  # stored, before rotation
    height: int
    pixel_aspect: Fraction
    rotation_degrees: int  # counter-clockwise: 0, 90, 180 or 270
    rate: Fraction  # constant; what a variable rate is mapped to
    variable_rate: bool
    frame_count: int  # at `rate`
    start_timecode: str
    bit_depth: int
    has_alpha: bool
    color: Color
    scan: Scan
    timing: Timing

    @property
    def interlaced(self) -> bool:
        """Whether frames consist of two fields from two moments."""
        return self.scan in ("top_first", "bottom_first")


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """One audio stream."""

    index: int
    codec: str
    sample_format: str  # FFmpeg's name as decoded
    bit_depth: int  # bits of a sample that carry sound: 24 for pcm_s24le, which decodes to 32
    sample_rate: int
    layout: str  # FFmpeg's name
    channel_count: int
    start_s: float  # from the start of the first video frame
    duration_s: float


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a media file, or a sequence of images, holds."""

    path: Path
    container: str  # "image2" for images
    size_bytes: int
    video_streams: tuple[VideoInfo, ...]
    audio_streams: tuple[AudioInfo, ...]
    notes: tuple[str, ...] = ()

    @property
    def video(self) -> VideoInfo:
        """The first video stream, the one that Longtake works on.

        Raises:
            BadInput: There is none.
        """
        if not self.video_streams:
            raise BadInput(f"{self.path.name} holds no video; give a clip with pictures in it.")
        return self.video_streams[0]


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """What an audio stream to be written holds."""

    sample_rate: int
    layout: str  # FFmpeg's name
    channel_count: int
    dtype: np.dtype  # int16, int32 or float32
    bit_depth: int  # bits that carry sound; 24 in int32 for 24-bit sound, in its upper bits
