"""The session as a process: what it says, how it ends, and that nothing makes it die."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2, model_pb2
from longtake_bridge.home import Home
from longtake_bridge.host.client_for_hosts import Longtake, command_beside
from longtake_bridge.host.session import Session
from longtake_bridge.testing import FakeEngine, Fault, Script, example_take

HELLO = {"type": "hello", "id": "h", "version": 1, "host": "test", "preview": "none"}
PROGRESS = (job_pb2.Progress(phase="making", done_frames=1, total_frames=9, preview_jpeg=b"\xff"),)


class Talk:
    """A `longtake host` process, spoken with line by line."""

    def __init__(self, home: Home) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "longtake_bridge", "host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"LONGTAKE_HOME": str(home.folder)},
        )

    def say(self, *messages: dict[str, Any] | str) -> None:
        assert self.process.stdin is not None
        for message in messages:
            line = message if isinstance(message, str) else json.dumps(message)
            self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def hear(self, *types: str) -> dict[str, Any]:
        """The next answer of one of these types; the others are passed over."""
        assert self.process.stdout is not None
        while True:
            line = self.process.stdout.readline()
            assert line, self.process.stderr.read() if self.process.stderr else ""
            answer = json.loads(line)
            if not types or answer["type"] in types:
                return answer

    def close(self) -> tuple[int, str]:
        """How it ended, and what it had still said."""
        out, _ = self.process.communicate(timeout=60)
        return self.process.returncode, out


@pytest.fixture
def talk(home: Home) -> Iterator[Callable[[], Talk]]:
    talks: list[Talk] = []

    def start() -> Talk:
        talks.append(Talk(home))
        return talks[-1]

    yield start
    for one in talks:
        one.process.kill()
        one.process.communicate()


@pytest.fixture
def clip(fake: FakeEngine, tmp_path: Path) -> Path:
    path = tmp_path / "clip.mov"
    path.write_bytes(b"")
    for name, frames in ((path, 50), (tmp_path / "made.mov", 12)):
        rate = media_pb2.Rational(numerator=25, denominator=1)
        stream = media_pb2.VideoStream(frame_rate=rate, frame_count=frames)
        fake.media[str(name)] = media_pb2.MediaInfo(video_streams=[stream])
    return path


def start(clip: Path, edit: str = "e", **settings: Any) -> dict[str, Any]:
    item = {
        "track": {"kind": "video", "index": 0},
        "record_start": 0,
        "record_frames": 50,
        "media": str(clip),
    }
    context = {"rate": 25, "items": [item], "clip": 0}
    return {
        "type": "start",
        "id": edit,
        "task": "extend",
        "context": context,
        "settings": {"tail": "12f"} | settings,
    }


def made(clip: Path) -> job_pb2.Take:
    take = example_take(clip.with_name("made.mov"), source=0, tail=12)
    take.start_frame = 50
    take.rate.CopyFrom(media_pb2.Rational(numerator=25, denominator=1))
    return take


def until(condition: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline_s, "it did not come to that"
        time.sleep(0.02)


def test_hello_wakes_no_engine(home: Home, talk: Callable[[], Talk]) -> None:
    session = talk()
    session.say(HELLO)
    answer = session.hear()
    assert (answer["type"], answer["id"], answer["version"]) == ("welcome", "h", 1)
    assert session.close() == (0, "")
    assert not home.folder.exists()


def test_an_edit_from_beginning_to_end(
    talk: Callable[[], Talk], fake: FakeEngine, clip: Path
) -> None:
    fake.script = Script(progress=PROGRESS, takes=(made(clip),))
    session = talk()
    session.say(HELLO, start(clip))
    assert session.hear("planned") | {"notes": []} == {
        "type": "planned",
        "id": "e",
        "real_frames": 0,
        "new_frames": 12,
        "notes": [],
    }
    progress = session.hear("progress")
    assert progress["id"] == "e"
    result = session.hear("result")
    assert result["id"] == "e"
    (take,) = result["takes"]
    assert take["media"] == str(clip.with_name("made.mov"))
    assert take["confidence"] == 0.75
    (put,) = result["changes"]
    assert (put["do"], put["record_start"], put["record_frames"]) == ("put", 50, 12)
    (placement,) = result["placements"]
    assert placement["request"]["task"] == "extend"
    assert placement["record_range"] == {"start_frame": 50, "duration_frames": 12, "rate": "25/1"}
    (spec,) = fake.specs
    assert Path(spec.output.path).parent == clip.parent / "Longtake Media"
    assert session.close() == (0, "")


def test_several_edits_at_once_are_told_apart(
    talk: Callable[[], Talk], fake: FakeEngine, clip: Path
) -> None:
    fake.script = Script(holds=True, progress=PROGRESS)
    session = talk()
    session.say(HELLO, start(clip, "one"), start(clip, "two"), start(clip, "three"))
    until(lambda: len(fake.states()) == 3)
    session.say({"type": "cancel", "id": "two"})
    answer = session.hear("error")
    assert (answer["id"], answer["reason"]) == ("two", "CANCELLED")
    assert sorted(fake.states()).count(job_pb2.JOB_STATE_CANCELLED) == 1
    # An id that runs already is refused, without harm to the edit that has it.
    session.say(start(clip, "one"))
    answer = session.hear("error")
    assert answer["id"] is None
    assert '"one" runs already' in answer["message"]


def test_a_cancelled_id_is_free_again(
    talk: Callable[[], Talk], fake: FakeEngine, clip: Path
) -> None:
    fake.script = Script(holds=True, progress=PROGRESS)
    session = talk()
    session.say(HELLO, start(clip))
    session.hear("progress")
    session.say({"type": "cancel", "id": "e"})
    assert session.hear("error")["reason"] == "CANCELLED"
    fake.script = Script(takes=(made(clip),))
    session.say(start(clip))
    assert session.hear("result", "error")["type"] == "result"


def test_when_the_host_is_gone_its_jobs_are_cancelled(
    talk: Callable[[], Talk], fake: FakeEngine, clip: Path
) -> None:
    fake.script = Script(holds=True, progress=PROGRESS)
    session = talk()
    session.say(HELLO, start(clip, "one"), start(clip, "two"))
    until(lambda: len(fake.states()) == 2)
    code, _ = session.close()
    assert code == 0
    assert fake.states() == [job_pb2.JOB_STATE_CANCELLED] * 2


def test_or_kept_where_the_host_said_so(
    talk: Callable[[], Talk], fake: FakeEngine, clip: Path
) -> None:
    fake.script = Script(holds=True, progress=PROGRESS)
    session = talk()
    session.say(HELLO | {"on_close": "keep"}, start(clip))
    session.hear("progress")
    code, _ = session.close()
    assert code == 0
    assert fake.states() == [job_pb2.JOB_STATE_RUNNING]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends processes without a word")
def test_a_session_that_is_told_to_end_cancels_too(
    talk: Callable[[], Talk], fake: FakeEngine, clip: Path
) -> None:
    fake.script = Script(holds=True, progress=PROGRESS)
    session = talk()
    session.say(HELLO, start(clip))
    session.hear("progress")
    session.process.send_signal(signal.SIGTERM)
    assert session.process.wait(60) == 0
    assert fake.states() == [job_pb2.JOB_STATE_CANCELLED]


def test_nothing_makes_it_die(talk: Callable[[], Talk], fake: FakeEngine, clip: Path) -> None:
    session = talk()
    session.say("nonsense", "[1]", "", '{"type": "hello"', {"type": "models", "id": "early"})
    reasons = [session.hear() for _ in range(4)]
    assert {answer["reason"] for answer in reasons} == {"WRONG_CALL"}
    assert reasons[-1]["id"] == "early"
    assert "hello" in reasons[-1]["message"]
    session.say(HELLO | {"version": 99})
    assert session.hear()["reason"] == "UNKNOWN_VERSION"
    session.say(HELLO)
    assert session.hear()["type"] == "welcome"
    session.say({"type": "dance", "id": "d"})
    answer = session.hear()
    assert (answer["id"], answer["reason"]) == ("d", "UNKNOWN_MESSAGE")
    session.say({"type": "cancel", "id": "nobody"}, start(clip) | {"context": {}})
    assert session.hear()["reason"] == "WRONG_CALL"  # and not a word about nobody
    session.say(start(clip) | {"context": {"rate": 25, "items": [], "clip": 0}})
    assert "Nothing is selected" in session.hear()["message"]
    code, out = session.close()
    assert (code, out) == (0, "")


def test_an_engine_that_is_not_installed_is_a_sentence(home: Home, clip: Path) -> None:
    script = (
        "import sys\n"
        "from longtake_bridge import daemon\n"
        "daemon.ENGINE_MODULES = ('no_such_module',)\n"
        "from longtake_bridge.cli.main import run\n"
        "sys.exit(run(['host']))"
    )
    home.endpoint_path.unlink()  # of the fake one that the fixture has started
    said = "\n".join(json.dumps(one) for one in (HELLO, start(clip)))
    answer = subprocess.run(
        [sys.executable, "-c", script],
        input=said + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    last = json.loads(answer.stdout.splitlines()[-1])
    assert (last["type"], last["id"], last["reason"]) == ("error", "e", "ENGINE_MISSING")
    assert "pip install" in last["message"]


def test_an_engine_that_is_gone_is_a_sentence(home: Home, clip: Path) -> None:
    nobody = "127.0.0.1:1"
    process = subprocess.run(
        [sys.executable, "-m", "longtake_bridge", "host", "--connect", nobody],
        input="\n".join(json.dumps(one) for one in (HELLO, start(clip))) + "\n",
        capture_output=True,
        text=True,
        check=True,
    )
    last = json.loads(process.stdout.splitlines()[-1])
    assert (last["type"], last["reason"]) == ("error", "ENGINE_DOWN")


def test_what_the_engine_can_do_decides_what_is_shown(
    talk: Callable[[], Talk], fake: FakeEngine
) -> None:
    fake.models = (
        model_pb2.Model(name="motion", tasks=[model_pb2.TASK_EXTEND], takes_prompt=True),
        model_pb2.Model(name="between", tasks=[model_pb2.TASK_INTERPOLATE]),
        model_pb2.Model(name="fill", tasks=[model_pb2.TASK_INPAINT]),
    )
    session = talk()
    session.say(HELLO, {"type": "capabilities", "id": "c"}, {"type": "models", "id": "m"})
    both = [session.hear("capabilities", "models") for _ in range(2)]
    answers = {answer["id"]: answer for answer in both}
    available = {task["name"]: task["available"] for task in answers["c"]["tasks"]}
    assert available == {
        "extend": True,
        "fill_gap": True,
        "smooth_jump_cut": True,
        "slow_motion": True,
        "remove_object": False,
        "outpaint": False,
        "generate": False,
    }
    assert answers["c"]["takes_prompt"] is True
    assert [model["name"] for model in answers["m"]["models"]] == ["motion", "between", "fill"]


def test_an_estimate_makes_nothing(talk: Callable[[], Talk], fake: FakeEngine, clip: Path) -> None:
    fake.estimate = job_pb2.EstimateJobResponse(seconds=3.5, disk_bytes=1000, disk_free_bytes=5000)
    session = talk()
    before = set(clip.parent.iterdir())
    session.say(HELLO, start(clip) | {"type": "estimate"})
    answer = session.hear("estimate", "error")
    assert (answer["new_frames"], answer["seconds"], answer["disk_bytes"]) == (12, 3.5, 1000)
    assert set(clip.parent.iterdir()) == before
    assert fake.states() == []


@pytest.mark.parametrize("way", ["path", "base64", "none"])
def test_previews(way: str, talk: Callable[[], Talk], fake: FakeEngine, clip: Path) -> None:
    fake.script = Script(holds=True, progress=PROGRESS)
    session = talk()
    session.say(HELLO | {"preview": way}, start(clip))
    answer = session.hear("progress")
    while answer["phase"] != "making":
        answer = session.hear("progress")
    path, text = answer["preview_path"], answer["preview_base64"]
    assert (path is not None, text is not None) == (way == "path", way == "base64")
    if way == "base64":
        assert text == "/w=="
    if way == "path":
        assert Path(path).read_bytes() == b"\xff"
        session.close()
        assert not Path(path).parent.exists()


def test_a_timeline_file_will_do_too(
    talk: Callable[[], Talk], fake: FakeEngine, clip: Path, tmp_path: Path
) -> None:
    time_range = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(50, 25)
    )
    reference = otio.schema.ExternalReference(clip.as_uri(), time_range)
    timeline = otio.schema.Timeline("cut")
    timeline.tracks.append(
        otio.schema.Track("V1", [otio.schema.Clip("shot", reference, time_range)])
    )
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"))
    fake.script = Script(takes=(made(clip),))
    context = {"timeline": str(tmp_path / "cut.otio"), "clip_name": "shot"}
    session = talk()
    session.say(HELLO, start(clip) | {"context": context})
    answer = session.hear("result", "error")
    assert answer["type"] == "result", answer
    assert answer["timeline"] == str(tmp_path / "cut (extended).otio")
    assert answer["changes"] == []
    assert len(answer["placements"]) == 1


def test_gaps_of_a_timeline_file_that_fail_are_told(
    talk: Callable[[], Talk], fake: FakeEngine, clip: Path, tmp_path: Path
) -> None:
    whole = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(50, 25)
    )
    gap = otio.opentime.TimeRange(
        otio.opentime.RationalTime(0, 25), otio.opentime.RationalTime(12, 25)
    )
    clips = [
        otio.schema.Clip(name, otio.schema.ExternalReference(clip.as_uri(), whole), whole)
        for name in ("one", "two", "three")
    ]
    timeline = otio.schema.Timeline("cut")
    lane = [clips[0], otio.schema.Gap(source_range=gap), clips[1]]
    lane += [otio.schema.Gap(source_range=gap), clips[2]]
    timeline.tracks.append(otio.schema.Track("V1", lane))
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"))
    faults = iter([None, Fault("The second one is too dark.", "BAD_INPUT", 9)])
    fake.script = Script(fail=lambda spec: next(faults), takes=(made(clip),))
    session = talk()
    context = {"timeline": str(tmp_path / "cut.otio")}
    session.say(HELLO, {"type": "start", "id": "f", "task": "fill_gap", "context": context})
    answer = session.hear("result", "error")
    assert answer["type"] == "result", answer
    assert answer["timeline"] == str(tmp_path / "cut (filled).otio")
    assert len(answer["placements"]) == 1
    assert any("The second one is too dark." in note for note in answer["notes"])


def test_a_bug_is_told_and_the_session_goes_on(
    home: Home, fake: FakeEngine, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    told = threading.Event()

    def write(line: str) -> None:
        lines.append(line)
        if json.loads(line)["type"] == "error":
            told.set()

    monkeypatch.setattr("longtake_bridge.host.edit.build_sequence", lambda context: 1 / 0)
    session = Session(write)
    session.hear(json.dumps(HELLO))
    session.hear(json.dumps(start(clip)))
    assert told.wait(30)
    session.close()
    assert "This is a bug in Longtake (ZeroDivisionError" in json.loads(lines[-1])["message"]


def test_the_client_says_why_longtake_does_not_start(tmp_path: Path) -> None:
    session = Longtake.start([str(tmp_path / "none")], host="pitivi")
    edit = session.ask("start", task="extend", context={})
    (answer,) = [one for one in session.poll() if one["id"] == edit]
    assert answer["type"] == "error"
    assert "longtake plugins install pitivi" in answer["message"]
    assert not session.alive
    session.close()


def test_the_client_says_that_longtake_has_died() -> None:
    words = "import sys; sys.stdin.readline(); sys.exit('it broke')"
    session = Longtake.start([sys.executable, "-c", words], host="pitivi")
    until(lambda: not session.alive)
    edit = session.ask("models")
    answers: list[dict[str, Any]] = []

    def heard() -> bool:
        answers.extend(session.poll())
        return any(one["id"] == edit for one in answers)

    until(heard)
    assert all(one["reason"] == "ENGINE_DOWN" for one in answers)
    assert any("it broke" in one["message"] for one in answers)


def test_the_client_hides_the_editors_python_from_longtake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/editor/python")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/editor/lib")
    words = (
        "import json, os, sys\n"
        "names = [n for n in ('PYTHONPATH', 'LD_LIBRARY_PATH') if n in os.environ]\n"
        "print(json.dumps({'type': 'welcome', 'id': 'x', 'names': names}), flush=True)\n"
        "sys.stdin.read()"
    )
    session = Longtake.start([sys.executable, "-c", words], host="test")
    answers: list[dict[str, Any]] = []

    def heard() -> bool:
        answers.extend(session.poll())
        return bool(answers)

    until(heard)
    assert answers[0]["names"] == []
    session.close(timeout_s=30)


def test_the_command_is_read_beside_the_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LONGTAKE_COMMAND", raising=False)
    plugin = tmp_path / "plugin.py"
    assert command_beside(plugin) == ["longtake"]
    (tmp_path / "longtake.json").write_text('{"command": ["/opt/longtake", "-x"]}')
    assert command_beside(plugin) == ["/opt/longtake", "-x"]
    monkeypatch.setenv("LONGTAKE_COMMAND", '["/other"]')
    assert command_beside(plugin) == ["/other"]
