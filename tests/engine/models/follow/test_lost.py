"""A thing that is hidden, leaves the picture, or meets its like."""

import numpy as np
from longtake_engine.cancel import CancelToken
from longtake_engine.models.follow import follow
from longtake_engine.work import Box, Point


def box_round(place, frame=0, room=22):
    x, y = place
    return Box(x - room, y - room, 2 * room, 2 * room, frame)


def followed(clip, *marks):
    return list(follow(clip.pictures, marks, clip.frames, CancelToken()))


def overlaps(clip, found):
    return np.array([clip.iou(one.frame, one.matte) for one in found])


def test_behind_a_post_and_out_again(disc_clip):
    places = [(30 + 5 * n, 60) for n in range(20)]
    clip = disc_clip(places, post=62)
    found = followed(clip, box_round(places[0]))
    hidden = [n for n in clip.frames if clip.mattes[n].sum() < 20]
    assert hidden, "the post hides it"
    assert not any(found[n].present for n in hidden[1:])
    assert not any(found[n].matte.any() for n in hidden[1:])
    assert found[-1].present
    assert clip.iou(19, found[-1].matte) > 0.7


def test_out_of_the_picture_and_back(disc_clip):
    ways = [40 - 8 * n for n in range(10)] + [-32 + 8 * n for n in range(1, 12)]
    clip = disc_clip([(x, 60) for x in ways])
    found = followed(clip, box_round((40, 60)))
    away = [n for n in clip.frames if not clip.mattes[n].any()]
    assert len(away) >= 3
    assert not any(found[n].present for n in away[1:])
    assert found[-1].present
    assert clip.iou(clip.frames[-1], found[-1].matte) > 0.7


def test_its_like_goes_by_before_it(disc_clip):
    places = [(35 + 5 * n, 60) for n in range(18)]
    like = [(120 - 5 * n, 66) for n in range(18)]
    clip = disc_clip(places, like=like)
    found = followed(clip, box_round(places[0]))
    assert overlaps(clip, found)[[0, 1, 2, 3]].min() > 0.7
    assert clip.iou(17, found[17].matte) > 0.5


def test_confidence_is_lower_where_it_is_nearly_hidden(disc_clip):
    places = [(30 + 5 * n, 60) for n in range(20)]
    clip = disc_clip(places, post=62)
    found = followed(clip, box_round(places[0]))
    whole = np.pi * 18**2
    seen = np.array([clip.mattes[n].sum() / whole for n in clip.frames])
    trust = np.array([one.confidence for one in found])
    assert trust[(seen > 0.95) & (clip.frames != 0)][:3].min() > trust[seen < 0.3].max()


def test_a_point_is_enough(disc_clip):
    places = [(50 + 4 * n, 60) for n in range(8)]
    clip = disc_clip(places)
    found = followed(clip, Point(*places[2], 2))
    assert overlaps(clip, found).min() > 0.7


def test_what_is_drawn_again_mends_what_went_wrong_before_and_after(disc_clip):
    # It jumps farther than anything can be followed.
    places = [(35 + 3 * n, 45) for n in range(6)] + [(130 - 3 * n, 80) for n in range(6)]
    clip = disc_clip(places)
    found = followed(clip, box_round(places[0]), box_round(places[8], 8))
    good = overlaps(clip, found)
    assert good[:4].min() > 0.7
    assert good[8:].min() > 0.7
