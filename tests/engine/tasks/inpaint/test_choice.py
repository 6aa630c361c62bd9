"""Which of the candidates fills the holes of a clip."""

import pytest
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.inpaint.choice import CHANCE, Candidate, best_first
from longtake_engine.testing.backend import Uncover
from longtake_engine.work import Score


def candidate(ssim: float | None) -> Candidate:
    score = UNKNOWN if ssim is None else Score(0.5, 30.0, 25.0, ssim, 1.0)
    return Candidate(Uncover(), score)


@pytest.mark.parametrize(
    ("measured", "order"),
    [
        ((0.8, 0.7, 0.9), (2, 0, 1)),
        ((0.8, 0.8 + CHANCE / 2, 0.7), (0, 1, 2)),
        ((0.8, None, 0.9), (2, 0, 1)),
        ((None, None, None), (0, 1, 2)),
    ],
)
def test_the_first_goes_unless_another_is_better_by_more_than_chance(measured, order):
    candidates = [candidate(ssim) for ssim in measured]
    assert best_first(candidates, 3) == [candidates[place] for place in order]
    assert best_first(candidates, 1) == [candidates[order[0]]]
