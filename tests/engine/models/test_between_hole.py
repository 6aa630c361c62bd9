from itertools import pairwise

import numpy as np
import pytest
from longtake_engine.errors import BadInput
from longtake_engine.models.between import fill_hole
from longtake_engine.models.between.hole import Pace
from longtake_engine.testing.picture import format_of, panning, psnr_db, textured

FORMAT = format_of("yuv420p", 160, 96)


@pytest.mark.parametrize("quality", ["draft", "standard", "best"])
def test_a_hole_in_a_pan_is_filled_in_step(quality):
    clip = panning(FORMAT, 12, (2, 0))
    made = list(fill_hole(clip[:4], clip[8:], 4, quality))
    assert len(made) == 4
    for one, truth in zip(made, clip[4:8], strict=True):
        assert psnr_db(one.picture, truth, inset=12) > 30
        assert 0 <= one.confidence <= 1


def test_gaining_speed_is_gone_on_with():
    places = [round(0.25 * n * n) for n in range(-2, 11)]
    clip = {n: textured(FORMAT, place) for n, place in zip(range(-2, 11), places, strict=True)}
    before, after = [clip[n] for n in range(-2, 3)], [clip[n] for n in range(8, 11)]
    made = list(fill_hole(before, after, 5))
    alone = list(fill_hole(before[-1:], after[:1], 5))
    gains = [
        psnr_db(with_speed.picture, clip[3 + n], inset=16)
        - psnr_db(even.picture, clip[3 + n], inset=16)
        for n, (with_speed, even) in enumerate(zip(made, alone, strict=True))
    ]
    assert np.mean(gains) > 1


def test_one_known_frame_on_each_side_is_enough():
    clip = panning(FORMAT, 4, (2, 0))
    made = list(fill_hole(clip[:1], clip[3:], 2))
    assert psnr_db(made[0].picture, clip[1], inset=12) > 30


def test_no_frame_on_one_side_is_refused():
    with pytest.raises(BadInput, match="both sides"):
        list(fill_hole([], panning(FORMAT, 2), 3))


@pytest.mark.parametrize("pace", [Pace(), Pace(0.5, 1.5), Pace(1.5, 0.5)])
def test_a_pace_goes_all_the_way_and_never_back(pace):
    ways = [pace.at(step / 20) for step in range(21)]
    assert ways[0] == 0 and ways[-1] == pytest.approx(1)
    assert all(a <= b for a, b in pairwise(ways))
    assert (ways[1] - ways[0]) * 20 == pytest.approx(pace.leaving, abs=0.1)
