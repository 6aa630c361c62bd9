"""Timeline files: read, written, and what neither loses; every format with its real adapter."""

import json
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.document import TimelineDocument, timeline_rate
from longtake_bridge.timeline.screen import shown_on, tracks_of
from opentimelineio.schema import Marker, SerializableCollection, Stack

RATE = Fraction(25)
NTSC = [Fraction(24000, 1001), Fraction(30000, 1001)]


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A folder with files to bundle; what is in them does not matter here."""
    folder = tmp_path / "foot age"
    folder.mkdir()
    for name in ("A", "B", "C"):
        (folder / f"{name}.mov").write_bytes(name.encode() * 100)
    return folder


def cut(edit: Any, media: Path, url: Callable[[str], str] | None = None) -> Any:
    """Three clips with a gap, and the sound of the first; lengths that double arithmetic gets "
    "wrong."""
    edit.start = 3600 * round(edit.rate)

    def clip(name: str, start: int, frames: int) -> Any:
        link = url(name) if url else f"file://{media.as_posix().replace(' ', '%20')}/{name}.mov"
        return edit.clip(name, start, frames, url=link)

    return edit.timeline(
        edit.video(clip("A", 13, 29), edit.gap(49), clip("B", 7, 58), clip("C", 11, 116)),
        edit.audio(clip("A", 13, 29), edit.gap(49), clip("B", 7, 58), clip("C", 11, 116)),
    )


def write(timeline: Any, path: Path) -> Path:
    otio.adapters.write_to_file(timeline, str(path))
    return path


def runs(timeline: Any, rate: Fraction) -> list[list[tuple[str, int, int, Fraction]]]:
    return [
        [(r.name, r.start_frame, r.duration_frames, r.source_s) for r in shown_on(track, rate)]
        for track in tracks_of(timeline)
    ]


def test_otio_is_read_with_its_rate(edit: Any, media: Path, tmp_path: Path) -> None:
    document = TimelineDocument.open(write(cut(edit, media), tmp_path / "in.otio"))
    assert document.rate == RATE
    assert document.timeline.name == "Cut"


EVERY_FORMAT = [
    (suffix, rate)
    for suffix in (".otio", ".otioz", ".otiod", ".xml", ".fcpxml")
    for rate in (RATE, *NTSC, Fraction(60000, 1001))
]


@pytest.mark.parametrize("written", [*EVERY_FORMAT, (".aaf", NTSC[0])], ids=str)
def test_every_format_keeps_every_frame(
    edit_at: Any, media: Path, tmp_path: Path, written: tuple[str, Fraction]
) -> None:
    suffix, rate = written
    timeline = cut(edit_at(rate), media)
    document = TimelineDocument.open(write(timeline, tmp_path / "in.otio"))
    out = tmp_path / f"out{suffix}"
    document.save(out)
    back = TimelineDocument.open(out)
    assert back.rate == rate
    assert runs(back.timeline, rate) == runs(timeline, rate)
    assert not [path for path in tmp_path.iterdir() if ".part" in path.name]


@pytest.mark.parametrize("rate", [RATE, *NTSC], ids=str)
def test_an_edl_keeps_its_one_track(
    edit_at: Any, media: Path, tmp_path: Path, rate: Fraction
) -> None:
    timeline = cut(edit_at(rate), media)
    document = TimelineDocument.open(write(timeline, tmp_path / "in.otio"))
    notes = document.save(tmp_path / "out.edl")
    back = TimelineDocument.open(tmp_path / "out.edl", rate=rate)
    assert runs(back.timeline, rate) == runs(timeline, rate)[:1]
    assert any("no sound" in note for note in notes)
    assert any("timecode that the timeline starts at" in note for note in notes)


def test_what_is_not_touched_comes_back_as_it_was(edit: Any, media: Path, tmp_path: Path) -> None:
    timeline = cut(edit, media)
    timeline.metadata["studio"] = {"deep": {"list": [1, 2.5, None, "x"]}}
    timeline.tracks.markers.append(Marker("note", edit.range(5, 1)))
    timeline.tracks[0].append(Stack("Nest", [edit.video(edit.clip("D", 0, 9))]))
    text = json.loads(timeline.to_json_string())
    text["tracks"]["children"][0]["children"][0]["metadata"]["studio"] = {
        "OTIO_SCHEMA": "StudioGrade.3",
        "strength": 0.5,
        "nodes": [{"OTIO_SCHEMA": "Node.1"}],
    }
    path = tmp_path / "in.otio"
    path.write_text(json.dumps(text))
    TimelineDocument.open(path).save(tmp_path / "out.otio")
    assert json.loads((tmp_path / "out.otio").read_text()) == json.loads(path.read_text())


