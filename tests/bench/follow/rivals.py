"""What is measured: the engine's trackers, and what everybody has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.cancel import CancelToken
from longtake_engine.luma import luma8
from longtake_engine.models.flow import dense_flow, pixel_grid, sample
from longtake_engine.models.follow import Corrected, follow
from longtake_engine.picture import Picture
from longtake_engine.work import Box
from measure.footage import find_footage
from shots import Shot, box_of

Array = np.ndarray
BUILT_IN, FLOW, NANO, STILL = "built-in", "flow", "nanotrack", "still"
LOOSE, GIVEN = "loose", "given"  # the built-in one from another beginning
ROOM = 0.05  # of the box's size that a loose one leaves on each side
NANO_FILES = "nanotrackv2_nanotrack_backbone_sim.onnx", "nanotrackv2_nanotrack_head_sim.onnx"


@dataclass(frozen=True, slots=True)
class Answer:
    """Where a rival thinks that the thing is on one frame."""

    frame: int
    matte: Array  # H W bool; of what gives boxes only, its box
    confidence: float = float("nan")

    @property
    def box(self) -> tuple[int, int, int, int]:
        """X, y, width and height."""
        return box_of(self.matte)


def built_in(shot: Shot, start: int) -> Iterator[Answer]:
    """The engine's own tracker."""
    return _followed(shot, Box(*shot.box(start), start))


def loose(shot: Shot, start: int) -> Iterator[Answer]:
    """The engine's own tracker from a box that is a tenth too large."""
    x, y, wide, high = shot.box(start)
    right, bottom = shot.pictures[start].format.width, shot.pictures[start].format.height
    left, top = max(0, round(x - ROOM * wide)), max(0, round(y - ROOM * high))
    right = min(right, round(x + (1 + ROOM) * wide))
    bottom = min(bottom, round(y + (1 + ROOM) * high))
    return _followed(shot, Box(left, top, right - left, bottom - top, start))


def given(shot: Shot, start: int) -> Iterator[Answer]:
    """The engine's own tracker from the true matte: the most that a better first matte can win."""
    return _followed(shot, Corrected(shot.mattes[start].astype(np.float32), start))


def _followed(shot: Shot, mark: Box | Corrected) -> Iterator[Answer]:
    pictures = dict(enumerate(shot.pictures))
    for one in follow(pictures, [mark], shot.frames, CancelToken()):
        yield Answer(one.frame, one.matte > 0.5, one.confidence if one.present else 0.0)


def flow(shot: Shot, start: int) -> Iterator[Answer]:
    """The engine's matte of the first frame, told by it alone, carried on by dense flow."""
    pictures = {0: shot.pictures[start]}
    x, y, wide, high = shot.box(start)
    found = next(follow(pictures, [Box(x, y, wide, high, 0)], range(1), CancelToken()))
    yield Answer(start, found.matte > 0.5)
    for frames in _both_ways(shot, start):
        matte, before = found.matte, luma8(shot.pictures[start])
        for frame in frames:
            now = luma8(shot.pictures[frame])
            matte = sample(matte, pixel_grid(*now.shape) + dense_flow(now, before))
            before = now
            yield Answer(frame, matte > 0.5)


def still(shot: Shot, start: int) -> Iterator[Answer]:
    """The box, where it was drawn."""
    for frame in shot.frames:
        yield Answer(frame, _filled(shot.pictures[frame], shot.box(start)))


def nano(shot: Shot, start: int) -> Iterator[Answer]:
    """OpenCV's NanoTrack: a network for boxes, with its published weights."""
    yield Answer(start, _filled(shot.pictures[start], shot.box(start)), 1.0)
    images = shot.rgb()
    for frames in _both_ways(shot, start):
        tracker = _nano_tracker()
        tracker.init(np.ascontiguousarray(images[start][..., ::-1]), shot.box(start))
        for frame in frames:
            _, box = tracker.update(np.ascontiguousarray(images[frame][..., ::-1]))
            score = float(tracker.getTrackingScore())
            yield Answer(frame, _filled(shot.pictures[frame], tuple(box)), score)


def _both_ways(shot: Shot, start: int) -> tuple[range, range]:
    return range(start + 1, shot.frames.stop), range(start - 1, -1, -1)


def _filled(picture: Picture, box: tuple[int, ...]) -> Array:
    x, y, wide, high = box
    matte = np.zeros(picture.luma.shape, bool)
    matte[max(0, y) : max(0, y + high), max(0, x) : max(0, x + wide)] = True
    return matte


def _nano_folder() -> Path | None:
    footage = find_footage()
    folder = footage.parent / "weights" / "nanotrack" if footage else None
    return folder if folder and all((folder / name).exists() for name in NANO_FILES) else None


def _nano_tracker():
    folder = _nano_folder()
    assert folder is not None
    parameters = cv2.TrackerNano.Params()
    parameters.backbone, parameters.neckhead = (str(folder / name) for name in NANO_FILES)
    return cv2.TrackerNano.create(parameters)


RIVALS: dict[str, Callable[[Shot, int], Iterator[Answer]]] = {
    BUILT_IN: built_in,
    LOOSE: loose,
    GIVEN: given,
    FLOW: flow,
    **({NANO: nano} if _nano_folder() else {}),
    STILL: still,
}
USUAL = tuple(name for name in RIVALS if name not in (LOOSE, GIVEN))
