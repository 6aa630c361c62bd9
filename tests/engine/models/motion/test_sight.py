import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled
from longtake_engine.models.catalog import built_in
from longtake_engine.models.motion import Motion
from longtake_engine.models.motion import sight as sight_module
from longtake_engine.models.motion.sight import KEPT_WIDTH, Sight, Sights
from longtake_engine.testing.picture import format_of, panning

FORMAT = format_of("yuv420p", 160, 96)
SHOWN = panning(FORMAT, 5, (2, 1))
GAPS = [1] * 4


def counted(monkeypatch) -> list[int]:
    calls = []
    measure = Sight.measure

    def count(*asked):
        calls.append(1)
        return measure(*asked)

    monkeypatch.setattr(sight_module.Sight, "measure", count)
    return calls


def test_a_sight_tells_the_cameras_move_between_all_and_the_regions_last_two():
    sight = Sight.measure(SHOWN, GAPS, CancelToken())
    assert [abs(move.b - (-2 - 1j)) < 0.3 for move in sight.moves] == [True] * 4
    assert len(sight.motions) == 2
    assert len(Sight.measure(SHOWN[:2], GAPS[:1], CancelToken()).motions) == 1


def test_the_same_pictures_are_measured_once(monkeypatch):
    calls, sights = counted(monkeypatch), Sights()
    assert sights.of(SHOWN, GAPS, CancelToken()) is sights.of(SHOWN, GAPS, CancelToken())
    assert len(calls) == 1
    sights.of(SHOWN[1:], GAPS[1:], CancelToken())
    sights.of(panning(FORMAT, 5, (2, 1)), GAPS, CancelToken())  # equal, but not the same
    assert len(calls) == 3


def test_large_pictures_are_not_held_on_to(monkeypatch):
    calls, sights = counted(monkeypatch), Sights()
    wide = panning(format_of("gray", KEPT_WIDTH + 2, 64), 2, (1, 0))
    for _ in range(2):
        sights.of(wide, [1], CancelToken())
    assert len(calls) == 2


def test_who_waits_for_a_sight_that_fails_is_told_so():
    sights, cancel = Sights(), CancelToken()
    cancel.cancel()
    for _ in range(2):
        with pytest.raises(Cancelled):
            sights.of(SHOWN, GAPS, cancel)


def test_the_catalogs_variants_share_their_sights():
    variants = [backend for backend in built_in() if isinstance(backend, Motion)]
    assert len({id(backend.sights) for backend in variants}) == 1 < len(variants)
