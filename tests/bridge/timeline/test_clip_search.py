from fractions import Fraction
from typing import Any

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.clip_search import find_clip, find_item
from opentimelineio.schema import Stack

RATE = Fraction(25)


@pytest.fixture
def timeline(edit: Any) -> Any:
    edit.start = 90000
    nested = Stack("Titles", [edit.video(edit.clip("Logo", 0, 20), edit.clip("Sea", 50, 20))])
    return edit.timeline(
        edit.video(edit.clip("Harbour", 0, 50), edit.gap(10), edit.clip("Sea", 10, 30)),
        edit.video(edit.gap(20), edit.clip("Sea", 40, 30), nested),
        edit.audio(edit.clip("Music", 0, 100)),
    )


def test_a_name_finds_its_clip(timeline: Any) -> None:
    found = find_item(timeline, find_clip(timeline, "Harbour", RATE))
    assert found.name == "Harbour"


def test_a_clip_in_a_nested_timeline_is_found(timeline: Any) -> None:
    address = find_clip(timeline, "Logo", RATE)
    assert address.nest == ((1, 2),)
    assert find_item(timeline, address).name == "Logo"


@pytest.mark.parametrize(("number", "start"), [(1, 10), (2, 40), (3, 50)])
def test_a_number_chooses_among_clips_of_one_name(timeline: Any, number: int, start: int) -> None:
    found = find_item(timeline, find_clip(timeline, f"Sea@{number}", RATE))
    assert found.source_range.start_time.value == start


@pytest.mark.parametrize("name", ["Sea", "Sea@4", "Sea@0"])
def test_several_of_one_name_are_listed(timeline: Any, name: str) -> None:
    with pytest.raises(BridgeError) as caught:
        find_clip(timeline, name, RATE)
    assert caught.value.sentence == (
        '3 clips are called "Sea"; say which: "Sea@1" on V1 at 01:00:02:10, '
        '"Sea@2" on V2 at 01:00:00:20, "Sea@3" on V1 in "Titles" at 00:00:00:20.'
    )
    assert caught.value.exit_code == 2


def test_an_unknown_name_gets_the_nearest(timeline: Any) -> None:
    with pytest.raises(BridgeError, match='No clip is called "Harbor"') as caught:
        find_clip(timeline, "Harbor", RATE)
    assert '"Harbour"' in caught.value.sentence
    assert caught.value.exit_code == 2


def test_sound_alone_is_not_extended(timeline: Any) -> None:
    with pytest.raises(BridgeError, match="lies on no video track") as caught:
        find_clip(timeline, "Music", RATE)
    assert caught.value.exit_code == 4


def test_a_name_that_ends_like_a_number_is_taken_whole(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("shot@2", 0, 5), edit.clip("shot", 0, 5)))
    assert find_clip(timeline, "shot@2", RATE).item == 0


@pytest.mark.parametrize(
    ("place", "start"),
    [("V1@60f", 10), ("V1@89f", 10), ("V1@01:00:02:10", 10), ("V2@20f", 40), ("V1@49f", 0)],
)
def test_a_place_finds_the_clip_that_lies_there(timeline: Any, place: str, start: int) -> None:
    found = find_item(timeline, find_clip(timeline, place, RATE))
    assert found.source_range.start_time.value == start


@pytest.mark.parametrize("place", ["V1@55f", "V1@90f", "V4@0f", "V2@55f", "V1@00:00:00:00"])
def test_a_place_without_a_clip_is_refused(timeline: Any, place: str) -> None:
    with pytest.raises(BridgeError, match="No clip lies at V") as caught:
        find_clip(timeline, place, RATE)
    assert caught.value.exit_code == 2


def test_a_name_goes_before_a_place(edit: Any) -> None:
    made = edit.timeline(edit.video(edit.clip("Sea", 0, 10), edit.clip("V1@0f", 5, 10)))
    assert find_item(made, find_clip(made, "V1@0f", RATE)).name == "V1@0f"
