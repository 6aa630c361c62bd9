import json
from pathlib import Path

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Script, example_take
from opentimelineio.opentime import RationalTime, TimeRange

PNG = b"\x89PNG\r\n\x1a\npicture"
RATE, START = 24.0, 86400  # frames a second; 01:00:00:00


def reshaped(path: Path, *, made: bool = True) -> job_pb2.Take:
    """A clip of 10 frames, with a border that was made, or cut out of what it had."""
    take = example_take(path)
    take.duration_frames, take.start_frame, take.model = 10, 0, "surround" if made else "reframe"
    del take.seams[:]
    del take.made_ranges[:]
    if made:
        take.made_ranges.append(media_pb2.FrameRange(start_frame=0, duration_frames=10))
        take.fillings.append(
            job_pb2.Filling(start_frame=0, filled_share=[0.4] * 10, seen_share=[0.5] * 10)
        )
        take.fillings_png = PNG
    return take


def test_a_shape_is_asked_for_as_it_was_typed(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    out, png = tmp_path / "out.mkv", tmp_path / "seen.png"
    fake.script = Script(takes=(reshaped(out),))
    answer = longtake(
        *("outpaint", tmp_path / "a.mov", "--size", "1080x1920", "--anchor", "bottom-left"),
        *("--fit", "keep", "--seen-out", png, "-o", out, "--codec", "ffv1", "--takes", "2"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert spec.WhichOneof("work") == "outpaint"
    work = spec.outpaint
    assert work.input_path == str(tmp_path / "a.mov")
    assert (work.size.width, work.size.height) == (1080, 1920)
    assert (work.anchor, work.fit) == (job_pb2.ANCHOR_BOTTOM_LEFT, job_pb2.FIT_KEEP)
    assert not work.follow and not work.boxes and not work.HasField("output_range")
    assert (spec.output.path, spec.output.codec, spec.take_count) == (str(out), "ffv1", 2)
    assert png.read_bytes() == PNG
    assert "A region in 10 of 10 frames filled by surround" in answer.out


def test_a_subject_is_followed_from_what_is_drawn(
    fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    fake.script = Script(takes=(reshaped(tmp_path / "x.mov", made=False),))
    answer = longtake(
        *("outpaint", tmp_path / "a.mov", "--size", "608x1080", "--follow"),
        *("--box", "5,6,7,8@48", "--point", "9,10@7f", "--seen-out", tmp_path / "none.png"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    work = spec.outpaint
    assert work.follow
    assert [(box.x, box.frame) for box in work.boxes] == [(5, 48)]
    assert [(point.y, point.frame) for point in work.points] == [(10, 7)]
    assert (work.anchor, work.fit) == (job_pb2.ANCHOR_CENTER, job_pb2.FIT_AUTO)
    assert spec.output.path == str(tmp_path / "a (outpainted).mov")
    assert not (tmp_path / "none.png").exists()  # nothing was made


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--size", "big"), '"big" is no size; give WIDTHxHEIGHT'),
        (("--size", "0x10"), "1 pixel wide and high at least"),
        (("--size", "90x160", "--box", "1,2,3,4"), "add --follow"),
        (("--size", "90x160", "--fit", "inside", "--follow"), "nothing to follow in"),
        (("--size", "90x160", "--clip", "A"), "--clip is for timelines"),
        ((), "Missing option '--size'"),
    ],
)
def test_what_means_nothing_is_a_sentence(
    arguments: tuple[str, ...], sentence: str, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    answer = longtake("outpaint", tmp_path / "a.mov", *arguments)
    assert answer.code == 2
    assert sentence in answer.err
    assert fake.specs == []


def test_what_it_would_cost(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    answer = longtake("outpaint", tmp_path / "a.mov", "--size", "90x160", "--dry-run", "--json")
    assert answer.code == 0, answer.err
    assert len(json.loads(answer.out)["estimates"]) == 1


def _range(start: int, duration: int) -> TimeRange:
    return TimeRange(RationalTime(start, RATE), RationalTime(duration, RATE))


def _media(path: Path, frames: int) -> media_pb2.MediaInfo:
    rate = media_pb2.Rational(numerator=24, denominator=1)
    stream = media_pb2.VideoStream(frame_rate=rate, frame_count=frames)
    return media_pb2.MediaInfo(path=str(path), video_streams=[stream])


@pytest.fixture
def edit(tmp_path: Path, fake: FakeEngine) -> Path:
    """40 frames of B from its frame 60 on, of 200."""
    media = tmp_path / "b.mov"
    fake.media[str(media)] = _media(media, 200)
    reference = otio.schema.ExternalReference(media.as_uri(), _range(0, 200))
    clip = otio.schema.Clip("B", reference, _range(60, 40))
    timeline = otio.schema.Timeline("edit", global_start_time=RationalTime(START, RATE))
    timeline.tracks.append(otio.schema.Track("V1", [clip], kind=otio.schema.TrackKind.Video))
    path = tmp_path / "edit.otio"
    otio.adapters.write_to_file(timeline, str(path))

    def make(spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
        out, asked = Path(spec.output.path), spec.outpaint.output_range
        take = example_take(out, source=asked.duration_frames, tail=0)
        take.start_frame = asked.start_frame
        take.rate.CopyFrom(media_pb2.Rational(numerator=24, denominator=1))
        fake.media[str(out)] = _media(out, asked.duration_frames)
        out.touch()
        return [take]

    fake.script = Script(make=make)
    return path


def test_on_a_timeline_the_part_that_is_shown_takes_its_place(
    edit: Path, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.otio"
    answer = longtake(
        *("outpaint", edit, "--clip", "B", "--size", "608x1080", "--follow"),
        *("--box", "1,2,30,40@01:00:00:10", "-o", out, "--json"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    asked = spec.outpaint.output_range
    assert (asked.start_frame, asked.duration_frames) == (52, 56)  # with frames to spare
    assert spec.outpaint.boxes[0].frame == 70
    value = json.loads(answer.out)
    assert value["placement"]["action"] == "replace_media"
    written = otio.adapters.read_from_file(str(out))
    (clip,) = written.video_tracks()[0]
    assert clip.source_range == _range(8, 40)
    assert clip.media_references()["original"].target_url == (tmp_path / "b.mov").as_uri()
    request = clip.metadata["longtake"]["request"]
    assert (request["task"], list(request["size"])) == ("outpaint", [608, 1080])
    assert list(request["boxes"]) == ["1,2,30,40@01:00:00:10"]


def test_a_timeline_needs_the_name_of_a_clip(edit: Path, fake: FakeEngine, longtake) -> None:
    answer = longtake("outpaint", edit, "--size", "90x160")
    assert answer.code == 2
    assert "name the clip with --clip NAME" in answer.err
    assert fake.specs == []
