import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from longtake_bridge import daemon
from longtake_bridge.home import Home


def pytest_configure() -> None:
    # Whoever starts tests in the background has them, and all they start, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "PYTEST_XDIST_WORKER" in os.environ:  # one of several at work: a thread each is enough
        os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def footage() -> Path:
    """The folder of real clips; tests that want it carry the marker `footage`."""
    for parent in Path(__file__).parents:
        folder = parent / "shared" / "footage"
        if folder.is_dir():
            return folder
    pytest.skip("the shared clips are not here: no folder shared/footage beside the repository")


@pytest.fixture
def engine_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    """A home for the real engine: it starts there when asked for, and ends with the test."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LONGTAKE_HOME", str(home.folder))
    monkeypatch.setenv("LONGTAKE_IDLE_S", "60")
    monkeypatch.delenv("LONGTAKE_COMMAND", raising=False)
    yield home
    daemon.stop(home)
