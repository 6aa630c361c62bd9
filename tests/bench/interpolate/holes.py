"""Holes cut out of clips and filled: the engine beside a dissolve and a freeze."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from longtake_engine.media.still import to_rgb8
from longtake_engine.models.between import fill_hole
from longtake_engine.picture import Picture
from measure.call import table
from measure.figures import psnr, ssim
from measure.footage import excerpt
from rivals import OURS, blend, quality_of

BESIDE = 8  # known frames on each side
STARTS = (12, 48, 84)  # first missing frames
SIZES = (7, 12, 24)
RIVALS = ("freeze", "dissolve", *OURS)
Array = np.ndarray


@dataclass(frozen=True, slots=True)
class HoleResult:
    """One size of hole in one clip: means over its places."""

    clip: str
    missing: int
    psnr_db: dict[str, float]
    ssim: dict[str, float]
    frames: dict[str, list[Array]] = field(repr=False)  # of the first place, the truth too


def run_holes(footage: Path, name: str, missing: int, rivals: Sequence[str] = RIVALS) -> HoleResult:
    """Cut `missing` frames out at several places and let every rival fill them."""
    psnrs: dict[str, list[float]] = {rival: [] for rival in rivals}
    ssims: dict[str, list[float]] = {rival: [] for rival in rivals}
    frames: dict[str, list[Array]] = {}
    for start in STARTS:
        clip = excerpt(footage, name, missing + 2 * BESIDE, start - BESIDE)
        before, after = clip.pictures[:BESIDE], clip.pictures[BESIDE + missing :]
        truth = [to_rgb8(picture) for picture in clip.pictures[BESIDE : BESIDE + missing]]
        for rival in rivals:
            made = [to_rgb8(picture) for picture in fill(rival, before, after, missing)]
            psnrs[rival] += [psnr(*pair) for pair in zip(made, truth, strict=True)]
            ssims[rival] += [ssim(*pair) for pair in zip(made, truth, strict=True)]
            if start == STARTS[0]:
                frames[rival] = made
        frames.setdefault("truth", truth)
    return HoleResult(
        name,
        missing,
        {rival: float(np.mean(values)) for rival, values in psnrs.items()},
        {rival: float(np.mean(values)) for rival, values in ssims.items()},
        frames,
    )


def fill(
    rival: str, before: Sequence[Picture], after: Sequence[Picture], missing: int
) -> list[Picture]:
    """What a rival puts into the hole."""
    if rival == "freeze":
        return [before[-1]] * missing
    if rival == "dissolve":
        shares = [number / (missing + 1) for number in range(1, missing + 1)]
        return [blend(before[-1], after[0], share) for share in shares]
    made = fill_hole(before, after, missing, quality_of(rival))
    return [one.picture for one in made]


def hole_table(results: Sequence[HoleResult]) -> str:
    """One row a hole: PSNR and SSIM of each rival."""
    rivals = list(results[0].psnr_db)
    rows = [
        [
            result.clip,
            str(result.missing),
            *(f"{result.psnr_db[rival]:.2f} / {result.ssim[rival]:.3f}" for rival in rivals),
        ]
        for result in results
    ]
    return table(["clip", "missing frames", *(f"{rival} dB / SSIM" for rival in rivals)], rows)
