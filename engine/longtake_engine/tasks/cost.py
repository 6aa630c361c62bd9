"""What work costs besides making pictures: reading, writing, and room on the disk."""

import shutil
from pathlib import Path

from longtake_engine.errors import WrongCall
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.schedule import Scheduled
from longtake_engine.picture import PictureFormat

BASE_MEMORY = 220_000_000  # bytes: Python with OpenCV and FFmpeg loaded
WRITE_S_PER_PIXEL = 3e-8  # reading, converting and encoding a frame to ProRes on two cores
BITS_PER_PIXEL = {"prores": 4.5, "dnxhr": 4.5, "ffv1": 9.0, "h264": 0.4, "source": 2.0}


def disk_bytes(codec: str, pixels: int, frames: int) -> int:
    """About what `frames` frames of so many pixels take on the disk."""
    return int(frames * pixels * BITS_PER_PIXEL[codec] / 8)


def kept_bytes(backend: VideoBackend, format: PictureFormat, frames: int) -> int:
    """What `frames` frames take beside the result while they are made window by window."""
    return frames * format.size_bytes if isinstance(backend, Scheduled) else 0


def free_bytes(folder: Path) -> int:
    """Bytes free where `folder` lies.

    Raises:
        WrongCall: There is no such folder.
    """
    try:
        return shutil.disk_usage(folder).free
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WrongCall(f"The folder {folder} does not exist; make it, or name another.") from error
