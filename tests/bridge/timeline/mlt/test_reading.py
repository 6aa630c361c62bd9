from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.document import TimelineDocument
from opentimelineio.schema import Clip, Gap, Transition

Copy = Callable[[str], Path]


def laid(track) -> list[tuple]:
    rows: list[tuple] = []
    for item in track:
        if isinstance(item, Transition):
            rows.append(("mix", item.in_offset.value, item.out_offset.value))
        elif isinstance(item, Gap):
            rows.append(("gap", item.duration().value))
        else:
            rows.append((item.name, item.source_range.start_time.value, item.duration().value))
    return rows


def test_tracks_of_kdenlive(project: Copy) -> None:
    document = TimelineDocument.open(project("interview.kdenlive"))
    assert document.rate == 25
    tracks = document.timeline.tracks
    assert [(track.name, track.kind) for track in tracks] == [
        ("Story", "Video"),
        ("V2", "Video"),
        ("A1", "Audio"),
        ("A2", "Audio"),
    ]
    assert laid(tracks[0]) == [
        ("Interview", 10, 50),
        ("gap", 25),
        ("B.mkv", 0, 64),
        ("mix", 6, 6),
        ("C.mkv", 14, 51),
        ("gap", 10),
        ("P.mkv", 0, 50),
        ("gap", 10),
        ("T.mkv", 0, 25),
    ]
    assert laid(tracks[2]) == [("Interview", 10, 50), ("gap", 150), ("P.mkv", 0, 50)]
    guides = [(m.name, m.marked_range.start_time.value) for m in tracks.markers]
    assert guides == [("Opening", 10), ("Turn", 70), ("End", 205)]


def test_a_proxy_is_seen_through(project: Copy, tmp_path: Path) -> None:
    document = TimelineDocument.open(project("interview.kdenlive"))
    for track in (0, 2):
        clip = next(c for c in document.timeline.tracks[track].find_clips() if c.name == "P.mkv")
        assert document.locate(clip.media_reference.target_url) == tmp_path / "P.mkv"


def test_what_plays_no_file_or_at_another_speed_is_known(project: Copy) -> None:
    tracks = TimelineDocument.open(project("interview.kdenlive")).timeline.tracks
    orange = next(iter(tracks[1].find_clips()))
    assert orange.media_reference.generator_kind == "color"
    fast = list(tracks[0].find_clips())[-1]
    assert fast.effects[0].time_scalar == 2


def test_effects_that_are_switched_off_are_none(project: Copy) -> None:
    clip = next(iter(TimelineDocument.open(project("interview.kdenlive")).timeline.find_clips()))
    assert isinstance(clip, Clip)
    assert [one.name for one in clip.effects] == ["brightness", "sepia", "fade_from_black"]


def test_tracks_of_shotcut(project: Copy) -> None:
    document = TimelineDocument.open(project("three.mlt"))
    assert [laid(track) for track in document.timeline.tracks] == [
        [("A.mkv", 0, 40), ("mix", 10, 10), ("B.mkv", 20, 55), ("gap", 25), ("C.mkv", 0, 60)]
    ]
    markers = document.timeline.tracks.markers
    assert [(m.name, m.marked_range.start_time.value) for m in markers] == [("M1", 125)]


PLAIN = """<mlt>
<profile frame_rate_num="30000" frame_rate_den="1001" width="64" height="36"/>
<playlist id="p0"><entry in="5" out="24"><producer id="a">
<property name="resource">A.mkv</property><property name="length">100</property>
<property name="mlt_service">avformat</property></producer></entry>
<blank length="10"/><entry producer="a" in="0" out="9"/></playlist>
<tractor id="t"><multitrack><track producer="p0"/></multitrack></tractor></mlt>"""


def test_plain_mlt_with_what_it_plays_inside_its_entries(project: Copy, tmp_path: Path) -> None:
    project("three.mlt")
    path = tmp_path / "plain.mlt"
    path.write_text(PLAIN)
    document = TimelineDocument.open(path)
    assert document.rate == Fraction(30000, 1001)
    track = document.timeline.tracks[0]
    assert laid(track) == [("A.mkv", 5, 20), ("gap", 10), ("A.mkv", 0, 10)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<mlt><profile", "not whole XML"),
        ("<xmeml/>", "no MLT project"),
        ("<mlt><playlist id='a'/></mlt>", "no profile"),
        ('<mlt><profile frame_rate_num="25" frame_rate_den="0"/></mlt>', "no frame rate"),
    ],
)
def test_files_that_are_no_project(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.kdenlive"
    path.write_text(text)
    with pytest.raises(BridgeError, match=said):
        TimelineDocument.open(path)


def test_entities_are_not_read_from_other_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("TELL NOBODY")
    path = tmp_path / "evil.mlt"
    kept = PLAIN.replace("A.mkv", "&x;")
    path.write_text(f'<!DOCTYPE mlt [<!ENTITY x SYSTEM "{secret}">]>{kept}')
    clips = TimelineDocument.open(path).timeline.find_clips()
    assert all("TELL" not in clip.name for clip in clips)
