"""`longtake interpolate` on a clip of a timeline, and on a part of a clip."""

import json
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Script, example_take
from opentimelineio.opentime import RationalTime, TimeRange

RATE = 24.0


def span(start: int, duration: int) -> TimeRange:
    return TimeRange(RationalTime(start, RATE), RationalTime(duration, RATE))


def media(path: Path, frames: int, *, sound: bool = True) -> media_pb2.MediaInfo:
    rate = media_pb2.Rational(numerator=24, denominator=1)
    stream = media_pb2.VideoStream(
        frame_rate=rate, frame_count=frames, start_timecode="01:00:00:00"
    )
    audio = [media_pb2.AudioStream(sample_rate=48000)] if sound else []
    return media_pb2.MediaInfo(path=str(path), video_streams=[stream], audio_streams=audio)


def make(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    work = spec.interpolate
    factor = Fraction(work.factor.numerator, work.factor.denominator)
    (shown,) = work.input_ranges
    path = Path(spec.output.path)
    take = example_take(path)
    take.start_frame = shown.start_frame
    take.duration_frames = round(shown.duration_frames * factor)
    take.rate.CopyFrom(media_pb2.Rational(numerator=24, denominator=1))
    fake.media[str(path)] = media(path, take.duration_frames, sound=not spec.output.no_audio)
    path.touch()
    return [take]


@pytest.fixture
def edit(tmp_path: Path, fake: FakeEngine) -> Path:
    """A with its sound, a gap of 10 frames, then B, and music under it all."""
    a, b = tmp_path / "a.mov", tmp_path / "b.mov"
    fake.media |= {str(a): media(a, 100), str(b): media(b, 100)}
    fake.script = Script(make=lambda spec: make(fake, spec))

    def clip(name: str, path: Path, start: int, duration: int) -> otio.schema.Clip:
        reference = otio.schema.ExternalReference(path.as_uri(), span(86400, 100))
        return otio.schema.Clip(name, reference, span(86400 + start, duration))

    timeline = otio.schema.Timeline("edit")
    for kind in ("Video", "Audio"):
        track = otio.schema.Track(f"{kind} 1", kind=kind)
        gap = otio.schema.Gap(source_range=span(0, 10))
        track.extend([clip("A", a, 50, 20), gap, clip("B", b, 30, 40)])
        timeline.tracks.append(track)
    path = tmp_path / "edit.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def lanes(path: Path) -> list[list[tuple[str, int, float]]]:
    """Name, length and first source frame of what lies on each track."""
    timeline = otio.adapters.read_from_file(str(path))
    return [
        [
            (
                item.name if isinstance(item, otio.schema.Clip) else "",
                int(item.duration().value),
                item.trimmed_range().start_time.value,
            )
            for item in track
        ]
        for track in timeline.tracks
    ]


def test_what_follows_is_pushed_along(edit: Path, fake: FakeEngine, longtake, tmp_path: Path):
    out = tmp_path / "out.otio"
    answer = longtake(
        *("interpolate", edit, "--clip", "A", "--factor", "2", "--ripple", "-o", out, "--json")
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    (shown,) = spec.interpolate.input_ranges
    assert (shown.start_frame, shown.duration_frames) == (42, 36)  # 50 to 70, and some around it
    assert Path(spec.output.path).parent == tmp_path / "out Media"
    # Of a file whose timecode begins at 86400, the sixteenth frame shows what A began with.
    wanted = [("A", 40, 86416.0), ("", 10, 0.0), ("B", 40, 86430.0)]
    assert lanes(out) == [wanted, wanted]
    value = json.loads(answer.out)
    assert value["placement"]["action"] == "replace_media"
    assert value["placement"]["request"]["factor"] == "2"
    clip = otio.adapters.read_from_file(str(out)).tracks[0][0]
    assert clip.media_reference.target_url.endswith(Path(spec.output.path).name)
    original = clip.media_references()["original"]
    assert original.target_url == (tmp_path / "a.mov").as_uri()
    assert original.available_range.duration.value == 100  # as before


def test_free_room_is_used(edit: Path, fake: FakeEngine, longtake, tmp_path: Path) -> None:
    out = tmp_path / "out.otio"
    answer = longtake("interpolate", edit, "--clip", "A", "--factor", "3/2", "-o", out)
    assert answer.code == 0, answer.err
    assert [lane[:2] for lane in lanes(out)] == [[("A", 30, 86412.0), ("B", 40, 86430.0)]] * 2


def test_without_room_nothing_is_made(edit: Path, fake: FakeEngine, longtake, tmp_path: Path):
    answer = longtake("interpolate", edit, "--clip", "A", "--factor", "2")
    assert answer.code == 2
    assert "Only 10 frames are free" in answer.err
    assert fake.specs == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edit.otio", "home"]


def test_what_follows_is_laid_over(edit: Path, fake: FakeEngine, longtake, tmp_path: Path) -> None:
    out = tmp_path / "out.otio"
    answer = longtake(
        *("interpolate", edit, "--clip", "A", "--factor", "2", "--overwrite", "-o", out),
    )
    assert answer.code == 0, answer.err
    assert lanes(out) == [[("A", 40, 86416.0), ("B", 30, 86440.0)]] * 2


def test_sound_stays_where_none_is_made(edit: Path, fake: FakeEngine, longtake, tmp_path: Path):
    out = tmp_path / "out.otio"
    answer = longtake(
        *("interpolate", edit, "--clip", "A", "--factor", "3/2", "--no-audio", "-o", out),
    )
    assert answer.code == 0, answer.err
    assert "the sound of the clip stays at its speed" in answer.out
    video, audio = lanes(out)
    assert video[0] == ("A", 30, 86412.0)
    assert audio[0] == ("A", 20, 86450.0)


def test_what_it_would_cost(edit: Path, fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(model="between", new_frames=18, total_frames=54)
    answer = longtake("interpolate", edit, "--clip", "A", "--factor", "3/2", "--dry-run")
    assert answer.code == 0, answer.err
    assert answer.out.startswith("18 new frames by between, 54 to write")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edit.otio", "home"]


@pytest.mark.parametrize(
    ("places", "shown"),
    [
        (("1s", "2s"), (24, 24)),
        (("0f", "10f"), (0, 10)),
        (("01:00:01:00", "01:00:02:12"), (24, 36)),
    ],
)
def test_a_part_of_a_clip(
    fake: FakeEngine, longtake, tmp_path: Path, places: tuple[str, str], shown: tuple[int, int]
) -> None:
    path = tmp_path / "a.mov"
    fake.media[str(path)] = media(path, 100)
    fake.script = Script(make=lambda spec: make(fake, spec))
    answer = longtake("interpolate", path, "--factor", "2", "--between", *places)
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    (asked,) = spec.interpolate.input_ranges
    assert (asked.start_frame, asked.duration_frames) == shown


def test_a_part_that_the_clip_does_not_have(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    path = tmp_path / "a.mov"
    fake.media[str(path)] = media(path, 100)
    for places in (("3s", "5s"), ("2s", "1s"), ("00:00:01:00", "00:00:02:00")):
        answer = longtake("interpolate", path, "--factor", "2", "--between", *places)
        assert answer.code == 2
        assert "a.mov has 100 frames" in answer.err
    assert fake.specs == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("edit.otio", "--factor", "2"), "name the clip to slow down with --clip NAME"),
        (("edit.otio", "--clip", "A", "--rate", "25"), "--rate is for media"),
        (("edit.otio", "--clip", "A", "--duration", "1s"), "--duration is for two clips"),
        (("edit.otio", "--clip", "A"), "Say how slow"),
        (("edit.otio", "--clip", "A", "--factor", "1"), "--factor 1 slows nothing down"),
        (("edit.otio", "--clip", "A", "--factor", "2", "--between", "0s", "1s"), "is for media"),
        (("a.mov", "--factor", "2", "--clip", "A"), "--clip is for a timeline"),
        (("a.mov", "--factor", "2", "--ripple"), "--ripple is for a timeline"),
        (("a.mov", "--factor", "2", "--media", "x"), "--media is for a timeline"),
        (("a.mov", "--factor", "2", "--between", "1s", "0s"), "is no time at all"),
        (("a.mov", "--factor", "2", "--between", "1s", "soon"), "is not a place in time"),
        (("a.mov", "b.mov", "--duration", "1s", "--between", "0s", "1s"), "is for one clip"),
    ],
)
def test_a_wrong_call_is_a_sentence_and_starts_no_engine(
    longtake, home, arguments: tuple[str, ...], sentence: str
) -> None:
    answer = longtake("interpolate", *arguments)
    assert answer.code == 2
    assert sentence in answer.err
    assert answer.err.count("\n") == 1
    assert not home.folder.exists()
