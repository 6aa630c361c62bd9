"""The worker of a daemon that was killed: it ends by itself, and this makes sure."""

import json
from pathlib import Path

import psutil


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
                process.wait(timeout=5)
        except (OSError, ValueError, KeyError, TypeError, psutil.Error):
            pass  # there is none, or not any more
        self._path.unlink(missing_ok=True)
