"""Which of the candidates fills the holes of a clip."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.removal import Removal
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.inpaint import choice
from longtake_engine.tasks.inpaint.choice import CHANCE, Candidate, best_first, rank
from longtake_engine.tasks.inpaint.hole import Hole
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.trial import Trial
from longtake_engine.testing.backend import Uncover
from longtake_engine.testing.picture import format_of, textured
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


def trial_of(misleading: bool) -> Trial:
    """A still, low in contrast, with a disc hidden on two frames; on all others that disc shows
    what lies behind it or, if they are `misleading`, flickering squares of which nothing around it
    tells."""
    format, random = format_of("gray", 96, 64), np.random.default_rng(0)
    still = 128 + (textured(format).luma.astype(np.float32) - 128) / 4
    disc = np.zeros((64, 96), np.uint8)
    cv2.circle(disc, (48, 32), 14, (255,), -1)
    squares = random.choice([-30, 30], (16, 24)).repeat(4, 0).repeat(4, 1)
    pictures, hidden, tried = {}, {}, range(3, 5)
    for frame in range(8):
        luma, wide = still, cv2.erode(disc, np.ones((5, 5), np.uint8)) > 0
        if misleading and frame not in tried:
            flicker = cv2.resize(random.normal(0, 20, (16, 24)), (96, 64))
            luma = np.where(wide, still + squares + flicker, still)
        pictures[frame] = Picture((np.clip(luma, 0, 255).astype(np.uint8),), format)
        hidden[frame] = disc if frame in tried else np.zeros_like(disc)
    return Trial(pictures, hidden, {frame: disc > 0 for frame in tried}, tried)


@pytest.mark.parametrize("misleading", [False, True])
def test_what_other_frames_show_is_believed_less_where_the_trial_shows_it_wrong(
    misleading, ask, use, monkeypatch, tmp_path
):
    use(Removal("seen"))
    monkeypatch.setattr(choice, "plan_trial", lambda *_: trial_of(misleading))
    holes = [Hole(range(0), range(0))]
    with Mattes(tmp_path, (64, 96)) as mattes:
        reader = cast(VideoReader, None)
        (chosen,) = rank(ask(Path("clip.mkv")), reader, mattes, holes, CancelToken())
    first = Removal("seen")
    assert isinstance(chosen.backend, Removal)
    wariness = first.warier.wariness if misleading else first.wariness
    assert chosen.backend.wariness == wariness
