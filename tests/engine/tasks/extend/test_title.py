"""A take says what it kept still."""

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from longtake_engine.picture import Picture
from longtake_engine.tasks.extend.title import keeps_title
from longtake_engine.testing.picture import crossing, format_of, panning

SIZE = (320, 180)
FORMAT = format_of("yuv420p", *SIZE)


def titled(pictures: Sequence[Picture]) -> list[Picture]:
    mask = np.zeros(SIZE[::-1], np.uint8)
    cv2.putText(mask, "SCENE 12", (30, 150), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255,), 3)
    made = []
    for picture in pictures:
        luma = np.where(mask > 0, np.uint8(235), picture.luma)
        made.append(Picture((luma, *picture.planes[1:]), FORMAT))
    return made


@pytest.mark.parametrize("side", ["head", "tail"])
def test_a_title_over_a_pan_is_kept_and_said(film, do, side):
    take = do(film(titled(panning(FORMAT, 30))), **{side: 12}).take
    assert any("a title or a logo" in note for note in take.notes)


@pytest.mark.parametrize(
    "pictures",
    [panning(FORMAT, 30), titled(crossing(FORMAT, 30))],
    ids=["a pan", "a standing camera"],
)
def test_where_nothing_stays_over_what_moves_nothing_is_said(film, do, pictures):
    take = do(film(pictures), tail=12).take
    assert not any("a title or a logo" in note for note in take.notes)


def test_a_title_that_moves_along_is_not_kept():
    (picture,) = titled(panning(FORMAT, 1))
    gone = Picture(tuple(np.roll(plane, -6, 1) for plane in picture.planes), FORMAT)
    assert not keeps_title(picture, gone)
