import json
from collections.abc import Callable

import pytest
from longtake_bridge.cli.main import run
from longtake_bridge.home import Home

Ask = Callable[..., tuple[int, dict]]


@pytest.fixture
def ask(engine_home: Home, capsys: pytest.CaptureFixture[str]) -> Ask:
    """The command line with --json and the real engine: its exit code and object."""

    def call(*arguments: object) -> tuple[int, dict]:
        code = run([*map(str, arguments), "--json"])
        return code, json.loads(capsys.readouterr().out)

    return call
