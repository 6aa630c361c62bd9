import signal
from pathlib import Path

import pytest


def pytest_configure() -> None:
    """Whoever starts tests in the background has them, and all they start, ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def footage() -> Path:
    """The folder of real clips; tests that want it carry the marker `footage`."""
    for parent in Path(__file__).parents:
        folder = parent / "shared" / "footage"
        if folder.is_dir():
            return folder
    pytest.skip("the shared clips are not here: no folder shared/footage beside the repository")
