"""Which shots of B-roll are made together, and what becomes of what the engine made."""

from fractions import Fraction
from pathlib import Path

import pytest
from longtake_bridge.broll.edit import BrollEdit, Wanted, check_broll
from longtake_bridge.broll.plan import Plan
from longtake_bridge.broll.series import joined, series_notes, series_of
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.option import BrollOptions, GenerateOptions
from longtake_bridge.timeline.placement import Span
from longtake_bridge.timeline.wish import Wish

SUBJECT = "red fox"


def plan(number: int, text: str, frames: int = 25, still: str = "") -> Plan:
    wish = Wish(number, Span(0, frames, Fraction(25)), text, f"00:00:0{number}:00")
    stills = (Path(still),) if still else ()
    make = GenerateOptions(prompt=text, duration=Length(frames=frames), still_paths=stills)
    return Plan(wish, make=make)


PLANS = (
    plan(1, "A red fox on a road"),
    plan(2, "a harbour"),
    plan(3, "the red  fox asleep", 50),
    plan(4, "a red fox", still="fox.png"),
)


def test_those_that_name_the_subject_are_made_together() -> None:
    series = series_of(PLANS, SUBJECT)
    assert [one.wish.number for one in series] == [1, 3]
    make = joined(series).make
    assert make is not None
    assert (make.prompt, make.duration) == ("A red fox on a road", Length(frames=25))
    assert [(shot.prompt, shot.duration) for shot in make.shots] == [
        ("the red  fox asleep", Length(frames=50))
    ]
    assert "shot 1 at 00:00:01:00, shot 3" in series_notes(series, SUBJECT)[0]


def test_a_lone_one_is_made_by_itself_and_that_is_told() -> None:
    assert series_of(PLANS, "harbour") == ()
    assert "by itself" in series_notes((), "harbour")[0]
    assert series_of(PLANS, " ") == ()
    assert series_notes((), "") == ()


@pytest.mark.parametrize(
    ("wanted", "options"),
    [
        (Wanted(at="00:00:01:00"), BrollOptions(prompt="a red fox", same_subject=SUBJECT)),
        (Wanted(markers=True), BrollOptions(same_subject=SUBJECT, take_count=2)),
    ],
)
def test_one_shot_shares_with_nothing(wanted: Wanted, options: BrollOptions) -> None:
    with pytest.raises(BridgeError, match=r"several shots|--takes"):
        check_broll(BrollEdit(Path("cut.otio"), wanted), options)
