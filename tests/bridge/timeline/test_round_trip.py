"""The whole way on a timeline: prepared, finished with takes, written, read back, looked at.

Five clips: one is extended into a gap, one rippled, one has handles enough that nothing is made.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.timeline.api import FinishedEdit, PreparedEdit, Target, finish, prepare
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.screen import on_screen

RATES = [Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001)]
REQUEST = {"task": "extend", "model": "auto"}
# name, source start, frames, frames of its media
FIVE = [("A", 0, 60, 60), ("B", 10, 50, 60), ("C", 5, 40, 200), ("D", 0, 70, 70), ("E", 3, 30, 90)]


class Cutter:
    """Extends clips of one timeline after another, standing in for the engine."""

    def __init__(self, folder: Path, probe: Any, rate: Fraction) -> None:
        self.folder, self.rate, self.probe = folder, rate, probe
        probe.rate = rate
        probe.frames = {name: frames for name, _, _, frames in FIVE}

    def prepare(self, path: Path, clip: str, out: str, **asked: Any) -> PreparedEdit:
        lengths = {side: Length(frames=asked[side]) for side in ("head", "tail") if side in asked}
        return prepare(
            path,
            clip,
            head=lengths.get("head"),
            tail=lengths.get("tail"),
            follow=asked.get("follow", "gap"),
            target=Target(self.folder / out, replace_existing=asked.get("force", False)),
            request={**REQUEST, "clip": clip},
            probe=self.probe,
        )

    def finish(self, prepared: PreparedEdit, *, remade: int = 0, takes: int = 1) -> FinishedEdit:
        made: dict[Any, list[MadeTake]] = {}
        for work in prepared.to_make:
            work.output_path.parent.mkdir(exist_ok=True)
            source = -work.frames
            if work.side == "tail":
                source = self.probe.frames[prepared.plan.anchor.clip_name] - remade
            for number in range(takes):
                path = work.output_path
                path = path.with_stem(f"{path.stem}-{number + 1}") if number else path
                path.write_bytes(b"frames")
                facts = MediaFacts(path, self.rate, work.frames + remade, has_sound=True)
                take = MadeTake(facts, source, f"model{number}", {"confidence": 0.7})
                made.setdefault(work.side, []).append(take)
        return finish(prepared, made)

    def extend(self, path: Path, clip: str, out: str, **asked: Any) -> FinishedEdit:
        passing = {key: asked.pop(key) for key in ("remade", "takes") if key in asked}
        return self.finish(self.prepare(path, clip, out, **asked), **passing)


@pytest.fixture
def five(edit_at: Any, tmp_path: Path) -> Any:
    """Writes A · gap 30 · B C D · gap 5 · E, with sound under all and a title above C."""

    def write(rate: Fraction, suffix: str = ".otio") -> Path:
        edit = edit_at(rate, tmp_path / "footage", 3600 * round(rate))
        (tmp_path / "footage").mkdir()

        def lane(build: Any, name: str) -> Any:
            clips = {}
            for clip, start, frames, media in FIVE:
                (tmp_path / "footage" / f"{clip}.mov").write_bytes(clip.encode())
                clips[clip] = edit.clip(clip, start, frames, available=(0, media))
            order = [clips["A"], edit.gap(30), clips["B"], clips["C"], clips["D"], edit.gap(5)]
            return build(*order, clips["E"], name=name)

        title = edit.clip("Title", 0, 40, available=(0, 40))
        timeline = edit.timeline(
            lane(edit.video, "Video 1"),
            edit.video(edit.gap(140), title, name="Video 2"),
            lane(edit.audio, "Audio 1"),
        )
        path = tmp_path / f"in{suffix}"
        otio.adapters.write_to_file(timeline, str(path))
        return path

    return write


def screen(path: Path, track: int, frames: range, rate: Fraction) -> list[tuple[str, int] | None]:
    """File and source frame that a track of a file shows at each record frame."""
    document = TimelineDocument.open(path)
    assert document.rate == rate
    found: list[tuple[str, int] | None] = []
    for frame in frames:
        shown = on_screen(document.timeline.tracks[track], frame, rate)
        if shown is None:
            found.append(None)
            continue
        source = shown[1] * rate
        assert source.denominator == 1
        stem = document.locate(shown[0]).stem
        found.append(("made" if "_tail_" in stem or "_head_" in stem else stem, int(source)))
    return found


def frames_of(name: str, start: int, count: int) -> list[tuple[str, int] | None]:
    return [(name, start + n) for n in range(count)]


def gap(count: int) -> list[tuple[str, int] | None]:
    return [None] * count


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_five_clips_there_and_back(five: Any, tmp_path: Path, probe: Any, rate: Fraction) -> None:
    cutter = Cutter(tmp_path, probe, rate)
    path = five(rate)
    first = cutter.extend(path, "A", "one.otio", tail=20, takes=2)
    second = cutter.extend(first.timeline_path, "B", "two.otio", tail=25, follow="ripple", remade=4)
    third = cutter.prepare(second.timeline_path, "E", "three.otio", tail=40)
    assert third.to_make == ()
    done = cutter.finish(third)
    assert "nothing is made" in " ".join(done.notes)
    expected = [
        *frames_of("A", 0, 60),
        *frames_of("made", 0, 20),
        *gap(10),
        *frames_of("B", 10, 46),  # its last four frames come remade
        *frames_of("made", 0, 29),
        *frames_of("C", 5, 40),
        *frames_of("D", 0, 70),
        *gap(5),
        *frames_of("E", 3, 70),
        *gap(3),
    ]
    assert screen(done.timeline_path, 0, range(len(expected)), rate) == expected
    assert screen(done.timeline_path, 2, range(len(expected)), rate) == expected
    title = screen(done.timeline_path, 1, range(220), rate)
    assert title == [*gap(165), *frames_of("Title", 0, 40), *gap(15)]  # it starts where C does


def test_paths_are_relative_and_lead_to_the_media(five: Any, tmp_path: Path, probe: Any) -> None:
    done = Cutter(tmp_path, probe, RATES[0]).extend(five(RATES[0]), "A", "out.otio", tail=20)
    made = TimelineDocument.open(done.timeline_path).timeline.tracks[0][1]
    url = made.media_reference.target_url
    assert url.startswith("out%20Media/A_tail_")
    assert (tmp_path / url.replace("%20", " ")).is_file()
    tmp_path.joinpath("out Media").rename(tmp_path / "moved")  # and nothing absolute leads there
    assert not TimelineDocument.open(done.timeline_path).locate(url).exists()


def test_the_made_clip_says_all_it_takes_to_make_it_again(
    five: Any, tmp_path: Path, probe: Any
) -> None:
    done = Cutter(tmp_path, probe, RATES[0]).extend(
        five(RATES[0]), "A", "out.otio", tail=20, takes=3
    )
    made = TimelineDocument.open(done.timeline_path).timeline.tracks[0][1]
    said = made.metadata["longtake"]
    assert dict(said["request"]) == {
        **REQUEST,
        "clip": "A",
        "input": str(tmp_path / "footage" / "A.mov"),
        "side": "tail",
        "asked_frames": 20,
        "make_frames": 20,
    }
    assert [take["model"] for take in said["takes"]] == ["model0", "model1", "model2"]
    assert sorted(made.media_references()) == ["DEFAULT_MEDIA", "take 2", "take 3"]
    assert [marker.name for marker in made.markers] == ["Longtake: model0, 20 frames"]


@pytest.mark.parametrize("suffix", [".otioz", ".otiod", ".xml", ".fcpxml"])
@pytest.mark.parametrize("rate", RATES[:2], ids=str)
def test_in_and_out_in_other_formats(
    five: Any, tmp_path: Path, probe: Any, rate: Fraction, suffix: str
) -> None:
    cutter = Cutter(tmp_path, probe, rate)
    first = cutter.extend(five(rate), "A", f"one{suffix}", tail=20, takes=2)
    second = cutter.extend(
        first.timeline_path, "B", f"two{suffix}", tail=25, follow="ripple", remade=4
    )
    expected = [
        *frames_of("A", 0, 60),
        *frames_of("made", 0, 20),
        *gap(10),
        *frames_of("B", 10, 46),
        *frames_of("made", 0, 29),
        *frames_of("C", 5, 40),
        *frames_of("D", 0, 70),
        *gap(5),
        *frames_of("E", 3, 30),
    ]
    assert screen(second.timeline_path, 0, range(len(expected)), rate) == expected
    lossy = suffix in (".xml", ".fcpxml")
    assert any("one media file a clip" in note for note in first.notes) == lossy


def test_aaf_in_and_out(five: Any, tmp_path: Path, probe: Any) -> None:
    cutter = Cutter(tmp_path, probe, RATES[1])
    first = cutter.extend(five(RATES[1]), "A", "one.aaf", tail=20)
    assert any("no markers" in note for note in first.notes)
    second = cutter.extend(first.timeline_path, "E", "two.otio", tail=70)
    shown = screen(second.timeline_path, 0, range(60, 80), RATES[1])
    assert shown == frames_of("made", 0, 20)
    shown = screen(second.timeline_path, 0, range(255, 355), RATES[1])
    assert shown == [*frames_of("E", 3, 87), *frames_of("made", 0, 13)]


def test_an_edl_takes_its_rate_from_the_media(five: Any, tmp_path: Path, probe: Any) -> None:
    rate = RATES[2]
    cutter = Cutter(tmp_path, probe, rate)
    first = cutter.extend(five(rate), "A", "one.edl", tail=20)
    assert any("one video track" in note for note in first.notes)
    second = cutter.extend(first.timeline_path, "B", "two.otio", tail=25, follow="ripple")
    assert any("30000/1001 is used" in note for note in second.notes)
    expected = [
        *frames_of("A", 0, 60),
        *frames_of("made", 0, 20),
        *gap(10),
        *frames_of("B", 10, 50),
        *frames_of("made", 0, 25),
        *frames_of("C", 5, 40),
    ]
    assert screen(second.timeline_path, 0, range(len(expected)), rate) == expected


def test_head_and_tail_in_one_edit(five: Any, tmp_path: Path, probe: Any) -> None:
    cutter = Cutter(tmp_path, probe, RATES[0])
    done = cutter.extend(five(RATES[0]), "B", "out.otio", head=25, tail=10, follow="ripple")
    assert [placement.action for placement in done.placements] == ["append_after", "insert_before"]
    expected = [
        *frames_of("A", 0, 60),
        *gap(30),
        *frames_of("made", 0, 15),
        *frames_of("B", 0, 60),  # ten frames of handle first
        *frames_of("made", 0, 10),
        *frames_of("C", 5, 40),
    ]
    assert screen(done.timeline_path, 0, range(len(expected)), RATES[0]) == expected
    assert screen(done.timeline_path, 2, range(len(expected)), RATES[0]) == expected


def test_every_request_has_its_own_file_and_the_same_one_again(
    five: Any, tmp_path: Path, probe: Any
) -> None:
    cutter = Cutter(tmp_path, probe, RATES[0])
    path = five(RATES[0])
    first = cutter.prepare(path, "A", "out.otio", tail=20).to_make[0].output_path
    again = cutter.prepare(path, "A", "out.otio", tail=20).to_make[0].output_path
    other = cutter.prepare(path, "A", "out.otio", tail=21).to_make[0].output_path
    assert first == again != other
    assert first.parent == tmp_path / "out Media"
    assert first.name.startswith("A_tail_")


def test_the_same_command_twice_replaces_its_own_timeline(
    five: Any, tmp_path: Path, probe: Any
) -> None:
    cutter = Cutter(tmp_path, probe, RATES[0])
    path = five(RATES[0])
    first = cutter.extend(path, "A", "out.otio", tail=20)
    text = first.timeline_path.read_text()
    assert cutter.extend(path, "A", "out.otio", tail=20).timeline_path.read_text() == text


def test_nothing_is_written_where_the_edit_is_refused(
    five: Any, tmp_path: Path, probe: Any
) -> None:
    path = five(RATES[0])
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(BridgeError, match="--ripple"):
        Cutter(tmp_path, probe, RATES[0]).prepare(path, "A", "out.otio", tail=31)
    assert sorted(tmp_path.rglob("*")) == before


def test_made_frames_are_saved_as_otio_where_the_format_fails_late(
    five: Any, tmp_path: Path, probe: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from longtake_bridge.timeline import fcpxml

    cutter = Cutter(tmp_path, probe, RATES[0])
    prepared = cutter.prepare(five(RATES[0]), "A", "out.fcpxml", tail=20)

    def fail(timeline: Any) -> str:
        raise ValueError("the adapter fell over")

    monkeypatch.setattr(fcpxml, "write", fail)
    with pytest.raises(BridgeError, match=r"The edit is saved in .*out\.otio") as caught:
        cutter.finish(prepared)
    assert caught.value.exit_code == 4
    made = TimelineDocument.open(tmp_path / "out.otio").timeline.tracks[0][1]
    assert made.name == "A (extended)"
    assert not (tmp_path / "out.fcpxml").exists()


def test_media_inside_a_bundle_is_unpacked_for_the_engine(
    five: Any, tmp_path: Path, probe: Any
) -> None:
    cutter = Cutter(tmp_path, probe, RATES[0])
    bundle = tmp_path / "cut.otioz"
    TimelineDocument.open(five(RATES[0])).save(bundle)
    for name, *_ in FIVE:
        (tmp_path / "footage" / f"{name}.mov").unlink()
    prepared = cutter.prepare(bundle, "A", "out.otio", tail=20)
    assert prepared.to_make[0].input_path == tmp_path / "out Media" / "A.mov"
    assert prepared.to_make[0].input_path.read_bytes() == b"A"
    done = cutter.finish(prepared)
    document = TimelineDocument.open(done.timeline_path)
    for clip in document.timeline.tracks[0]:
        if isinstance(clip, otio.schema.Clip):
            assert document.locate(clip.media_reference.target_url).is_file()
