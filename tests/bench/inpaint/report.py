"""The tables of the bench."""

from collections.abc import Sequence

import numpy as np
from holes import STANDING
from measure.call import said, table
from quality import Result
from rivals import NAMES, TELEA

DEFAULT = "seen"


def tables(results: Sequence[Result]) -> str:
    """All tables, one after the other."""
    parts = []
    for kind in dict.fromkeys(result.kind for result in results):
        some = [result for result in results if result.kind == kind]
        rivals = [name for name in NAMES if all(name in one.figures for one in some)]
        parts.append(f"{kind} holes, {len(some)} clips:\n\n{_means(some, rivals)}")
        parts.append(_clips(some, rivals))
        if DEFAULT in rivals and TELEA in rivals:
            parts.append("Targets:\n\n" + "\n".join(_targets(kind, some)))
    return "\n\n".join(parts)


def _means(results: Sequence[Result], rivals: Sequence[str]) -> str:
    head = ("", "PSNR", f"over {TELEA}", "worst", "SSIM", "temporal", "warp", "invented", "fps")
    rows = []
    for name in rivals:
        figures = [one.figures[name] for one in results]
        gains = _gains(results, name) if TELEA in rivals else [float("nan")]
        rows.append(
            [
                name,
                f"{np.mean([f.psnr_db for f in figures]):.2f}",
                f"{np.mean(gains):+.2f}",
                f"{min(gains):+.2f}",
                f"{np.mean([f.ssim for f in figures]):.3f}",
                f"{np.mean([f.temporal for f in figures]):.2f}",
                f"{np.mean([f.warp for f in figures]):.2f}",
                f"{np.mean([f.invented for f in figures]):.2f}",
                f"{len(results) / sum(1 / one.fps[name] for one in results):.2f}",
            ]
        )
    return table(head, rows)


def _clips(results: Sequence[Result], rivals: Sequence[str]) -> str:
    """PSNR / SSIM / temporal error of each, and what is invented by the default."""
    rows = []
    for one in results:
        cells = [
            f"{f.psnr_db:.2f} / {f.ssim:.3f} / {f.temporal:.1f}"
            for f in (one.figures[name] for name in rivals)
        ]
        last = one.figures.get(DEFAULT)
        rows.append([one.clip, *cells, f"{last.invented:.2f}" if last else ""])
    return table(("dB / SSIM / temporal", *rivals, "invented"), rows)


def _gains(results: Sequence[Result], name: str) -> list[float]:
    return [one.figures[name].psnr_db - one.figures[TELEA].psnr_db for one in results]


def _targets(kind: str, results: Sequence[Result]) -> list[str]:
    gains = _gains(results, DEFAULT)
    mean, worst = float(np.mean(gains)), min(gains)
    if kind in STANDING:
        return [f"- mean over {TELEA} +2.5 dB: {mean:+.2f}, {said(mean >= 2.5)}"]
    errors = [np.mean([one.figures[name].temporal for one in results]) for name in (DEFAULT, TELEA)]
    share = float(errors[0] / errors[1])
    return [
        f"- mean over {TELEA} +7.5 dB: {mean:+.2f}, {said(mean >= 7.5)}",
        f"- worst clip +3 dB: {worst:+.2f}, {said(worst >= 3)}",
        f"- half its temporal error: {share:.2f}, {said(share <= 0.5)}",
    ]
