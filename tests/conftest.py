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


@pytest.fixture(scope="session")
def engine_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """The home of the one real engine of these tests: one starts in seconds."""
    home = Home(tmp_path_factory.mktemp("engine"))
    yield home
    daemon.stop(home)


@pytest.fixture
def engine_home(engine_folder: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home for the real engine: it starts there when asked for, and other tests find it there."""
    monkeypatch.setenv("LONGTAKE_HOME", str(engine_folder.folder))
    monkeypatch.setenv("LONGTAKE_IDLE_S", "60")
    monkeypatch.delenv("LONGTAKE_COMMAND", raising=False)
    monkeypatch.delenv("LONGTAKE_TOKEN", raising=False)
    return engine_folder
