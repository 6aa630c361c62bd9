"""What melt shows of a project: MLT's own player, which Kdenlive and Shotcut render with."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.testing.barcode import read_number

MADE, BLACK = "made", "black"  # what a picture without a number is
_DARKEST = 20  # luma of 8 bits
_PATIENCE_S = 240.0


def render(project: Path, frames: int) -> list[Picture]:
    """The first frames of a project, 8-bit 4:2:0, in a file beside it without loss."""
    video = project.with_name(f"{project.stem}.rendered.mkv")
    coded = ("vcodec=ffv1", "pix_fmt=yuv420p", "an=1", "real_time=-1")
    command = ["melt", str(project), f"out={frames - 1}", "-consumer", f"avformat:{video}"]
    subprocess.run(
        [*command, *coded, "-silent"],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        check=True,
        capture_output=True,
        timeout=_PATIENCE_S,
    )
    return list(VideoReader(probe(video)).frames())


def numbers(pictures: Iterable[Picture]) -> list[int | str]:
    """The number that each picture carries, or what else it is."""
    return [_number(picture) for picture in pictures]


def is_there() -> bool:
    """Whether melt is installed."""
    return shutil.which("melt") is not None


def _number(picture: Picture) -> int | str:
    if picture.luma.max() <= _DARKEST:
        return BLACK
    try:
        return read_number(picture)
    except ValueError:
        return MADE
