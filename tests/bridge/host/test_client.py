"""The file that every plugin carries: how it starts Longtake, and what it says where it cannot."""

import sys
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.host.client_for_hosts import Longtake, command_beside
from longtake_bridge.host.testing_talk import until


def test_the_client_says_why_longtake_does_not_start(tmp_path: Path) -> None:
    session = Longtake.start([str(tmp_path / "none")], host="pitivi")
    edit = session.ask("start", task="extend", context={})
    (answer,) = [one for one in session.poll() if one["id"] == edit]
    assert answer["type"] == "error"
    assert "longtake plugins install pitivi" in answer["message"]
    assert not session.alive
    session.close()


def test_the_client_says_that_longtake_has_died() -> None:
    words = "import sys; sys.stdin.readline(); sys.exit('it broke')"
    session = Longtake.start([sys.executable, "-c", words], host="pitivi")
    until(lambda: not session.alive)
    edit = session.ask("models")
    answers: list[dict[str, Any]] = []

    def heard() -> bool:
        answers.extend(session.poll())
        return any(one["id"] == edit for one in answers)

    until(heard)
    assert all(one["reason"] == "ENGINE_DOWN" for one in answers)
    assert any("it broke" in one["message"] for one in answers)


def test_the_client_hides_the_editors_python_from_longtake(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", "/editor/python")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/editor/lib")
    words = (
        "import json, os, sys\n"
        "names = [n for n in ('PYTHONPATH', 'LD_LIBRARY_PATH') if n in os.environ]\n"
        "print(json.dumps({'type': 'welcome', 'id': 'x', 'names': names}), flush=True)\n"
        "sys.stdin.read()"
    )
    session = Longtake.start([sys.executable, "-c", words], host="test")
    answers: list[dict[str, Any]] = []

    def heard() -> bool:
        answers.extend(session.poll())
        return bool(answers)

    until(heard)
    assert answers[0]["names"] == []
    session.close(timeout_s=30)


def test_the_command_is_read_beside_the_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LONGTAKE_COMMAND", raising=False)
    plugin = tmp_path / "plugin.py"
    assert command_beside(plugin) == ["longtake"]
    (tmp_path / "longtake.json").write_text('{"command": ["/opt/longtake", "-x"]}')
    assert command_beside(plugin) == ["/opt/longtake", "-x"]
    monkeypatch.setenv("LONGTAKE_COMMAND", '["/other"]')
    assert command_beside(plugin) == ["/other"]