def test_relative_paths_hold_from_another_folder(edit: Any, media: Path, tmp_path: Path) -> None:
    source = write(cut(edit, media, lambda n: f"foot%20age/{n}.mov"), tmp_path / "in.otio")
    document = TimelineDocument.open(source)
    (tmp_path / "elsewhere").mkdir()
    document.save(tmp_path / "elsewhere" / "out.otio")
    moved = TimelineDocument.open(tmp_path / "elsewhere" / "out.otio")
    url = moved.timeline.tracks[0][0].media_reference.target_url
    assert url == "../foot%20age/A.mov"
    assert moved.locate(url) == media / "A.mov"
    document.save(tmp_path / "beside.otio")
    beside = TimelineDocument.open(tmp_path / "beside.otio")
    assert beside.timeline.tracks[0][0].media_reference.target_url == "foot%20age/A.mov"


@pytest.mark.parametrize("suffix", [".xml", ".fcpxml"])
def test_other_formats_get_absolute_paths(
    edit: Any, media: Path, tmp_path: Path, suffix: str
) -> None:
    source = write(cut(edit, media, lambda n: f"foot%20age/{n}.mov"), tmp_path / "in.otio")
    TimelineDocument.open(source).save(tmp_path / f"out{suffix}")
    back = TimelineDocument.open(tmp_path / f"out{suffix}")
    url = back.timeline.tracks[0][0].media_reference.target_url
    assert back.locate(url) == media / "A.mov"


@pytest.mark.parametrize("suffix", [".otioz", ".otiod"])
def test_a_bundle_holds_all_takes_and_what_is_missing_is_said(
    edit: Any, media: Path, tmp_path: Path, suffix: str
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "A.mov").write_bytes(b"another A")
    timeline = cut(edit, media)
    clip = timeline.tracks[0][2]
    references = clip.media_references()
    references["take 2"] = otio.schema.ExternalReference(f"file://{tmp_path}/other/A.mov")
    clip.set_media_references(references, "DEFAULT_MEDIA")
    timeline.tracks[0].append(edit.clip("gone", 0, 5, url="file:///nowhere/gone.mov"))
    document = TimelineDocument.open(write(timeline, tmp_path / "in.otio"))
    notes = document.save(tmp_path / f"out{suffix}")
    assert notes == ("file:///nowhere/gone.mov is not there and so not in the bundle.",)
    unpack_dir = tmp_path / "unpacked"
    back = TimelineDocument.open(tmp_path / f"out{suffix}", unpack_dir=unpack_dir)
    clip = back.timeline.tracks[0][2]
    found = {
        key: back.locate(one.target_url).read_bytes()
        for key, one in clip.media_references().items()
    }
    assert found == {"DEFAULT_MEDIA": b"B" * 100, "take 2": b"another A"}
    first = back.locate(back.timeline.tracks[0][0].media_reference.target_url)
    assert first.read_bytes() == b"A" * 100
    assert runs(back.timeline, RATE) == runs(timeline, RATE)


@pytest.mark.parametrize("made_by", ["ours", "otio"])
@pytest.mark.parametrize("suffix", [".otioz", ".otiod"])
def test_bundles_are_otios_own(
    edit: Any, media: Path, tmp_path: Path, suffix: str, made_by: str
) -> None:
    timeline = cut(edit, media, lambda n: f"{media}/{n}.mov")
    path = tmp_path / f"out{suffix}"
    if made_by == "ours":
        TimelineDocument.open(write(timeline, tmp_path / "in.otio")).save(path)
        back = otio.adapters.read_from_file(str(path))
    else:
        back = TimelineDocument.open(write(timeline, path)).timeline
    assert back.tracks[0][0].media_reference.target_url == "media/A.mov"
    assert runs(back, RATE) == runs(timeline, RATE)


