"""`longtake fill` against an engine that makes no pixels: what is asked of it, what comes of it."""

import json
from pathlib import Path

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take
from opentimelineio.opentime import RationalTime, TimeRange

RATE = 24.0
MEDIA = {"a": 100, "b": 100, "c": 100, "d": 100}  # frames of each file


def _range(start: int, duration: int) -> TimeRange:
    return TimeRange(RationalTime(start, RATE), RationalTime(duration, RATE))


def _clip(folder: Path, name: str, start: int, duration: int) -> otio.schema.Clip:
    reference = otio.schema.ExternalReference(
        (folder / f"{name}.mov").as_uri(), _range(0, MEDIA[name])
    )
    return otio.schema.Clip(name.upper(), reference, _range(start, duration))


def _gap(frames: int) -> otio.schema.Gap:
    return otio.schema.Gap(source_range=_range(0, frames))


def _media(path: Path, frames: int, *, sound: bool = True) -> media_pb2.MediaInfo:
    rate = media_pb2.Rational(numerator=24, denominator=1)
    stream = media_pb2.VideoStream(frame_rate=rate, frame_count=frames)
    audio = [media_pb2.AudioStream(sample_rate=48000)] * sound
    return media_pb2.MediaInfo(path=str(path), video_streams=[stream], audio_streams=audio)


