"""The tables of the bench."""

from collections.abc import Sequence

import numpy as np
from measure.call import said, table
from quality import Figures, Result, warning
from rivals import BUILT_IN, RIVALS

WANTED = 0.75  # mean IoU
NAMED = ("swan", "group")  # the things that it is wanted of, from the first frame


def tables(results: Sequence[Result]) -> str:
    """All tables, one after the other."""
    rivals = [name for name in RIVALS if all(name in one.figures for one in results)]
    parts = [_means(results, rivals), _things(results, rivals)]
    if BUILT_IN in rivals:
        parts.append("Targets:\n\n" + "\n".join(_targets(results)))
    return "\n\n".join(parts)


def _means(results: Sequence[Result], rivals: Sequence[str]) -> str:
    head = ("", "IoU", "worst frame", "IoU ≥ .5", "box IoU", "warns (AUC)", "rank corr.", "fps")
    rows = []
    for name in rivals:
        figures = [one.figures[name] for one in results]
        curve, correlation = warning(results, name)
        rows.append(
            [
                name,
                f"{np.mean([np.mean(f.iou) for f in figures]):.3f}",
                f"{np.mean([min(f.iou) for f in figures]):.3f}",
                f"{np.mean([np.mean(np.array(f.iou) >= 0.5) for f in figures]):.0%}",
                f"{np.mean([np.mean(f.box_iou) for f in figures]):.3f}",
                f"{curve:.3f}",
                f"{correlation:.3f}",
                f"{len(figures) / sum(1 / f.fps for f in figures):.1f}",
            ]
        )
    return table(head, rows)


def _things(results: Sequence[Result], rivals: Sequence[str]) -> str:
    """IoU, worst frame and box IoU of each."""
    rows = []
    for one in results:
        cells = [_cell(one.figures[name]) for name in rivals]
        first = one.figures[BUILT_IN].first if BUILT_IN in rivals else float("nan")
        rows.append([one.thing, f"{one.start:g}", f"{first:.2f}", *cells])
    return table(("IoU / worst / box IoU", "from", "marked frame", *rivals), rows)


def _cell(figures: Figures) -> str:
    return f"{np.mean(figures.iou):.2f} / {min(figures.iou):.2f} / {np.mean(figures.box_iou):.2f}"


def _targets(results: Sequence[Result]) -> list[str]:
    lines = []
    for one in results:
        if one.thing in NAMED and one.start == 0:
            mean = float(np.mean(one.figures[BUILT_IN].iou))
            lines.append(
                f"- {one.thing} from the first frame {WANTED}: {mean:.3f}, {said(mean >= WANTED)}"
            )
    return lines
