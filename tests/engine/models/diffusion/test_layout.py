from fractions import Fraction

import pytest
from longtake_engine.models.diffusion.family import Conditioning, Grid
from longtake_engine.models.diffusion.layout import plan_layout, plan_masked, step_of

WAN = Grid(16, 832 * 480, 81, Fraction(16))
LTX = Grid(32, 704 * 512, 161, Fraction(24), frame_step=8)
BOTH = Conditioning(before=17, after=17, both=True, alone_after=True, masks=True)
ONE = Conditioning(before=1, after=1, both=True)
RATES = [Fraction(24000, 1001), Fraction(25), Fraction(30), Fraction(60000, 1001), Fraction(16)]


def shown_at(layout, frame: int) -> Fraction:
    """The moment of the canvas that the block shows for one of its frames."""
    number, share = layout.place(frame)
    if not share:
        return layout.moments[number]
    before, after = layout.moments[number : number + 2]
    return before + share * (after - before)


def check(layout, wanted: range, grid: Grid) -> None:
    assert grid.count_for(len(layout.moments)) == len(layout.moments) <= grid.max_frames
    steps = {b - a for a, b in zip(layout.moments, layout.moments[1:], strict=False)}
    assert len(steps) == 1, "the model's frames are evenly spaced"
    for frame in wanted:
        assert shown_at(layout, frame) == frame
        assert layout.place(frame)[0] in layout.used


@pytest.mark.parametrize("grid", [WAN, LTX], ids=["wan", "ltx"])
@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("new", [1, 2, 7, 24, 48])
class TestExactTimes:
    def test_after_a_clip(self, rate, new, grid):
        wanted = range(40, 40 + new)
        layout = plan_layout(range(40), wanted, rate, grid, BOTH)
        check(layout, wanted, grid)
        assert 39 in layout.moments, "the join is a real frame"
        seen = [moment for moment in layout.moments if moment < 40]
        assert len(seen) > 4, "several real frames condition the join"

    def test_before_a_clip(self, rate, new, grid):
        wanted = range(-new, 0)
        layout = plan_layout(range(40), wanted, rate, grid, BOTH)
        check(layout, wanted, grid)
        assert 0 in layout.moments
        assert len([moment for moment in layout.moments if moment >= 0]) > 4

    @pytest.mark.parametrize("beside", [1, 3, 40])
    @pytest.mark.parametrize("told", [BOTH, ONE], ids=["both", "one"])
    def test_between_two(self, rate, new, grid, beside, told):
        wanted = range(new)
        known = {*range(-beside, 0), *range(new, new + beside)}
        layout = plan_layout(known, wanted, rate, grid, told)
        check(layout, wanted, grid)
        assert -1 in layout.moments and new in layout.moments, "both joins are real frames"

    def test_from_nothing(self, rate, new, grid):
        layout = plan_layout((), range(new), rate, grid, BOTH)
        check(layout, range(new), grid)
        assert layout.moments[0] == 0


def test_a_still_is_enough():
    layout = plan_layout({0}, range(1, 25), Fraction(24), LTX, ONE)
    assert layout.moments[0] == 0
    check(layout, range(1, 25), LTX)


@pytest.mark.parametrize(
    ("rate", "step"),
    [
        (Fraction(24), Fraction(3, 2)),
        (Fraction(30000, 1001), 2),
        (Fraction(50), 3),
        (Fraction(16), 1),
        (Fraction(12), Fraction(3, 4)),
        (Fraction(2), 1),  # keyframes
    ],
)
def test_a_near_rate_is_taken_for_the_models_own(rate, step):
    assert step_of(rate, WAN) == step


def test_a_hole_is_shown_frame_by_frame_with_what_is_beside_it():
    layout = plan_masked(range(100), range(50, 60), Fraction(25), WAN)
    assert len(layout.moments) == 13
    assert set(range(50, 60)) < set(layout.moments) <= set(range(47, 64))
    assert [layout.place(frame) for frame in (50, 59)] == [
        (layout.moments.index(50), 0),
        (layout.moments.index(59), 0),
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 10])
def test_a_hole_in_every_frame_goes_on_as_in_a_mirror(count):
    layout = plan_masked(range(count), range(count), Fraction(25), WAN)
    assert len(layout.moments) == WAN.count_for(count)
    assert layout.moments[:count] == tuple(range(count))
    assert set(layout.moments) == set(range(count))
    assert all(abs(a - b) <= 1 for a, b in zip(layout.moments, layout.moments[1:], strict=False))
