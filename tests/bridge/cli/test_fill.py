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
    before = set(tmp_path.iterdir())
    answer = longtake("fill", cut, "--dry-run")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0].split() == "# Track At Frames Between What is done".split()
    assert "left alone: it is the black at the head" in lines[1]
    assert lines[2].split() == (
        "2 V1 01:00:04:18 30 A | B 10 real before, 5 real after, 15 made, with sound on A1".split()
    )
    value = json.loads(longtake("fill", cut, "--dry-run", "--json").out)
    assert [gap["number"] for gap in value["gaps"]] == [1, 2, 3, 4]
    assert value["gaps"][1]["plan"]["make_frames"] == 15
    assert value["gaps"][1]["plan"]["made_range"]["start_frame"] == 124
    assert value["gaps"][2]["plan"]["make_frames"] == 0
    assert fake.specs == []
    assert set(tmp_path.iterdir()) == before


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
