"""Things that go along boxes, in stills and in clips."""

from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, Cancelled, EngineError
from longtake_engine.picture import Picture
from longtake_engine.tasks.run import estimate, run
from longtake_engine.testing.picture import format_of, textured
from longtake_engine.work import Box, BoxPath, Length, Progress, Stroke

HEIGHT, WIDTH = 192, 320
BRIGHT = 250
HOME = Box(38, 78, 44, 44, 0)  # round the disc
MIDDLE, RADIUS = (60, 100), 18


def with_disc(ground: Picture, middle: tuple[int, int] = MIDDLE) -> Picture:
    planes = [plane.copy() for plane in ground.planes]
    for number, plane in enumerate(planes):
        shrinks = ground.format.is_chroma(number)
        place = (middle[0] // 2, middle[1] // 2) if shrinks else middle
        cv2.circle(plane, place, RADIUS // 2 if shrinks else RADIUS, BRIGHT, -1)
    return Picture(tuple(planes), ground.format)


@pytest.fixture
def scene(tmp_path):
    """A bright disc over a dim texture, as a still."""
    ground = textured(format_of("gbrp", WIDTH, HEIGHT))
    dim = Picture(tuple(plane // 2 for plane in ground.planes), ground.format)
    path = tmp_path / "scene.png"
    cv2.imwrite(str(path), np.dstack([with_disc(dim).planes[n] for n in (1, 0, 2)]))
    return path


def disc_at(picture: Picture) -> tuple[float, float, int]:
    """Its middle and how many pixels are as bright as it."""
    ys, xs = np.nonzero(picture.luma > 200)
    return float(xs.mean()), float(ys.mean()), len(xs)


def test_a_thing_is_lifted_and_goes_to_its_last_box(scene, move):
    path = BoxPath((HOME, Box(218, 58, 44, 44, 20)))
    done = move(scene, (), [path], duration=Length(frames=24))
    made = done.pictures()
    assert (len(made), done.take.model) == (24, "cutout")
    x, y, size = disc_at(made[0])
    assert (x, y) == pytest.approx(MIDDLE, abs=1.5)
    x, y, later = disc_at(made[23])
    assert (x, y) == pytest.approx((240, 80), abs=1.5)
    assert later == pytest.approx(size, rel=0.08)
    places = [disc_at(picture)[0] for picture in made]
    steps = np.diff(places[:21])
    assert (steps > -0.5).all()
    assert steps[0] < steps[10] > steps[-1]
    left = made[23].luma[78:122, 38:82]
    assert (left > 200).mean() < 0.01, "its old place is filled"
    assert np.array_equal(made[23].luma[140:], made[0].luma[140:])


def test_it_grows_with_its_boxes_and_may_leave_the_picture(scene, move):
    grown = BoxPath((HOME, Box(178, 56, 88, 88, 10)))
    made = move(scene, (), [grown], duration=Length(frames=12)).pictures()
    assert disc_at(made[11])[2] == pytest.approx(4 * disc_at(made[0])[2], rel=0.12)
    gone = BoxPath((HOME, Box(-80, 78, 44, 44, 10)))
    made = move(scene, (), [gone], duration=Length(frames=12)).pictures()
    assert (made[11].luma > 200).sum() == 0
    come = BoxPath((Box(-80, 78, 44, 44, 0), Box(38, 78, 44, 44, 10)))
    made = move(scene, (), [come], duration=Length(frames=12)).pictures()
    assert (made[0].luma > 200).sum() == 0
    assert disc_at(made[11])[:2] == pytest.approx(MIDDLE, abs=1.5)


def test_a_mask_says_what_is_lifted(scene, paint, move):
    mask = paint(np.s_[82:118, 42:60], "left-half.png")  # half of the disc alone
    path = BoxPath((HOME, Box(218, 78, 44, 44, 10)), matte_path=mask)
    made = move(scene, (), [path], duration=Length(frames=12)).pictures()
    bright = made[11].luma > 200
    assert bright[:, 222:242].sum() > 300
    assert bright[:, 244:].sum() == 0
    assert bright[:, 64:90].sum() > 200, "the other half stays"


def test_a_loop_brings_it_back(scene, move):
    path = BoxPath((HOME, Box(178, 78, 44, 44, 12)))
    made = move(scene, (), [path], duration=Length(frames=24), loop=True).pictures()
    assert len(made) == 24
    assert disc_at(made[12])[0] == pytest.approx(200, abs=1.5)
    steps = [abs(disc_at(b)[0] - disc_at(a)[0]) for a, b in pairwise(made)]
    assert abs(disc_at(made[0])[0] - disc_at(made[23])[0]) < max(steps)
    with pytest.raises(EngineError, match=r"--loop.*has to come back by the end.*frame 22 of 24"):
        late = BoxPath((HOME, Box(178, 78, 44, 44, 22)))
        move(scene, (), [late], duration=Length(frames=24), loop=True)


def test_two_takes_fill_its_place_in_two_ways(scene, paint, move):
    path = BoxPath((HOME, Box(218, 58, 44, 44, 5)))
    done = move(scene, (), [path], take_count=2)
    assert [take.media_path.name for take in done.takes] == ["out.mkv", "out-2.mkv"]
    first, second = (done.pictures(number)[5].luma[82:118, 42:78] for number in (0, 1))
    assert not np.array_equal(first, second)
    assert len(done.pictures()) == 6  # as long as its boxes say


def test_a_thing_goes_over_what_flows(scene, paint, move):
    path = BoxPath((HOME, Box(218, 78, 44, 44, 10)))
    stroke = Stroke(paint(np.s_[60:170, 20:300]), 40, 0)
    done = move(scene, [stroke], [path], duration=Length(frames=12))
    assert done.take.model == "current+cutout"
    made = done.pictures()
    assert disc_at(made[11])[:2] == pytest.approx((240, 100), abs=2)


def test_a_thing_in_a_clip_goes_on_along_its_boxes(write, move):
    format = format_of("yuv420p", WIDTH, HEIGHT)
    ground = textured(format)
    dim = Picture((ground.planes[0] // 2, *ground.planes[1:]), format)
    pictures = [with_disc(dim, (60 + 2 * number, 100)) for number in range(16)]
    # By itself it would be at 90 on frame 15.
    path = BoxPath((HOME, Box(178, 48, 44, 44, 15)))
    done = move(write(pictures), (), [path])
    made = done.pictures()
    assert len(made) == 16
    assert disc_at(made[15])[:2] == pytest.approx((200, 70), abs=4)
    assert (made[15].luma[85:115, 75:105] > 200).mean() < 0.03, "it is gone from where it was"
    assert np.array_equal(made[8].luma[160:], pictures[8].luma[160:])


@pytest.mark.parametrize(
    ("boxes", "sentence"),
    [
        ((HOME,), "A move takes two boxes or more"),
        ((HOME, Box(9, 9, 9, 9, 40)), "drawn on frame 40, and what is made has frames 0 to 23"),
        (
            (Box(-90, 0, 20, 20, 0), Box(400, 0, 20, 20, 9)),
            "All boxes of the move -90,0,20,20@0 400,0,20,20@9 lie outside the picture",
        ),
    ],
)
def test_a_move_that_cannot_be_is_a_sentence(scene, move, out, boxes, sentence):
    with pytest.raises(EngineError, match=sentence):
        move(scene, (), [BoxPath(boxes)], duration=Length(frames=24))
    assert list(out.parent.iterdir()) == []


def test_a_mask_of_nothing_is_a_sentence(scene, paint, move, out):
    path = BoxPath((HOME, Box(9, 9, 44, 44, 5)), matte_path=paint(None))
    with pytest.raises(BadInput, match="white nowhere, so nothing moves"):
        move(scene, (), [path])
    assert list(out.parent.iterdir()) == []


def test_cancelling_leaves_nothing(scene, ask, out):
    cancel = CancelToken()
    spec = ask(scene, (), [BoxPath((HOME, Box(218, 58, 44, 44, 20)))])
    with pytest.raises(Cancelled):
        for answer in run(spec, job_id="job", cancel=cancel):
            if isinstance(answer, Progress) and answer.done_frames == 3:
                cancel.cancel()
    assert list(out.parent.iterdir()) == []


def test_what_it_would_cost(scene, ask, paint, out):
    path = BoxPath((HOME, Box(218, 58, 44, 44, 20)))
    spec = ask(scene, [Stroke(paint(), 9, 0)], [path], duration=Length(seconds=Fraction(2)))
    reckoned = estimate(spec)
    assert (reckoned.model, reckoned.new_frames) == ("current+cutout", 48)
    assert 1 < reckoned.seconds < 60
    assert 200_000_000 < reckoned.memory_bytes < 1_000_000_000
    assert list(out.parent.iterdir()) == []
