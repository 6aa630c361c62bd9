"""Half a minute by a tiny video model whose window is 17 frames: through the real loading code, in
a process of its own that is killed in the middle."""

import hashlib
import importlib.util
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FRAMES = 480  # 30 seconds at the model's own rate
DEADLINE_S = 250.0

MAKE = """
import resource, sys
from pathlib import Path
import torch
from longtake_engine.testing.tiny_film import film

torch.set_num_threads(1)
start = count = 0
for made in film(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])):
    count += 1
    if count == int(sys.argv[3]) // 2:  # the model is loaded by now, wherever the run began again
        start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start
print(count, grown * 1024)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("diffusers") is None:
        pytest.skip("diffusers is not installed (the extra `weights`)")
    from longtake_engine.testing.tiny_store import install_tiny

    folder = tmp_path_factory.mktemp("home")
    install_tiny("wan-vace", "wan-vace-1.3b", folder)
    return folder


def begin(home: Path, kept: Path, count: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MAKE, str(home), str(kept), str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def end(process: subprocess.Popen[str]) -> tuple[int, int]:
    """How many pictures there were, and by how much memory grew in the second half."""
    said, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0
    count, grown = said.split()
    return int(count), int(grown)


def whole_windows(kept: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept.glob("*/window-*.npz")
    }


def without_interruption(home: Path, kept: Path, count: int) -> dict[str, str]:
    """The first `count` windows, as they are made where nothing is killed."""
    import torch
    from longtake_engine.testing.tiny_film import film

    torch.set_num_threads(1)
    made = film(home, kept, FRAMES)
    while len(whole_windows(kept)) < count:
        next(made)
    made.close()
    return whole_windows(kept)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of unix")
def test_half_a_minute_keeps_to_its_memory_and_goes_on_after_a_kill(home, tmp_path):
    kept = tmp_path / "killed"
    killed = begin(home, kept, FRAMES)
    deadline_s = time.monotonic() + DEADLINE_S
    while len(list(kept.glob("*/window-*.npz"))) < 4:
        assert time.monotonic() < deadline_s and killed.poll() is None
        time.sleep(0.02)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    before = whole_windows(kept)
    assert 4 <= len(before) < 20
    again = begin(home, kept, FRAMES)
    expected = without_interruption(home, tmp_path / "whole", len(before) + 4)
    assert len(expected) > len(before)
    count, grown = end(again)
    assert count == FRAMES
    after = whole_windows(kept)
    assert before.items() <= after.items()  # none was made twice
    assert expected.items() <= after.items()  # nor otherwise than without the kill
    assert grown < 20_000_000
