"""The tables in Markdown and the whole as JSON values."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from measure.call import said, table
from quality import ClipResult
from rivals import BLEND, MINTERPOLATE

TARGETS_DB = {2: 1.1, 4: 0.7}  # of standard over minterpolate, mean
LEAST_DB = -0.1  # of standard over minterpolate and over blending, any clip


def rival_table(results: Sequence[ClipResult], rivals: Sequence[str]) -> str:
    """One row a rival: means over the clips, and its worst clip against minterpolate and blend."""
    factors = sorted({result.factor for result in results})
    head = ["made by"]
    for factor in factors:
        head += [f"×{factor} PSNR dB", f"×{factor} SSIM", f"×{factor} over minterpolate (worst)"]
        head.append(f"×{factor} worst over blend")
    rows = []
    for rival in rivals:
        cells = [rival]
        for factor in factors:
            of = [result for result in results if result.factor == factor]
            over = [gain(result, rival, MINTERPOLATE) for result in of]
            blend = [gain(result, rival, BLEND) for result in of]
            cells.append(f"{np.mean([result.psnr_db[rival] for result in of]):.2f}")
            cells.append(f"{np.mean([result.ssim[rival] for result in of]):.4f}")
            cells.append(f"{np.mean(over):+.2f} ({min(over):+.2f})")
            cells.append(f"{min(blend):+.2f}")
        rows.append(cells)
    return table(head, rows)


def clip_table(results: Sequence[ClipResult], rivals: Sequence[str], factor: int) -> str:
    """One row a clip: minterpolate's PSNR, and what each rival is over it."""
    others = [rival for rival in rivals if rival != MINTERPOLATE]
    head = [f"×{factor}", "minterpolate dB", *others]
    rows = [
        [
            result.clip,
            f"{result.psnr_db[MINTERPOLATE]:.2f}",
            *(f"{gain(result, rival, MINTERPOLATE):+.2f}" for rival in others),
        ]
        for result in results
        if result.factor == factor
    ]
    return table(head, rows)


def target_lines(results: Sequence[ClipResult], rival: str = "standard") -> list[str]:
    """Whether each target is met by `rival`, for information."""
    lines = []
    for factor, target in TARGETS_DB.items():
        of = [result for result in results if result.factor == factor]
        if not of:
            continue
        mean = float(np.mean([gain(result, rival, MINTERPOLATE) for result in of]))
        lines.append(f"- ×{factor} mean over minterpolate {mean:+.2f} dB, {said(mean >= target)}")
        for foe in (MINTERPOLATE, BLEND):
            least = min(of, key=lambda result: gain(result, rival, foe))
            value = gain(least, rival, foe)
            verdict = said(value >= LEAST_DB)
            lines.append(f"- ×{factor} worst clip over {foe}: {least.clip} {value:+.2f}, {verdict}")
    return lines


def gain(result: ClipResult, rival: str, foe: str) -> float:
    """dB of `rival` over `foe`."""
    return result.psnr_db[rival] - result.psnr_db[foe]


def as_values(results: Sequence[ClipResult]) -> list[dict[str, Any]]:
    """All figures, for JSON."""
    names = ("clip", "factor", "frames", "psnr_db", "ssim", "least_db")
    return [{name: getattr(result, name) for name in names} for result in results]


def from_values(values: Sequence[dict[str, Any]]) -> list[ClipResult]:
    """The results that `as_values` gave, without pictures."""
    return [ClipResult(**value) for value in values]
