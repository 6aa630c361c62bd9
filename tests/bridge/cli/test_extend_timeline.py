import json
from pathlib import Path

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take
from opentimelineio.opentime import RationalTime, TimeRange

RATE = 24.0


def _range(start: int, duration: int) -> TimeRange:
    return TimeRange(RationalTime(start, RATE), RationalTime(duration, RATE))


def _clip(name: str, path: Path, start: int, duration: int) -> otio.schema.Clip:
    reference = otio.schema.ExternalReference(path.as_uri(), _range(0, 100))
    return otio.schema.Clip(name, reference, _range(start, duration))


def _media(path: Path, frames: int) -> media_pb2.MediaInfo:
    rate = media_pb2.Rational(numerator=24, denominator=1)
    stream = media_pb2.VideoStream(frame_rate=rate, frame_count=frames)
    return media_pb2.MediaInfo(path=str(path), video_streams=[stream])


@pytest.fixture
def edit(tmp_path: Path, fake: FakeEngine) -> Path:
    """A to its very ends, then a gap of two seconds, then B with a second in hand at its tail."""
    a, b = tmp_path / "a.mov", tmp_path / "b.mov"
    fake.media |= {str(a): _media(a, 100), str(b): _media(b, 100)}
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    track.append(_clip("A", a, 0, 100))
    track.append(otio.schema.Gap(source_range=_range(0, 48)))
    track.append(_clip("B", b, 26, 50))
    timeline = otio.schema.Timeline("edit", global_start_time=RationalTime(0, RATE))
    timeline.tracks.append(track)
    path = tmp_path / "edit.otio"
    otio.adapters.write_to_file(timeline, str(path))
    fake.script = Script(make=lambda spec: _make(fake, spec))
    return path


def _make(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    """What the engine would make: a file of the new frames alone."""
    side = "tail" if spec.extend.HasField("tail") else "head"
    frames = getattr(spec.extend, side).frames
    path = Path(spec.output.path)
    take = example_take(path, source=0, tail=frames)
    take.start_frame = 100 if side == "tail" else -frames
    take.rate.CopyFrom(media_pb2.Rational(numerator=24, denominator=1))
    fake.media[str(path)] = _media(path, frames)
    path.touch()
    return [take]


def test_lays_the_new_frames_into_the_gap(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.otio"
    answer = longtake("extend", edit, "--clip", "A", "--tail", "2s", "-o", out, "--json")
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert spec.extend.input_path == str(tmp_path / "a.mov")
    assert spec.extend.tail.frames == 48
    assert spec.extend.contents == job_pb2.CONTENTS_NEW_ONLY
    assert Path(spec.output.path).parent == tmp_path / "out Media"
    value = json.loads(answer.out)
    assert value["job"] == "j1"
    assert value["timeline"] == str(out)
    assert value["placement"]["action"] == "append_after"
    assert value["placement"]["record_range"]["start_frame"] == 100
    assert [take["media"] for take in value["takes"]] == [spec.output.path]
    assert "placements" not in value
    written = otio.adapters.read_from_file(str(out))
    track = written.video_tracks()[0]
    assert [item.name for item in track] == ["A", "A (extended)", "B"]
    made = track[1]
    assert made.metadata["longtake"]["request"]["tail"] == "2s"
    assert made.metadata["longtake"]["takes"][0]["score"]["confidence"] == pytest.approx(0.75)


def test_a_person_hears_where_it_lies(edit: Path, longtake, tmp_path: Path) -> None:
    answer = longtake("extend", edit, "--clip", "A", "--tail", "2s")
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[0] == str(tmp_path / "edit (extended).otio")
    assert "48 new frames" in answer.out


def test_real_frames_come_first_and_may_be_enough(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.otio"
    answer = longtake("extend", edit, "--clip", "B", "--tail", "1s", "-o", out, "--json")
    assert answer.code == 0, answer.err
    assert fake.specs == []
    value = json.loads(answer.out)
    assert value["job"] is None
    assert value["takes"] == []
    assert value["placement"]["handle_frames"] == 24
    assert any("nothing is made" in note for note in value["notes"])
    assert not (tmp_path / "out Media").exists()
    assert out.exists()


def test_both_sides_take_a_job_each(edit: Path, fake: FakeEngine, longtake, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    answer = longtake(
        *("extend", edit, "--clip", "B", "--head", "28f", "--tail", "26f", "--overwrite"),
        *("--media", folder, "-o", tmp_path / "out", "--json", "--codec", "ffv1"),
    )
    assert answer.code == 0, answer.err
    assert {spec.output.codec for spec in fake.specs} == {"ffv1"}
    asked = {
        "head" if spec.extend.HasField("head") else "tail": (
            spec.extend.head.frames or spec.extend.tail.frames
        )
        for spec in fake.specs
    }
    assert asked == {"head": 2, "tail": 2}
    assert {Path(spec.output.path).parent for spec in fake.specs} == {folder}
    assert {Path(spec.output.path).suffix for spec in fake.specs} == {".mkv"}
    value = json.loads(answer.out)
    assert value["jobs"] == ["j1", "j2"]
    assert len(value["placements"]) == 2
    assert len(value["takes"]) == 2
    assert value["timeline"] == str(tmp_path / "out.otio")


def test_estimates_only_what_has_to_be_made(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(model="motion", new_frames=2)
    before = set(tmp_path.iterdir())
    made = longtake("estimate", edit, "--clip", "B", "--tail", "26f", "--json", "--ripple")
    assert made.code == 0, made.err
    assert [each["new_frames"] for each in json.loads(made.out)["estimates"]] == [2]
    assert fake.specs[0].extend.tail.frames == 2
    real = longtake("estimate", edit, "--clip", "B", "--tail", "24f")
    assert "nothing would be made" in real.out
    assert set(tmp_path.iterdir()) == before


def test_a_failed_job_leaves_nothing(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    fake.script = Script(failure=Fault("The disk is full.", "OUT_OF_SPACE", 8))
    before = set(tmp_path.iterdir())
    answer = longtake("extend", edit, "--clip", "A", "--tail", "2s", "-o", tmp_path / "out.otio")
    assert answer.code == 4
    assert answer.err.splitlines()[-1] == "longtake: The disk is full."
    assert set(tmp_path.iterdir()) == before


BAD_CALLS = {
    "no such clip": (["edit.otio", "--clip", "Z", "--tail", "2s"], 2, "Z"),
    "no time": (["edit.otio", "--clip", "A", "--tail", "0s"], 2, "adds nothing"),
    "no such file": (["none.otio", "--clip", "A", "--tail", "2s"], 3, "is not there"),
    "no timeline": (["text.otio", "--clip", "A", "--tail", "2s"], 3, "cannot be read"),
    "onto itself": (
        ["edit.otio", "--clip", "A", "--tail", "2s", "-o", "edit.otio"],
        2,
        "another name",
    ),
    "into media": (["edit.otio", "--clip", "A", "--tail", "2s", "-o", "out.mov"], 2, "is media"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_what_cannot_be_done_is_one_sentence(
    name: str, edit: Path, fake: FakeEngine, longtake, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, code, word = BAD_CALLS[name]
    folder = edit.parent
    monkeypatch.chdir(folder)
    (folder / "text.otio").write_text("this is no timeline")
    before = set(folder.iterdir())
    answer = longtake("extend", *arguments)
    assert answer.code == code
    assert word in answer.err
    assert answer.err.count("\n") == 1
    assert fake.specs == []
    assert set(folder.iterdir()) == before
