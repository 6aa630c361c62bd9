import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from longtake_bridge.cli.main import run
from longtake_bridge.home import Home
from longtake_bridge.testing import FakeEngine


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of its own for every test, so that no test meets the user's engine."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("LONGTAKE_HOME", str(home.folder))
    monkeypatch.delenv("LONGTAKE_TOKEN", raising=False)
    monkeypatch.setenv("LONGTAKE_IDLE_S", "60")  # lest a failed test leave an engine behind
    return home


@pytest.fixture
def fake(home: Home) -> Iterator[FakeEngine]:
    with FakeEngine(home) as engine:
        yield engine


@pytest.fixture
def longtake(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """The command line in this process."""

    def call(*arguments: str | Path) -> Answer:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def spawn(home: Home) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """The command line in a process of its own, ended with the test."""
    processes = []

    def start(*arguments: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "longtake_bridge", *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"LONGTAKE_HOME": str(home.folder)},
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.wait()
        for stream in (process.stdout, process.stderr):
            stream.close()
