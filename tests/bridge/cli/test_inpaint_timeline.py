import json
from pathlib import Path

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take
from opentimelineio.opentime import RationalTime, TimeRange

RATE = 24.0
START = 86400  # 01:00:00:00


def _range(start: int, duration: int) -> TimeRange:
    return TimeRange(RationalTime(start, RATE), RationalTime(duration, RATE))


def _media(path: Path, frames: int) -> media_pb2.MediaInfo:
    rate = media_pb2.Rational(numerator=24, denominator=1)
    stream = media_pb2.VideoStream(frame_rate=rate, frame_count=frames)
    return media_pb2.MediaInfo(path=str(path), video_streams=[stream])


def _clip(name: str, path: Path, start: int, duration: int) -> otio.schema.Clip:
    reference = otio.schema.ExternalReference(path.as_uri(), _range(0, 200))
    return otio.schema.Clip(name, reference, _range(start, duration))


@pytest.fixture
def edit(tmp_path: Path, fake: FakeEngine) -> Path:
    """48 frames of A, then 40 frames of B from its frame 60 on, each of 200."""
    a, b = tmp_path / "a.mov", tmp_path / "b.mov"
    fake.media |= {str(a): _media(a, 200), str(b): _media(b, 200)}
    items = [_clip("A", a, 0, 48), _clip("B", b, 60, 40)]
    track = otio.schema.Track("V1", items, kind=otio.schema.TrackKind.Video)
    timeline = otio.schema.Timeline("edit", global_start_time=RationalTime(START, RATE))
    timeline.tracks.append(track)
    path = tmp_path / "edit.otio"
    otio.adapters.write_to_file(timeline, str(path))
    fake.script = Script(make=lambda spec: _make(fake, spec))
    return path


def _make(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    """What the engine would make: the frames of the clip that were asked for."""
    path, asked = Path(spec.output.path), spec.inpaint.output_range
    take = example_take(path, source=asked.duration_frames, tail=0)
    take.start_frame = asked.start_frame
    take.rate.CopyFrom(media_pb2.Rational(numerator=24, denominator=1))
    take.fillings.append(job_pb2.Filling(start_frame=3, filled_share=[0.1], seen_share=[1.0]))
    fake.media[str(path)] = _media(path, asked.duration_frames)
    path.touch()
    return [take]


def asked_range(spec: job_pb2.JobSpec) -> tuple[int, int]:
    asked = spec.inpaint.output_range
    return asked.start_frame, asked.duration_frames


def test_the_part_that_is_shown_takes_the_place_of_the_clips_media(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.otio"
    answer = longtake("inpaint", edit, "--clip", "B", "--box", "1,2,30,40", "-o", out, "--json")
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert spec.inpaint.input_path == str(tmp_path / "b.mov")
    assert asked_range(spec) == (52, 56)  # with eight frames to spare at both ends
    assert spec.inpaint.boxes[0].frame == 60
    assert not spec.inpaint.HasField("between_start")
    assert Path(spec.output.path).parent == tmp_path / "out Media"
    value = json.loads(answer.out)
    assert value["timeline"] == str(out)
    assert value["placement"]["action"] == "replace_media"
    written = otio.adapters.read_from_file(str(out))
    clips = list(written.video_tracks()[0])
    assert [clip.name for clip in clips] == ["A", "B"]
    filled = clips[1]
    assert filled.source_range == _range(8, 40)
    assert filled.media_reference.target_url.endswith(".mov")
    assert set(filled.media_references()) == {otio.schema.Clip.DEFAULT_MEDIA_KEY, "original"}
    original = filled.media_references()["original"]
    assert original.target_url == (tmp_path / "b.mov").as_uri()
    request = filled.metadata["longtake"]["request"]
    assert (request["task"], list(request["boxes"])) == ("inpaint", ["1,2,30,40"])
    assert clips[0].source_range == _range(0, 48)


def test_places_in_time_are_the_timelines_own(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    answer = longtake(
        *("inpaint", edit, "--clip", "B", "-o", tmp_path / "out.otio"),
        *("--point", "5,6@01:00:03:00", "--box", "1,2,3,4@70"),
        *("--between", "01:00:02:04", "24f"),
    )
    assert answer.code == 0, answer.err
    work = fake.specs[0].inpaint
    assert work.points[0].frame == 60 + 24  # B begins at 01:00:02:00
    assert work.boxes[0].frame == 70
    assert (work.between_start.frames, work.between_end.frames) == (64, 84)


def test_a_mask_as_long_as_what_is_made_begins_there(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    mask = tmp_path / "matte.mkv"
    for count, start in ((56, 52), (40, 60), (200, None), (1, None), (7, None)):
        fake.specs.clear()
        fake.media[str(mask)] = _media(mask, count)
        out = tmp_path / f"out{count}.otio"
        answer = longtake("inpaint", edit, "--clip", "B", "--mask", mask, "-o", out)
        assert answer.code == 0, answer.err
        work = fake.specs[0].inpaint
        assert (work.mask_start_frame if work.HasField("mask_start_frame") else None) == start


def test_handles_under_a_transition_are_made_too(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    timeline = otio.adapters.read_from_file(str(edit))
    mix = otio.schema.Transition(
        transition_type="SMPTE_Dissolve",
        in_offset=RationalTime(12, RATE),
        out_offset=RationalTime(10, RATE),
    )
    timeline.video_tracks()[0].insert(1, mix)
    otio.adapters.write_to_file(timeline, str(edit))
    out = tmp_path / "out.otio"
    assert longtake("inpaint", edit, "--clip", "B", "--logo", "-o", out).code == 0
    assert asked_range(fake.specs[0]) == (60 - 12 - 8, 40 + 12 + 16)
    assert longtake("inpaint", edit, "--clip", "A", "--logo", "-o", tmp_path / "a.otio").code == 0
    assert asked_range(fake.specs[1]) == (0, 48 + 10 + 8)
    written = otio.adapters.read_from_file(str(out))
    assert [type(item).__name__ for item in written.video_tracks()[0]] == [
        "Clip",
        "Transition",
        "Clip",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence", "code"),
    [
        (("--clip", "C", "--logo"), 'No clip is called "C"', 2),
        (("--clip", "B", "--box", "1,2,3,4@01:00:00:00"), '"B" is not shown at 01:00:00:00', 2),
        (("--clip", "B", "--logo", "--between", "24f", "12f"), "ends before it begins", 2),
        (("--clip", "B"), "Say what is to go", 2),
    ],
)
def test_what_cannot_be_is_a_sentence_and_writes_nothing(  # noqa: PLR0917
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path, arguments, sentence, code
) -> None:
    before = sorted(tmp_path.iterdir())
    answer = longtake("inpaint", edit, "-o", tmp_path / "out.otio", *arguments)
    assert answer.code == code
    assert sentence in answer.err
    assert not fake.specs
    assert sorted(tmp_path.iterdir()) == before


def test_a_failure_leaves_no_timeline_and_no_empty_folder(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    fake.script = Script(failure=Fault("The mask hides nothing.", "BAD_INPUT"))
    answer = longtake("inpaint", edit, "--clip", "B", "--logo", "-o", tmp_path / "out.otio")
    assert answer.code == 3
    assert not (tmp_path / "out.otio").exists()
    assert not (tmp_path / "out Media").exists()


def test_what_it_would_cost(edit: Path, fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(model="seen", new_frames=56, total_frames=56)
    answer = longtake("inpaint", edit, "--clip", "B", "--logo", "--dry-run")
    assert answer.code == 0
    assert answer.out.startswith("56 new frames by seen")
    assert not (tmp_path / "edit (inpainted).otio").exists()
