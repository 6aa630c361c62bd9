"""Which backends are asked, by what the clip is like."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.tasks.extend.draft import (
    draft_takes,
    finish_drafts,
    first_glance,
    open_clip,
    survey_clip,
)
from longtake_engine.testing.picture import crossing, format_of, panning

FORMAT = format_of("yuv420p", 160, 96)


def asked(spec) -> list[str]:
    clip = open_clip(spec)
    survey = survey_clip(clip, CancelToken())
    drafts = draft_takes(spec, clip, survey, CancelToken())
    return [draft.backend.info.name for draft in drafts]


def test_a_pan_asks_who_follows_the_camera(film, extend_spec):
    names = asked(extend_spec(film(panning(FORMAT, 40, (2, 0))), tail=6, model="auto"))
    assert "camera" in names and "retime" not in names


def test_a_standing_camera_does_not(film, extend_spec):
    names = asked(extend_spec(film(crossing(FORMAT, 40)), tail=6, model="auto"))
    assert "camera" not in names and "motion" in names


def test_whoever_wants_all_takes_gets_all_the_unsuited_last(film, extend_spec):
    names = asked(extend_spec(film(crossing(FORMAT, 40)), tail=6, model="auto", take_count=8))
    assert set(names[-2:]) == {"camera", "retime"}


def test_the_first_glance_of_a_held_picture_is_that_picture(film, extend_spec):
    moving = panning(FORMAT, 20, (2, 0))
    spec = extend_spec(film([*moving, *[moving[-1]] * 8]), tail=6)
    clip = open_clip(spec)
    glance = first_glance(spec, clip, survey_clip(clip, CancelToken()), CancelToken())
    assert glance is not None and np.array_equal(glance.luma, moving[-1].luma)


@pytest.mark.parametrize(("confidence", "first"), [(0.2, "camera"), (0.3, "motion")])
def test_where_nobody_foretells_much_the_picture_stays_whole(film, extend_spec, confidence, first):
    spec = extend_spec(film(panning(FORMAT, 40, (2, 0))), tail=6, model="auto")
    clip = open_clip(spec)
    drafts = list(draft_takes(spec, clip, survey_clip(clip, CancelToken()), CancelToken()))
    scores = {"motion": confidence, "camera": 0.1}
    judged = [
        replace(d, score=msgspec.structs.replace(d.score, confidence=scores.get(name, 0.05)))
        for d in drafts
        if (name := d.backend.info.name)
    ]
    (best,) = finish_drafts(spec, clip, judged)
    assert best.backend.info.name == first
    assert best.score.confidence == scores[first]
