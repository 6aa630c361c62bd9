"""Write pictures that a test has made as a clip."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import numpy as np

from longtake_engine.media.info import SoundFormat
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture
from longtake_engine.testing.media import described

LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1"}


def write_film(
    path: Path,
    pictures: Iterable[Picture],
    *,
    rate: Fraction = Fraction(25),
    sound: np.ndarray | None = None,
    bits: int = 16,
) -> Path:
    """Write a clip without loss, and return its path.

    Args:
        path: Ends in .mkv.
        pictures: All of one format; one at least.
        rate: Frames a second.
        sound: C S, int16, int32 or float32, at 48 kHz; None for a silent clip.
        bits: That a sample holds.
    """
    first, *rest = pictures
    streams = ()
    if sound is not None:
        channels = len(sound)
        streams = (SoundFormat(48000, LAYOUTS[channels], channels, sound.dtype, bits),)
    with MediaWriter(
        path,
        job_id="film",
        source=described(first.format, rate),
        format=first.format,
        rate=rate,
        codec="ffv1",
        start_frame=0,
        sound=streams,
    ) as writer:
        for picture in (first, *rest):
            writer.write_picture(picture)
        if sound is not None:
            writer.write_sound(0, sound)
        writer.commit()
    return path
