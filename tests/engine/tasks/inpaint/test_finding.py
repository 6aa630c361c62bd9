"""Scratches and spots are found by themselves, filled, and told of in a sentence where there are
none."""

import numpy as np
import pytest
from longtake_engine.errors import BadInput
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of, panning, textured

FORMAT = format_of("gray", 160, 96)


def test_a_scratch_is_found_and_goes(write, fill, unchanged):
    spoilt = []
    for picture in panning(FORMAT, 30, (3, 0)):
        luma = picture.luma.copy()
        luma[:, 70:72] = 255
        spoilt.append(Picture((luma,), FORMAT))
    done = fill(write(spoilt), defects=("scratches",))
    near = np.zeros((96, 160), np.uint8)
    near[:, 60:82] = 255
    for before, after in zip(spoilt, done.pictures(), strict=True):
        assert not (after.luma[:, 70:72] == 255).any()
        unchanged(after, before, near)


def test_no_scratch_and_no_spot_is_told(write, fill):
    moving = write(panning(FORMAT, 30, (3, 0)), "moving")
    still = write([textured(FORMAT)] * 30, "still")
    with pytest.raises(BadInput, match=r"No scratch was found.*give a mask"):
        fill(moving, defects=("scratches",))
    with pytest.raises(BadInput, match=r"No spot that stays.*while the picture moves.*give a mask"):
        fill(moving, defects=("spots",))
    with pytest.raises(BadInput, match=r"No spot that stays.*hardly moves.*give a mask"):
        fill(still, defects=("spots",))


def test_a_spot_is_found_and_goes(write, fill, unchanged):
    down, across = np.mgrid[:96, :160]
    share = 1 - 0.5 / (1 + np.exp(3 * (np.hypot(across - 90, down - 40) - 4)))
    spoilt = []
    for picture in panning(FORMAT, 40, (4, 1)):
        luma = np.rint((picture.luma - 16.0) * share + 16).astype(np.uint8)
        spoilt.append(Picture((luma,), FORMAT))
    done = fill(write(spoilt), defects=("spots",))
    made = done.pictures()
    assert {frame for run in done.take.made_ranges for frame in _frames(run)} == set(range(40))
    brighter = [
        int(m.luma[40, 90]) - int(s.luma[40, 90]) for m, s in zip(made, spoilt, strict=True)
    ]
    assert np.median(brighter) > 20
    far = (np.hypot(across - 90, down - 40) < 16).astype(np.uint8) * 255
    for before, after in zip(spoilt, made, strict=True):
        unchanged(after, before, far)


def _frames(run) -> range:
    return range(run.start_frame, run.start_frame + run.duration_frames)
