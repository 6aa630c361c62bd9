"""The plugin as it is installed for Kdenlive, and its modules."""

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.home import Home
from longtake_bridge.plugin.installation import find_kind, install
from longtake_bridge.plugin.machine import Machine


@pytest.fixture
def plugin(tmp_path: Path) -> Path:
    """The folder that `longtake plugins install kdenlive` fills."""
    user = tmp_path / "user"
    user.mkdir()
    machine = Machine("linux", user, {"PATH": ""})
    (installed,) = install(find_kind("kdenlive"), machine, Home(tmp_path / "home"))
    return installed.folder


@pytest.fixture
def module(plugin: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Imports a module of the plugin; it is forgotten after the test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(plugin))
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if name.startswith("longtake_") and not name.startswith(("longtake_bridge", "longtake_e")):
            del sys.modules[name]
