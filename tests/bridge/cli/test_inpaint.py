import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from google.rpc import code_pb2
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take

PNG = b"\x89PNG\r\n\x1a\npicture"


def removed(path: Path) -> job_pb2.Take:
    """A clip of 10 frames, a region of three of which was filled."""
    take = example_take(path)
    take.duration_frames = 10
    take.start_frame = 0
    take.model = "seen"
    del take.seams[:]
    del take.made_ranges[:]
    take.made_ranges.append(media_pb2.FrameRange(start_frame=4, duration_frames=3))
    take.fillings.append(
        job_pb2.Filling(
            start_frame=4, filled_share=[0.125, 0.25, 0.125], seen_share=[1.0, 0.5, 0.75]
        )
    )
    take.fillings_png = PNG
    return take


def test_a_mask_is_asked_for_as_it_was_typed(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    out, png = tmp_path / "out.mkv", tmp_path / "seen.png"
    fake.script = Script(takes=(removed(out),))
    answer = longtake(
        *("inpaint", tmp_path / "a.mov", "--mask", tmp_path / "m.png", "--mask-hides", "black"),
        *("--mask-start", "3", "--margin", "0", "--matte-out", tmp_path / "matte.mkv"),
        *("--between", "12f", "00:00:02:00", "--seen-out", png, "-o", out, "--codec", "ffv1"),
        *("--no-audio", "--deinterlace", "--sequence-rate", "23.976", "--force", "--takes", "2"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert spec.WhichOneof("work") == "inpaint"
    work = spec.inpaint
    assert (work.input_path, work.mask_path) == (str(tmp_path / "a.mov"), str(tmp_path / "m.png"))
    assert work.mask_hides == job_pb2.MASK_HIDES_BLACK
    assert (work.mask_start_frame, work.margin) == (3, 0)
    assert work.HasField("margin")
    assert work.matte_path == str(tmp_path / "matte.mkv")
    assert (work.between_start.frames, work.between_end.timecode) == (12, "00:00:02:00")
    assert not work.boxes and not work.points and not work.defects
    assert not work.HasField("output_range")
    assert (spec.output.path, spec.output.codec, spec.take_count) == (str(out), "ffv1", 2)
    assert spec.output.no_audio and spec.output.replace_existing and spec.deinterlace
    assert png.read_bytes() == PNG
    assert "A region in 3 of 10 frames filled by seen; 10 frames at" in answer.out


def test_what_is_drawn_and_what_is_found(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(takes=(removed(tmp_path / "x.mov"),))
    answer = longtake(
        *("inpaint", tmp_path / "a.mov", "--box", "1,-2,30,40", "--box", "5,6,7,8@48"),
        *("--point", "9,10@7f", "--logo", "--dust", "--scratches", "--spots"),
        *("--between", "0f", "2s"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    work = spec.inpaint
    boxes = [(box.x, box.y, box.width, box.height, box.frame) for box in work.boxes]
    assert boxes == [(1, -2, 30, 40, 0), (5, 6, 7, 8, 48)]
    assert [(point.x, point.y, point.frame) for point in work.points] == [(9, 10, 7)]
    assert list(work.defects) == [
        job_pb2.DEFECT_LOGO,
        job_pb2.DEFECT_DUST,
        job_pb2.DEFECT_SCRATCHES,
        job_pb2.DEFECT_SPOTS,
    ]
    assert not work.HasField("between_start")
    assert work.between_end.seconds.numerator == 2
    assert not work.HasField("margin") and not work.HasField("mask_start_frame")
    assert work.mask_hides == job_pb2.MASK_HIDES_AUTO
    assert spec.output.path == str(tmp_path / "a (inpainted).mov")


def test_a_timecode_is_one_that_the_clip_shows(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    clip = tmp_path / "a.mov"
    fake.media[str(clip)] = media_pb2.MediaInfo(
        video_streams=[
            media_pb2.VideoStream(
                frame_rate=media_pb2.Rational(numerator=25, denominator=1),
                frame_count=100,
                start_timecode="01:00:00:00",
            )
        ]
    )
    fake.script = Script(takes=(removed(tmp_path / "x.mov"),))
    assert longtake("inpaint", clip, "--box", "1,2,3,4@01:00:02:05").code == 0
    assert fake.specs[0].inpaint.boxes[0].frame == 55
    answer = longtake("inpaint", clip, "--point", "1,2@00:00:02:05")
    assert answer.code == 2
    assert "00:00:02:05 lies before a.mov begins" in answer.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Missing argument"),
        (("a.mov",), "Say what is to go: --mask PATH, --box X,Y,W,H@FRAME"),
        (("a.mov", "--box", "1,2,3"), '"1,2,3" is not a box; give X,Y,W,H'),
        (("a.mov", "--box", "1,2,0,3"), "holds nothing; its width and height are 1 or more"),
        (("a.mov", "--box", "1,2,3,4@soon"), '"soon" in "1,2,3,4@soon" is no frame'),
        (("a.mov", "--point", "1;2"), '"1;2" is not a point; give X,Y'),
        (("a.mov", "--logo", "--mask-hides", "white"), "--mask-hides speaks of a mask"),
        (("a.mov", "--logo", "--mask-start", "4"), "--mask-start speaks of a mask"),
        (("a.mov", "--mask", "m.png", "--mask-hides", "pink"), "Invalid value for '--mask-hides'"),
        (("a.mov", "--logo", "--between", "1s", "0s"), "is no time at all; end it later"),
        (("a.mov", "--logo", "--between", "1s", "later"), '"later" is not a place in time'),
        (("a.mov", "--logo", "--margin", "400"), "Invalid value for '--margin'"),
        (("a.mov", "--logo", "--matte-out", "m.png"), "m.png cannot hold a matte; end its name"),
        (("a.mov", "--logo", "--matte-out", "no/m.mkv"), "There is no folder"),
        (("a.mov", "--logo", "--clip", "Interview"), "--clip is for timelines, and a.mov is media"),
        (("a.mov", "--logo", "--media", "x"), "--media is for timelines"),
        (("a.otio", "--logo"), "a.otio is a timeline; name the clip with --clip NAME"),
        (("a.mov", "--logo", "-o", "nowhere/out.mov"), "There is no folder"),
    ],
)
def test_a_wrong_call_is_a_sentence(
    fake: FakeEngine, longtake, arguments: tuple[str, ...], sentence: str
) -> None:
    answer = longtake("inpaint", *arguments)
    assert answer.code == 2
    assert sentence in answer.err
    assert answer.err.count("\n") == 1
    assert not fake.specs


def test_a_wrong_call_starts_no_engine(longtake, home) -> None:
    assert longtake("inpaint", "a.mov", "--mask-hides", "white").code == 2
    assert not home.folder.exists()


def test_json_is_one_object(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(takes=(removed(tmp_path / "out.mov"),))
    answer = longtake("inpaint", tmp_path / "a.mov", "--logo", "--json")
    assert answer.code == 0
    value = json.loads(answer.out)
    (take,) = value["takes"]
    assert take["fillings"] == [
        {"start_frame": 4, "filled": [0.125, 0.25, 0.125], "seen": [1.0, 0.5, 0.75]}
    ]
    assert take["made"] == [[4, 3]]
    assert (value["placement"], value["timeline"]) == (None, None)


def test_what_the_engine_cannot_do_is_told(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    sentence = "Replacing by a prompt needs a video model such as Wan VACE, and none is installed."
    fake.script = Script(refusal=Fault(sentence, "NOT_POSSIBLE", code_pb2.UNIMPLEMENTED))
    answer = longtake("inpaint", tmp_path / "a.mov", "--logo", "--prompt", "a cat", "--json")
    assert answer.code == 4
    assert json.loads(answer.out)["error"]["reason"] == "NOT_POSSIBLE"


def test_what_it_would_cost(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(model="seen", new_frames=9, total_frames=20)
    answer = longtake("inpaint", tmp_path / "a.mov", "--logo", "--dry-run")
    assert answer.code == 0
    assert answer.out.startswith("9 new frames by seen, 20 to write")
    assert not list(tmp_path.glob("*.mov"))


def test_ctrl_c_cancels_the_job(
    fake: FakeEngine, spawn: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    fake.script = Script(progress=(job_pb2.Progress(phase="making (seen)"),), holds=True)
    process = spawn("inpaint", tmp_path / "a.mov", "--logo")
    assert fake.created.wait(30)
    assert process.stderr is not None
    while "making" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Cancelled; nothing was written." in errors


@pytest.mark.parametrize("place", ["none/seen.png", "."])
def test_where_no_picture_can_lie_is_said_before_the_work(
    longtake, fake: FakeEngine, tmp_path: Path, place: str
) -> None:
    clip = tmp_path / "a.mov"
    answer = longtake(
        *("inpaint", clip, "--box", "1,2,3,4", "-o", tmp_path / "o.mov"),
        *("--seen-out", tmp_path / place),
    )
    assert answer.code == 2
    assert "--seen-out" in answer.err
    assert fake.specs == []
