"""Subtitles that go along where what they belong to is pushed later."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.mlt.subtitle import move_cues, read_cues
from lxml import etree

SRT = """1
00:00:01,000 --> 00:00:01,900
Said by Interview

2
00:00:02,000 --> 00:00:02,500
<i>In the gap</i>
of two lines: 00:00:09

3
00:00:03,120 --> 00:00:04,000 X1:10
Grüße
"""
ASS = """[Script Info]
PlayResX: 160

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:01.90,Default,,0,0,0,,Said by Interview
Dialogue: 1,0:00:03.12,0:00:04.00,Default,,0,0,0,,One, two
Comment: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,not shown
"""


def test_cues_are_read() -> None:
    assert [
        (float(one.start_s), one.text) for one in read_cues(SRT.encode().decode("latin-1"))
    ] == [
        (1.0, "Said by Interview"),
        (2.0, "<i>In the gap</i>"),
        (3.12, "Grüße"),
    ]
    assert [(float(one.start_s), one.text) for one in read_cues(ASS)] == [
        (1.0, "Said by Interview"),
        (3.12, "One, two"),
        (5.0, "not shown"),
    ]


def test_only_times_change() -> None:
    later = [Fraction(0), Fraction(2), Fraction(3598)]
    moved = move_cues(SRT, later)
    assert moved.splitlines()[1::4][:1] == ["00:00:01,000 --> 00:00:01,900"]
    assert "00:00:04,000 --> 00:00:04,500\n<i>In the gap</i>\nof two lines: 00:00:09" in moved
    assert "01:00:01,120 --> 01:00:02,000 X1:10" in moved
    assert "Dialogue: 1,0:00:05.12,0:00:06.00,Default" in move_cues(ASS, later)
    assert move_cues(SRT, [Fraction(0)] * 3) == SRT
    assert move_cues(ASS, []) == ASS


@pytest.mark.parametrize(("suffix", "text"), [(".srt", SRT), (".ass", ASS), ("-2.srt", SRT)])
def test_a_ripple_takes_them_along(
    project: Any, extend: Any, tmp_path: Path, suffix: str, text: str
) -> None:
    path = project("interview.kdenlive")  # whose first clip ends at two seconds
    beside = tmp_path / f"interview.kdenlive{suffix}"
    beside.write_text(text, "utf-8")
    extend(path, "Interview", "out.kdenlive", tail=60, follow="ripple")
    assert beside.read_text("utf-8") == text
    moved = read_cues((tmp_path / f"out.kdenlive{suffix}").read_text("latin-1"))
    for one, was in zip(moved, read_cues(text.encode().decode("latin-1")), strict=True):
        pushed_s = Fraction(60, 25) if was.start_s >= 2 else 0
        assert one.start_s - was.start_s == pushed_s
        assert one.text == was.text


def test_without_a_ripple_they_stay(project: Any, extend: Any, tmp_path: Path) -> None:
    path = project("interview.kdenlive")
    (tmp_path / "interview.kdenlive.srt").write_text(SRT, "utf-8")
    extend(path, "Interview", "out.kdenlive", tail=20)
    assert (tmp_path / "out.kdenlive.srt").read_text("utf-8") == SRT


def test_another_encoding_comes_back_byte_for_byte(
    project: Any, extend: Any, tmp_path: Path
) -> None:
    path = project("interview.kdenlive")
    (tmp_path / "interview.kdenlive.srt").write_bytes(SRT.encode("cp1252"))
    extend(path, "Interview", "out.kdenlive", tail=60, follow="ripple")
    moved = (tmp_path / "out.kdenlive.srt").read_bytes()
    assert b"00:00:05,520 --> 00:00:06,400 X1:10\nGr\xfc\xdfe" in moved


def test_inside_a_project_of_shotcut(project: Any, extend: Any, tmp_path: Path) -> None:
    path = project("three.mlt")
    tree: Any = etree.parse(path)
    feed = etree.SubElement(tree.getroot().findall("tractor")[-1], "filter", id="feed0")
    for name, text in (("mlt_service", "subtitle_feed"), ("text", SRT)):
        etree.SubElement(feed, "property", name=name).text = text
    tree.write(path, encoding="utf-8")
    extend(path, "B.mkv", "out.mlt", tail=60, follow="ripple")
    # B ends at 95 frames, 3.8 seconds: all of these come before it.
    assert "00:00:03,120 --&gt; 00:00:04,000" in (tmp_path / "out.mlt").read_text("utf-8")
    extend(path, "A.mkv", "head.mlt", head=50, follow="ripple")
    assert "00:00:05,120 --&gt; 00:00:06,000" in (tmp_path / "head.mlt").read_text("utf-8")


def test_they_are_markers_of_the_timeline(project: Any, tmp_path: Path) -> None:
    path = project("interview.kdenlive")
    (tmp_path / "interview.kdenlive.srt").write_text(SRT, "utf-8")
    markers = TimelineDocument.open(path).timeline.tracks.markers
    assert [(one.name, one.marked_range.start_time.value) for one in markers][3:] == [
        ("Said by Interview", 25),
        ("<i>In the gap</i>", 50),
        ("Grüße", 78),
    ]