def test_a_bundle_of_a_bundle_still_holds_the_media(edit: Any, media: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.otioz", tmp_path / "second.otioz"
    TimelineDocument.open(write(cut(edit, media), tmp_path / "in.otio")).save(first)
    TimelineDocument.open(first, unpack_dir=tmp_path / "unpacked").save(second)
    with zipfile.ZipFile(second) as archive:
        assert archive.read("media/A.mov") == b"A" * 100


def test_a_member_that_leads_out_of_the_bundle_stays_inside(
    edit: Any, media: Path, tmp_path: Path
) -> None:
    timeline = cut(edit, media, lambda n: f"media/..%2F..%2F{n}.mov")
    bundle = tmp_path / "bad.otioz"
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("content.otio", timeline.to_json_string())
        archive.writestr("../A.mov", b"out")
    document = TimelineDocument.open(bundle, unpack_dir=tmp_path / "deep" / "unpacked")
    document.locate(document.timeline.tracks[0][0].media_reference.target_url)
    assert not (tmp_path / "deep" / "A.mov").exists()
    assert not (tmp_path.parent / "A.mov").exists()


def test_a_collection_with_one_timeline_is_kept_around_it(
    edit: Any, media: Path, tmp_path: Path
) -> None:
    timeline = cut(edit, media)
    collection = SerializableCollection("Bin", [edit.clip("loose", 0, 5), timeline])
    path = write(collection, tmp_path / "in.otio")
    document = TimelineDocument.open(path)
    document.save(tmp_path / "out.otio")
    assert json.loads((tmp_path / "out.otio").read_text()) == json.loads(path.read_text())
    notes = document.save(tmp_path / "out.xml")
    assert any("timeline alone" in note for note in notes)


def test_a_collection_with_several_timelines_lists_them(
    edit: Any, media: Path, tmp_path: Path
) -> None:
    first, second = cut(edit, media), cut(edit, media)
    first.name, second.name = "Reel 1", "Reel 2"
    path = write(SerializableCollection("Bin", [first, second]), tmp_path / "in.otio")
    with pytest.raises(BridgeError, match='"Reel 1", "Reel 2"') as caught:
        TimelineDocument.open(path)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("suffix", [".otio", ".otioz", ".otiod", ".xml", ".fcpxml", ".aaf", ".edl"])
def test_a_file_that_is_no_timeline_is_one_sentence(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"text{suffix}"
    path.write_text("this is no timeline\n")
    with pytest.raises(BridgeError) as caught:
        TimelineDocument.open(path)
    assert caught.value.exit_code == 3
    assert "\n" not in caught.value.sentence


def test_otio_that_is_no_timeline_is_said(edit: Any, tmp_path: Path) -> None:
    path = write(edit.clip("A", 0, 5), tmp_path / "clip.otio")
    with pytest.raises(BridgeError, match="holds no timeline"):
        TimelineDocument.open(path)
    path = write(edit.timeline(edit.video()), tmp_path / "empty.otio")
    with pytest.raises(BridgeError, match="empty") as caught:
        TimelineDocument.open(path)
    assert caught.value.exit_code == 3


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match="is not there") as caught:
        TimelineDocument.open(tmp_path / "none.otio")
    assert (caught.value.reason, caught.value.exit_code) == ("MISSING_INPUT", 3)


def test_an_adapter_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.aaf").touch()
    monkeypatch.setattr(otio.adapters, "available_adapter_names", lambda: ["otio_json"])
    with pytest.raises(BridgeError) as caught:
        TimelineDocument.open(tmp_path / "in.aaf")
    assert 'pip install "longtake[formats]"' in caught.value.sentence
    assert caught.value.exit_code == 4


def test_nothing_is_overwritten_unasked(edit: Any, media: Path, tmp_path: Path) -> None:
    path = write(cut(edit, media), tmp_path / "in.otio")
    document = TimelineDocument.open(path)
    with pytest.raises(BridgeError, match="the timeline itself"):
        document.save(path, replace_existing=True)
    mine = tmp_path / "mine.otio"
    mine.write_text("mine")
    with pytest.raises(BridgeError, match="already there") as caught:
        document.save(mine)
    assert caught.value.exit_code == 2
    assert mine.read_text() == "mine"
    document.save(mine, replace_existing=True)
    assert TimelineDocument.open(mine).timeline.name == "Cut"
    folder = tmp_path / "mine.otiod"
    document.save(folder)
    document.save(folder, replace_existing=True)
    assert TimelineDocument.open(folder).timeline.name == "Cut"
    with pytest.raises(BridgeError, match="is not there; make it first"):
        document.save(tmp_path / "none" / "out.otio")


def dissolve(edit: Any, media: Path) -> Any:
    timeline = cut(edit, media)
    timeline.tracks[0].insert(3, edit.dissolve(5, 5))
    return timeline


def two_rates(edit: Any, media: Path) -> Any:
    timeline = cut(edit, media)
    timeline.tracks[0].append(edit.clip("D", 0, 48, rate=Fraction(24000, 1001)))
    return timeline


def media_of_unknown_length(edit: Any, media: Path) -> Any:
    timeline = cut(edit, media)
    timeline.tracks[0].append(edit.clip("D", 0, 48, available=None))
    return timeline


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ((dissolve, ".aaf"), "AAF cannot hold this timeline through its adapter"),
        ((two_rates, ".fcpxml"), "cannot hold a timeline with the rates"),
        ((media_of_unknown_length, ".xml"), 'how long the media of "D" is'),
        ((media_of_unknown_length, ".fcpxml"), 'how long the media of "D" is'),
        ((media_of_unknown_length, ".aaf"), 'how long the media of "D" is'),
    ],
)
def test_what_an_adapter_cannot_hold_is_refused_before_any_work(
    edit: Any, media: Path, tmp_path: Path, written: tuple[Any, str], sentence: str
) -> None:
    build, suffix = written
    document = TimelineDocument.open(write(build(edit, media), tmp_path / "in.otio"))
    with pytest.raises(BridgeError) as caught:
        document.rehearse(tmp_path / f"out{suffix}")
    assert sentence in caught.value.sentence
    assert "write an .otio" in caught.value.sentence
    assert caught.value.exit_code == 4
    with pytest.raises(BridgeError):
        document.save(tmp_path / f"out{suffix}")
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == []


