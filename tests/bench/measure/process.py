"""Work measured in a process of its own, that has done nothing else."""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def ask(child: Path, work: dict[str, Any]) -> dict[str, Any]:
    """What the script `child` answers on stdout, given `work` as its one argument, both JSON.

    Raises:
        RuntimeError: If it fails, with the end of what it said.
    """
    return json.loads(run([sys.executable, str(child), json.dumps(work)]).stdout)


def run(words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """A program run to its end.

    Raises:
        RuntimeError: If it fails, with the end of what it said.
    """
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words} could not be measured:\n{done.stderr[-2000:]}")
    return done


def peak_mb() -> float:
    """The most memory that this process has held.

    Linux hands `ru_maxrss` on to what a process starts, so that a child would answer with its
    parent's peak; the kernel's own note of this process does not have that fault.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def revision() -> str:
    """Which state of the engine is measured."""

    def git(*words: str) -> str:
        call = ["git", "-C", str(Path(__file__).parent), *words]
        return subprocess.run(call, capture_output=True, text=True, check=False).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", ":/engine")
    return git("rev-parse", "--short", "HEAD") + (" with uncommitted changes" if changed else "")
