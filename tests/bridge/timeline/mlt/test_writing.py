"""What an extension changes in a project, and that it changes nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.screen import on_screen
from lxml import etree

LEAF = re.compile(r'"data": "(\d+:\d+)"')


def screen(path: Path, track: int, frames: int) -> list[tuple[str, int] | None]:
    document = TimelineDocument.open(path)
    found: list[tuple[str, int] | None] = []
    for frame in range(frames):
        shown = on_screen(document.timeline.tracks[track], frame, document.rate)
        found.append((document.locate(shown[0]).stem, int(shown[1] * 25)) if shown else None)
    return found


def run(name: str, start: int, count: int) -> list[tuple[str, int] | None]:
    return [(name, start + n) for n in range(count)]


def gap(count: int) -> list[tuple[str, int] | None]:
    return [None] * count


@pytest.mark.parametrize("name", ["interview.kdenlive", "three.mlt"])
def test_nothing_is_changed_without_an_edit(
    project: Any, changes: Any, tmp_path: Path, name: str
) -> None:
    path = project(name)
    out = tmp_path / f"out{path.suffix}"
    assert TimelineDocument.open(path).save(out) == ()
    found = changes(path, out)
    assert (found.gone, found.new) == ([], [])


def test_a_tail_in_kdenlive_changes_only_what_is_meant(
    project: Any, extend: Any, changes: Any, tmp_path: Path
) -> None:
    path = project("interview.kdenlive")
    extend.frames = {**extend.frames, "A": 60}  # nothing is left of it past the cut
    done = extend(path, "Interview", "out.kdenlive", tail=20)
    out = tmp_path / "out.kdenlive"
    assert screen(out, 0, 80) == [
        *run("A", 10, 50),
        *run("tail-1", 0, 20),
        *gap(5),
        *run("B", 0, 5),
    ]
    assert screen(out, 2, 75) == [*run("A", 10, 50), *run("tail-1", 0, 20), *gap(5)]
    found = changes(path, out)
    assert found.gone == [  # the gap after each, and what ended with it
        '<blank length="00:00:06.000">',
        '<blank length="00:00:01.000">',
    ]
    added = [line for line in found.new if "property" not in line]
    assert [line for line in added if line.startswith(("<entry", "<blank"))] == [
        '<entry in="00:00:00.000" out="00:00:00.760" producer="longtake0">',
        '<entry in="00:00:00.000" out="00:00:00.760" producer="longtake2">',
        '<blank length="00:00:05.200">',
        '<entry in="00:00:00.000" out="00:00:00.760" producer="longtake1">',
        '<blank length="00:00:00.200">',
    ]
    rest = [line for line in added if not line.startswith(("<entry", "<blank"))]
    assert all(line.startswith(('<producer id="longtake', "<filter id=")) for line in rest), rest
    assert len([line for line in rest if line.startswith("<filter")]) == 2
    assert effects(out, "Interview (extended)") == {
        "brightness": {"start": "1", "level": "00:00:00.000=1.2"},
        "sepia": {"u": "00:00:00.000=120", "v": "150"},
    }
    assert any(
        "changes over time in the effects" in note and "sepia" in note for note in done.notes
    )


def test_the_made_clip_is_in_the_bin_with_all_its_takes(
    project: Any, extend: Any, tmp_path: Path
) -> None:
    done = extend(
        project("interview.kdenlive"),
        "Interview",
        "out.kdenlive",
        tail=60,
        takes=2,
        follow="ripple",
    )
    root = etree.parse(tmp_path / "out.kdenlive").getroot()
    by_id = {one.get("id"): properties(one) for one in root.iter("producer")}
    entries = root.findall("playlist[@id='main_bin']/entry")
    in_bin = [one.get("producer") or "" for one in entries]
    made = [by_id[one] for one in in_bin if one.startswith("longtake")]
    assert [one["kdenlive:clipname"] for one in made] == [
        "Interview (extended)",
        "Interview (extended), model1",
    ]
    assert [one["resource"] for one in made] == [
        "out Media/tail-1.mov",
        "out Media/tail-2.mov",
    ]
    folder = made[0]["kdenlive:folderid"]
    known = properties(root.find("playlist[@id='main_bin']"))
    assert known[f"kdenlive:folder.-1.{folder}"] == "Longtake"
    numbers = [by_id[one]["kdenlive:id"] for one in in_bin]
    assert len({*numbers, folder, "9"}) == len(numbers) + 2  # 9 is the folder of the rushes
    twins = [
        one for key, one in by_id.items() if str(key).startswith("longtake") and key not in in_bin
    ]
    assert [(t["set.test_audio"], t["set.test_image"]) for t in twins] == [("1", "0"), ("0", "1")]
    assert {t["kdenlive:id"] for t in twins} == {made[0]["kdenlive:id"]}
    assert any("other takes" in note for note in done.notes)
    clip = TimelineDocument.open(tmp_path / "out.kdenlive").timeline.tracks[0][1]
    assert clip.metadata["longtake"]["request"]["make_frames"] == 20


def effects(path: Path, clip: str) -> dict[str, dict[str, str]]:
    """The effects that lie on a clip of Kdenlive's, and how they are set."""
    root: Any = etree.parse(path).getroot()
    known = {"mlt_service", "kdenlive_id", "shotcut:filter"}
    (number,) = {
        properties(one)["kdenlive:id"]
        for one in root.iter("producer")
        if properties(one).get("kdenlive:clipname") == clip
    }
    return {
        properties(one)["kdenlive_id"]: {
            name: text for name, text in properties(one).items() if name not in known
        }
        for one in root.xpath(f"//entry[property='{number}']/filter")
    }


