"""The placements that no extension makes: gaps filled, ranges overwritten, media replaced."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.placement import Action, Anchor, PlacedTake, Placement, Span, TrackRef
from longtake_bridge.timeline.screen import shown_on

RATE = Fraction(25)


def runs(track: Any) -> list[tuple[str, int, int, int]]:
    """Name, record start, frames and first source frame of all that a track shows."""
    return [
        (run.name, run.start_frame, run.duration_frames, int(run.source_s * RATE))
        for run in shown_on(track, RATE)
    ]


def piece(action: Action, start: int, frames: int, anchor: Anchor | None = None) -> Placement:
    return Placement(
        action=action,
        track=TrackRef("video", 0, "Video"),
        record_range=Span(start, frames, RATE),
        source_range=Span(0, frames, RATE),
        name="Made",
        takes=(PlacedTake("motion", "/made/x.mov", frames, RATE),),
        anchor=anchor,
    )


def a_b(edit: Any) -> Any:
    return edit.timeline(edit.video(edit.clip("A", 0, 50), edit.gap(20), edit.clip("B", 0, 50)))


@pytest.mark.parametrize(
    ("start", "frames", "expected"),
    [
        (50, 20, [("A", 0, 50, 0), ("Made", 50, 20, 0), ("B", 70, 50, 0)]),
        (55, 10, [("A", 0, 50, 0), ("Made", 55, 10, 0), ("B", 70, 50, 0)]),
    ],
)
def test_a_gap_is_filled(
    edit: Any, start: int, frames: int, expected: list[tuple[str, int, int, int]]
) -> None:
    result = piece("fill_gap", start, frames).apply(a_b(edit))
    assert runs(result.tracks[0]) == expected


def test_no_gap_is_not_filled(edit: Any) -> None:
    with pytest.raises(BridgeError, match="no gap at frame 45"):
        piece("fill_gap", 45, 10).apply(a_b(edit))


def test_a_range_is_overwritten(edit: Any) -> None:
    result = piece("overwrite", 40, 40).apply(a_b(edit))
    assert runs(result.tracks[0]) == [("A", 0, 40, 0), ("Made", 40, 40, 0), ("B", 80, 40, 10)]
    result = piece("overwrite", 10, 10).apply(a_b(edit))
    assert runs(result.tracks[0])[:3] == [("A", 0, 10, 0), ("Made", 10, 10, 0), ("A", 20, 30, 20)]
    result = piece("overwrite", 200, 10).apply(a_b(edit))
    assert runs(result.tracks[0])[-1] == ("Made", 200, 10, 0)


def test_a_new_track_lies_above_the_others(edit: Any) -> None:
    timeline = a_b(edit)
    timeline.tracks.append(edit.audio(edit.clip("Music", 0, 10)))
    new = replace(piece("new_track", 30, 10), track=TrackRef("video", 1, "Longtake"))
    result = new.apply(timeline)
    assert [track.name for track in result.tracks] == ["Video", "Longtake", "Audio"]
    assert runs(result.tracks[1]) == [("Made", 30, 10, 0)]


def test_media_is_replaced_and_the_original_kept(edit: Any) -> None:
    anchor = Anchor("B", Span(70, 50, RATE))
    result = piece("replace_media", 70, 50, anchor).apply(a_b(edit))
    clip = result.tracks[0][2]
    assert clip.name == "B"
    assert clip.media_reference.target_url == "file:///made/x.mov"
    assert clip.media_references()["original"].target_url == "file:///media/B.mov"
