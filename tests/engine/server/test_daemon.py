import json
import re
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import grpc
import pytest
from longtake.v1 import job_pb2, media_pb2, model_pb2
from longtake_engine.server.endpoint import read_endpoint

HEAVY = ("av", "cv2", "numpy", "torch")
DEADLINE_S = 30
unix = pytest.mark.skipif(sys.platform == "win32", reason="needs unix signals and sockets")


@unix
def test_it_can_be_found_by_the_user_alone(start_daemon):
    daemon = start_daemon()
    assert daemon.endpoint.address == f"unix:{daemon.home}/s.sock"
    assert daemon.endpoint.pid == daemon.process.pid
    assert len(daemon.endpoint.token) >= 32
    assert stat.S_IMODE((daemon.home / "endpoint.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(daemon.home.stat().st_mode) == 0o700
    assert set(json.loads((daemon.home / "endpoint.json").read_text())) == {
        "address",
        "token",
        "pid",
        "version",
    }


@unix
def test_a_job_survives_kill_9_of_the_daemon(start_daemon, make_spec, tmp_path):
    gate = tmp_path / "gate"
    daemon = start_daemon()
    job = daemon.caller.create(make_spec("partial", "progress 1 2", f"wait {gate}"))
    waiting = daemon.caller.create(make_spec(name="b"))
    daemon.caller.running_at(job, 1)
    assert len(list(tmp_path.glob(".*.part*"))) == 1
    daemon.process.kill()
    daemon.process.wait()
    assert read_endpoint(daemon.home) is not None  # left behind, as it would be

    again = start_daemon()
    gate.touch()
    ended = again.caller.end(job)
    assert ended.state == job_pb2.JOB_STATE_SUCCEEDED
    assert ended.attempt == 2
    assert Path(ended.takes[0].media_path).is_file()
    assert again.caller.end(waiting).state == job_pb2.JOB_STATE_SUCCEEDED
    assert list(tmp_path.glob(".*.part*")) == []


@unix
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_is_clean_and_loses_no_job(start_daemon, make_spec, tmp_path, number):
    gate = tmp_path / "gate"
    daemon = start_daemon()
    job = daemon.caller.create(make_spec("partial", "progress 1 2", "hang", name="a"))
    daemon.caller.running_at(job, 1)
    daemon.process.send_signal(number)
    assert daemon.process.wait(DEADLINE_S) == 0
    assert not (daemon.home / "endpoint.json").exists()
    assert not (daemon.home / "s.sock").exists()
    assert list(tmp_path.glob(".*.part*")) == []
    (tmp_path / "a.txt").write_text("progress 2 2")
    gate.touch()
    ended = start_daemon().caller.end(job)
    assert (ended.state, ended.attempt) == (job_pb2.JOB_STATE_SUCCEEDED, 1)


def test_it_goes_when_nobody_wants_anything_more(start_daemon, make_spec, tmp_path):
    gate = tmp_path / "gate"
    daemon = start_daemon("--idle", "0.3")
    job = daemon.caller.create(make_spec("progress 1 2", f"wait {gate}"))
    daemon.caller.running_at(job, 1)
    gate.touch()
    assert daemon.process.wait(DEADLINE_S) == 0
    assert (tmp_path / "clip.mov").exists()
    assert not (daemon.home / "endpoint.json").exists()


def test_there_is_one_daemon_to_a_home(start_daemon, start_and_wait):
    daemon = start_daemon()
    status, said = start_and_wait(daemon.home)
    assert status == 0
    assert str(daemon.process.pid) in said
    assert read_endpoint(daemon.home) == daemon.endpoint
    daemon.caller.call(daemon.caller.jobs.ListJobs, job_pb2.ListJobsRequest())


def test_two_homes_have_two_daemons(start_daemon, tmp_path):
    one, other = start_daemon(), start_daemon(home=tmp_path / "other")
    assert one.endpoint.address != other.endpoint.address
    assert one.endpoint.token != other.endpoint.token


def test_over_tcp_it_listens_on_loopback_and_wants_the_token(start_daemon, make_spec, refusal):
    daemon = start_daemon("--tcp")
    assert re.fullmatch(r"127\.0\.0\.1:\d+", daemon.endpoint.address)
    job = daemon.caller.end(daemon.caller.create(make_spec()))
    assert job.state == job_pb2.JOB_STATE_SUCCEEDED
    daemon.caller.metadata = ()
    refused = refusal(daemon.caller.get, job)
    assert refused.code is grpc.StatusCode.UNAUTHENTICATED


@unix
@pytest.mark.parametrize("why", ["long", "shared"])
def test_the_socket_moves_to_a_private_folder_where_home_will_not_do(start_daemon, tmp_path, why):
    home = tmp_path / ("h" * 100 if why == "long" else "shared")
    home.mkdir(mode=0o755)
    daemon = start_daemon(home=home)
    socket = Path(daemon.endpoint.address.removeprefix("unix:"))
    assert not socket.is_relative_to(home)
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    daemon.caller.call(daemon.caller.jobs.ListJobs, job_pb2.ListJobsRequest())
    daemon.process.terminate()
    assert daemon.process.wait(DEADLINE_S) == 0
    assert not socket.parent.exists()


def test_it_reads_and_writes_under_its_roots_only(start_daemon, make_spec, tmp_path, refusal):
    inside = tmp_path / "inside"
    inside.mkdir()
    daemon = start_daemon("--root", str(inside))
    refused = refusal(daemon.caller.create, make_spec())
    assert (refused.code, refused.reason) == (grpc.StatusCode.PERMISSION_DENIED, "PATH_REFUSED")
    probe = media_pb2.ProbeRequest(path=str(tmp_path / "clip.txt"))
    refused = refusal(daemon.caller.call, daemon.caller.media.Probe, probe)
    assert refused.reason == "PATH_REFUSED"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="reads /proc")
def test_pixels_never_enter_the_daemon(start_daemon, make_spec, tmp_path, refusal):
    """A job, an estimate, a probe and the models later, no heavy library is loaded in it."""
    daemon = start_daemon()
    caller = daemon.caller
    caller.end(caller.create(make_spec()))
    caller.call(caller.jobs.EstimateJob, job_pb2.EstimateJobRequest(spec=make_spec(name="b")))
    caller.call(caller.models.ListModels, model_pb2.ListModelsRequest())
    refusal(caller.call, caller.media.Probe, media_pb2.ProbeRequest(path=str(tmp_path / "no.mov")))
    maps = Path(f"/proc/{daemon.process.pid}/maps").read_text()
    assert "grpc" in maps  # so that the next line can fail
    assert [name for name in HEAVY if f"/{name}/" in maps] == []


def test_importing_the_daemon_loads_nothing_heavy():
    program = (
        "import sys, longtake_engine.server.__main__\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_a_home_that_cannot_be_written_is_a_sentence(start_and_wait, tmp_path):
    (tmp_path / "file").write_text("")
    status, said = start_and_wait(tmp_path / "file" / "home")
    assert status == 1
    assert said.startswith("error: The engine cannot keep its state in")
    assert "LONGTAKE_HOME" in said


def test_a_queue_of_a_newer_version_is_a_sentence(start_and_wait, home):
    with sqlite3.connect(home / "jobs.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    status, said = start_and_wait(home)
    assert status == 1
    assert "newer Longtake" in said
    assert "newer Longtake" in (home / "daemon.log").read_text()


@unix
def test_an_address_that_cannot_be_had_ends_it_with_a_line_in_the_log(start_and_wait, home):
    (home / "s.sock").mkdir()
    status, _ = start_and_wait(home)
    assert status == 1
    assert "s.sock" in (home / "daemon.log").read_text()
    assert not (home / "endpoint.json").exists()
