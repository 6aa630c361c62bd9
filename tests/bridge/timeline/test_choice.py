"""Gaps of every kind: which are filled and with what, and how they are chosen."""

import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.timeline.choice import Chosen
from longtake_bridge.timeline.media import MediaFacts
from opentimelineio.opentime import RationalTime
from opentimelineio.schema import (
    Clip,
    Effect,
    LinearTimeWarp,
    Stack,
    Track,
)

MEDIA = 200  # frames of every file


def shares(one: Chosen) -> tuple[int, int, int]:
    """Real frames before and after, and frames to make."""
    assert one.plan is not None, one.left
    return one.plan.before_frames, one.plan.after_frames, one.plan.make_frames


HANDLES: dict[str, tuple[tuple[int, int], tuple[int, int], int, tuple[int, int, int]]] = {
    # A's and B's (start, frames) in files of 200, the gap, and who gives what
    "none": ((50, 150), (0, 40), 30, (0, 0, 30)),
    "part of both": ((50, 140), (5, 40), 30, (10, 5, 15)),
    "all, meeting in the middle": ((50, 50), (100, 40), 31, (16, 15, 0)),
    "all, one side short": ((50, 146), (100, 40), 30, (4, 26, 0)),
    "all, the other side short": ((50, 50), (7, 40), 30, (23, 7, 0)),
    "one side alone": ((50, 50), (0, 40), 30, (30, 0, 0)),
    "all but one frame": ((50, 140), (19, 40), 30, (10, 19, 1)),
}


@pytest.mark.parametrize("name", HANDLES)
def test_real_frames_come_first(name: str, edit: Any, probe: Any, only: Any) -> None:
    a, b, gap, expected = HANDLES[name]
    one = only(
        edit.timeline(edit.video(edit.clip("A", *a), edit.gap(gap), edit.clip("B", *b))), probe
    )
    assert shares(one) == expected


ONE_SHOT: dict[str, tuple[int, int, tuple[int, int, int], str]] = {
    # where B starts in the file that A leaves at frame 60, the gap, who gives what, what is said
    "exactly the missing piece": (90, 30, (30, 0, 0), "are put back"),
    "more is missing than fits": (160, 30, (15, 15, 0), "70 frames of .* still left out"),
    "a little less is missing": (86, 30, (13, 13, 4), "26 frames|13 frames of"),
    "much less is missing": (70, 30, (0, 0, 30), "only 10 frames"),
    "nothing is missing": (60, 30, (0, 0, 30), "Nothing of .* is missing"),
    "the second begins within the first": (50, 30, (0, 0, 30), "Nothing of .* is missing"),
}


@pytest.mark.parametrize("name", ONE_SHOT)
def test_a_shot_cut_in_two(name: str, edit: Any, probe: Any, only: Any) -> None:
    start, gap, expected, said = ONE_SHOT[name]
    take = {"url": "file:///media/take.mov"}
    one = only(
        edit.timeline(
            edit.video(
                edit.clip("A", 20, 40, **take), edit.gap(gap), edit.clip("B", start, 30, **take)
            )
        ),
        probe,
    )
    assert shares(one) == expected
    assert one.plan is not None
    assert re.search(said, " ".join(one.plan.notes)), one.plan.notes


def test_an_earlier_part_of_the_same_file_is_another_shot(edit: Any, probe: Any, only: Any) -> None:
    take = {"url": "file:///media/take.mov"}
    timeline = edit.timeline(
        edit.video(edit.clip("A", 120, 40, **take), edit.gap(30), edit.clip("B", 20, 30, **take))
    )
    assert shares(only(timeline, probe)) == (15, 15, 0)


def test_what_the_engine_is_shown_ends_and_begins_at_the_hole(
    edit: Any, probe: Any, only: Any
) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 50, 140), edit.gap(30), edit.clip("B", 5, 40))
    )
    plan = only(timeline, probe).plan
    assert plan is not None
    spans = [(span.start_frame, span.duration_frames) for span in plan.input_spans]
    assert spans == [(50, 150), (0, 45)]
    assert (plan.hole.start_frame, plan.hole.duration_frames) == (150, 15)


RATES = {  # timeline, media: frames to make for a gap of 30 without handles
    "media slower": (Fraction(25), Fraction(24), 29),
    "media faster": (Fraction(25), Fraction(50), 60),
    "media at 23.976 in 25": (Fraction(25), Fraction(24000, 1001), 29),
    "timeline at 23.976": (Fraction(24000, 1001), Fraction(25), 32),
    "the same": (Fraction(30000, 1001), Fraction(30000, 1001), 30),
}


@pytest.mark.parametrize("name", RATES)
def test_the_gap_is_covered_at_the_rate_of_the_media(
    name: str, edit_at: Callable[..., Any], probe_of: Callable[..., Any], chosen: Any
) -> None:
    rate, media_rate, frames = RATES[name]
    edit = edit_at(rate)
    length = int(MEDIA / media_rate * rate)  # of whole timeline frames in the media
    timeline = edit.timeline(
        edit.video(edit.clip("A", 0, length, available=None), edit.gap(30), edit.clip("B", 0, 40))
    )
    (one,) = chosen(timeline, probe_of(media_rate), rate)
    assert one.plan is not None
    assert one.plan.make_frames == frames
    assert one.plan.make_frames / media_rate >= one.plan.hole.duration_s
    assert (one.plan.make_frames - 1) / media_rate < one.plan.hole.duration_s
    shown = one.plan.input_spans[0]
    assert shown.start_frame + shown.duration_frames <= MEDIA


def _lone(edit: Any, *items: Any) -> Any:
    return edit.timeline(edit.video(*items))


