import json
from pathlib import Path

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Script, example_take
from opentimelineio.opentime import RationalTime, TimeRange

RATE = 24.0
START = 86400  # 01:00:00:00


def _range(start: int, duration: int) -> TimeRange:
    return TimeRange(RationalTime(start, RATE), RationalTime(duration, RATE))


def _media(path: Path, frames: int) -> media_pb2.MediaInfo:
    rate = media_pb2.Rational(numerator=24, denominator=1)
    stream = media_pb2.VideoStream(frame_rate=rate, frame_count=frames)
    return media_pb2.MediaInfo(path=str(path), video_streams=[stream])


def _clip(name: str, path: Path, start: int, duration: int, held: int) -> otio.schema.Clip:
    reference = otio.schema.ExternalReference(path.as_uri(), _range(0, held))
    return otio.schema.Clip(name, reference, _range(start, duration))


@pytest.fixture
def edit(tmp_path: Path, fake: FakeEngine) -> Path:
    """48 frames of a clip from its frame 60 on, then a still that is shown for 40."""
    clip, still = tmp_path / "clip.mov", tmp_path / "still.png"
    fake.media |= {str(clip): _media(clip, 200), str(still): _media(still, 1)}
    items = [_clip("Clip", clip, 60, 48, 200), _clip("Still", still, 0, 40, 240)]
    track = otio.schema.Track("V1", items, kind=otio.schema.TrackKind.Video)
    timeline = otio.schema.Timeline("edit", global_start_time=RationalTime(START, RATE))
    timeline.tracks.append(track)
    path = tmp_path / "edit.otio"
    otio.adapters.write_to_file(timeline, str(path))
    fake.script = Script(make=lambda spec: _make(fake, spec))
    return path


def _make(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    """What the engine would make: the frames of the clip, or of the still, that were asked for."""
    path, work = Path(spec.output.path), spec.animate
    count = work.output_range.duration_frames or work.duration.frames
    take = example_take(path, source=count, tail=0)
    take.start_frame = work.output_range.start_frame
    take.rate.CopyFrom(media_pb2.Rational(numerator=24, denominator=1))
    fake.media[str(path)] = _media(path, count)
    path.touch()
    return [take]


def test_a_still_moves_for_as_long_as_it_is_shown(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.otio"
    answer = longtake(
        *("animate", edit, "--clip", "Still", "-o", out, "--loop", "--json"),
        *("--region", tmp_path / "sea.png", "--direction", "9,0"),
        *("--move", "1,2,30,40@0", "50,2,30,40@01:00:03:00"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    work = spec.animate
    assert work.input_path == str(tmp_path / "still.png")
    assert (work.duration.frames, work.frame_rate.numerator, work.loop) == (40, 24, True)
    assert not work.HasField("output_range")
    (path,) = spec.guidance.box_paths
    assert [box.frame for box in path.boxes] == [0, 24]  # the still begins at 01:00:02:00
    assert json.loads(answer.out)["placement"]["action"] == "replace_media"
    written = otio.adapters.read_from_file(str(out))
    still = list(written.video_tracks()[0])[1]
    assert (still.name, still.source_range) == ("Still", _range(0, 40))
    assert still.media_reference.target_url.endswith(".mov")
    assert still.media_references()["original"].target_url.endswith("still.png")
    request = still.metadata["longtake"]["request"]
    assert (request["task"], request["loop"]) == ("animate", True)
    assert request["regions"][0]["mask"] == str(tmp_path / "sea.png")


def test_a_clip_moves_where_it_is_shown(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    region = ("--region", tmp_path / "sea.png", "--direction", "9,0")
    answer = longtake("animate", edit, "--clip", "Clip", "-o", tmp_path / "out.otio", *region)
    assert answer.code == 0, answer.err
    work = fake.specs[0].animate
    asked = work.output_range
    assert (asked.start_frame, asked.duration_frames) == (52, 64)
    assert not work.HasField("duration") and not work.HasField("frame_rate")
    assert fake.specs[0].guidance.strokes[0].frame == 60  # the first that is shown
    answer = longtake("animate", edit, "--clip", "Clip", "--loop", *region)
    assert answer.code == 2
    assert "it cannot loop; leave --loop out" in answer.err


def test_an_image_that_changed_makes_another_file(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    mask = tmp_path / "sea.png"
    region = ("--region", mask, "--direction", "9,0")
    for number in range(2):
        mask.write_bytes(b"x" * (number + 1))
        out = tmp_path / f"out{number}.otio"
        media = ("--media", tmp_path / "media")
        assert longtake("animate", edit, "--clip", "Still", "-o", out, *media, *region).code == 0
    first, second = (spec.output.path for spec in fake.specs)
    assert first != second
