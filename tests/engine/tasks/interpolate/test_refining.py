from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled
from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network import Evidence
from longtake_engine.picture import Picture
from longtake_engine.tasks.interpolate.hidden import SHARE, Gain
from longtake_engine.tasks.interpolate.refining import Refining, choose_refiner, gain_of
from longtake_engine.testing.picture import format_of, textured

FORMAT = format_of("yuv420p", 96, 64)
LATE = 1.0  # pixels, of every second picture


@dataclass
class Frames:
    pictures: list[Picture]

    @property
    def frame_count(self) -> int:
        return len(self.pictures)

    def frames(self, start: int, stop: int) -> Iterator[Picture]:
        return iter(self.pictures[start:stop])


@dataclass(frozen=True)
class Shift:
    """Moves what is shown, in field pixels."""

    by: float

    def refine(self, evidence: Evidence) -> Way:
        way, moved = evidence.way, np.array([self.by, 0], np.float32)
        return replace(way, to_first=way.to_first + moved, to_second=way.to_second + moved)


def drifting(*late: float) -> list[Picture]:
    """Every second picture is as many pixels ahead of an even motion as is said."""
    places = [4 * number + (int(late[number]) if number % 2 else 0) for number in range(len(late))]
    return [textured(FORMAT, place, 20) for place in places]


def seven() -> Frames:
    return Frames(drifting(*7 * [LATE]))


def rightly() -> float:
    """The shift that brings pictures made between to where the hidden ones are."""
    gains = {by: gain_of(seven(), Shift(by), CancelToken()) for by in (LATE / 3, -LATE / 3)}
    return max(gains, key=lambda by: gain.once if (gain := gains[by]) else 0)


@pytest.fixture
def ships(monkeypatch):
    def ship(refiner: Any) -> None:
        name = "longtake_engine.tasks.interpolate.refining.shipped_refiner"
        monkeypatch.setattr(name, lambda: refiner)

    return ship


def seen(refining: Refining, pictures: list[Picture]) -> list[Any]:
    """What is to better each step between them, which begin a shot."""
    spans = [None, *[Fraction(1)] * (len(pictures) - 1)]
    return [refining.see(*both) for both in zip(pictures, spans, strict=True)][1:]


def test_a_network_is_taken_where_it_is_better_on_the_clip(ships):
    right = rightly()
    ships(Shift(right))
    refining = choose_refiner(seven(), "best", "auto", CancelToken())
    taken = seen(refining, seven().pictures)
    assert all(taken)
    assert refining.share == 1
    assert refining.gain_db > 1
    # Twice the way and the timing is half as right on half of it.
    assert all(one.timing == pytest.approx(SHARE, abs=0.1) for one in taken)
    ships(Shift(-right))
    refining = choose_refiner(seven(), "best", "auto", CancelToken())
    assert not any(seen(refining, seven().pictures))
    assert refining.share == refining.gain_db == 0


def test_it_is_gone_by_as_far_as_it_was_right_of_late():
    right = rightly()
    refining = Refining(Shift(right))
    taken = seen(refining, drifting(*14 * [LATE], *14 * [-LATE]))
    assert not any(taken[:5])  # nothing is known yet
    assert all(taken[5:14])
    assert not any(taken[-3:])
    assert 0 < refining.share < 1


def test_what_is_known_of_one_shot_is_not_of_the_next():
    refining = Refining(Shift(rightly()))
    pictures = seven().pictures
    assert seen(refining, pictures)[-1]
    assert not any(seen(refining, pictures[:6]))
    assert seen(refining, pictures)[-1]


def test_pictures_that_are_not_evenly_spaced_are_no_trial():
    pictures = seven().pictures
    spans = [None, *(Fraction(1 + number % 2) for number in range(6))]
    refining = Refining(Shift(rightly()))
    assert not any(refining.see(*both) for both in zip(pictures, spans, strict=True))


def test_what_was_tried_beforehand_counts_as_four_trials():
    unknown = seven().pictures[:4]
    assert all(seen(Refining(Shift(1.0), Gain(0.4, 0.4)), unknown))
    assert not any(seen(Refining(Shift(1.0), Gain(-0.4, -0.8)), unknown))
    right = rightly()
    doubted = Refining(Shift(right), Gain(-1.0, -2.0))
    assert not seen(doubted, seven().pictures)[-1] or doubted.gain_db > 0


def test_a_clip_is_made_with_it_and_tells_in_how_much_of_it(ships, film, make):
    clip = film(seven().pictures)
    made, told = [], []
    for refiner in (Shift(rightly()), None):
        ships(refiner)
        done = make(clip, factor=2, quality="best")
        told.append(["drawn scenes betters the motion, by" in n for n in done.take.notes])
        made.append([picture.luma for picture in done.pictures()])
    assert any(told[0]) and not any(told[1])
    same = [np.array_equal(*both) for both in zip(*made, strict=True)]
    assert same == [*6 * [True, False], True, True]


@pytest.mark.parametrize(
    ("quality", "model"), [("draft", "auto"), ("standard", "auto"), ("best", "between")]
)
def test_what_has_to_be_quick_and_the_classical_way_by_name_go_without(ships, quality, model):
    for by in (LATE / 3, -LATE / 3):
        ships(Shift(by))
        refining = choose_refiner(seven(), quality, model, CancelToken())
        assert not any(seen(refining, seven().pictures))


def test_where_nothing_is_won_or_nothing_can_be_tried_the_classical_result_stays(ships):
    five = seven().pictures[:5]
    for refiner, pictures in ((Shift(0.0), seven().pictures), (Shift(1.0), five), (None, five)):
        ships(refiner)
        refining = choose_refiner(Frames(pictures), "best", "auto", CancelToken())
        assert not any(seen(refining, pictures))


def test_it_can_be_cancelled(ships):
    ships(Shift(0.0))
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        choose_refiner(seven(), "best", "auto", token)
