"""A filled gap on the timeline: its sound, its takes, what it wears and what it remembers."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.choice import Choice, choose
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.file_format import format_of
from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.piece import place_piece
from longtake_bridge.timeline.placement import Placement
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.screen import shown_on
from opentimelineio.schema import Effect, LinearTimeWarp, Marker, Stack

RATE = Fraction(25)
REQUEST = {"task": "fill", "model": "auto", "seed": 7}


def fill(
    timeline: Any, probe: Any, *, takes: int = 1, has_sound: bool = True, **asked: Any
) -> list[Placement]:
    path = Path("/edit/cut.otio")
    document = TimelineDocument(path, format_of(path), timeline, RATE)
    placements = []
    for one in choose(Look(document, probe), Choice(**asked)):
        if one.plan is None:
            continue
        facts = MediaFacts(Path("/made/made.mov"), RATE, one.plan.make_frames, 0, has_sound)
        made = [
            MadeTake(facts, 0, ["morph", "cut", "dissolve"][n], {"score": {"ssim": 0.9}})
            for n in range(takes if one.plan.make_frames else 0)
        ]
        placements.append(place_piece(one.plan, made, "filled", REQUEST))
    return placements


def filled(timeline: Any, probe: Any, **asked: Any) -> Any:
    for placement in fill(timeline, probe, **asked):
        timeline = placement.apply(timeline)
    return timeline


def runs(track: Any) -> list[tuple[str, int, int, int]]:
    """Name, record start, frames and first source frame of all that a track shows."""
    return [
        (run.name, run.start_frame, run.duration_frames, int(run.source_s * RATE))
        for run in shown_on(track, RATE)
    ]


def picture(edit: Any) -> Any:
    """A to 10 frames before its end, a gap from 100 to 130, B from its fifth frame on."""
    return edit.video(edit.clip("A", 90, 100), edit.gap(30), edit.clip("B", 5, 60))


PICTURE = [("A", 0, 110, 90), ("filled", 110, 15, 0), ("B", 125, 65, 0)]

SOUND = {
    "in step": (
        lambda e: [[e.clip("A", 90, 100), e.gap(30), e.clip("B", 5, 60)]],
        [PICTURE],
    ),
    "an L-cut": (  # A is heard up to 105
        lambda e: [[e.clip("A", 90, 105), e.gap(25), e.clip("B", 5, 60)]],
        [PICTURE],
    ),
    "a J-cut": (  # B is heard from 127 on
        lambda e: [[e.clip("A", 90, 100), e.gap(27), e.clip("B", 2, 63)]],
        [PICTURE],
    ),
    "L and J as far as they hold": (
        lambda e: [[e.clip("A", 90, 110), e.gap(15), e.clip("B", 0, 65)]],
        [PICTURE],
    ),
    "on tracks of their own": (
        lambda e: [[e.clip("A", 90, 100)], [e.gap(130), e.clip("B", 5, 60)]],
        [PICTURE[:2], [("B", 125, 65, 0)]],
    ),
    "stereo as two": (
        lambda e: [[e.clip("A", 90, 100), e.gap(30), e.clip("B", 5, 60)]] * 2,
        [PICTURE, PICTURE],
    ),
    "of the second alone": (
        lambda e: [[e.gap(130), e.clip("B", 5, 60)]],
        [[("filled", 110, 15, 0), ("B", 125, 65, 0)]],
    ),
    "music under the gap": (
        lambda e: [[e.clip("M", 0, 190)]],
        [[("M", 0, 190, 0)]],
    ),
    "music in the gap alone": (
        lambda e: [[e.clip("A", 90, 100), e.clip("M", 0, 20), e.gap(10), e.clip("B", 5, 60)]],
        [[("A", 0, 100, 90), ("M", 100, 20, 0), ("B", 130, 60, 5)]],
    ),
    "out of step": (
        lambda e: [[e.clip("A", 80, 100), e.gap(30), e.clip("B", 15, 60)]],
        [[("A", 0, 100, 80), ("B", 130, 60, 15)]],
    ),
    "a fade": (
        lambda e: [[e.clip("A", 90, 100), e.dissolve(5, 5), e.gap(30), e.clip("B", 5, 60)]],
        [[("A", 0, 100, 90), ("B", 130, 60, 5)]],
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_sound_goes_along(name: str, edit: Any, probe: Any) -> None:
    build, expected = SOUND[name]
    lanes = [edit.audio(*[item.deepcopy() for item in lane]) for lane in build(edit)]
    timeline = edit.timeline(picture(edit), *lanes)
    probe.frames = {"A": 200}
    result = filled(timeline, probe)
    assert runs(result.tracks[0]) == PICTURE
    assert [runs(track) for track in result.tracks[1:]] == expected


def test_sound_that_runs_on_under_made_frames_is_kept(edit: Any, probe: Any) -> None:
    """A J-cut from within the hole: of a long shot whose missing piece is shorter than the gap."""
    take = {"url": "file:///media/take.mov"}
    lane = edit.video(edit.clip("A", 0, 100, **take), edit.gap(30), edit.clip("B", 110, 60, **take))
    sound = edit.audio(
        edit.clip("A", 0, 104, **take), edit.gap(20), edit.clip("B", 104, 66, **take)
    )
    result = filled(edit.timeline(lane, sound), probe)
    assert runs(result.tracks[0])[1] == ("filled", 100, 30, 0)
    assert runs(result.tracks[1]) == [
        *(("A", 0, 104, 0), ("filled", 104, 20, 4), ("B", 124, 66, 104)),
    ]


TOLD = {
    "a fade": (
        lambda e: [e.clip("A", 90, 100), e.dissolve(5, 5), e.gap(30)],
        "a fade lies on its edge",
    ),
    "a recorder of its own": (
        lambda e: [e.clip("R1", 90, 100), e.gap(30), e.clip("R2", 5, 60)],
        "it is of another file than the picture, or out of step with it",
    ),
    "between two frames": (
        lambda e: [e.clip("A", 90, 99.5), e.gap(30.5), e.clip("B", 5, 60)],
        "its edge lies between two frames of the timeline",
    ),
}


@pytest.mark.parametrize("name", TOLD)
def test_sound_that_stays_is_told_of(name: str, edit: Any, probe: Any) -> None:
    build, why = TOLD[name]
    lane = edit.audio(*build(edit))
    path = Path("/edit/cut.otio")
    document = TimelineDocument(path, format_of(path), edit.timeline(picture(edit), lane), RATE)
    (one,) = choose(Look(document, probe), Choice())
    assert one.plan is not None
    assert f"The sound on A1 stays as it is: {why}." in one.plan.notes


def test_without_made_sound_real_sound_still_goes_along(edit: Any, probe: Any) -> None:
    lane = edit.audio(edit.clip("A", 90, 100), edit.gap(30), edit.clip("B", 5, 60))
    result = filled(edit.timeline(picture(edit), lane), probe, has_sound=False)
    assert runs(result.tracks[1]) == [("A", 0, 110, 90), ("B", 125, 65, 0)]


def test_takes_are_media_references_and_the_request_is_kept(edit: Any, probe: Any) -> None:
    lane = edit.audio(edit.clip("A", 90, 100), edit.gap(30), edit.clip("B", 5, 60))
    result = filled(edit.timeline(picture(edit), lane), probe, takes=3)
    made, heard = result.tracks[0][1], result.tracks[1][1]
    for clip in (made, heard):
        assert sorted(clip.media_references()) == ["DEFAULT_MEDIA", "take 2", "take 3"]
        said = clip.metadata["longtake"]
        assert said["action"] == "fill_gap"
        assert dict(said["request"]) == REQUEST
        assert [take["model"] for take in said["takes"]] == ["morph", "cut", "dissolve"]
        assert [(trim["side"], trim["frames"]) for trim in said["trims"]] == [
            *(("tail", 10), ("head", 5)),
        ]
    assert [marker.name for marker in made.markers] == ["Longtake: morph, 15 frames"]
    assert not heard.markers


def test_it_wears_what_the_shot_before_wears(edit: Any, probe: Any) -> None:
    track = picture(edit)
    track[0].effects.append(Effect("Grade", "LUT"))
    track[2].markers.append(Marker("keep me", edit.range(10, 1)))
    result = filled(edit.timeline(track), probe)
    assert [effect.name for effect in result.tracks[0][1].effects] == ["Grade"]
    assert [marker.name for marker in result.tracks[0][2].markers] == ["keep me"]
    assert result.tracks[0][2].markers[0].marked_range == edit.range(10, 1)


def test_every_placement_is_json_and_back(edit: Any, probe: Any) -> None:
    lane = edit.audio(edit.clip("A", 90, 100), edit.gap(30), edit.clip("B", 5, 60))
    timeline = edit.timeline(picture(edit), lane)
    (placement,) = fill(timeline, probe, takes=2)
    text = json.dumps(placement.to_json_object())
    again = Placement.from_json_object(json.loads(text))
    assert again == placement
    assert again.apply(timeline).is_equivalent_to(placement.apply(timeline))
    older = json.loads(text)
    del older["trims"]  # as it was written before there were any
    assert Placement.from_json_object(older).trims == ()


def test_a_gap_that_is_gone_is_not_filled(edit: Any, probe: Any) -> None:
    timeline = edit.timeline(picture(edit))
    (placement,) = fill(timeline, probe)
    with pytest.raises(BridgeError, match=r"no gap|no longer lies|Less than"):
        placement.apply(placement.apply(timeline))
    closed = edit.timeline(edit.video(edit.clip("A", 90, 100), edit.clip("B", 5, 60)))
    with pytest.raises(BridgeError):
        placement.apply(closed)


def test_inside_a_nested_timeline_nothing_outside_moves(edit: Any, probe: Any) -> None:
    nested = Stack("Scene", [picture(edit)])
    timeline = edit.timeline(
        edit.video(edit.clip("X", 150, 50), edit.gap(5), nested, edit.gap(20), edit.clip("Y", 0, 9))
    )
    result = filled(timeline, probe)
    inner = next(item for item in result.tracks[0] if isinstance(item, Stack))
    assert runs(inner[0]) == PICTURE
    assert [(name, start) for name, start, *_ in runs(result.tracks[0])] == [
        *(("X", 0), ("Scene", 55), ("Y", 265)),
    ]


def test_a_gap_and_one_nested_after_it_are_both_filled(edit: Any, probe: Any) -> None:
    nested = Stack("Scene", [picture(edit)])
    timeline = edit.timeline(
        edit.video(edit.clip("X", 150, 50), edit.gap(5), edit.clip("Z", 0, 40), nested)
    )
    result = filled(timeline, probe)
    assert [name for name, *_ in runs(result.tracks[0])] == ["X", "filled", "Z", "Scene"]
    inner = next(item for item in result.tracks[0] if isinstance(item, Stack))
    assert runs(inner[0]) == PICTURE


def jumps(edit: Any, *starts: int) -> Any:
    """Pieces of 30 frames of one shot; the sound of it in step."""
    take = {"url": "file:///media/take.mov"}
    clips = [edit.clip(f"T{n}", start, 30, **take) for n, start in enumerate(starts)]
    return edit.timeline(edit.video(*clips), edit.audio(*[clip.deepcopy() for clip in clips]))


def test_a_morph_cut_keeps_length_and_sound(edit: Any, probe: Any) -> None:
    timeline = jumps(edit, 0, 45, 120)
    result = filled(timeline, probe, jump_cuts=True)
    assert runs(result.tracks[0]) == [
        *(("T0", 0, 26, 0), ("filled", 26, 8, 0), ("T1", 34, 22, 49), ("filled", 56, 8, 0)),
        ("T2", 64, 26, 124),
    ]
    assert result.tracks[1].is_equivalent_to(timeline.tracks[1])
    assert [one.action for one in fill(timeline, probe, jump_cuts=True)] == ["overwrite"] * 2


CUTS = {
    "no jump": ((0, 30), {}, []),
    "a jump back": ((60, 0), {}, []),
    "more than ten seconds": ((0, 300), {}, []),
    "more than was said": ((0, 45), {"longest": "10f"}, []),
    "named all the same": ((60, 0), {"at": ("00:00:01:05",)}, [(26, 8)]),
    "more frames": ((0, 45), {"side_frames": 10}, [(20, 20)]),
    "more than the clips have": ((0, 45), {"side_frames": 40}, [(16, 28)]),
}


@pytest.mark.parametrize("name", CUTS)
def test_which_cuts_are_morphed(name: str, edit: Any, probe: Any) -> None:
    from longtake_bridge.length import parse_length

    starts, asked, expected = CUTS[name]
    if "longest" in asked:
        asked = asked | {"longest": parse_length(asked["longest"])}
    probe.frame_count = 600
    found = fill(jumps(edit, *starts), probe, jump_cuts=True, **asked)
    assert [
        (one.record_range.start_frame, one.record_range.duration_frames) for one in found
    ] == expected


def test_a_cut_under_a_cutaway_is_hidden_already(edit: Any, probe: Any) -> None:
    timeline = jumps(edit, 0, 45)
    timeline.tracks.insert(1, edit.video(edit.gap(20), edit.clip("X", 0, 20)))
    assert fill(timeline, probe, jump_cuts=True) == []
    assert len(fill(timeline, probe, jump_cuts=True, at=("00:00:01:05",))) == 1


def test_only_files_that_matter_are_opened(edit: Any, probe: Any) -> None:
    timeline = jumps(edit, 0, 45)
    timeline.tracks[0].append(edit.clip("other", 0, 30))
    far = edit.video(edit.clip("far", 0, 5), edit.gap(500), edit.clip("farther", 0, 5))
    timeline.tracks.insert(1, far)
    fill(timeline, probe, jump_cuts=True)
    assert {path.stem for path in probe.asked} == {"take"}


def test_slowed_shots_and_dissolves_are_no_jump_cuts(edit: Any, probe: Any) -> None:
    timeline = jumps(edit, 0, 45)
    timeline.tracks[0][1].effects.append(LinearTimeWarp(time_scalar=2.0))
    assert fill(timeline, probe, jump_cuts=True) == []
    timeline = jumps(edit, 0, 45)
    timeline.tracks[0].insert(1, edit.dissolve(3, 3))
    assert fill(timeline, probe, jump_cuts=True) == []
