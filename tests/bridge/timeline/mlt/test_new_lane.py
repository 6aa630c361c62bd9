"""A new video track on top of a project: read back as one, the others as they were."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.placement import PlacedTake, Placement, Span, TrackRef
from longtake_bridge.timeline.track_edit import lay_out
from lxml import etree

RATE = Fraction(25)


def shot(document: TimelineDocument, start: int, frames: int, media: Path) -> Placement:
    above = len(document.timeline.video_tracks())
    return Placement(
        action="new_track",
        track=TrackRef("video", above, "B-roll"),
        record_range=Span(start, frames, RATE),
        source_range=Span(0, frames, RATE),
        name="rain (B-roll)",
        takes=(PlacedTake("still", str(media), frames, RATE),),
        request={"task": "broll"},
    )


@pytest.mark.parametrize("name", ["three.mlt", "interview.kdenlive"])
def test_a_new_track_lies_on_top_with_two_shots(
    project: Callable[[str], Path], name: str, tmp_path: Path
) -> None:
    document = TimelineDocument.open(project(name))
    media = tmp_path / "rain.mov"
    media.write_bytes(b"frames")
    first = shot(document, 20, 15, media)
    timeline = first.apply(document.timeline)
    timeline = replace(first, action="overwrite", record_range=Span(60, 15, RATE)).apply(timeline)
    out = document.path.with_stem("out")
    document.with_timeline(timeline).save(out)

    before, after = document.timeline, TimelineDocument.open(out).timeline
    assert len(after.video_tracks()) == len(before.video_tracks()) + 1
    assert [track.name for track in after.audio_tracks()] == [
        track.name for track in before.audio_tracks()
    ]
    new = after.video_tracks()[-1]
    lying = [one for one in lay_out(new) if one.item.name == "rain (B-roll)"]
    assert [(one.start_s * RATE, one.end_s * RATE) for one in lying] == [(20, 35), (60, 75)]
    for old, same in zip(before.video_tracks(), after.video_tracks(), strict=False):
        assert [(one.item.name, one.start_s) for one in lay_out(old)] == [
            (one.item.name, one.start_s) for one in lay_out(same)
        ]
    root = etree.parse(out).getroot()
    blends = [one for one in root.iter("transition") if one.get("id") == "longtaketransition0"]
    assert len(blends) == 1


def test_a_playlist_alone_has_no_room_for_a_second_track(tmp_path: Path) -> None:
    path = tmp_path / "plain.mlt"
    path.write_text(
        '<mlt><profile frame_rate_num="25" frame_rate_den="1" width="64" height="36"/>'
        '<producer id="a" in="0" out="49"><property name="mlt_service">avformat</property>'
        '<property name="resource">a.mov</property></producer>'
        '<playlist id="p"><entry producer="a" in="0" out="49"/></playlist></mlt>'
    )
    document = TimelineDocument.open(path)
    media = tmp_path / "rain.mov"
    media.write_bytes(b"frames")
    timeline = shot(document, 10, 5, media).apply(document.timeline)
    with pytest.raises(BridgeError, match='no track "B-roll"'):
        document.with_timeline(timeline).save(tmp_path / "out.mlt")
    assert not (tmp_path / "out.mlt").exists()