def _make(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    """What the engine would make: a file of the frames between alone."""
    frames = spec.interpolate.duration.frames
    takes = []
    for number in range(max(spec.take_count, 1)):
        path = Path(spec.output.path)
        path = path.with_stem(f"{path.stem}-{number + 1}") if number else path
        take = example_take(path, source=0, tail=frames)
        take.start_frame = spec.interpolate.input_ranges[0].duration_frames
        take.rate.CopyFrom(media_pb2.Rational(numerator=24, denominator=1))
        fake.media[str(path)] = _media(path, frames, sound=not spec.output.no_audio)
        path.touch()
        takes.append(take)
    return takes


@pytest.fixture
def cut(tmp_path: Path, fake: FakeEngine) -> Path:
    """Black, A with 10 frames in hand, a gap of 30, B with 5, a gap of 12, C to its end, a gap of
    20, D from its head; one track of sound in step.
    """
    for name, frames in MEDIA.items():
        path = tmp_path / f"{name}.mov"
        fake.media[str(path)] = _media(path, frames)
    timeline = otio.schema.Timeline("cut", global_start_time=RationalTime(86400, RATE))
    for kind in ("Video", "Audio"):
        clips = [
            *(_gap(24), _clip(tmp_path, "a", 0, 90), _gap(30), _clip(tmp_path, "b", 5, 60)),
            *(_gap(12), _clip(tmp_path, "c", 40, 60), _gap(20), _clip(tmp_path, "d", 0, 50)),
        ]
        track = otio.schema.Track(f"{kind} 1", clips, kind=kind)
        timeline.tracks.append(track)
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    fake.script = Script(make=lambda spec: _make(fake, spec))
    return path


def _shown(path: Path, track: int = 0) -> list[tuple[str, int, int]]:
    """Name, first source frame and frames of everything on a track."""
    timeline = otio.adapters.read_from_file(str(path))
    return [
        (
            item.name if isinstance(item, otio.schema.Clip) else "",
            round(item.source_range.start_time.value),
            round(item.source_range.duration.value),
        )
        for item in timeline.tracks[track]
    ]


FILLED = [
    ("", 0, 24),
    ("A", 0, 100),  # ten frames more
    ("A to B (filled)", 0, 15),
    ("B", 0, 71),  # five more at its head, six at its tail: it meets C in the middle
    ("C", 34, 66),
    ("C to D (filled)", 0, 20),
    ("D", 0, 50),
]


def test_fills_every_gap_real_frames_first(
    cut: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.otio"
    answer = longtake("fill", cut, "-o", out, "--json", "--quality", "best", "--join", "cut")
    assert answer.code == 0, answer.err
    first, second = fake.specs
    assert list(first.interpolate.input_paths) == [str(tmp_path / f"{n}.mov") for n in "ab"]
    assert [
        (span.start_frame, span.duration_frames) for span in first.interpolate.input_ranges
    ] == [(0, 100), (0, 65)]
    assert first.interpolate.duration.frames == 15
    assert first.interpolate.join == job_pb2.JOIN_CUT
    assert first.interpolate.quality == job_pb2.QUALITY_BEST
    assert Path(first.output.path).parent == tmp_path / "out Media"
    assert second.interpolate.duration.frames == 20
    assert _shown(out, 0) == FILLED
    assert _shown(out, 1) == FILLED  # the sound goes along
    value = json.loads(answer.out)
    assert value["timeline"] == str(out)
    assert [placement["action"] for placement in value["placements"]] == ["fill_gap"] * 3
    assert len(value["takes"]) == 2
    assert [gap["left_alone"] for gap in value["gaps"]] == [
        *("it is the black at the head of the track", None, None, None),
    ]
    assert any("meet there, and nothing is made" in note for note in value["notes"])


def test_a_dry_run_makes_and_writes_nothing(
    cut: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(model="morph", new_frames=15, seconds=40)
    before = set(tmp_path.iterdir())
    answer = longtake("fill", cut, "--dry-run")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert " ".join(lines[0].split()) == "# Track At Frames Between What is done"
    assert "left alone: it is the black at the head" in lines[1]
    assert " ".join(lines[2].split()) == (
        "2 V1 01:00:04:18 30 A | B 10 real before, 5 real after, 15 made, with sound on A1"
    )
    assert lines[-1] == "30 frames to make: about 1 min 20 s of work."
    value = json.loads(longtake("fill", cut, "--dry-run", "--json").out)
    assert [gap["seconds"] for gap in value["gaps"]] == [None, 40, None, 40]
    assert [gap["number"] for gap in value["gaps"]] == [1, 2, 3, 4]
    assert value["gaps"][1]["plan"]["make_frames"] == 15
    assert value["gaps"][1]["plan"]["made_range"]["start_frame"] == 124
    assert value["gaps"][2]["plan"]["make_frames"] == 0
    assert {Path(spec.output.path).parent for spec in fake.specs} == {tmp_path}  # asked for alone
    assert set(tmp_path.iterdir()) == before


def test_a_dry_run_says_what_would_fail(cut: Path, fake: FakeEngine, longtake) -> None:
    interlaced = Fault("a.mov is interlaced; add --deinterlace.", "BAD_INPUT", 9)
    fake.script = Script(estimate_refusal=interlaced)
    answer = longtake("fill", cut, "--dry-run")
    assert answer.code == 0, answer.err
    assert "Gap 2 on V1 at 01:00:04:18 would fail: a.mov is interlaced" in answer.out


def test_a_failing_gap_does_not_lose_the_others(
    cut: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    refused = Fault("These shots are of different kinds.", "BAD_INPUT", 9)
    fake.script = Script(
        make=lambda spec: _make(fake, spec),
        fail=lambda spec: refused if spec.interpolate.duration.frames == 15 else None,
    )
    out = tmp_path / "out.otio"
    answer = longtake("fill", cut, "-o", out, "--json")
    assert answer.code == 3
    assert answer.err.splitlines() == [
        "longtake: Gap 2 on V1 at 01:00:04:18 could not be filled: "
        "These shots are of different kinds."
    ]
    value = json.loads(answer.out)
    assert value["gaps"][1]["error"]["reason"] == "BAD_INPUT"
    assert [gap["error"] for gap in value["gaps"]].count(None) == 3
    # Nothing of the failed gap is half done: not even its handles are pulled.
    assert _shown(out) == [
        *(("", 0, 24), ("A", 0, 90), ("", 0, 30), ("B", 5, 66), ("C", 34, 66)),
        *(("C to D (filled)", 0, 20), ("D", 0, 50)),
    ]


def test_the_same_command_twice(cut: Path, longtake, tmp_path: Path) -> None:
    out = tmp_path / "out.otio"
    for only in ((), ("--gap", "3")):  # the second: real frames alone
        path = out.with_stem(f"out{len(only)}")
        assert longtake("fill", cut, "-o", path, *only).code == 0
        text = path.read_text()
        again = longtake("fill", cut, "-o", path, *only)
        assert again.code == 0, again.err
        assert path.read_text() == text


def test_a_person_hears_what_was_done_about_each_gap(cut: Path, longtake, tmp_path: Path) -> None:
    answer = longtake("fill", cut)
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0] == str(tmp_path / "cut (filled).otio")
    said = "\n".join(lines)
    assert 'Gap 2 on V1 at 01:00:04:18: 10 frames of "A" and 5 frames of "B" are real, ' in said
    assert "Gap 1 on V1 at 01:00:00:00 is left alone: it is the black at the head" in said
    assert "A_to_B_filled_" in said
    assert "confidence 0.75 (good: usually cuts)" in said


def test_takes_lie_on_the_clip(cut: Path, fake: FakeEngine, longtake, tmp_path: Path) -> None:
    out = tmp_path / "out.otio"
    answer = longtake("fill", cut, "-o", out, "--gap", "2", "--takes", "3", "--json")
    assert answer.code == 0, answer.err
    value = json.loads(answer.out)
    assert "placements" not in value
    assert len(value["placement"]["takes"]) == 3
    assert len(value["gaps"][1]["media"]) == 3
    (spec,) = fake.specs
    assert spec.take_count == 3
    timeline = otio.adapters.read_from_file(str(out))
    assert len(timeline.tracks[0][2].media_references()) == 3
    assert timeline.tracks[0][2].media_reference.target_url.startswith("out%20Media/")


def test_jump_cuts_are_hidden_without_sound(tmp_path: Path, fake: FakeEngine, longtake) -> None:
    take = tmp_path / "a.mov"
    fake.media[str(take)] = _media(take, 100)
    fake.script = Script(make=lambda spec: _make(fake, spec))
    timeline = otio.schema.Timeline("cut")
    for kind in ("Video", "Audio"):
        clips = [_clip(tmp_path, "a", 0, 30), _clip(tmp_path, "a", 50, 30)]
        timeline.tracks.append(otio.schema.Track(kind, clips, kind=kind))
    path = tmp_path / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    out = tmp_path / "out.otio"
    answer = longtake("fill", path, "--jump-cuts", "-o", out, "--json")
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert spec.output.no_audio
    assert spec.interpolate.join == job_pb2.JOIN_MORPH
    assert spec.interpolate.duration.frames == 8
    ranges = [(span.start_frame, span.duration_frames) for span in spec.interpolate.input_ranges]
    assert ranges == [(0, 26), (54, 26)]
    assert _shown(out, 0) == [("A", 0, 26), ("A (morph cut)", 0, 8), ("A", 54, 26)]
    assert _shown(out, 1) == [("A", 0, 30), ("A", 50, 30)]
    assert json.loads(answer.out)["placement"]["action"] == "overwrite"
    nothing = longtake("fill", path, "--jump-cuts", "--max", "5f", "-o", tmp_path / "none.otio")
    assert nothing.code == 0
    assert "no jump cut was hidden" in nothing.out
    assert "0.8 s are left out, more than 0.208 s" in nothing.out
    assert not (tmp_path / "none.otio").exists()


def test_all_gaps_failing_is_an_error(
    cut: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    fake.script = Script(failure=Fault("The disk is full.", "OUT_OF_SPACE", 8))
    before = set(tmp_path.iterdir())
    answer = longtake("fill", cut, "--gap", "2", "--gap", "4", "-o", tmp_path / "out.otio")
    assert answer.code == 4
    assert answer.err.splitlines()[-1] == (
        "longtake: Gap 2 on V1 at 01:00:04:18 could not be filled: The disk is full. "
        "1 more failed as well."
    )
    assert len(fake.specs) == 1  # a full disk is full for the next one too
    assert set(tmp_path.iterdir()) == before


def test_cancelled_in_the_middle_writes_no_timeline(
    cut: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    cancelled = Fault("The job was cancelled.", "CANCELLED", 1)
    fake.script = Script(
        make=lambda spec: _make(fake, spec),
        fail=lambda spec: cancelled if spec.interpolate.duration.frames == 20 else None,
    )
    answer = longtake("fill", cut, "-o", tmp_path / "out.otio")
    assert answer.code == 130
    assert not (tmp_path / "out.otio").exists()
    assert len(list((tmp_path / "out Media").iterdir())) == 1  # what was made stays


def test_a_piece_that_is_too_short_is_a_failure_of_its_gap(
    cut: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    def make(spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
        takes = _make(fake, spec)
        if spec.interpolate.duration.frames == 20:
            fake.media[spec.output.path].video_streams[0].frame_count = 19
        return takes

    fake.script = Script(make=make)
    answer = longtake("fill", cut, "-o", tmp_path / "out.otio")
    assert answer.code == 3
    assert "holds 19 frames where 20 were asked for" in answer.err
    assert [name for name, *_ in _shown(tmp_path / "out.otio")] == [
        *("", "A", "A to B (filled)", "B", "C", "", "D"),
    ]


def test_a_timeline_without_gaps(tmp_path: Path, fake: FakeEngine, longtake) -> None:
    track = otio.schema.Track("V1", [_clip(tmp_path, "a", 0, 30)], kind="Video")
    timeline = otio.schema.Timeline("cut")
    timeline.tracks.append(track)
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"))
    answer = longtake("fill", tmp_path / "cut.otio", "-o", tmp_path / "out.otio")
    assert (answer.code, answer.out) == (0, "There are no gaps. Nothing is written.\n")
    assert not (tmp_path / "out.otio").exists()
    value = json.loads(longtake("fill", tmp_path / "cut.otio", "--json").out)
    assert (value["timeline"], value["gaps"], value["placement"]) == (None, [], None)


BAD_CALLS = {
    "media": (["a.mov"], 2, "is no timeline"),
    "no such gap": (["cut.otio", "--gap", "9"], 2, "There is no gap 9: the timeline has 4 gaps"),
    "a gap that cannot be filled": (["cut.otio", "--gap", "1"], 4, "Nothing can be done about"),
    "no such track": (["cut.otio", "--track", "V7"], 2, 'no video track "V7"'),
    "frames without cuts": (["cut.otio", "--frames", "4"], 2, "--frames is for cuts"),
    "at without cuts": (["cut.otio", "--at", "01:00:00:00"], 2, "--at is for cuts"),
    "gap with cuts": (["cut.otio", "--jump-cuts", "--gap", "1"], 2, "--gap is for gaps"),
    "no cut there": (["cut.otio", "--jump-cuts", "--at", "01:00:00:00"], 2, "No cut lies at"),
    "onto itself": (["cut.otio", "-o", "cut.otio"], 2, "another name"),
    "no length": (["cut.otio", "--max", "soon"], 2, "not a length of time"),
    "no such join": (["cut.otio", "--join", "wipe"], 2, "wipe"),
    "no such file": (["none.otio"], 3, "is not there"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_what_cannot_be_done_is_one_sentence(
    name: str, cut: Path, fake: FakeEngine, longtake, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, code, word = BAD_CALLS[name]
    monkeypatch.chdir(cut.parent)
    before = set(cut.parent.iterdir())
    answer = longtake("fill", *arguments)
    assert answer.code == code
    assert word in answer.err
    assert answer.err.count("\n") == 1
    assert fake.specs == []
    assert set(cut.parent.iterdir()) == before
