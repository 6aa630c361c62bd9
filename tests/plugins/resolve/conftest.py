"""Resolve as a stand-in, and the plugin as it is installed into it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.home import Home
from longtake_bridge.plugin.installation import Installation, find_kind, install
from longtake_bridge.plugin.machine import Machine
from longtake_bridge.plugin.testing.resolve import Resolve


@pytest.fixture
def resolve() -> Resolve:
    return Resolve()


@pytest.fixture
def new_resolve() -> type[Resolve]:
    """For a timeline of another rate."""
    return Resolve


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """The plugin as `longtake plugins install` puts it there; its modules are forgotten after."""
    user = tmp_path / "user"
    user.mkdir()
    machine = Machine("linux", user, {})
    (done,) = install(find_kind("resolve"), machine, Home(tmp_path / "home"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield done
    for name in set(sys.modules) - before:
        if name.startswith("longtake_") and not name.startswith(
            ("longtake_bridge", "longtake_eng")
        ):
            del sys.modules[name]


@pytest.fixture
def menu(plugin: Installation) -> Callable[..., None]:
    """Choose an entry of Workspace ▸ Scripts ▸ Longtake; Resolve gives it these names."""
    scripts = plugin.folder.parents[2] / "DaVinciResolve/Fusion/Scripts/Utility/Longtake"

    def choose(entry: str, **names: Any) -> None:
        source = (scripts / f"{entry}.py").read_text("utf-8")
        exec(compile(source, entry, "exec"), dict(names))

    return choose
