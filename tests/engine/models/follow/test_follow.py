import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled, WrongCall
from longtake_engine.models.follow import Corrected, follow
from longtake_engine.work import Box, Point

ACROSS = [(40 + 5 * n, 60 - n) for n in range(14)]


def box_round(place, frame=0, room=22):
    x, y = place
    return Box(x - room, y - room, 2 * room, 2 * room, frame)


@pytest.mark.parametrize("start", [0, 6, 13])
def test_a_box_on_any_frame_is_followed_both_ways(disc_clip, start):
    clip = disc_clip(ACROSS)
    found = list(
        follow(clip.pictures, [box_round(ACROSS[start], start)], clip.frames, CancelToken())
    )
    assert [one.frame for one in found] == list(clip.frames)
    assert all(one.present for one in found)
    assert min(clip.iou(one.frame, one.matte) for one in found) > 0.8


def test_a_moving_camera_takes_nothing_along(disc_clip):
    clip = disc_clip(ACROSS, camera=(3, 1))
    found = follow(clip.pictures, [box_round(ACROSS[0])], clip.frames, CancelToken())
    assert min(clip.iou(one.frame, one.matte) for one in found) > 0.8


def test_ten_bits(disc_clip):
    clip = disc_clip(ACROSS, pixel_format="yuv422p10le")
    found = list(follow(clip.pictures, [box_round(ACROSS[0])], clip.frames, CancelToken()))
    assert found[0].matte.dtype == np.float32
    assert found[0].matte.shape == (clip.format.height, clip.format.width)
    assert min(clip.iou(one.frame, one.matte) for one in found) > 0.8


def test_a_matte_given_back_is_followed(disc_clip):
    clip = disc_clip(ACROSS)
    mark = Corrected(clip.mattes[5].astype(np.float32), 5)
    found = list(follow(clip.pictures, [mark], clip.frames, CancelToken()))
    assert clip.iou(5, found[5].matte) > 0.95
    assert min(clip.iou(one.frame, one.matte) for one in found) > 0.8


def test_marks_by_frame_and_marks_in_a_row_say_the_same(disc_clip):
    clip = disc_clip(ACROSS[:4])
    mark = box_round(ACROSS[2], 2)
    row = list(follow(clip.pictures, [mark], clip.frames, CancelToken()))
    by_frame = list(follow(clip.pictures, {2: mark}, clip.frames, CancelToken()))
    for one, other in zip(row, by_frame, strict=True):
        np.testing.assert_array_equal(one.matte, other.matte)


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        (Box(500, 10, 20, 20), "outside the picture"),
        (Box(10, 10, 0, 20), "empty"),
        (Point(10, 500), "outside the picture"),
        (Box(10, 10, 20, 20, 99), "Frame 99"),
        (Corrected(np.zeros((120, 160), np.float32)), "holds nothing"),
        (Corrected(np.ones((60, 80), np.float32)), "80×60"),
    ],
)
def test_a_mark_that_cannot_be_followed_gets_a_sentence(disc_clip, mark, words):
    clip = disc_clip(ACROSS[:2])
    with pytest.raises(WrongCall, match=words):
        list(follow(clip.pictures, [mark], clip.frames, CancelToken()))


def test_nothing_marked_gets_a_sentence(disc_clip):
    clip = disc_clip(ACROSS[:2])
    with pytest.raises(WrongCall, match="Nothing is marked"):
        list(follow(clip.pictures, [], clip.frames, CancelToken()))


def test_cancelling_stops_it(disc_clip):
    clip = disc_clip(ACROSS)
    cancel = CancelToken()
    run = follow(clip.pictures, [box_round(ACROSS[0])], clip.frames, cancel)
    next(run)
    cancel.cancel()
    with pytest.raises(Cancelled):
        list(run)