def _with(clip: Clip, effect: Any) -> Clip:
    clip.effects.append(effect)
    return clip


def test_longer_than_max_is_left_alone_even_where_named(edit: Any, probe: Any, only: Any) -> None:
    timeline = _lone(edit, edit.clip("A", 50, 150), edit.gap(30), edit.clip("B", 0, 9))
    assert only(timeline, probe, longest=Length(frames=30)).plan is not None
    one = only(timeline, probe, longest=Length(seconds=Fraction(1)))
    assert one.left is not None
    assert one.left.why == "it is longer than 1s"


def test_numbers_do_not_depend_on_what_is_chosen(edit: Any, probe: Any, chosen: Any) -> None:
    nested = Stack("Scene", [edit.video(edit.clip("C", 0, 10), edit.gap(5), edit.clip("D", 0, 10))])
    timeline = edit.timeline(
        edit.video(edit.clip("A", 0, 10), edit.gap(5), edit.clip("B", 0, 10), nested, name="Base"),
        edit.video(
            edit.gap(100), edit.clip("X", 0, 5), edit.gap(9), edit.clip("Y", 0, 5), name="Top"
        ),
    )
    every = chosen(timeline, probe)
    assert [(one.spot.number, one.spot.label) for one in every] == [
        *((1, "V1"), (2, 'V1 in "Scene"'), (3, "V2"), (4, "V2")),
    ]
    for tracks, filled in (
        ((), {1, 2, 4}),
        (("Base",), {1, 2}),
        (("V2",), {4}),
        (("2", "1"), {1, 2, 4}),
    ):
        found = chosen(timeline, probe, tracks=tracks)
        assert [one.spot for one in found] == [one.spot for one in every]
        assert {one.spot.number for one in found if one.plan is not None} == filled
    named = chosen(timeline, probe, numbers=(2,))
    assert [one.spot.number for one in named if one.plan is not None] == [2]


WRONG = {
    "no such gap": ({"numbers": (3,)}, "There is no gap 3: the timeline has one gap"),
    "no such track": ({"tracks": ("Titles",)}, 'no video track "Titles"; there are: V1 "Video"'),
    "no such cut": ({"jump_cuts": True, "at": ("00:00:01:00",)}, "No cut lies at 00:00:01:00"),
    "no timecode": ({"jump_cuts": True, "at": ("now",)}, "not a timecode"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_there_is_said(name: str, edit: Any, probe: Any, chosen: Any) -> None:
    asked, said = WRONG[name]
    timeline = _lone(edit, edit.clip("A", 0, 40), edit.gap(30), edit.clip("B", 0, 9))
    with pytest.raises(BridgeError, match=said) as caught:
        chosen(timeline, probe, **asked)
    assert caught.value.exit_code == 2


def test_different_effects_are_told_of(edit: Any, probe: Any, only: Any) -> None:
    graded = _with(edit.clip("A", 50, 150), Effect("Grade", "LUT"))
    one = only(_lone(edit, graded, edit.gap(30), edit.clip("B", 0, 9)), probe)
    assert one.plan is not None
    assert any("wears those of" in note for note in one.plan.notes)


def test_neighbouring_gaps_are_one(edit: Any, probe: Any, only: Any) -> None:
    one = only(
        _lone(edit, edit.clip("A", 50, 150), edit.gap(10), edit.gap(20), edit.clip("B", 0, 9)),
        probe,
    )
    assert one.spot.span.duration_frames == 30


def test_a_timeline_that_starts_at_an_hour_says_so(
    edit_at: Callable[..., Any], probe: Any, only: Any
) -> None:
    edit = edit_at(start=90000)
    one = only(_lone(edit, edit.clip("A", 50, 150), edit.gap(10), edit.clip("B", 0, 9)), probe)
    assert one.name == "gap 1 on V1 at 01:00:06:00"


def test_a_track_in_a_track_of_its_own_speed_is_left_alone(
    edit: Any, probe: Any, only: Any
) -> None:
    inner = Stack("Slow", [edit.video(edit.clip("A", 0, 10), edit.gap(5), edit.clip("B", 0, 9))])
    inner.effects.append(LinearTimeWarp("Slow", time_scalar=0.5))
    one = only(_lone(edit, inner), probe)
    assert one.left is not None
    assert one.left.why.startswith('"Slow", which holds it, has a speed effect')


def test_a_trimmed_track_is_left_alone(edit: Any, probe: Any, only: Any) -> None:
    track: Track = edit.video(edit.clip("A", 0, 10), edit.gap(5), edit.clip("B", 0, 9))
    track.source_range = edit.range(2, 20)
    one = only(edit.timeline(track), probe)
    assert one.left is not None
    assert "trimmed as a whole" in one.left.why


def test_an_engine_in_trouble_ends_it_all(edit: Any, only: Any) -> None:
    def ask(path: Path, rate: Fraction | None) -> MediaFacts:
        raise BridgeError("The engine is gone.", "ENGINE_DOWN")

    with pytest.raises(BridgeError, match="gone"):
        only(_lone(edit, edit.clip("A", 0, 10), edit.gap(5), edit.clip("B", 0, 9)), ask)


def test_markers_and_zero_gaps_are_no_gaps(edit: Any, probe: Any, chosen: Any) -> None:
    timeline = _lone(edit, edit.clip("A", 0, 10), edit.gap(0), edit.clip("B", 0, 9))
    timeline.tracks[0][1].source_range = edit.range(0, 0)
    assert timeline.tracks[0][1].duration() == RationalTime(0, 25)
    assert chosen(timeline, probe) == []
