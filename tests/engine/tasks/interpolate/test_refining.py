from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled
from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network import Evidence
from longtake_engine.picture import Picture
from longtake_engine.tasks.interpolate.refining import choose_refiner
from longtake_engine.testing.picture import format_of, textured

FORMAT = format_of("yuv420p", 96, 64)
LATE = 2  # pixels by which the middle one of seven is ahead of an even motion


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


def seven() -> Frames:
    places = [20 + 4 * number for number in range(7)]
    places[3] += LATE
    return Frames([textured(FORMAT, place, 20) for place in places])


@pytest.fixture
def ships(monkeypatch):
    def ship(refiner: Any) -> None:
        name = "longtake_engine.tasks.interpolate.refining.shipped_refiner"
        monkeypatch.setattr(name, lambda: refiner)

    return ship


def test_a_network_is_taken_where_it_is_better_on_the_clip(ships):
    better = [Shift(LATE / 3), Shift(-LATE / 3)]
    chosen = []
    for shift in better:
        ships(shift)
        chosen.append(choose_refiner(seven(), "best", "auto", CancelToken()))
    taken = [one for one in chosen if one.refiner]
    assert len(taken) == 1
    assert taken[0].refiner in better
    assert taken[0].gain_db > 1


@pytest.mark.parametrize(
    ("quality", "model"), [("draft", "auto"), ("standard", "auto"), ("best", "between")]
)
def test_what_has_to_be_quick_and_the_classical_way_by_name_go_without(ships, quality, model):
    for by in (LATE / 3, -LATE / 3):
        ships(Shift(by))
        assert choose_refiner(seven(), quality, model, CancelToken()).refiner is None


def test_where_nothing_is_won_or_nothing_can_be_tried_the_classical_result_stays(ships):
    ships(Shift(0.0))
    assert choose_refiner(seven(), "best", "auto", CancelToken()).refiner is None
    short = Frames([textured(FORMAT, number) for number in range(5)])
    assert choose_refiner(short, "best", "auto", CancelToken()).refiner is None
    ships(None)
    assert choose_refiner(seven(), "best", "auto", CancelToken()).refiner is None


def test_it_can_be_cancelled(ships):
    ships(Shift(0.0))
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        choose_refiner(seven(), "best", "auto", token)
