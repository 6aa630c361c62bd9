"""The real engine's daemon: started, found, lost, stopped. Jobs do as their text files say."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from longtake.v1 import job_pb2
from longtake_bridge import daemon
from longtake_bridge.client import Engine
from longtake_bridge.endpoint import Endpoint
from longtake_bridge.extend import media_spec
from longtake_bridge.home import Home
from longtake_bridge.length import Length
from longtake_bridge.option import ExtendOptions
from longtake_bridge.testing import FakeEngine, Script

SCRIPTED = ("--tasks", "longtake_engine.testing.tasks")


@pytest.fixture
def stopped(home: Home) -> Iterator[Home]:
    """A home whose daemon is ended after the test."""
    yield home
    daemon.stop(home)


def _open(home: Home) -> Engine:
    def reopen() -> Endpoint:
        return daemon.find_or_start(home, arguments=SCRIPTED)

    return Engine(reopen(), reopen)


def _spec(folder: Path, *steps: str) -> job_pb2.JobSpec:
    script = folder / "clip.mov"
    script.write_text("\n".join(steps))
    options = ExtendOptions(tail=Length(frames=48))
    return media_spec(script, folder / "out.mov", options=options)


def _wait_until(condition: Callable[[], bool], timeout_s: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def test_is_started_found_again_and_stopped(stopped: Home, longtake) -> None:
    answer = longtake("status", "--json")
    assert json.loads(answer.out)["serving"] is False
    assert longtake("stop").out == "The engine was not running.\n"
    assert longtake("jobs").out == "No jobs.\n"
    first = json.loads(longtake("status", "--json").out)
    assert first["serving"] is True
    assert first["version"] == daemon.own_version()
    assert longtake("jobs").code == 0
    assert json.loads(longtake("status", "--json").out)["pid"] == first["pid"]
    assert f"process {first['pid']}" in longtake("status").out
    assert longtake("stop").out == "The engine is down.\n"
    assert not stopped.endpoint_path.exists()
    assert "not running" in longtake("status").out


def test_two_commands_at_once_start_one_daemon(stopped: Home, spawn) -> None:
    processes = [spawn("jobs") for _ in range(3)]
    for process in processes:
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "No jobs.\n", "")
    log = stopped.log_path.read_text()
    assert log.count("serving") == 1, log


def test_runs_a_job_to_its_end(stopped: Home, tmp_path: Path) -> None:
    told = []
    with _open(stopped) as engine:
        job = engine.run_job(_spec(tmp_path, "progress 10 48", "progress 48 48"), told.append)
    assert job.state == job_pb2.JOB_STATE_SUCCEEDED
    assert job.takes[0].media_path == str(tmp_path / "out.mov")
    assert told[-1].state == job_pb2.JOB_STATE_SUCCEEDED


def test_goes_on_watching_when_the_daemon_is_killed(stopped: Home, tmp_path: Path) -> None:
    goes, runs = tmp_path / "go", tmp_path / "running"
    with _open(stopped) as engine, ThreadPoolExecutor(1) as pool:
        spec = _spec(tmp_path, f"touch {runs}", "progress 1 48", f"wait {goes}")
        ended = pool.submit(engine.run_job, spec, lambda job: None)
        _wait_until(runs.exists)
        killed = daemon.find(stopped)
        assert killed is not None
        os.kill(killed.pid, signal.SIGKILL)
        goes.touch()
        job = ended.result(timeout=60)
    assert job.state == job_pb2.JOB_STATE_SUCCEEDED
    assert (tmp_path / "out.mov").exists()
    revived = daemon.find(stopped)
    assert revived is not None
    assert revived.pid != killed.pid


def test_the_next_command_brings_a_killed_daemon_back(
    stopped: Home, tmp_path: Path, longtake
) -> None:
    with _open(stopped) as engine:
        job = engine.run_job(_spec(tmp_path), lambda job: None)
        pid = engine.endpoint.pid
    os.kill(pid, signal.SIGKILL)
    answer = longtake("status")
    assert answer.code == 0
    assert "had been killed and is back" in answer.out
    assert json.loads(longtake("jobs", "--json").out)["jobs"][0]["job"] == job.id


def test_calls_survive_a_daemon_that_was_stopped(stopped: Home, tmp_path: Path) -> None:
    with _open(stopped) as engine:
        first = engine.endpoint.pid
        assert daemon.stop(stopped)
        assert list(engine.list_jobs()) == []
        assert engine.endpoint.pid != first


def test_ctrl_c_leaves_nothing_half_written(stopped: Home, tmp_path: Path, spawn) -> None:
    runs = tmp_path / "running"
    _spec(tmp_path, "partial", f"touch {runs}", "wait /nowhere/ever")
    with _open(stopped) as engine:
        process: subprocess.Popen[str] = spawn(
            "extend", tmp_path / "clip.mov", "--tail", "48f", "-o", tmp_path / "out.mov"
        )
        _wait_until(runs.exists)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        assert process.returncode == 130
        assert err.splitlines()[-1] == "longtake: Cancelled; nothing was written."
        (job,) = engine.list_jobs()
        assert job.state == job_pb2.JOB_STATE_CANCELLED
    assert {path.name for path in tmp_path.iterdir()} == {"clip.mov", "running", "home"}


def test_an_engine_that_cannot_start_says_why(home: Home, longtake) -> None:
    home.folder.mkdir(parents=True)
    (home.folder / "jobs.sqlite").mkdir()  # no database can be opened here
    answer = longtake("jobs")
    assert answer.code == 4
    assert "The engine could not start: " in answer.err
    assert str(home.start_log_path) in answer.err
    assert answer.err.count("\n") == 1


def test_a_home_that_cannot_be_is_said(
    tmp_path: Path, longtake, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LONGTAKE_HOME", str(tmp_path / "file" / "home"))
    answer = longtake("jobs")
    assert answer.code == 4
    assert "set LONGTAKE_HOME" in answer.err


@pytest.mark.parametrize("text", ["soon", "-1", "nan", "inf"])
def test_idle_seconds_that_are_none_are_said(
    text: str, home: Home, longtake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGTAKE_IDLE_S", text)
    answer = longtake("jobs")
    assert answer.code == 2
    assert "LONGTAKE_IDLE_S" in answer.err


def test_without_the_engine_it_says_what_to_install(
    home: Home, longtake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "ENGINE_MODULES", ("longtake_engine", "no_such_module"))
    for command in (("jobs",), ("serve",), ("demo", home.folder)):
        answer = longtake(*command)
        assert answer.code == 4
        assert "(no_such_module missing)" in answer.err
        assert 'pip install "longtake[engine]"' in answer.err
    assert not home.folder.exists()


def test_another_version_is_replaced_when_it_has_no_work(stopped: Home, longtake) -> None:
    with FakeEngine(stopped, version="0.0.1") as old:
        old.script = Script(holds=True)
        with Engine.attach(Endpoint(old.address, old.token)) as engine:
            engine.create_job(job_pb2.JobSpec())
        answer = longtake("models")
        assert answer.code == 4
        assert "is version 0.0.1 and still at work" in answer.err
        assert longtake("jobs").out.splitlines()[1].split()[:2] == ["j1", "running"]
        assert longtake("cancel", "j1").code == 0
        assert longtake("models").code == 0
        assert json.loads(longtake("status", "--json").out)["version"] == daemon.own_version()


_DEAF = """
import filelock, json, os, pathlib, signal, sys
home = pathlib.Path(sys.argv[1])
lock = filelock.FileLock(home / "daemon.lock")
lock.acquire()
signal.signal(signal.SIGTERM, signal.SIG_IGN)
value = {"address": "127.0.0.1:1", "token": "", "pid": os.getpid(), "version": "0"}
(home / "endpoint.json").write_text(json.dumps(value))
print("deaf", flush=True)
while True:
    signal.pause()
"""


def test_stop_ends_a_daemon_that_does_not_listen(
    home: Home, longtake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon, "_STOP_TIMEOUT_S", 0.3)
    home.folder.mkdir(parents=True)
    command = [sys.executable, "-c", _DEAF, str(home.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as deaf:
        assert deaf.stdout is not None
        assert deaf.stdout.readline() == b"deaf\n"
        try:
            assert longtake("stop").out == "The engine is down.\n"
            assert deaf.wait(10) == -signal.SIGKILL
        finally:
            deaf.kill()


def test_serve_runs_in_the_foreground_until_it_is_stopped(
    home: Home, spawn, longtake, tmp_path: Path
) -> None:
    process = spawn("serve", "--tcp", "--root", tmp_path, "--idle", "60")
    _wait_until(lambda: daemon.find(home) is not None)
    endpoint = daemon.find(home)
    assert endpoint is not None
    assert endpoint.address.startswith("127.0.0.1:")
    assert endpoint.pid == process.pid
    refused = longtake("extend", "/etc/hostname", "--tail", "2s", "-o", tmp_path / "out.mov")
    assert refused.code == 2
    assert "outside the folders" in refused.err
    assert longtake("stop").code == 0
    assert process.wait(10) == 0
