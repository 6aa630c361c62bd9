"""What tests of the session say to it, and the process that they say it to."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.home import Home
from longtake_bridge.host.session import Session
from longtake_bridge.testing import example_take

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
        """Say these, each a line."""
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


class TalkHere:
    """A session in a thread, for tests of what it answers rather than of the process."""

    def __init__(self) -> None:
        self._said: queue.Queue[str | None] = queue.Queue()
        self._answers: queue.Queue[str] = queue.Queue()
        session = Session(self._answers.put)
        lines = iter(self._said.get, None)
        self._thread = threading.Thread(target=session.serve, args=(lines,), daemon=True)
        self._thread.start()

    def say(self, *messages: dict[str, Any]) -> None:
        """Say these, each a line."""
        for message in messages:
            self._said.put(json.dumps(message))

    def hear(self, *types: str) -> dict[str, Any]:
        """The next answer of one of these types; the others are passed over."""
        while True:
            answer = json.loads(self._answers.get(timeout=60))
            if not types or answer["type"] in types:
                return answer

    def close(self) -> None:
        """The host has no more to say; returns once the session has ended."""
        self._said.put(None)
        self._thread.join(60)
        assert not self._thread.is_alive(), "it has not ended"


def start(clip: Path, edit: str = "e", **settings: Any) -> dict[str, Any]:
    """The request to extend a clip of 50 frames that lies alone on its timeline."""
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
    """The 12 frames that such a request asks for."""
    take = example_take(clip.with_name("made.mov"), source=0, tail=12)
    take.start_frame = 50
    take.rate.CopyFrom(media_pb2.Rational(numerator=25, denominator=1))
    return take


def until(condition: Callable[[], bool]) -> None:
    """Returns once the condition holds; AssertionError where it never does."""
    deadline_s = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline_s, "it did not come to that"
        time.sleep(0.02)