def properties(element: Any) -> dict[str, str]:
    return {one.get("name"): one.text or "" for one in element.iterchildren("property")}


def test_a_ripple_takes_along_what_comes_later(
    project: Any, extend: Any, changes: Any, tmp_path: Path
) -> None:
    path = project("interview.kdenlive")
    extend(path, "Interview", "out.kdenlive", tail=60, follow="ripple")
    out = tmp_path / "out.kdenlive"
    assert screen(out, 0, 400)[:170] == [
        *run("A", 10, 90),
        *run("tail-1", 0, 20),
        *gap(25),
        *run("B", 0, 35),
    ]
    text = out.read_text()
    groups = LEAF.findall(text)
    assert groups == ["2:0", "1:0", "2:260", "1:260", "2:135", "3:140", "2:90", "1:90"]
    assert re.findall(r'"pos": (\d+)', text.partition("docproperties.guides")[2])[:3] == [
        "10",
        "130",
        "265",
    ]
    spans = re.findall(r'<transition id="transition\d" in="(.*?)" out="(.*?)"', text)
    assert spans == [("00:00:07.720", "00:00:08.200"), ("00:00:05.600", "00:00:07.560")]
    assert not [line for line in changes(path, out).gone if "filter" in line]


def test_recording_over_trims_and_splits(project: Any, extend: Any, tmp_path: Path) -> None:
    extend(project("interview.kdenlive"), "C.mkv", "out.kdenlive", tail=50, follow="overwrite")
    assert screen(tmp_path / "out.kdenlive", 0, 250)[139:] == [
        *run("C", 14, 66),
        *run("tail-1", 0, 35),
        *run("P", 40, 10),
    ]


def test_a_head_takes_its_fade_along_into_real_frames(
    project: Any, extend: Any, tmp_path: Path
) -> None:
    extend(project("interview.kdenlive"), "Interview", "out.kdenlive", head=10, follow="ripple")
    root = etree.parse(tmp_path / "out.kdenlive").getroot()
    fade = next(
        one
        for one in root.iter("filter")
        if properties(one).get("kdenlive_id") == "fade_from_black"
    )
    assert (fade.get("in"), fade.get("out")) == ("00:00:00.000", "00:00:00.360")


