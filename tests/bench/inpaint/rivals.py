"""What is measured: the engine's backends, and what everybody has."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

import cv2
import numpy as np
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Completed
from longtake_engine.models.removal import make_removals
from longtake_engine.models.removal.shot import over_plane
from longtake_engine.picture import Picture
from longtake_engine.tasks.inpaint.choice import Candidate, with_fit_trust
from longtake_engine.tasks.inpaint.trial import plan_trial, try_backend
from longtake_engine.work import Guidance
from scene import Scene

Array = np.ndarray
TELEA, DELOGO = "telea", "delogo"
HERE = (TELEA, DELOGO) if shutil.which("ffmpeg") else (TELEA,)
FIT = "fit"  # the first of the backends, believing as much as the engine's back-test says
NAMES = (*HERE, FIT, *(backend.info.name for backend in make_removals()))


def made(name: str, scene: Scene) -> Iterator[Completed]:
    """The frames of `scene` with their holes filled by one of `NAMES`."""
    if name == TELEA:
        return _telea(scene)
    if name == DELOGO:
        return _delogo(scene)
    if name == FIT:
        return _fit(scene)
    backend = next(one for one in make_removals() if one.info.name == name)
    return chain.from_iterable(
        backend.complete(canvas, Guidance(), CancelToken()) for canvas in scene.canvases()
    )


@dataclass(frozen=True, slots=True)
class _Clip:
    """A scene as the back-test reads it."""

    scene: Scene

    def frames(self, start: int, stop: int) -> Iterator[Picture]:
        return iter(self.scene.truth[start:stop])

    def matte(self, frame: int) -> Array:
        """H W uint8."""
        return np.where(self.scene.holes[frame], np.uint8(255), np.uint8(0))


def _fit(scene: Scene) -> Iterator[Completed]:
    """As the engine's task does it: tried on the longest shot, then used on all."""
    clip: Any = _Clip(scene)
    shot = max(scene.shots, key=len)
    trial = plan_trial(clip, clip, shot, shot, lambda: None)
    cancel, first = CancelToken(), make_removals()[0]
    tried = Candidate(first, try_backend(first, trial, cancel))
    backend = with_fit_trust(tried, trial, cancel).backend
    for canvas in scene.canvases():
        yield from backend.complete(canvas, Guidance(), cancel)


def _telea(scene: Scene) -> Iterator[Completed]:
    """OpenCV's inpaint (Telea 2004), plane by plane."""
    for number, (picture, hole) in enumerate(zip(scene.shown, scene.holes, strict=True)):
        planes = []
        for plane in picture.planes:
            size = plane.shape[::-1]
            mask = cv2.resize(hole.astype(np.float32), size, interpolation=cv2.INTER_AREA) > 0
            planes.append(cv2.inpaint(plane, mask.astype(np.uint8), 3, cv2.INPAINT_TELEA))
        yield Completed(number, Picture(tuple(planes), picture.format))


def _delogo(scene: Scene) -> Iterator[Completed]:
    """FFmpeg's delogo over the rectangle around the hole; what lies outside the hole stays.

    By the program, as PyAV's libraries come without this filter.
    """
    boxes = [cv2.boundingRect(hole.view(np.uint8)) for hole in scene.holes]
    number = 0
    for box, run in groupby(range(len(boxes)), boxes.__getitem__):
        pictures = [scene.shown[frame] for frame in run]
        made = pictures if not box[2] else _without(box, pictures)
        for picture, own in zip(made, pictures, strict=True):
            hole = scene.holes[number]
            yield Completed(number, _within(hole, picture, own))
            number += 1


def _without(box: Sequence[int], pictures: Sequence[Picture]) -> list[Picture]:
    """`pictures` with a rectangle (x, y, wide, high) filled by delogo."""
    format = pictures[0].format
    left, top, wide, high = box
    right, bottom = min(left + wide, format.width - 1), min(top + high, format.height - 1)
    left, top = max(left, 1), max(top, 1)
    words = f"delogo=x={left}:y={top}:w={right - left}:h={bottom - top}"
    given = ("-f", "rawvideo", "-pix_fmt", format.pixel_format)
    size = ("-s", f"{format.width}x{format.height}")
    call = ["ffmpeg", "-v", "error", *given, *size, "-i", "-", "-vf", words, *given, "-"]
    stored = b"".join(plane.tobytes() for picture in pictures for plane in picture.planes)
    done = subprocess.run(call, input=stored, capture_output=True, check=True).stdout
    found, at = [], 0
    for picture in pictures:
        planes = []
        for plane in picture.planes:
            planes.append(np.frombuffer(done, plane.dtype, plane.size, at).reshape(plane.shape))
            at += plane.nbytes
        found.append(Picture(tuple(planes), format))
    return found


def _within(hole: Array, made: Picture, own: Picture) -> Picture:
    """`own` with what was `made` in its hole."""
    format = own.format
    planes = [
        np.where(over_plane(hole, format.plane_size(place)), new, old)
        for place, (new, old) in enumerate(zip(made.planes, own.planes, strict=True))
    ]
    return Picture(tuple(planes), format)
