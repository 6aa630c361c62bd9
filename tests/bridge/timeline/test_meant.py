"""What an editor means to be empty, and what no frames can join."""

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.errors import BridgeError, bad_input
from longtake_bridge.timeline.choice import Chosen
from longtake_bridge.timeline.media import MediaFacts
from opentimelineio.schema import (
    Clip,
    Effect,
    GeneratorReference,
    LinearTimeWarp,
    MissingReference,
    Stack,
)


def _title(edit: Any) -> Clip:
    return Clip("Title", GeneratorReference("t", "Text"), edit.range(0, 40))


def _lone(edit: Any, *items: Any) -> Any:
    return edit.timeline(edit.video(*items))


def _with(clip: Clip, effect: Any) -> Clip:
    clip.effects.append(effect)
    return clip


def _off(clip: Clip) -> Clip:
    clip.enabled = False
    return clip


LEFT: dict[str, tuple[Callable[[Any], Any], str]] = {
    "head": (lambda e: _lone(e, e.gap(30), e.clip("A", 0, 40)), "black at the head"),
    "tail": (lambda e: _lone(e, e.clip("A", 0, 40), e.gap(30)), "black at the tail"),
    "empty": (lambda e: _lone(e, e.gap(30)), "nothing lies on this track"),
    "title": (lambda e: _lone(e, e.clip("A", 0, 40), e.gap(30), _title(e)), r"the editor \(Text\)"),
    "missing": (
        lambda e: _lone(
            e, e.clip("A", 0, 40), e.gap(30), Clip("B", MissingReference(), e.range(0, 9))
        ),
        '"B" beside it has no media',
    ),
    "gone": (lambda e: _lone(e, e.clip("A", 0, 40), e.gap(30), e.clip("gone", 0, 9)), "not there"),
    "longer than its media": (
        lambda e: _lone(e, e.clip("A", 190, 40), e.gap(30), e.clip("B", 0, 9)),
        "more of A.mov than the file holds",
    ),
    "slowed": (
        lambda e: _lone(
            e,
            _with(e.clip("A", 0, 40), LinearTimeWarp("Slow", time_scalar=0.5)),
            *(e.gap(30), e.clip("B", 0, 9)),
        ),
        r"has a speed effect \(Slow, 0.5×\)",
    ),
    "switched off": (
        lambda e: _lone(e, _off(e.clip("A", 0, 40)), e.gap(30), e.clip("B", 0, 9)),
        "switched off",
    ),
    "nested": (
        lambda e: _lone(e, e.clip("A", 0, 40), e.gap(30), Stack("S", [e.video(e.clip("B", 0, 9))])),
        "nested timeline",
    ),
    "fade": (
        lambda e: _lone(e, e.clip("A", 0, 40), e.dissolve(5, 5), e.gap(30), e.clip("B", 10, 9)),
        "a fade lies on its edge",
    ),
    "off the frames": (
        lambda e: _lone(e, e.clip("A", 0, 40.4), e.gap(30), e.clip("B", 0, 9)),
        "between two frames",
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_left_alone_even_where_named(
    name: str, edit: Any, probe: Any, only: Any, chosen: Any
) -> None:
    build, why = LEFT[name]
    known = probe.__call__

    def ask(path: Path, rate: Fraction | None) -> MediaFacts:
        if path.stem == "gone":
            raise bad_input(f"{path} is not there.")
        return known(path, rate)

    one = only(build(edit), ask)
    assert one.plan is None
    assert one.left is not None
    assert not one.left.meant
    assert re.search(why, one.left.why), one.left.why
    with pytest.raises(BridgeError, match=r"Nothing can be done about gap 1 on V1"):
        chosen(build(edit), ask, numbers=(1,))


def layers(edit: Any, *upper: Any) -> Any:
    """A, a gap from 100 to 130, B on V1; `upper` on V2."""
    return edit.timeline(
        edit.video(edit.clip("A", 0, 100), edit.gap(30), edit.clip("B", 0, 60)),
        edit.video(*upper, name="Upper"),
    )


COVERED = {
    "a full frame over all of it": (lambda e: [e.gap(90), e.clip("X", 0, 50)], True),
    "two that meet over it": (
        lambda e: [e.gap(90), e.clip("X", 0, 20), e.clip("Y", 0, 40)],
        True,
    ),
    "a full frame over most of it": (lambda e: [e.gap(90), e.clip("X", 0, 39)], False),
    "a title": (lambda e: [e.gap(90), _title(e)], False),
    "a solid": (
        lambda e: [e.gap(90), Clip("S", GeneratorReference("s", "SolidColor"), e.range(0, 90))],
        True,
    ),
    "a picture in picture": (
        lambda e: [e.gap(90), _with(e.clip("X", 0, 50), Effect("Scale", "Transform"))],
        False,
    ),
    "a graded picture": (
        lambda e: [e.gap(90), _with(e.clip("X", 0, 50), Effect("Grade", "Lift Gamma Gain"))],
        True,
    ),
    "an adjustment layer": (
        lambda e: [Clip("Adjustment Layer", MissingReference(), e.range(0, 200))],
        False,
    ),
    "a picture with alpha": (lambda e: [e.gap(90), e.clip("alpha", 0, 50)], False),
    "one switched off": (lambda e: [e.gap(90), _off(e.clip("X", 0, 50))], False),
    "one that fades in over it": (
        lambda e: [e.gap(95), e.dissolve(0, 10), e.clip("X", 10, 50)],
        False,
    ),
    "a nested timeline": (
        lambda e: [e.gap(90), Stack("S", [e.video(e.clip("X", 0, 50))])],
        True,
    ),
    "a nested timeline with a hole": (
        lambda e: [
            e.gap(90),
            Stack("S", [e.video(e.clip("X", 0, 20), e.gap(5), e.clip("Y", 0, 25))]),
        ],
        False,
    ),
}


@pytest.mark.parametrize("name", COVERED)
def test_what_a_full_frame_hides_is_meant(name: str, edit: Any, probe: Any, chosen: Any) -> None:
    build, hidden = COVERED[name]
    known = probe.__call__

    def ask(path: Path, rate: Fraction | None) -> MediaFacts:
        facts = known(path, rate)
        alpha = path.stem == "alpha"
        return MediaFacts(facts.path, facts.rate, facts.frame_count, 0, True, alpha)

    found = {
        one.spot.label: one
        for one in chosen(layers(edit, *build(edit)), ask, tracks=("1",))
        if one.spot.span.start_frame == 100
    }
    one = found["V1"]
    assert (one.plan is None) == hidden
    if hidden:
        assert one.left is not None
        assert one.left.meant
        assert "over it on V2" in one.left.why
        # Who names it means it.
        assert only_named(chosen, layers(edit, *build(edit)), ask, one).plan is not None


def only_named(chosen: Any, timeline: Any, probe: Any, one: Chosen) -> Chosen:
    number = one.spot.number
    return next(
        other for other in chosen(timeline, probe, numbers=(number,)) if other.spot.number == number
    )


def test_a_gap_above_a_picture_is_meant(edit: Any, probe: Any, only: Any, chosen: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 0, 150)),
        edit.video(edit.clip("X", 0, 20), edit.gap(60), edit.clip("Y", 0, 20)),
    )
    one = only(timeline, probe)
    assert one.left is not None
    assert (one.left.why, one.left.meant) == ('V1 shows in it ("A")', True)
    assert only_named(chosen, timeline, probe, one).plan is not None


def test_of_two_gaps_over_each_other_the_upper_is_filled(
    edit: Any, probe: Any, chosen: Any
) -> None:
    timeline = layers(edit, edit.clip("X", 0, 100), edit.gap(30), edit.clip("Y", 0, 40))
    lower, upper = chosen(timeline, probe)
    assert upper.plan is not None
    assert lower.left is not None
    assert lower.left.why == "the gap above it on V2 is filled"
