"""A placement applied: what lies where afterwards, frame by frame, and what it never does."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.timeline.clip_search import find_clip
from longtake_bridge.timeline.location import path_from_url
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.placement import (
    Placement,
)
from longtake_bridge.timeline.placing import place
from longtake_bridge.timeline.plan import MadeTake, place_side, plan_extension
from longtake_bridge.timeline.screen import shown_on
from opentimelineio.schema import Effect, Marker

RATE = Fraction(25)
REQUEST = {"tail": "48f", "model": "auto", "seed": 7}


def placements(
    timeline: Any,
    *,
    head: int | None = None,
    tail: int | None = None,
    follow: Any = "gap",
    remade: int = 0,
    takes: int = 1,
    has_sound: bool = True,
    start_frame: int = 0,
) -> list[Placement]:
    """The placements of clip "A", of 200 frames, with takes as the engine makes them."""
    media = MediaFacts(Path("/media/A.mov"), RATE, 200)
    plan = plan_extension(
        timeline,
        find_clip(timeline, "A", RATE),
        head=Length(frames=head) if head else None,
        tail=Length(frames=tail) if tail else None,
        media=media,
        follow=follow,
        rate=RATE,
        locate=lambda url: path_from_url(url, Path("/media")),
    )
    found = []
    for side in plan.sides:
        frames = side.make_frames + remade
        source = 200 - remade if side.side == "tail" else -side.make_frames
        made = [
            MadeTake(
                MediaFacts(
                    Path(f"/made/{side.side}-{n}.mov"), RATE, frames, start_frame, has_sound
                ),
                source,
                ["motion", "retime", "loop"][n],
                {"score": {"ssim": 0.9}},
            )
            for n in range(takes if side.make_frames else 0)
        ]
        found.append(place_side(plan, side, made, REQUEST))
    return found


def extend(timeline: Any, **asked: Any) -> Any:
    for placement in placements(timeline, **asked):
        timeline = placement.apply(timeline)
    return timeline


def runs(track: Any) -> list[tuple[str, int, int, int]]:
    """Name, record start, frames and first source frame of all that a track shows."""
    return [
        (run.name, run.start_frame, run.duration_frames, int(run.source_s * RATE))
        for run in shown_on(track, RATE)
    ]


def test_a_tail_goes_into_the_gap_and_nothing_else_moves(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 50, 150), edit.gap(60), edit.clip("B", 5, 40))
    )
    result = extend(timeline, tail=48)
    assert runs(result.tracks[0]) == [
        ("A", 0, 150, 50),
        ("A (extended)", 150, 48, 0),
        ("B", 210, 40, 5),
    ]


def test_a_gap_that_fits_exactly_is_used_up(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 50, 150), edit.gap(20), edit.gap(28), edit.clip("B", 5, 40))
    )
    result = extend(timeline, tail=48)
    assert [type(item).__name__ for item in result.tracks[0]] == ["Clip"] * 3


def test_real_frames_come_before_made_ones(edit: Any) -> None:
    result = extend(edit.timeline(edit.video(edit.clip("A", 50, 140))), tail=48)
    assert runs(result.tracks[0]) == [("A", 0, 150, 50), ("A (extended)", 150, 38, 0)]


def test_with_handles_enough_the_clip_alone_grows(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.gap(30), edit.clip("A", 50, 50), edit.gap(50), edit.clip("B", 0, 9))
    )
    found = placements(timeline, head=20, tail=48)
    assert [one.takes for one in found] == [(), ()]
    result = extend(timeline, head=20, tail=48)
    assert runs(result.tracks[0]) == [("A", 10, 118, 30), ("B", 130, 9, 0)]


def test_remade_frames_are_taken_off_the_clip(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("A", 50, 150), edit.gap(60)))
    result = extend(timeline, tail=48, remade=12)
    assert runs(result.tracks[0]) == [("A", 0, 138, 50), ("A (extended)", 138, 60, 0)]
    timeline = edit.timeline(edit.video(edit.gap(60), edit.clip("A", 0, 150)))
    result = extend(timeline, head=48, remade=12)
    assert runs(result.tracks[0]) == [("A (extended)", 12, 60, 0), ("A", 72, 138, 12)]


def test_a_short_clip_keeps_a_frame_of_its_own(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("A", 195, 5), edit.gap(60)))
    result = extend(timeline, tail=48, remade=12)
    assert runs(result.tracks[0]) == [("A", 0, 1, 195), ("A (extended)", 1, 52, 8)]


def test_a_head_goes_into_the_gap_before(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("B", 0, 10), edit.gap(60), edit.clip("A", 8, 50), edit.clip("C", 0, 5))
    )
    result = extend(timeline, head=48)
    assert runs(result.tracks[0]) == [
        ("B", 0, 10, 0),
        ("A (extended)", 22, 40, 0),
        ("A", 62, 58, 0),
        ("C", 120, 5, 0),
    ]


def test_both_sides_at_once(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("B", 0, 10), edit.clip("A", 0, 200), edit.clip("C", 0, 5))
    )
    result = extend(timeline, head=20, tail=30, follow="ripple")
    assert runs(result.tracks[0]) == [
        ("B", 0, 10, 0),
        ("A (extended)", 10, 20, 0),
        ("A", 30, 200, 0),
        ("A (extended)", 230, 30, 0),
        ("C", 260, 5, 0),
    ]


def test_a_ripple_pushes_all_tracks_but_leaves_what_spans_the_point(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 0, 200), edit.clip("B", 0, 40)),
        edit.video(edit.gap(150), edit.clip("Over", 0, 80), edit.clip("Next", 0, 10)),
        edit.video(edit.gap(200), edit.clip("At", 0, 10)),
        edit.video(
            edit.gap(100), edit.clip("Before", 0, 50), edit.gap(80), edit.clip("Late", 0, 5)
        ),
        edit.audio(edit.clip("Music", 0, 300)),
    )
    result = extend(timeline, tail=48, follow="ripple")
    shown = [[(name, start) for name, start, _, _ in runs(track)] for track in result.tracks]
    assert shown == [
        [("A", 0), ("A (extended)", 200), ("B", 248)],
        [("Over", 150), ("Next", 278)],
        [("At", 248)],
        [("Before", 100), ("Late", 278)],
        [("Music", 0)],
    ]


def test_a_ripple_at_the_head_of_the_timeline(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 0, 200), edit.clip("B", 0, 40)),
        edit.audio(edit.clip("Music", 0, 300)),
    )
    result = extend(timeline, head=48, follow="ripple")
    assert runs(result.tracks[0]) == [
        ("A (extended)", 0, 48, 0),
        ("A", 48, 200, 0),
        ("B", 248, 40, 0),
    ]
    assert runs(result.tracks[1]) == [("Music", 48, 300, 0)]


def test_a_ripple_moves_markers_after_the_point(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 0, 200), edit.clip("B", 0, 40)), edit.video(edit.clip("C", 0, 9))
    )
    for owner in (timeline.tracks, timeline.tracks[1]):
        owner.markers.extend(Marker(str(at), edit.range(at, 1)) for at in (0, 199, 200, 230))
    result = extend(timeline, tail=48, follow="ripple")
    for owner in (result.tracks, result.tracks[1]):
        at = [marker.marked_range.start_time.value for marker in owner.markers]
        assert at == [0, 199, 248, 278]


def test_a_ripple_that_would_tear_a_transition_is_refused(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 0, 200), edit.clip("B", 0, 40)),
        edit.video(edit.clip("C", 0, 210), edit.dissolve(5, 5), edit.clip("D", 50, 50)),
    )
    with pytest.raises(BridgeError, match='tear the transition before "D"') as caught:
        extend(timeline, tail=48, follow="ripple")
    assert caught.value.exit_code == 4


def test_overwrite_takes_exactly_what_it_needs(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(
            edit.clip("A", 0, 200), edit.clip("B", 0, 20), edit.gap(5), edit.clip("C", 10, 100)
        ),
        edit.video(edit.gap(210), edit.clip("Other", 0, 10)),
    )
    result = extend(timeline, tail=48, follow="overwrite")
    assert runs(result.tracks[0]) == [
        ("A", 0, 200, 0),
        ("A (extended)", 200, 48, 0),
        ("C", 248, 77, 33),
    ]
    assert runs(result.tracks[1]) == [("Other", 210, 10, 0)]


def test_overwrite_before_a_head(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("B", 0, 100), edit.clip("A", 0, 200)))
    result = extend(timeline, head=48, follow="overwrite")
    assert runs(result.tracks[0]) == [
        ("B", 0, 52, 0),
        ("A (extended)", 52, 48, 0),
        ("A", 100, 200, 0),
    ]


def test_overwrite_past_the_end_of_the_track(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("A", 0, 200), edit.clip("B", 0, 20)))
    result = extend(timeline, tail=48, follow="overwrite")
    assert runs(result.tracks[0]) == [("A", 0, 200, 0), ("A (extended)", 200, 48, 0)]


def test_overwrite_drops_transitions_that_lose_their_clip_and_says_so(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(
            edit.clip("A", 0, 200),
            edit.clip("B", 10, 20),
            edit.dissolve(5, 5),
            edit.clip("C", 10, 100),
            edit.dissolve(4, 4),
            edit.clip("D", 10, 50),
        )
    )
    placed = place(placements(timeline, tail=48, follow="overwrite")[0], timeline)
    kinds = [type(item).__name__ for item in placed.timeline.tracks[0]]
    assert kinds == ["Clip", "Clip", "Clip", "Transition", "Clip"]
    assert placed.notes == ('The transition between "B" and "C" is overwritten.',)


def test_linked_sound_gets_the_same(edit: Any) -> None:
    url = "file:///media/A.mov"
    timeline = edit.timeline(
        edit.video(edit.clip("A", 50, 140), edit.gap(60), edit.clip("B", 5, 40)),
        edit.audio(edit.clip("A", 50, 140, url=url), edit.gap(60), edit.clip("B", 5, 40)),
    )
    result = extend(timeline, tail=48, remade=3, takes=2)
    assert runs(result.tracks[1]) == runs(result.tracks[0])
    sound = result.tracks[1][1]
    assert sound.media_reference.target_url == "file:///made/tail-0.mov"
    assert list(sound.markers) == []


def test_sound_in_samples_keeps_to_the_frame(edit: Any) -> None:
    sound = edit.clip("A", 0, 190 * 1920, available=(0, 200 * 1920), rate=Fraction(48000))
    result = extend(edit.timeline(edit.video(edit.clip("A", 0, 190)), edit.audio(sound)), tail=48)
    assert runs(result.tracks[1]) == [("A", 0, 200, 0), ("A (extended)", 200, 38, 0)]
    assert result.tracks[1][0].source_range.duration.value == 200 * 1920


def test_a_silent_take_leaves_silence_under_itself(edit: Any) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 50, 140), edit.clip("B", 5, 40)),
        edit.audio(edit.clip("A", 50, 140), edit.clip("B", 5, 40)),
    )
    for asked in ({"tail": 48}, {"head": 60}):
        result = extend(timeline, follow="ripple", has_sound=False, **asked)
        starts = [(name, start) for name, start, _, _ in runs(result.tracks[1])]
        assert ("B", 140 + sum(asked.values())) in starts
        assert [name for name, _ in starts] == ["A", "B"]


def test_takes_are_media_references_and_all_is_said(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("A", 0, 200)))
    result = extend(timeline, tail=48, takes=3, remade=2)
    made = result.tracks[0][1]
    urls = {key: one.target_url for key, one in made.media_references().items()}
    assert urls == {
        "DEFAULT_MEDIA": "file:///made/tail-0.mov",
        "take 2": "file:///made/tail-1.mov",
        "take 3": "file:///made/tail-2.mov",
    }
    assert made.active_media_reference_key == "DEFAULT_MEDIA"
    assert {one.available_range.duration.value for one in made.media_references().values()} == {50}
    said = made.metadata["longtake"]
    assert dict(said["request"]) == REQUEST
    assert [take["model"] for take in said["takes"]] == ["motion", "retime", "loop"]
    assert said["takes"][0]["score"]["ssim"] == 0.9
    assert said["overlap_frames"] == 2
    (marker,) = made.markers
    assert marker.name == "Longtake: motion, 48 frames"
    assert marker.color == "PURPLE"
    assert marker.marked_range == made.source_range


def test_made_media_with_timecode_is_cut_in_its_timecode(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("A", 0, 200)))
    made = extend(timeline, tail=48, start_frame=90200).tracks[0][1]
    assert made.source_range == edit.range(90200, 48)
    assert made.media_reference.available_range == edit.range(90200, 48)


def test_the_made_clip_is_dressed_like_its_neighbour(edit: Any) -> None:
    clip = edit.clip("A", 0, 200, url="/media/A.mov")
    clip.effects.append(Effect(effect_name="Grade"))
    clip.enabled = False
    made = extend(edit.timeline(edit.video(clip)), tail=48).tracks[0][1]
    assert [effect.effect_name for effect in made.effects] == ["Grade"]
    assert made.enabled is False
    assert made.media_reference.target_url == "/made/tail-0.mov"  # bare, as Resolve writes paths


def test_media_said_to_be_shorter_is_widened_to_what_is_shown(edit: Any) -> None:
    clip = edit.clip("A", 50, 140, available=(50, 140))
    result = extend(edit.timeline(edit.video(clip)), tail=48)
    assert result.tracks[0][0].media_reference.available_range == edit.range(50, 150)


@pytest.mark.parametrize("follow", ["gap", "ripple", "overwrite"])
def test_the_argument_is_never_changed(edit: Any, follow: str) -> None:
    timeline = edit.timeline(
        edit.video(edit.gap(50), edit.clip("A", 10, 180), edit.gap(50), edit.clip("B", 0, 10)),
        edit.audio(edit.gap(50), edit.clip("A", 10, 180), edit.gap(50), edit.clip("B", 0, 10)),
    )
    before = timeline.to_json_string()
    extend(timeline, head=30, tail=30, follow=follow, remade=4, takes=2)
    assert timeline.to_json_string() == before


def test_a_placement_is_a_value_that_json_holds(edit: Any) -> None:
    import json

    timeline = edit.timeline(
        edit.video(edit.gap(50), edit.clip("A", 10, 180)),
        edit.audio(edit.gap(50), edit.clip("A", 10, 180)),
    )
    (placement,) = placements(timeline, tail=48, remade=3, takes=2)
    text = json.dumps(placement.to_json_object())
    again = Placement.from_json_object(json.loads(text))
    assert again == placement
    assert again.apply(timeline).to_json_string() == placement.apply(timeline).to_json_string()


def test_a_placement_for_another_timeline_is_refused(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("A", 0, 200)))
    (placement,) = placements(timeline, tail=48)
    moved = edit.timeline(edit.video(edit.gap(1), edit.clip("A", 0, 200)))
    with pytest.raises(BridgeError, match="no longer lies where") as caught:
        placement.apply(moved)
    assert caught.value.exit_code == 2
    with pytest.raises(BridgeError, match="no video track 1"):
        placement.apply(edit.timeline())


@pytest.mark.parametrize(
    ("media_rate", "rate"),
    [(Fraction(25), Fraction(24)), (Fraction(60000, 1001), Fraction(30000, 1001))],
)
def test_media_of_another_rate_lands_on_whole_timeline_frames(
    edit_at: Callable[..., Any], media_rate: Fraction, rate: Fraction
) -> None:
    edit = edit_at(rate)
    shown = int(96 / rate * media_rate)
    clip = edit.clip("A", 0, shown, available=(0, shown), rate=media_rate)
    timeline = edit.timeline(edit.video(clip, edit.gap(60), edit.clip("B", 0, 24)))
    media = MediaFacts(Path("/media/A.mov"), media_rate, shown)
    plan = plan_extension(
        timeline,
        find_clip(timeline, "A", rate),
        head=None,
        tail=Length(frames=10),
        media=media,
        follow="gap",
        rate=rate,
        locate=Path,
    )
    (side,) = plan.sides
    remade = 5
    facts = MediaFacts(Path("/made/x.mov"), media_rate, side.make_frames + remade)
    take = MadeTake(facts, shown - remade, "retime", {})
    result = place_side(plan, side, [take], {}).apply(timeline)
    found = [(r.name, r.start_frame, r.duration_frames) for r in shown_on(result.tracks[0], rate)]
    overlap = int(remade / media_rate * rate)
    assert found == [
        ("A", 0, 96 - overlap),
        ("A (extended)", 96 - overlap, 10 + overlap),
        ("B", 156, 24),
    ]
    made = result.tracks[0][1]
    available = made.media_reference.available_range
    assert made.source_range.end_time_exclusive() <= available.end_time_exclusive()
    assert made.source_range.duration.to_seconds() == pytest.approx(float((10 + overlap) / rate))
