"""What was hidden comes back, from the frames that saw it and from nowhere else."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.errors import Cancelled
from longtake_engine.models.removal import Removal, make_removals, model
from longtake_engine.models.removal.survey import Surveys
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of, textured
from longtake_engine.work import Guidance

BACKENDS = {backend.info.name: backend for backend in make_removals()}


def completed(canvas, name="seen"):
    return list(BACKENDS[name].complete(canvas, Guidance(), CancelToken()))


def error(made: Picture, true: Picture, mask: np.ndarray | None) -> float:
    """Mean absolute difference of the luma in the hole, 8-bit levels."""
    assert mask is not None
    off = np.abs(made.luma.astype(float) - true.luma)[mask < 1]
    return float(off.mean()) * 255 / made.format.max_value


@pytest.mark.parametrize("name", sorted(BACKENDS))
def test_a_moving_hole_gives_back_what_a_moving_camera_saw(holed, name):
    truth, canvas = holed()
    for one in completed(canvas, name):
        assert error(one.picture, truth[one.frame], canvas.known[one.frame].mask) < 4


@pytest.mark.parametrize("pixel_format", ["yuv420p10le", "yuv444p", "gbrp", "gray", "yuva420p"])
def test_any_planes_are_filled_at_their_own_depth(holed, pixel_format):
    truth, canvas = holed(pixel_format, count=10)
    made = completed(canvas)[5]
    mask = canvas.known[5].mask
    assert made.picture.format == truth[5].format
    assert all(p.dtype == truth[5].format.dtype for p in made.picture.planes)
    for place, (plane, true) in enumerate(zip(made.picture.planes, truth[5].planes, strict=True)):
        off = np.abs(plane.astype(float) - true) * 255 / truth[5].format.max_value
        hole = mask < 1 if plane.shape == mask.shape else (mask < 1)[::2, ::2]
        assert off[hole].mean() < 5, place


def test_what_is_known_stays_as_it_was(holed):
    _, canvas = holed("yuv422p10le", count=8)
    for one in completed(canvas):
        known = canvas.known[one.frame]
        kept = known.mask == 1
        assert (one.picture.luma[kept] == known.picture.luma[kept]).all()
        outside = (known.mask < 1)[:, ::2] | (known.mask < 1)[:, 1::2]
        for chroma in (1, 2):
            same = one.picture.planes[chroma] == known.picture.planes[chroma]
            assert same[~outside].all()


@pytest.mark.parametrize("name", sorted(BACKENDS))
def test_nothing_under_a_hole_is_read(holed, name):
    _, first = holed(count=8, garbage=1)
    _, second = holed(count=8, garbage=2)
    for one, other in zip(completed(first, name), completed(second, name), strict=True):
        for plane, same in zip(one.picture.planes, other.picture.planes, strict=True):
            assert (plane == same).all()


def test_behind_something_that_moves_a_standing_camera_sees_the_very_same(holed):
    truth, canvas = holed(pan=(0, 0), step=10)
    for one in completed(canvas):
        assert error(one.picture, truth[one.frame], canvas.known[one.frame].mask) < 1
        assert one.seen is not None and (one.seen == 1).all()


def test_what_no_frame_saw_is_filled_and_said_to_be_made_up(holed):
    _, canvas = holed(pan=(0, 0), step=0, count=6)
    for one in completed(canvas):
        mask = canvas.known[one.frame].mask
        assert one.seen is not None and one.seen.dtype == np.float32
        assert (one.seen[mask == 1] == 1).all()
        assert one.seen[mask < 1].mean() < 0.05
        inside = one.picture.luma[mask < 1]
        assert 30 < inside.mean() < 220 and inside.std() < 60


def test_light_that_drifts_is_matched(holed):
    truth, canvas = holed(pan=(0, 0), step=10)
    brighter = [
        Picture(
            (np.clip(p.luma.astype(int) + 3 * n, 0, 255).astype(np.uint8), *p.planes[1:]), p.format
        )
        for n, p in enumerate(truth)
    ]
    known = {n: Known(picture, canvas.known[n].mask) for n, picture in enumerate(brighter)}
    lit = Canvas(canvas.format, canvas.rate, known, canvas.wanted)
    for one in completed(lit):
        assert error(one.picture, brighter[one.frame], known[one.frame].mask) < 2.5


def test_frames_come_in_order_and_only_the_wanted_ones(holed):
    _, canvas = holed(count=9)
    some = Canvas(canvas.format, canvas.rate, canvas.known, range(3, 6))
    assert [one.frame for one in completed(some)] == [3, 4, 5]


def test_frames_without_a_hole_go_through(holed):
    truth, canvas = holed(count=6)
    known = {n: Known(p, canvas.known[n].mask if n == 2 else None) for n, p in enumerate(truth)}
    made = completed(Canvas(canvas.format, canvas.rate, known, range(6)))
    for one in made:
        if one.frame != 2:
            assert one.picture is truth[one.frame]
    assert error(made[2].picture, truth[2], known[2].mask) < 3


def test_a_single_frame_is_filled(holed):
    truth, canvas = holed(count=1)
    (made,) = completed(canvas)
    assert made.seen is not None and made.seen.min() == 0
    assert made.picture.format == truth[0].format


def test_frames_all_hidden_are_borne(holed):
    truth, canvas = holed(count=6)
    nothing = np.zeros(truth[0].luma.shape, np.float32)
    known = {n: Known(p, nothing if n in (2, 3) else None) for n, p in enumerate(truth)}
    made = completed(Canvas(canvas.format, canvas.rate, known, range(6)))
    assert [one.frame for one in made] == list(range(6))


def test_negative_frame_numbers_are_frames_like_others(holed):
    truth, canvas = holed(count=6)
    known = {n - 6: known for n, known in canvas.known.items()}
    made = completed(Canvas(canvas.format, canvas.rate, known, range(-6, 0)))
    for one in made:
        assert error(one.picture, truth[one.frame + 6], known[one.frame].mask) < 4


def test_it_stops_between_frames_when_cancelled(holed):
    _, canvas = holed(count=8)
    cancel = CancelToken()
    frames = BACKENDS["seen"].complete(canvas, Guidance(), cancel)
    next(frames)
    cancel.cancel()
    with pytest.raises(Cancelled):
        next(frames)


def test_flat_pictures_are_filled_with_their_own_color():
    format = format_of("yuv420p", 96, 64)
    grey = Picture(tuple(np.full(format.plane_size(n), 90, np.uint8) for n in range(3)), format)
    mask = np.ones((64, 96), np.float32)
    mask[20:40, 30:60] = 0
    hidden = grey.luma.copy()
    hidden[mask == 0] = 255
    known = {n: Known(Picture((hidden, *grey.planes[1:]), format), mask) for n in range(3)}
    for one in completed(Canvas(format, Fraction(25), known, range(3))):
        assert np.abs(one.picture.luma.astype(int) - 90).max() <= 1


def test_odd_sizes_are_filled():
    format = format_of("yuv420p", 101, 75)
    pictures = [textured(format, x=2 * n) for n in range(5)]
    mask = np.ones((75, 101), np.float32)
    mask[60:, 80:] = 0
    known = {n: Known(p, mask) for n, p in enumerate(pictures)}
    made = completed(Canvas(format, Fraction(25), known, range(5)))
    assert all(one.picture.planes[1].shape == (38, 51) for one in made)


def test_those_that_are_shown_the_same_frames_share_what_is_measured(holed):
    surveys = Surveys()
    _, canvas = holed(count=6)
    _, other = holed(count=6)
    first = surveys.of(canvas)
    assert surveys.of(replace(canvas, wanted=range(2, 4))) is first
    assert surveys.of(other) is not first


def test_what_is_shared_changes_nothing(holed):
    _, canvas = holed(count=6)
    alone = completed(canvas, "align")
    surveys = Surveys()
    list(Removal("seen", surveys).complete(canvas, Guidance(), CancelToken()))
    after = Removal("align", surveys).complete(canvas, Guidance(), CancelToken())
    for one, same in zip(after, alone, strict=True):
        for plane, own in zip(one.picture.planes, same.picture.planes, strict=True):
            assert (plane == own).all()


def test_runs_of_any_length_give_the_same(holed, monkeypatch):
    _, canvas = holed(count=10)
    grown = completed(canvas)
    monkeypatch.setattr(model, "FIRST_RUN", 16)
    for one, same in zip(completed(canvas), grown, strict=True):
        for plane, own in zip(one.picture.planes, same.picture.planes, strict=True):
            assert (plane == own).all()
