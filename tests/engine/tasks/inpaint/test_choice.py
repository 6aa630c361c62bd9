"""Which of the candidates fills the holes of a clip."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.inpaint.choice import CHANCE, Candidate, best_first
from longtake_engine.testing.backend import Uncover
from longtake_engine.work import Guidance, Score


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


@dataclass(frozen=True)
class Counted(Uncover):
    """Counts how often it is asked."""

    calls: list[Canvas] = field(default_factory=list)

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        self.calls.append(canvas)
        return super().complete(canvas, guidance, cancel)


def test_after_one_that_does_well_others_are_tried_only_for_more_takes(
    scene, mask_video, fill, use
):
    second = Counted("second")
    use(Uncover(), second)
    masks = mask_video(scene.masks)
    assert fill(scene.path, masks).take.model == "uncover"
    assert not second.calls
    assert len(fill(scene.path, masks, take_count=2).takes) == 2
    assert second.calls
