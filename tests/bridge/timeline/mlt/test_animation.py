from fractions import Fraction

import pytest
from longtake_bridge.timeline.mlt.animation import (
    hold_shape,
    read_keyframes,
    value_at,
    write_keyframes,
)
from longtake_bridge.timeline.mlt.clock import Clock

CLOCK = Clock(Fraction(25))


def value(text: str, frame: int) -> str | None:
    return value_at(read_keyframes(text, CLOCK), frame)


@pytest.mark.parametrize(
    "text", ["", "1.2", "a title; a second line", "10% 10% 40% 40%", "/films/a=b.png", "5;6"]
)
def test_plain_values_are_no_animation(text: str) -> None:
    assert read_keyframes(text, CLOCK) == ()


@pytest.mark.parametrize(
    ("text", "frame", "at"),
    [
        ("10=5", 0, "5"),
        ("10=5;20=7", 3, "5"),
        ("10=5;20=7", 20, "7"),
        ("10~=5;20=7", 99, "7"),
        ("10=5;20=7", 15, "6"),
        ("00:00:00.400=0 0 160 90 1;00:00:00.800=-20 10 160 90 0", 15, "-10 5 160 90 0.5"),
        ("10|=5;20=7", 19, "5"),
        ("10=10% 0%;20=20% 0%", 15, "15% 0%"),
        ("10~=5;20=5", 15, "5"),
        ("10~=5;20=7", 10, "5"),
    ],
)
def test_the_value_at_a_frame(text: str, frame: int, at: str) -> None:
    assert value(text, frame) == at


@pytest.mark.parametrize("text", ["10~=5;20=7", "0=5;-1=7", "10=#ff0000;20=#00ff00", "10=a;20=b"])
def test_what_takes_more_than_a_straight_line(text: str) -> None:
    assert value(text, 15) is None


def test_an_animation_moves_as_it_is_written() -> None:
    text = "00:00:00.400=0;00:00:00.800~=1"
    moved = "00:00:00.800=0;00:00:01.200~=1"
    assert write_keyframes(read_keyframes(text, CLOCK), lambda frame: frame + 10, CLOCK) == moved


def test_a_mask_that_stands_still() -> None:
    assert hold_shape('{"10": [[1]]}', 40, 0) == '{"0":[[1]]}'
    assert hold_shape('{"10": [[1]], "20": [[2]]}', 20, 3) == '{"3":[[2]]}'
    assert hold_shape('{"10": [[1]], "20": [[2]]}', 15, 0) is None
    assert hold_shape('{"a": 1}', 15, 0) is None
