"""The worker of a daemon that was killed: it ends by itself, and this makes sure."""

import json
import time
from pathlib import Path

import psutil

_TIMEOUT_S = 5.0


class Leftover:
    """Remembers the worker in a file, so that no two ever write the same half-made output."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def remember(self, pid: int) -> None:
        """Keep which process it is; a number alone may be another process's later."""
        try:
            start = psutil.Process(pid).create_time()
        except psutil.Error:
            return  # it has ended already
        self._path.write_text(json.dumps({"pid": pid, "create_time": start}))

    def end(self) -> None:
        """End the worker that was remembered last, if it is still there."""
        try:
            kept = json.loads(self._path.read_text())
            process = psutil.Process(kept["pid"])
            if process.create_time() == kept["create_time"]:
                process.kill()
                _wait(process)
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            pass  # there is none, or not any more
        self._path.unlink(missing_ok=True)


def _wait(process: psutil.Process) -> None:
    # Not Process.wait: that waits for a zombie, which some containers never bury.
    deadline_s = time.monotonic() + _TIMEOUT_S
    while time.monotonic() < deadline_s and process.is_running():
        if process.status() == psutil.STATUS_ZOMBIE:
            return
        time.sleep(0.02)
