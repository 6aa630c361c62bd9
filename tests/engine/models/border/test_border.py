"""Borders made: of what other frames saw, and of a scene that stays where none did."""

from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import Cancelled
from longtake_engine.models.border import make_borders
from longtake_engine.picture import Picture
from longtake_engine.tasks.inpaint.hiding import hide
from longtake_engine.testing.picture import crossing, format_of, panning, textured
from longtake_engine.work import Guidance

SIZE = (160, 96)  # of the new picture
SIDE = 24  # pixels of it to the left and right that are made


def hidden_of(picture: Picture) -> np.ndarray:
    """H W uint8: the left and right border."""
    hidden = np.zeros(picture.luma.shape, np.uint8)
    hidden[:, :SIDE] = hidden[:, -SIDE:] = 255
    return hidden


def complete(name: str, pictures: list[Picture], wanted: range, token: CancelToken | None = None):
    """The frames `wanted` of pictures whose borders are hidden."""
    known = {n: hide(picture, hidden_of(picture)) for n, picture in enumerate(pictures)}
    canvas = Canvas(pictures[0].format, Fraction(25), known, wanted)
    backend = next(one for one in make_borders() if one.info.name == name)
    return backend.complete(canvas, Guidance(), token or CancelToken())


def check(done: list[Completed], pictures: list[Picture], wanted: range) -> None:
    assert [one.frame for one in done] == list(wanted)
    for one in done:
        kept = hidden_of(pictures[one.frame]) == 0
        assert np.array_equal(one.picture.luma[kept], pictures[one.frame].luma[kept])
        assert one.seen is not None
        assert (one.seen[kept] == 1).all()


@pytest.mark.parametrize("name", ["surround", "living"])
def test_what_a_pan_saw_comes_back(name):
    pictures = panning(format_of("yuv420p", *SIZE), 24, step=(3, 0))
    wanted = range(10, 14)
    done = list(complete(name, pictures, wanted))
    check(done, pictures, wanted)
    for one in done:
        hidden = hidden_of(one.picture) > 0
        assert one.seen is not None
        assert one.seen[hidden].mean() > 0.95  # both sides are seen, before or after
        off = one.picture.luma[hidden].astype(float) - pictures[one.frame].luma[hidden]
        assert 10 * np.log10(255**2 / (off**2).mean()) > 28


@pytest.mark.parametrize("name", ["surround", "standing"])
def test_what_nobody_saw_stays_where_it_is(name):
    pictures = [textured(format_of("yuv420p", *SIZE))] * 6
    wanted = range(6)
    done = list(complete(name, pictures, wanted))
    check(done, pictures, wanted)
    hidden = hidden_of(pictures[0]) > 0
    first = done[0].picture.luma[hidden].astype(int)
    for one in done:
        assert one.seen is not None
        assert not one.seen[hidden].any()
        assert np.abs(one.picture.luma[hidden].astype(int) - first).max() <= 2
    assert first.std() > 0.4 * pictures[0].luma.std()  # texture rather than a smear


def test_a_camera_that_is_taken_to_stand_sees_nothing_else():
    pictures = panning(format_of("yuv420p", *SIZE), 8, step=(3, 0))
    (done,) = complete("standing", pictures, range(4, 5))
    assert done.seen is not None
    assert not done.seen[hidden_of(pictures[0]) > 0].any()


def test_what_is_hidden_is_never_read():
    pictures = panning(format_of("yuv420p", *SIZE), 8, step=(2, 0))
    other = []
    for picture in pictures:
        planes = [plane.copy() for plane in picture.planes]
        planes[0][:, :SIDE] = 255 - planes[0][:, :SIDE]
        other.append(Picture(tuple(planes), picture.format))
    one, two = (list(complete("surround", some, range(3, 5))) for some in (pictures, other))
    for first, second in zip(one, two, strict=True):
        assert np.array_equal(first.picture.luma, second.picture.luma)


def test_what_moves_by_itself_is_not_seen_twice():
    """A bright square crosses a dark picture: no part of it is copied into the border."""
    pictures = []
    for number, picture in enumerate(crossing(format_of("yuv420p", *SIZE), 16, 4, 24)):
        luma = picture.luma // 3
        left = 16 + 4 * number
        luma[36:60, left : left + 24] += 150
        pictures.append(Picture((luma, *picture.planes[1:]), picture.format))
    (done,) = complete("surround", pictures, range(9, 10))
    assert done.picture.luma[hidden_of(done.picture) > 0].max() < 120


def test_other_kinds_of_pictures():
    for pixels in ("gray", "yuva444p10le", "gbrp12le"):
        pictures = panning(format_of(pixels, *SIZE), 6, step=(2, 0))
        check(list(complete("living", pictures, range(2, 4))), pictures, range(2, 4))


def test_it_ends_when_it_is_told_to():
    token = CancelToken()
    steps = complete("surround", panning(format_of("yuv420p", *SIZE), 8), range(8), token)
    next(steps)
    token.cancel()
    with pytest.raises(Cancelled):
        next(steps)
