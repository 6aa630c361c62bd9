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
import hashlib, resource, sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
import torch
from longtake_engine.cancel import CancelToken
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.models.schedule import Scheduled
from longtake_engine.testing.picture import canvas_of, format_of, panning
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.store import ModelStore
from longtake_engine.work import Guidance

torch.set_num_threads(1)
home, kept, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
entry = Catalogue().find("wan-vace-1.3b")
family = family_of(entry)
family = replace(family, steps=1, grid=replace(family.grid, max_frames=17))
backend = Scheduled(Diffusion(entry, family, ModelStore(home))).kept_in(kept)
known = panning(format_of("yuv420p", 32, 32), 12)
canvas = replace(canvas_of(known, range(12, 12 + count)), rate=Fraction(16))
digest, start = hashlib.sha256(), 0
for made in backend.complete(canvas, Guidance(prompt="a dog", seed=5), CancelToken()):
    start = start or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for plane in made.picture.planes:
        digest.update(plane.tobytes())
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - start
print(digest.hexdigest(), grown * 1024)
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


def end(process: subprocess.Popen[str]) -> tuple[str, int]:
    """The digest of all pictures, and by how much memory grew after the first window."""
    said, _ = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0
    digest, grown = said.split()
    return digest, int(grown)


def whole_windows(kept: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in kept.glob("*/window-*.npz")
    }


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of unix")
def test_half_a_minute_keeps_to_its_memory_and_goes_on_after_a_kill(home, tmp_path):
    whole = begin(home, tmp_path / "whole", FRAMES)
    killed = begin(home, tmp_path / "killed", FRAMES)
    deadline_s = time.monotonic() + DEADLINE_S
    while len(list((tmp_path / "killed").glob("*/window-*.npz"))) < 8:
        assert time.monotonic() < deadline_s and killed.poll() is None
        time.sleep(0.02)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    before = whole_windows(tmp_path / "killed")
    assert 8 <= len(before) < 40
    again = begin(home, tmp_path / "killed", FRAMES)
    digest, grown = end(whole)
    assert end(again)[0] == digest
    after = whole_windows(tmp_path / "killed")
    assert before.items() <= after.items()
    assert after == whole_windows(tmp_path / "whole")
    assert grown < 40_000_000
