"""Every rival on one clip whose frames between are known."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from longtake_engine.media.still import to_rgb8
from longtake_engine.models.between.network import Refiner
from measure.figures import psnr, ssim
from measure.footage import Excerpt
from rivals import in_betweens

Array = np.ndarray
LOWEST = 2  # frames of a clip that are kept


@dataclass(frozen=True, slots=True)
class Worst:
    """A frame at which one rival falls far behind another, or is far off the truth."""

    frame: int
    behind_db: float
    truth: Array = field(repr=False)
    made: dict[str, Array] = field(repr=False)  # by rival
    psnr_db: dict[str, float] = field(default_factory=dict)  # by rival


@dataclass(frozen=True, slots=True)
class ClipResult:
    """All rivals on one clip at one factor: means over the frames that all of them made."""

    clip: str
    factor: int
    frames: int
    psnr_db: dict[str, float]
    ssim: dict[str, float]
    least_db: dict[str, float]  # of the worst frame
    seconds: dict[str, float] = field(default_factory=dict)  # a made frame, one rival at a time
    worst: Worst | None = field(default=None, repr=False)
    lowest: tuple[Worst, ...] = field(default=(), repr=False)  # of one rival, the lowest first


def run_clip(
    clip: Excerpt,
    factor: int,
    rivals: Sequence[str],
    versus: tuple[str, str],
    refiner: Refiner | None = None,
) -> ClipResult:
    """Drop all but every `factor`th frame and let every rival make them again.

    The frame at which the first of `versus` is furthest behind the second is kept for a sheet, and
    those at which the first is lowest.
    """
    shown, foe = versus
    last = (len(clip.pictures) - 1) // factor * factor
    kept = clip.pictures[: last + 1 : factor]
    made, seconds = {}, {}
    for rival in rivals:
        begun = time.process_time()
        made[rival] = in_betweens(rival, kept, factor, refiner=refiner)
        seconds[rival] = (time.process_time() - begun) / max(1, len(made[rival]))
    numbers = sorted(set.intersection(*(set(pictures) for pictures in made.values())))
    psnrs: dict[str, list[float]] = {rival: [] for rival in rivals}
    ssims: dict[str, list[float]] = {rival: [] for rival in rivals}
    worst: Worst | None = None
    lowest: list[Worst] = []
    for number in numbers:
        truth = to_rgb8(clip.pictures[number])
        frames = {rival: to_rgb8(pictures[number]) for rival, pictures in made.items()}
        for rival, frame in frames.items():
            psnrs[rival].append(psnr(frame, truth))
            ssims[rival].append(ssim(frame, truth))
        if shown in frames and foe in frames:
            behind = psnrs[foe][-1] - psnrs[shown][-1]
            here = {rival: values[-1] for rival, values in psnrs.items()}
            found = Worst(number, behind, truth, frames, here)
            if worst is None or behind > worst.behind_db:
                worst = found
            lowest = sorted([*lowest, found], key=lambda one: one.psnr_db[shown])[:LOWEST]
    return ClipResult(
        clip.name,
        factor,
        len(numbers),
        {rival: float(np.mean(values)) for rival, values in psnrs.items()},
        {rival: float(np.mean(values)) for rival, values in ssims.items()},
        {rival: min(values) for rival, values in psnrs.items()},
        seconds,
        worst,
        tuple(lowest),
    )
