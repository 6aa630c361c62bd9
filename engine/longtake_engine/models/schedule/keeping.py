"""Made frames on the disk, window by window: what is whole there outlives the process."""

import hashlib
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from longtake_engine.canvas import Completed
from longtake_engine.errors import OutOfSpace
from longtake_engine.picture import Picture, PictureFormat

_UNFINISHED = ".part"


def windows_folder(path: Path, job_id: str) -> Path:
    """Where a job keeps the windows of the file that will be `path`; it is removed when the job has
    ended, and stays while it is to be taken up again."""
    return path.parent / f".{path.stem}.{job_id}.windows"


class KeptWindows:
    """The windows of one schedule, in a folder of their own. They lie there without loss, but for
    `Completed.seen`, which is kept in 255 steps."""

    def __init__(self, folder: Path, key: str, format: PictureFormat) -> None:
        """A folder may keep several schedules.

        Args:
            folder: Need not be there yet.
            key: Of what all windows of this schedule depend on.
            format: Of their pictures.
        """
        self._folder = folder / hashlib.sha256(key.encode()).hexdigest()[:16]
        self._format = format

    def open(self) -> int:
        """The number of windows that are whole there already, from the first on."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for unfinished in self._folder.glob(f"*{_UNFINISHED}"):
            unfinished.unlink()
        count = 0
        while self._window(count).is_file():
            count += 1
        return count

    def check_room(self, frames: int) -> None:
        """Nothing, where so many more frames can be kept.

        Raises:
            OutOfSpace: They cannot.
        """
        needed = frames * self._format.size_bytes
        free = shutil.disk_usage(self._folder).free
        if needed > free:
            raise OutOfSpace(
                f"Making this needs {needed / 1e9:.1f} GB beside the result while it is made, and"
                f" the disk of {self._folder.parent} has {free / 1e9:.1f} GB free; make room there"
                " or choose another -o on a larger one."
            )

    def keep(self, number: int, made: Iterable[Completed]) -> None:
        """Keep window `number`, all of it or nothing."""
        target = self._window(number)
        unfinished = target.with_suffix(_UNFINISHED)
        with unfinished.open("wb") as file:
            with ZipFile(file, "w") as archive:  # as numpy's .npz, frame by frame
                for completed in made:
                    _write(archive, completed)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)

    def read(self, number: int, frame: int) -> Completed:
        """A frame of window `number`."""
        with np.load(self._window(number)) as arrays:
            planes = tuple(arrays[f"{frame} {n}"] for n in range(self._format.plane_count))
            seen = arrays.get(f"{frame} seen")
        if seen is not None:
            seen = seen.astype(np.float32) / 255
        return Completed(frame, Picture(planes, self._format), seen)

    def _window(self, number: int) -> Path:
        return self._folder / f"window-{number:05}.npz"


def _write(archive: ZipFile, completed: Completed) -> None:
    arrays = {str(n): plane for n, plane in enumerate(completed.picture.planes)}
    if completed.seen is not None:
        arrays["seen"] = np.rint(255 * completed.seen).astype(np.uint8)
    for name, array in arrays.items():
        with archive.open(f"{completed.frame} {name}.npy", "w", force_zip64=True) as file:
            np.lib.format.write_array(file, array, allow_pickle=False)
