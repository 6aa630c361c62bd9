import json
import signal
import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from google.rpc import code_pb2
from longtake.v1 import job_pb2, model_pb2
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take


def test_asks_for_what_was_typed(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    out = tmp_path / "out.mkv"
    fake.script = Script(takes=(example_take(out),))
    answer = longtake(
        *("extend", tmp_path / "a.mov", "--head", "24f", "--tail", "1.5s", "-o", out),
        *("--model", "motion", "--takes", "2", "--prompt", "sea", "--negative", "birds"),
        *("--seed", "7", "--codec", "ffv1", "--no-audio", "--deinterlace", "--rate", "23.976"),
        *("--force", "--music", "hold"),
    )
    assert answer.code == 0, answer.err
    (spec,) = fake.specs
    assert spec.extend.input_path == str(tmp_path / "a.mov")
    assert spec.extend.head.frames == 24
    assert spec.extend.tail.seconds.numerator == 3
    assert spec.extend.tail.seconds.denominator == 2
    assert spec.extend.contents == job_pb2.CONTENTS_WHOLE
    assert spec.output.path == str(out)
    assert spec.output.codec == "ffv1"
    assert spec.output.no_audio and spec.output.replace_existing
    assert spec.output.music == "hold"
    assert spec.guidance.prompt == "sea"
    assert spec.guidance.negative_prompt == "birds"
    assert spec.guidance.seed == 7
    assert (spec.model, spec.take_count, spec.deinterlace) == ("motion", 2, True)
    assert spec.sequence_rate.numerator == 24000


def test_leaves_alone_what_was_not_typed(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(takes=(example_take(tmp_path / "x.mov"),))
    clip = tmp_path / "a.mov"
    assert longtake("extend", clip, "--tail", "00:00:02:00", "--only-new").code == 0
    (spec,) = fake.specs
    assert not spec.extend.HasField("head")
    assert not spec.HasField("sequence_rate")
    assert spec.extend.tail.timecode == "00:00:02:00"
    assert spec.extend.contents == job_pb2.CONTENTS_NEW_ONLY
    assert spec.output.path == str(tmp_path / "a (extended).mov")
    assert not spec.output.replace_existing


def test_json_is_one_object_of_the_shape_in_the_design(
    fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    out = tmp_path / "out.mov"
    fake.script = Script(takes=(example_take(out, head=30, tail=60),))
    answer = longtake("extend", tmp_path / "a.mov", "--head", "1s", "--tail", "2s", "--json")
    assert answer.code == 0
    assert answer.err == ""
    value = json.loads(answer.out)
    assert value["job"] == "j1"
    assert value["placement"] is None
    assert value["timeline"] is None
    (take,) = value["takes"]
    assert take["media"] == str(out)
    assert take["start_frame"] == -30
    assert take["duration_frames"] == 273
    assert Fraction(take["rate"]) == Fraction(30000, 1001)
    assert take["model"] == "motion"
    assert take["score"]["confidence"] == pytest.approx(0.75)
    assert set(take["seam"]) == {"head", "tail"}
    assert take["seam"]["head"]["frame"] == 30
    assert take["seam"]["tail"]["frame"] == 213
    assert set(take["seam"]["tail"]) == {
        "frame",
        "color_jump",
        "sharpness_ratio",
        "noise_ratio",
        "motion_ratio",
    }
    assert take["made"] == [[0, 30], [213, 60]]
    assert take["seconds"] == 2.5
    assert take["notes"] == ["A note for the editor."]
    assert take["credentials"] is None


def test_json_has_no_words_for_what_is_no_number(
    fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    take = example_take(tmp_path / "out.mov")
    take.score.psnr_db = float("inf")
    take.seams[0].color_jump = float("nan")
    fake.script = Script(takes=(take,))
    value = json.loads(longtake("extend", tmp_path / "a.mov", "--tail", "2s", "--json").out)
    assert value["takes"][0]["score"]["psnr_db"] is None
    assert value["takes"][0]["seam"]["tail"]["color_jump"] is None


def test_tells_a_person_what_was_made(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    out = tmp_path / "out.mov"
    fake.script = Script(
        progress=(job_pb2.Progress(phase="making", done_frames=9, total_frames=60),),
        takes=(example_take(out),),
    )
    answer = longtake("extend", tmp_path / "a.mov", "--tail", "2s", "-o", out)
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0] == str(out)
    assert "60 new frames after the tail made by motion; 243 frames" in lines[1]
    assert "0.75 (good" in lines[2]
    assert "Join at the tail (frame 183)" in lines[3]
    assert "A note for the editor." in lines[4]
    assert "making 9/60 frames" in answer.err  # plain lines where there is no terminal


def test_says_where_a_prompt_was_not_heard(fake: FakeEngine, longtake, tmp_path: Path) -> None:
    fake.script = Script(takes=(example_take(tmp_path / "out.mov"),))
    fake.models = (model_pb2.Model(name="motion"),)
    call = ("extend", tmp_path / "a.mov", "--tail", "2s")
    note = "motion hears no prompt"
    assert note in longtake(*call, "--prompt", "sea").out
    assert note not in longtake(*call).out
    fake.models = (model_pb2.Model(name="motion", takes_prompt=True),)
    assert note not in longtake(*call, "--prompt", "sea").out


BAD_CALLS = {
    "nothing to add": (["a.mov"], "Say how much to add"),
    "no time": (["a.mov", "--tail", "0s"], "adds nothing"),
    "negative time": (["a.mov", "--tail", "-1s"], "less than nothing"),
    "negative time, joined": (["a.mov", "--tail=-1s"], "less than nothing"),
    "no length": (["a.mov", "--head", "two"], "not a length of time"),
    "no rate": (["a.mov", "--tail", "2s", "--rate", "fast"], "not a frame rate"),
    "no takes": (["a.mov", "--tail", "2s", "--takes", "0"], "--takes"),
    "no such codec": (["a.mov", "--tail", "2s", "--codec", "xvid"], "--codec"),
    "no such option": (["a.mov", "--tali", "2s"], "--tali"),
    "no input": (["--tail", "2s"], "INPUT"),
    "both sides alone": (["a.mov", "--head", "1s", "--tail", "1s", "--only-new"], "one side"),
    "clip of media": (["a.mov", "--tail", "2s", "--clip", "A"], "--clip is for timelines"),
    "ripple of media": (["a.mov", "--tail", "2s", "--ripple"], "--ripple is for timelines"),
    "media of media": (["a.mov", "--tail", "2s", "--media", "m"], "--media is for timelines"),
    "timeline, no clip": (["a.otio", "--tail", "2s"], "--clip NAME"),
    "new only of a timeline": (
        ["a.otio", "--clip", "A", "--tail", "2s", "--only-new"],
        "--only-new is for media",
    ),
    "no such folder": (["a.mov", "--tail", "2s", "-o", "nowhere/out.mov"], "There is no folder"),
    "timeline from media": (["a.mov", "--tail", "2s", "-o", "out.otio"], "is a timeline"),
}


@pytest.mark.parametrize("name", BAD_CALLS)
def test_a_wrong_call_is_one_sentence_and_2(
    name: str, fake: FakeEngine, longtake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, word = BAD_CALLS[name]
    monkeypatch.chdir(tmp_path)
    answer = longtake("extend", *arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err.startswith("longtake: ")
    assert word in answer.err
    assert answer.err.count("\n") == 1
    assert fake.specs == []


FAULTS = {
    "WRONG_CALL": (code_pb2.INVALID_ARGUMENT, 2),
    "PATH_REFUSED": (code_pb2.PERMISSION_DENIED, 2),
    "MISSING_INPUT": (code_pb2.NOT_FOUND, 3),
    "BAD_INPUT": (code_pb2.FAILED_PRECONDITION, 3),
    "NOT_POSSIBLE": (code_pb2.UNIMPLEMENTED, 4),
    "OUT_OF_SPACE": (code_pb2.RESOURCE_EXHAUSTED, 4),
    "OUT_OF_MEMORY": (code_pb2.RESOURCE_EXHAUSTED, 4),
    "WORKER_DIED": (code_pb2.INTERNAL, 1),
}


@pytest.mark.parametrize("in_the_job", [False, True])
@pytest.mark.parametrize("reason", FAULTS)
def test_the_engines_sentence_and_its_exit_code(
    reason: str, in_the_job: bool, fake: FakeEngine, longtake, tmp_path: Path
) -> None:
    code, exit_code = FAULTS[reason]
    fault = Fault("Something is so; do this.", reason, code)
    fake.script = Script(failure=fault) if in_the_job else Script(refusal=fault)
    answer = longtake("extend", tmp_path / "a.mov", "--tail", "2s", "--json")
    assert answer.code == exit_code
    assert answer.err == "longtake: Something is so; do this.\n"
    assert json.loads(answer.out) == {
        "error": {"reason": reason, "message": "Something is so; do this."}
    }


def test_a_job_that_somebody_cancels_ends_the_command(
    fake: FakeEngine, spawn, longtake, tmp_path: Path
) -> None:
    fake.script = Script(holds=True)
    process = spawn("extend", tmp_path / "a.mov", "--tail", "2s")
    assert fake.created.wait(20)
    assert longtake("cancel", "--all").code == 0
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "cancelled" in err


def _state_of_the_job(longtake: Callable) -> str:
    return json.loads(longtake("jobs", "--json").out)["jobs"][0]["state"]


def test_ctrl_c_cancels_the_job(fake: FakeEngine, spawn, longtake, tmp_path: Path) -> None:
    fake.script = Script(holds=True)
    process: subprocess.Popen[str] = spawn("extend", tmp_path / "a.mov", "--tail", "2s", "--json")
    assert fake.created.wait(20)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err == "longtake: Cancelled; nothing was written.\n"
    assert json.loads(out)["error"]["reason"] == "CANCELLED"
    assert _state_of_the_job(longtake) == "cancelled"


def test_a_bug_is_one_sentence_that_names_the_log(
    fake: FakeEngine, longtake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("longtake_bridge.extend.media_spec", fail)
    answer = longtake("extend", tmp_path / "a.mov", "--tail", "2s")
    assert answer.code == 1
    assert "ZeroDivisionError" in answer.err
    assert "daemon.log" in answer.err
    assert "Traceback" not in answer.err
    assert "Traceback" in longtake("extend", "a.mov", "--tail", "2s", "--verbose").err


def test_waits_while_the_job_waits(fake: FakeEngine, spawn, tmp_path: Path) -> None:
    fake.script = Script(holds=True, takes=(example_take(tmp_path / "out.mov"),))
    process = spawn("extend", tmp_path / "a.mov", "--tail", "2s")
    assert fake.created.wait(20)
    assert process.poll() is None
    fake.release()
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "60 new frames" in out
