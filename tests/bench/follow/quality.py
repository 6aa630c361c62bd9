"""One thing followed from one frame by every rival, and measured."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from rivals import RIVALS, Answer
from shots import Shot, box_of

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Figures:
    """What one rival did; by frame, of all frames but the marked one."""

    iou: list[float]  # of mattes; 1 where the thing is away and nothing is found
    box_iou: list[float]
    confidence: list[float]  # 0 where it is said to be away
    first: float  # IoU on the marked frame
    fps: float


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one thing followed from one frame."""

    thing: str
    start: float  # share of the shot
    figures: dict[str, Figures]
    mattes: dict[str, list[Array]] = field(default_factory=dict, repr=False)  # to look at


def run(shot: Shot, start: float, rivals: Sequence[str]) -> Result:
    """Follow the thing of a shot from its true box, `start` of the way in."""
    frame = shot.start(start)
    figures, mattes = {}, {}
    for rival in rivals:
        began = time.monotonic()
        answers = sorted(RIVALS[rival](shot, frame), key=_frame_of)
        seconds = time.monotonic() - began
        assert [one.frame for one in answers] == list(shot.frames), rival
        figures[rival] = _measure(shot, frame, answers, len(answers) / seconds)
        mattes[rival] = [one.matte for one in answers]
    return Result(shot.name, start, figures, mattes)


def _frame_of(answer: Answer) -> int:
    return answer.frame


def _measure(shot: Shot, start: int, answers: Sequence[Answer], fps: float) -> Figures:
    overlaps = [_overlap(shot, one) for one in answers]
    others = [number for number in shot.frames if number != start]
    return Figures(
        [overlaps[number][0] for number in others],
        [overlaps[number][1] for number in others],
        [answers[number].confidence for number in others],
        overlaps[start][0],
        fps,
    )


def _overlap(shot: Shot, answer: Answer) -> tuple[float, float]:
    """IoU of the mattes and of their boxes."""
    true = shot.mattes[answer.frame]
    if not shot.shows(answer.frame):
        right = float(not answer.matte.any())
        return right, right
    shared = float((true & answer.matte).sum() / (true | answer.matte).sum())
    return shared, _box_iou(box_of(true), answer.box)


def _box_iou(first: tuple[int, ...], second: tuple[int, ...]) -> float:
    wide = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    high = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    both = max(wide, 0) * max(high, 0)
    return both / (first[2] * first[3] + second[2] * second[3] - both)


def warning(results: Sequence[Result], rival: str) -> tuple[float, float]:
    """How well confidence tells frames that are lost (IoU below a half) from others, as the area
    under the curve (1 always, 0.5 by chance), and its rank correlation with the IoU; pooled over
    all frames on which the thing is said to be seen."""
    iou = np.concatenate([one.figures[rival].iou for one in results])
    trust = np.concatenate([one.figures[rival].confidence for one in results])
    if np.isnan(trust).any():
        return float("nan"), float("nan")
    iou, trust = iou[trust > 0], trust[trust > 0]
    ranks = _ranks(trust)
    lost = iou < 0.5
    correlation = float(np.corrcoef(ranks, _ranks(iou))[0, 1])
    if lost.all() or not lost.any():
        return float("nan"), correlation
    held = ~lost
    above = ranks[held].sum() - held.sum() * (held.sum() - 1) / 2
    return float(above / (held.sum() * lost.sum())), correlation


def _ranks(values: Array) -> Array:
    """Of each value from 0 on; alike ones share theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count + 1) / 2)[place]


def as_values(results: Iterable[Result]) -> list[dict[str, Any]]:
    """All figures, for JSON."""
    return [
        {
            "thing": one.thing,
            "start": one.start,
            "figures": {name: asdict(value) for name, value in one.figures.items()},
        }
        for one in results
    ]


def from_values(values: Iterable[dict[str, Any]]) -> list[Result]:
    """The results that `as_values` gave."""
    return [
        Result(**{**v, "figures": {name: Figures(**f) for name, f in v["figures"].items()}})
        for v in values
    ]
