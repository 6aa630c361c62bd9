import json
from pathlib import Path

import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Script, example_take


def moving(path: Path) -> job_pb2.Take:
    """A still that moves, 96 frames long."""
    take = example_take(path)
    take.duration_frames, take.start_frame, take.model = 96, 0, "current"
    del take.seams[:]
    del take.made_ranges[:]
    take.made_ranges.append(media_pb2.FrameRange(start_frame=0, duration_frames=96))
    return take


def boxes_of(path: job_pb2.BoxPath) -> list[tuple[int, ...]]:
    return [(box.x, box.y, box.width, box.height, box.frame) for box in path.boxes]


def test_regions_and_moves_are_asked_for_as_they_were_typed(
    fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.mov"
    fake.script = Script(takes=(moving(out),))
    answer = longtake(
        *("animate", tmp_path / "beach.jpg", "-o", out, "--duration", "4s", "--rate", "25"),
        *("--region", tmp_path / "sea.png", "--direction", "20,-5.5", "--loop"),
        *("--region", "-5,10,300,40@7", "--direction", "-3,0"),
        *("--move", "40,60,80,50@0", "-90,60,80,50@48", "-200,60,80,50@96f"),
        *("--move", "1,2,3,4@0 5,6,7,8@9", "--mask", tmp_path / "a.png"),
        *("--mask", tmp_path / "b.png", "--takes", "2", "--seed", "3"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert spec.WhichOneof("work") == "animate"
    work = spec.animate
    assert work.input_path == str(tmp_path / "beach.jpg")
    assert (work.duration.seconds.numerator, work.frame_rate.numerator, work.loop) == (4, 25, True)
    assert not work.HasField("output_range")
    painted, drawn = spec.guidance.strokes
    assert painted.region_path == str(tmp_path / "sea.png")
    assert (painted.dx, painted.dy) == (20, -5.5)
    assert not painted.HasField("box")
    assert (drawn.region_path, drawn.box.x, drawn.box.width, drawn.frame) == ("", -5, 300, 7)
    first, second = spec.guidance.box_paths
    assert boxes_of(first) == [(40, 60, 80, 50, 0), (-90, 60, 80, 50, 48), (-200, 60, 80, 50, 96)]
    assert boxes_of(second) == [(1, 2, 3, 4, 0), (5, 6, 7, 8, 9)]
    assert (first.matte_path, second.matte_path) == (
        str(tmp_path / "a.png"),
        str(tmp_path / "b.png"),
    )
    assert (spec.take_count, spec.guidance.seed, spec.output.path) == (2, 3, str(out))
    assert "96 new frames made by current" in answer.out


def test_what_is_left_out_is_left_to_the_engine(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(takes=(moving(tmp_path / "x.mov"),))
    answer = longtake(
        *("animate", tmp_path / "a.mov", "--region", tmp_path / "r@2x.png@12"),
        *("--direction", "0,9", "--json"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert not spec.animate.HasField("duration") and not spec.animate.HasField("frame_rate")
    assert not spec.animate.loop
    assert spec.output.path == str(tmp_path / "a (moving).mov")
    (stroke,) = spec.guidance.strokes
    assert (stroke.region_path, stroke.frame) == (str(tmp_path / "r@2x.png"), 12)
    (take,) = json.loads(answer.out)["takes"]
    assert take["made"] == [[0, 96]]


def test_a_timecode_is_one_that_the_clip_shows(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    clip = tmp_path / "a.mov"
    rate = media_pb2.Rational(numerator=25, denominator=1)
    stream = media_pb2.VideoStream(frame_rate=rate, frame_count=99, start_timecode="01:00:00:00")
    fake.media[str(clip)] = media_pb2.MediaInfo(video_streams=[stream])
    fake.script = Script(takes=(moving(tmp_path / "x.mov"),))
    answer = longtake(
        *("animate", clip, "--move", "1,2,3,4@01:00:00:10", "5,6,7,8@01:00:02:00"),
        *("--region", "r.png@01:00:01:00", "--direction", "1,1"),
    )
    assert answer.code == 0, answer.err
    (path,) = fake.specs[0].guidance.box_paths
    assert [box.frame for box in path.boxes] == [10, 50]
    assert fake.specs[0].guidance.strokes[0].frame == 25
    backwards = ("--move", "1,2,3,4@01:00:02:10", "5,6,7,8@01:00:02:00")
    answer = longtake("animate", clip, *backwards)
    assert answer.code == 2
    assert "do not follow one another in time" in answer.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Missing argument"),
        (("a.png",), "Say what moves: --region MASK --direction DX,DY, or --move BOX@F0 BOX@F1"),
        (("a.png", "--region", "r.png"), "There are 1 of --region and 0 of --direction"),
        (("a.png", "--direction", "1,0"), "There are 0 of --region and 1 of --direction"),
        (("a.png", "--region", "r.png", "--direction", "0,0"), "0,0 leads nowhere"),
        (("a.png", "--region", "r.png", "--direction", "up"), '"up" is no direction; give DX,DY'),
        (("a.png", "--region", "1,2,3", "--direction", "1,0"), '"1,2,3" is not a box'),
        (("a.png", "--move", "1,2,3,4@0"), '"1,2,3,4@0" is no move; give two boxes or more'),
        (("a.png", "--move", "1,2,3,4 5,6,7,8@9"), "lies on no frame; write it as X,Y,W,H@FRAME"),
        (("a.png", "--move", "1,2,3,4@9", "5,6,7,8@9"), "do not follow one another in time"),
        (
            ("a.png", "--move", "1,2,3,4@0", "5,6,7,8@9", "--mask", "m.png", "--mask", "n.png"),
            "There are 1 of --move and 2 of --mask",
        ),
        (("a.png", "--move", "1,2,3,4@0", "5,6,7,8@9", "--clip", "A"), "--clip is for timelines"),
        (("a.otio", "--move", "1,2,3,4@0", "5,6,7,8@9"), "a.otio is a timeline; name the clip"),
        (
            ("a.otio", "--clip", "A", "--move", "1,2,3,4@0", "5,6,7,8@9", "--duration", "2s"),
            "as long and as fast as the clip; leave --duration out",
        ),
        (("a.png", "--duration", "never"), '"never" is not a length'),
    ],
)
def test_a_wrong_call_is_a_sentence(
    fake: FakeEngine, longtake, arguments: tuple[str, ...], sentence: str
) -> None:
    answer = longtake("animate", *arguments)
    assert answer.code == 2
    assert sentence in answer.err
    assert answer.err.count("\n") == 1
    assert not fake.specs


def test_what_it_would_cost(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(model="current", new_frames=48, total_frames=48)
    answer = longtake(
        *("animate", tmp_path / "a.png", "--region", "1,2,30,40", "--direction", "4,4"),
        *("--duration", "2s", "--dry-run"),
    )
    assert answer.code == 0
    assert answer.out.startswith("48 new frames by current, 48 to write")
