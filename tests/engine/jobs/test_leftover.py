import json
import os
import subprocess
import sys

from longtake_engine.jobs.leftover import Leftover


def test_the_worker_of_a_killed_daemon_is_ended(tmp_path):
    leftover = Leftover(tmp_path / "worker.json")
    worker = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    leftover.remember(worker.pid)
    leftover.end()
    worker.wait(timeout=30)  # its stdin is open, so it would wait for ever
    assert not (tmp_path / "worker.json").exists()
    assert worker.stdin is not None
    worker.stdin.close()


def test_another_process_of_the_same_number_goes_on(tmp_path):
    path = tmp_path / "worker.json"
    path.write_text(json.dumps({"pid": os.getpid(), "create_time": 1.0}))
    Leftover(path).end()
    assert not path.exists()


def test_nothing_remembered_and_nonsense_remembered_do_no_harm(tmp_path):
    path = tmp_path / "worker.json"
    Leftover(path).end()
    path.write_text("[1")
    Leftover(path).end()
    assert not path.exists()