@pytest.mark.parametrize(
    ("clip", "asked", "said"),
    [
        ("B.mkv", {"tail": 5}, "lies under a transition"),
        ("C.mkv", {"head": 5}, "lies under a transition"),
        ("T.mkv", {"tail": 5}, "has a speed effect"),
        ("Orange", {"tail": 5}, "made by a generator"),
        ("P.mkv", {"tail": 20}, "Only 10 frames are free"),
        ("Nobody", {"tail": 20}, "No clip is called"),
    ],
)
def test_refusals_leave_nothing_behind(
    project: Any, extend: Any, clip: str, asked: dict, said: str
) -> None:
    path = project("interview.kdenlive")
    before = sorted(path.parent.rglob("*"))
    with pytest.raises(BridgeError, match=said):
        extend(path, clip, "out.kdenlive", **asked)
    assert sorted(path.parent.rglob("*")) == before


def test_subtitles_beside_the_project_go_along(project: Any, extend: Any, tmp_path: Path) -> None:
    path = project("interview.kdenlive")
    (tmp_path / "interview.kdenlive.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
    extend(path, "Interview", "out.kdenlive", tail=20)
    assert "Hello" in (tmp_path / "out.kdenlive.srt").read_text()
    (tmp_path / "new.kdenlive.srt").write_text("of somebody else")
    with pytest.raises(BridgeError, match="is there already"):
        extend(path, "Interview", "new.kdenlive", tail=20)


def test_the_same_command_again_replaces_its_own_result_alone(
    project: Any, extend: Any, tmp_path: Path
) -> None:
    path = project("interview.kdenlive")
    for _ in range(2):
        extend(path, "P.mkv", "out.kdenlive", tail=5)
    (tmp_path / "mine.kdenlive").write_bytes(path.read_bytes())
    with pytest.raises(BridgeError, match="is already there"):
        extend(path, "P.mkv", "mine.kdenlive", tail=5)


def test_another_folder_keeps_relative_media(project: Any, extend: Any, tmp_path: Path) -> None:
    path = project("three.mlt")
    (tmp_path / "sub").mkdir()
    extend.frames = {**extend.frames, "C": 60}
    extend(path, "C.mkv", "sub/out.mlt", tail=20)
    document = TimelineDocument.open(tmp_path / "sub" / "out.mlt")
    for clip in document.timeline.find_clips():
        assert document.locate(clip.media_reference.target_url).is_file(), clip.name


def test_shotcut_gets_one_entry_with_its_sound_and_a_longer_background(
    project: Any, extend: Any, changes: Any, tmp_path: Path
) -> None:
    path = project("three.mlt")
    extend(path, "B.mkv", "out.mlt", tail=60, follow="ripple", takes=2)
    out = tmp_path / "out.mlt"
    assert screen(out, 0, 245) == [
        *run("A", 0, 40),
        *run("B", 20, 80),
        *run("tail-1", 0, 35),
        *gap(25),
        *run("C", 0, 60),
        *gap(5),
    ]
    found = changes(path, out)
    assert found.gone == [
        '<producer id="black" in="00:00:00.000" out="00:00:07.160">',
        '<property name="length">00:00:07.200</property>',
        '<entry in="00:00:00.000" out="00:00:07.160" producer="black">',
        '<entry in="00:00:01.200" out="00:00:02.960" producer="chain1">',
        '<tractor id="tractor1" in="00:00:00.000" out="00:00:07.160" '
        'title="Shotcut version 22.12.22">',
        '<property name="start">00:00:05.000</property>',
        '<property name="end">00:00:05.000</property>',
    ]
    assert '<property name="start">00:00:07.400</property>' in found.new
    assert sum(line.startswith("<chain ") for line in found.new) == 3  # two takes, and the clip


def test_a_project_is_not_made_anew(project: Any, extend: Any, tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match=r"edits but does not make anew.*\.otio"):
        extend(project("three.mlt"), "C.mkv", "out.kdenlive", tail=5)


def test_a_project_comes_out_as_otio(project: Any, extend: Any, tmp_path: Path) -> None:
    extend.frames = {**extend.frames, "A": 60}
    extend(project("interview.kdenlive"), "Interview", "out.otio", tail=20)
    assert screen(tmp_path / "out.otio", 0, 70) == [*run("A", 10, 50), *run("tail-1", 0, 20)]
