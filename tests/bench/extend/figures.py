"""The measures: all on 8-bit RGB frames, H W 3, at the clip's own size."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from measure.figures import psnr, ssim

Array = np.ndarray
LEAST_CHANGE = 0.01  # grey levels: a clip that stands still would make every ratio endless


def sharpness(frame: Array) -> float:
    """Mean Sobel gradient of the grey frame."""
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return float(cv2.magnitude(across, down).mean())


def change(first: Array, second: Array) -> float:
    """Mean absolute difference of two frames, grey levels."""
    return float(cv2.norm(first, second, cv2.NORM_L1) / first.size)


@dataclass(frozen=True, slots=True)
class Past:
    """What the last second before the cut is like."""

    sharpness: float
    change: float

    @classmethod
    def of(cls, frames: Iterable[Array]) -> "Past":
        sharp, changes = [], []
        before: Array | None = None
        for frame in frames:
            sharp.append(sharpness(frame))
            if before is not None:
                changes.append(change(before, frame))
            before = frame
        return cls(float(np.mean(sharp)), max(float(np.mean(changes)), LEAST_CHANGE))


@dataclass(frozen=True, slots=True)
class Figures:
    """How one continuation of one clip measures up."""

    gains_db: tuple[float, ...]  # RGB PSNR over that of the frozen last frame, frame by frame
    psnr_db: float
    ssim: float
    sharpness: float  # mean gradient of the made frames over that of the last second
    motion: float  # mean change between made frames over that of the last second
    seam: float  # change into the first made frame over the mean change of the last second

    def gain_db(self, frames: int) -> float:
        """Mean gain over the first `frames` made frames."""
        return float(np.mean(self.gains_db[:frames]))


@dataclass
class Meter:
    """Takes a continuation frame by frame and measures it; keeps the frames numbered in `keep`.

    Args:
        past: Of the clip before the cut.
        last: The last real frame.
        truth: The hidden frames.
        keep: Offsets from the cut of the frames to keep, the first hidden frame being 1.
    """

    past: Past
    last: Array
    truth: Sequence[Array]
    keep: Collection[int] = ()
    kept: dict[int, Array] = field(default_factory=dict)

    def measure(self, made: Iterable[Array], joined_to: Array, remade_frames: int = 0) -> Figures:
        """Figures of `made`: `remade_frames` that replace real ones, then one for each hidden.

        Only the latter are compared with the truth; `joined_to` is the real frame before them all.
        """
        gains, psnrs, ssims, sharp, steps = [], [], [], [], []
        before = joined_to
        for number, frame in enumerate(made):
            steps.append(change(before, frame))
            sharp.append(sharpness(frame))
            before, offset = frame, number - remade_frames
            if offset < 0:
                continue
            truth = self.truth[offset]
            psnrs.append(psnr(frame, truth))
            gains.append(psnrs[-1] - psnr(self.last, truth))
            ssims.append(ssim(frame, truth))
            if offset + 1 in self.keep:
                self.kept[offset + 1] = frame
        if len(psnrs) != len(self.truth):
            raise RuntimeError(f"{len(psnrs)} frames made of {len(self.truth)}")
        return Figures(
            gains_db=tuple(gains),
            psnr_db=float(np.mean(psnrs)),
            ssim=float(np.mean(ssims)),
            sharpness=float(np.mean(sharp)) / max(self.past.sharpness, 1e-6),
            motion=float(np.mean(steps[1:])) / self.past.change,
            seam=steps[0] / self.past.change,
        )
