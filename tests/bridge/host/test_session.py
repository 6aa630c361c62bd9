"""The session as a process: what it says, how it ends, and that nothing makes it die."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from longtake.v1 import job_pb2
from longtake_bridge.home import Home
from longtake_bridge.host.session import Session
from longtake_bridge.host.testing_talk import HELLO, PROGRESS, Talk, made, start, until
from longtake_bridge.testing import FakeEngine, Script


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


@pytest.mark.skipif(sys.platform == "win32", reason="as above")
def test_it_ends_whichever_thread_is_told_to() -> None:
    script = (
        "import signal, sys, threading\n"
        "from longtake_bridge.cli.main import run\n"
        "def told():\n"
        "    while signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:\n"
        "        threading.Event().wait(0.01)\n"
        "    signal.pthread_kill(threading.get_ident(), signal.SIGTERM)\n"
        "threading.Thread(target=told, daemon=True).start()\n"
        "sys.exit(run(['host']))"
    )
    # Its end of input stays open: only the signal can end it.
    with subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE) as process:
        try:
            assert process.wait(60) == 0
        finally:
            process.kill()


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
