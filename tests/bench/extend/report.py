"""The tables in Markdown, the targets, and the whole as JSON values."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
from figures import Figures
from measure.call import table
from quality import TRUTH, ClipResult, Outcome
from rivals import AUTO

Ratio = Callable[[Figures], float]
RATIOS: dict[str, Ratio] = {
    "sharpness": lambda f: f.sharpness,
    "motion": lambda f: f.motion,
    "seam": lambda f: f.seam,
}
GAIN_TARGETS_DB = {12: 2.5, 24: 1.6}
FIRST = 12  # frames of a longer horizon whose gain earlier measurements quote
AT_REST = 0.5  # motion ratio under which a clip has come to rest


def figures_of(results: Sequence[ClipResult], rival: str, horizon: int) -> dict[str, Figures]:
    """By clip, where `rival` made something."""
    found = {}
    for result in results:
        outcome = result.outcomes.get(rival)
        if result.horizon == horizon and outcome and outcome.figures:
            found[result.clip] = outcome.figures
    return found


def rival_table(results: Sequence[ClipResult], rivals: Sequence[str]) -> str:
    """One row a rival: means over the clips of dB and SSIM, medians with extremes of the ratios."""
    horizons = sorted({result.horizon for result in results})
    longest = horizons[-1]
    head = [
        "continuation",
        *(f"dB over freeze, {h} frames (worst)" for h in horizons),
        f"SSIM, {longest}",
        *RATIOS,
    ]
    rows = []
    for rival in (*rivals, TRUTH):
        found = figures_of(results, rival, longest)
        if not found:
            continue
        cells = [rival if rival != AUTO else "**default take**"]
        cells += [_gain_cell(results, rival, horizon) for horizon in horizons]
        cells.append(f"{np.mean([f.ssim for f in found.values()]):.3f}")
        cells += [_spread([ratio(f) for f in found.values()]) for ratio in RATIOS.values()]
        rows.append(cells)
    return table(head, rows)


def _gain_cell(results: Sequence[ClipResult], rival: str, horizon: int) -> str:
    gains = [f.gain_db(horizon) for f in figures_of(results, rival, horizon).values()]
    if rival == TRUTH or not gains:
        return "–"
    return f"{np.mean(gains):+.2f} ({min(gains):+.2f})"


def _spread(values: Sequence[float]) -> str:
    return f"{np.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def clip_table(results: Sequence[ClipResult], rivals: Sequence[str]) -> str:
    """One row a clip: the gain of each rival, and the default take's ratios beside the truth's."""
    horizons = sorted({result.horizon for result in results})
    longest = horizons[-1]
    others = [rival for rival in rivals if rival not in ("freeze", AUTO)]
    auto = AUTO in rivals
    spans = "/".join(map(str, horizons))
    head = ["clip", *(f"{rival} dB {spans}" for rival in others)]
    if auto:
        head += [f"default take dB {spans}", "chosen (confidence)"]
        head += [f"{name} (true)" for name in RATIOS]
    by_key = {(result.clip, result.horizon): result for result in results}
    rows = []
    for name in dict.fromkeys(result.clip for result in results):
        at = [by_key[name, horizon] for horizon in horizons if (name, horizon) in by_key]
        cells = [name, *(" / ".join(_gain(result, rival) for result in at) for rival in others)]
        if auto:
            cells.append(" / ".join(_gain(result, AUTO) for result in at))
            cells.append(" / ".join(dict.fromkeys(_choice(result) for result in at)))
            cells += _ratio_cells(by_key.get((name, longest), at[-1]))
        rows.append(cells)
    return table(head, rows)


def _gain(result: ClipResult, rival: str) -> str:
    outcome = result.outcomes.get(rival)  # an earlier run may not have asked it
    figures = outcome.figures if outcome else None
    return f"{figures.gain_db(result.horizon):+.2f}" if figures else "–"


def _choice(result: ClipResult) -> str:
    outcome = result.outcomes[AUTO]
    return f"{outcome.model} ({outcome.confidence or 0:.2f})" if outcome.figures else "–"


def _ratio_cells(result: ClipResult) -> list[str]:
    made, true = result.outcomes[AUTO].figures, result.outcomes[TRUTH].figures
    if not made or not true:
        return ["–"] * len(RATIOS)
    return [f"{ratio(made):.2f} ({ratio(true):.2f})" for ratio in RATIOS.values()]


def failures(results: Sequence[ClipResult]) -> list[str]:
    """What could not be made, a line each."""
    return [
        f"- {result.clip}, {result.horizon} frames, {rival}: {outcome.failure}"
        for result in results
        for rival, outcome in result.outcomes.items()
        if outcome.failure
    ]


def target_lines(results: Sequence[ClipResult], rival: str = AUTO) -> list[str]:
    """Whether each target is met by `rival`, for information."""
    horizons = sorted({result.horizon for result in results})
    lines = []
    for horizon in horizons:
        gains = [f.gain_db(horizon) for f in figures_of(results, rival, horizon).values()]
        target = GAIN_TARGETS_DB.get(horizon)
        if target is not None and gains:
            what = f"mean gain over freeze, {horizon} frames: {np.mean(gains):+.2f} dB"
            lines.append(_line(float(np.mean(gains)) >= target, f"{what}, wanted {target:+.1f}"))
        lines.append(_hindsight_line(results, horizon))
    found = figures_of(results, rival, horizons[-1])
    true = figures_of(results, TRUTH, horizons[-1])
    if not found:
        return lines
    if horizons[-1] > FIRST:
        first = np.mean([f.gain_db(FIRST) for f in found.values()])
        lines.append(f"- for information, the first {FIRST} of {horizons[-1]}: {first:+.2f} dB")
    sharp = {clip: f.sharpness for clip, f in found.items()}
    motion = {clip: f.motion for clip, f in found.items()}
    seam = {clip: f.seam for clip, f in found.items()}
    moving = {clip: m for clip, m in motion.items() if true[clip].motion >= AT_REST}
    return [
        *lines,
        _median_line("sharpness", sharp, 0.9, 1.1),
        _every_line("sharpness", sharp, 0.75, 1.35),
        _median_line("motion", motion, 0.55, 1.3),
        _every_line("motion", motion, 0.0, 1.8),
        _every_line("motion, clips that do not come to rest", moving, AT_REST, np.inf),
        _median_line("seam", seam, 0.6, 1.3),
        _every_line("seam", seam, 0.6, 1.3),
    ]


def _hindsight_line(results: Sequence[ClipResult], horizon: int) -> str:
    """What always choosing right among the continuations would give: a bound for any choice."""
    best = [
        max(o.figures.gain_db(horizon) for o in result.outcomes.values() if o.figures)
        for result in _without_truth(results)
        if result.horizon == horizon
    ]
    text = f"the best continuation of each clip in hindsight, {horizon} frames"
    return f"- for information, {text}: {np.mean(best):+.2f} dB"


def _without_truth(results: Sequence[ClipResult]) -> list[ClipResult]:
    return [
        replace(r, outcomes={name: o for name, o in r.outcomes.items() if name != TRUTH})
        for r in results
    ]


def _line(met: bool, text: str) -> str:
    return f"- {'pass' if met else 'FAIL'}: {text}"


def _median_line(name: str, values: dict[str, float], low: float, high: float) -> str:
    middle = float(np.median(list(values.values())))
    return _line(low <= middle <= high, f"{name}, median {middle:.2f}, wanted {low}–{high}")


def _every_line(name: str, values: dict[str, float], low: float, high: float) -> str:
    outside = {clip: value for clip, value in values.items() if not low <= value <= high}
    text = f"{name}, every clip, wanted {low}–{high}"
    listed = ", ".join(f"{clip} {value:.2f}" for clip, value in outside.items())
    return _line(not outside, f"{text}; outside: {listed}" if outside else text)


def as_values(results: Sequence[ClipResult]) -> list[dict[str, object]]:
    """The results as JSON can hold them, without pictures."""
    return [
        {
            "clip": result.clip,
            "horizon": result.horizon,
            "rivals": {rival: asdict(outcome) for rival, outcome in result.outcomes.items()},
        }
        for result in results
    ]


def from_values(values: Sequence[dict[str, Any]]) -> list[ClipResult]:
    """The results that `as_values` gave, without pictures."""
    return [
        ClipResult(
            value["clip"],
            value["horizon"],
            {rival: _outcome(outcome) for rival, outcome in value["rivals"].items()},
            np.empty(0),
            {},
            {},
        )
        for value in values
    ]


def _outcome(value: dict[str, Any]) -> Outcome:
    figures = value["figures"]
    return Outcome(**{**value, "figures": Figures(**figures) if figures else None})
