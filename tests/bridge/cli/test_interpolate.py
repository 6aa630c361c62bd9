import json
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from google.rpc import code_pb2
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take


def slowed(path: Path) -> job_pb2.Take:
    """A clip of 10 frames at half its speed."""
    take = example_take(path)
    take.duration_frames = 20
    take.model = "between"
    del take.seams[:]
    del take.made_ranges[:]
    take.made_ranges.extend(
        media_pb2.FrameRange(start_frame=n, duration_frames=1) for n in range(1, 19, 2)
    )
    return take


def test_slow_motion_is_asked_for_as_it_was_typed(
    fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.mkv"
    fake.script = Script(takes=(slowed(out),))
    answer = longtake(
        *("interpolate", tmp_path / "a.mov", "--factor", "2.5", "--quality", "best", "-o", out),
        *("--codec", "ffv1", "--no-audio", "--deinterlace", "--sequence-rate", "23.976", "--force"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert spec.WhichOneof("work") == "interpolate"
    work = spec.interpolate
    assert list(work.input_paths) == [str(tmp_path / "a.mov")]
    assert work.WhichOneof("target") == "factor"
    assert (work.factor.numerator, work.factor.denominator) == (5, 2)
    assert work.quality == job_pb2.QUALITY_BEST
    assert work.join == job_pb2.JOIN_AUTO
    assert not work.input_ranges
    assert (spec.output.path, spec.output.codec) == (str(out), "ffv1")
    assert spec.output.no_audio and spec.output.replace_existing and spec.deinterlace
    assert spec.sequence_rate.numerator == 24000
    assert "9 of 20 frames made by between" in answer.out


def test_a_conversion_goes_beside_the_clip(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(takes=(slowed(tmp_path / "x.mov"),))
    assert longtake("interpolate", tmp_path / "a.mov", "--rate", "23.976").code == 0
    (spec,) = fake.specs
    rate = spec.interpolate.frame_rate
    assert (rate.numerator, rate.denominator) == (24000, 1001)
    assert spec.output.path == str(tmp_path / "a (interpolated).mov")
    assert spec.interpolate.quality == job_pb2.QUALITY_STANDARD


def test_two_shots_and_the_gap_between_them(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(takes=(example_take(tmp_path / "x.mov"),))
    answer = longtake(
        *("interpolate", tmp_path / "a.mov", tmp_path / "b.mov", "--duration", "12f"),
        *("--join", "dissolve", "--takes", "3", "--model", "motion"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    work = spec.interpolate
    assert list(work.input_paths) == [str(tmp_path / "a.mov"), str(tmp_path / "b.mov")]
    assert work.duration.frames == 12
    assert work.join == job_pb2.JOIN_DISSOLVE
    assert (spec.take_count, spec.model) == (3, "motion")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "0 clips were given"),
        (("a.mov", "b.mov", "c.mov", "--duration", "1s"), "3 clips were given"),
        (("a.mov",), "Say what to make: --factor 2"),
        (("a.mov", "--factor", "2", "--rate", "25"), "Say what to make: --factor 2"),
        (("a.mov", "--factor", "1"), "--factor 1 slows nothing down; give more than 1"),
        (("a.mov", "--factor", "1/2"), "--factor 0.5 slows nothing down"),
        (("a.mov", "--factor", "fast"), '"fast" is not a factor'),
        (("a.mov", "--factor", "0"), "--factor 0 slows nothing down"),
        (("a.mov", "--rate", "0"), '"0" is not a frame rate'),
        (("a.mov", "--duration", "1s"), "--duration is for the gap between two clips"),
        (("a.mov", "--factor", "2", "--join", "cut"), "--join is for two clips"),
        (("a.mov", "b.mov", "--factor", "2"), "Two clips take --duration T"),
        (("a.mov", "b.mov"), "Two clips take --duration T"),
        (("a.mov", "b.mov", "--duration", "0f"), '"0f" adds nothing'),
        (("a.mov", "--rate", "25", "-o", "nowhere/out.mov"), "There is no folder"),
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


def test_json_is_one_object(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(takes=(slowed(tmp_path / "out.mov"),))
    answer = longtake("interpolate", tmp_path / "a.mov", "--factor", "2", "--json")
    assert answer.code == 0
    value = json.loads(answer.out)
    (take,) = value["takes"]
    assert take["made"][:2] == [[1, 1], [3, 1]]
    assert take["seam"] == {}
    assert (value["placement"], value["timeline"]) == (None, None)


def test_what_the_engine_refuses_is_told(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fault = Fault("The clip already runs at 25 fps.", "WRONG_CALL", code_pb2.INVALID_ARGUMENT)
    fake.script = Script(refusal=fault)
    answer = longtake("interpolate", tmp_path / "a.mov", "--rate", "25", "--json")
    assert answer.code == 2
    assert json.loads(answer.out)["error"]["reason"] == "WRONG_CALL"
    assert answer.err == "longtake: The clip already runs at 25 fps.\n"


def test_what_it_would_cost(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(model="between", new_frames=9, total_frames=20)
    answer = longtake("interpolate", tmp_path / "a.mov", "--factor", "2", "--dry-run")
    assert answer.code == 0
    assert answer.out.startswith("9 new frames by between, 20 to write")
    answer = longtake("interpolate", tmp_path / "a.mov", "--factor", "2", "--dry-run", "--json")
    assert json.loads(answer.out)["estimates"][0]["total_frames"] == 20
    assert not list(tmp_path.glob("*.mov"))


def test_ctrl_c_cancels_the_job(
    fake: FakeEngine, spawn: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    fake.script = Script(progress=(job_pb2.Progress(phase="making (between)"),), holds=True)
    process = spawn("interpolate", tmp_path / "a.mov", "--factor", "2")
    assert fake.created.wait(30)
    assert process.stderr is not None
    while "making" not in process.stderr.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Cancelled; nothing was written." in errors