def test_a_dissolve_survives_fcp_7_xml(edit: Any, media: Path, tmp_path: Path) -> None:
    timeline = dissolve(edit, media)
    document = TimelineDocument.open(write(timeline, tmp_path / "in.otio"))
    document.save(tmp_path / "out.xml")
    back = TimelineDocument.open(tmp_path / "out.xml").timeline
    assert isinstance(back.tracks[0][3], otio.schema.Transition)
    assert runs(back, RATE) == runs(timeline, RATE)


@pytest.mark.parametrize(
    ("start", "rate"), [(None, 25), (otio.opentime.RationalTime(0, 1), 25), ((86400, 24), 24)]
)
def test_the_rate_of_a_timeline(edit: Any, start: Any, rate: int) -> None:
    timeline = edit.timeline(
        edit.video(edit.clip("A", 0, 10), edit.clip("B", 0, 10)),
        edit.audio(*[edit.clip("S", 0, 48000, rate=Fraction(48000)) for _ in range(5)]),
    )
    timeline.global_start_time = (
        otio.opentime.RationalTime(*start) if isinstance(start, tuple) else start
    )
    assert timeline_rate(timeline) == rate


def test_what_an_adapter_prints_stays_off_stdout(
    edit: Any,
    media: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    timeline = cut(edit, media)

    def chatter(*_: Any, **__: Any) -> Any:
        print("Unable to find slot_id: 0")
        return timeline

    monkeypatch.setattr(otio.adapters, "read_from_file", chatter)
    (tmp_path / "in.aaf").touch()
    assert TimelineDocument.open(tmp_path / "in.aaf").timeline.name == "Cut"
    assert capsys.readouterr().out == ""


def test_fcpxml_of_mixed_rates_is_refused(edit: Any, media: Path, tmp_path: Path) -> None:
    TimelineDocument.open(write(cut(edit, media), tmp_path / "in.otio")).save(tmp_path / "a.fcpxml")
    text = (tmp_path / "a.fcpxml").read_text()
    other = '<format id="r99" frameDuration="1001/30000s" name=""/>'
    mixed = text.replace("<resources>", f"<resources>{other}")
    (tmp_path / "mixed.fcpxml").write_text(mixed)
    with pytest.raises(BridgeError, match=r"mixes whole rates and rates such as 23\.976") as caught:
        TimelineDocument.open(tmp_path / "mixed.fcpxml")
    assert caught.value.exit_code == 3
