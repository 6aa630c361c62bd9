"""Plugins are put where editors look, on every system, and leave nothing behind."""

import json
import os
from pathlib import Path

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.home import Home
from longtake_bridge.plugin import installation
from longtake_bridge.plugin.installation import (
    NOTE_NAME,
    find_host,
    find_installations,
    find_kind,
    install,
    is_built,
    uninstall,
)
from longtake_bridge.plugin.kind import host_kinds
from longtake_bridge.plugin.machine import Machine, System
from longtake_bridge.plugin.source import plugins_folder, read_shared


@pytest.fixture
def plugins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The room `plugins` with something in it for every editor."""
    folder = tmp_path / "room"
    for kind in host_kinds():
        for part in kind.parts:
            where = folder / kind.name / part.source
            (where / "panel").mkdir(parents=True, exist_ok=True)  # some parts are shared
            (where / "plugin.py").write_text('LIBRARY = "@LONGTAKE_LIBRARY@"\n')
            (where / "panel" / "button.py").write_text("PRESSED = 1\n")
            (where / "README.md").write_text("for readers of the code")
            (where / "__pycache__").mkdir(exist_ok=True)
            (where / "__pycache__" / "plugin.cpython-311.pyc").write_bytes(b"compiled")
    monkeypatch.setattr(installation, "plugins_folder", lambda: folder)
    return folder


def machine(tmp_path: Path, system: System = "linux") -> Machine:
    home = tmp_path / "user"
    home.mkdir(exist_ok=True)
    return Machine(system, home, {"PATH": ""})


def contents(folder: Path) -> dict[str, bytes | None]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


PLACES: dict[tuple[str, System], tuple[str, ...]] = {
    ("blender", "linux"): (
        ".config/blender/3.6/scripts/addons/longtake",
        ".config/blender/4.5/extensions/user_default/longtake",
    ),
    ("blender", "macos"): (
        "Library/Application Support/Blender/3.6/scripts/addons/longtake",
        "Library/Application Support/Blender/4.5/extensions/user_default/longtake",
    ),
    ("blender", "windows"): (
        "AppData/Roaming/Blender Foundation/Blender/3.6/scripts/addons/longtake",
        "AppData/Roaming/Blender Foundation/Blender/4.5/extensions/user_default/longtake",
    ),
    ("pitivi", "linux"): (".local/share/pitivi/plugins/longtake",),
    ("kdenlive", "linux"): (".local/share/longtake/plugins/kdenlive",),
    ("shotcut", "linux"): (".local/share/longtake/plugins/shotcut",),
    ("resolve", "linux"): (".local/share/longtake/plugins/resolve",),
    ("resolve", "macos"): ("Library/Application Support/longtake/plugins/resolve",),
    ("resolve", "windows"): ("AppData/Local/longtake/plugins/resolve",),
}


def make_blender_folders(where: Machine) -> None:
    """As Blender makes them when it is first started; other folders are no versions."""
    for name in PLACES["blender", where.system]:
        parts = Path(name).parts
        version = next(i for i, part in enumerate(parts) if part in ("3.6", "4.5"))
        (where.home / Path(*parts[: version + 1])).mkdir(parents=True)
        (where.home / Path(*parts[:version]) / "cache").mkdir(exist_ok=True)


@pytest.mark.parametrize(("name", "system"), PLACES)
def test_where_editors_look(
    name: str, system: System, tmp_path: Path, plugins: Path, home: Home
) -> None:
    where = machine(tmp_path, system)
    if name == "blender":
        make_blender_folders(where)
    before = contents(where.home)
    done = install(find_kind(name), where, home)
    assert (
        tuple(one.folder.relative_to(where.home).as_posix() for one in done)
        == (PLACES[name, system])
    )
    for one in done:
        assert (one.folder / "panel" / "button.py").is_file()
        for shared, content in read_shared():
            assert (one.folder / shared).read_bytes() == content
        assert not (one.folder / "README.md").exists()
        assert one.has_command
        assert os.access(json.loads((one.folder / NOTE_NAME).read_text())["command"][0], os.X_OK)
    assert find_installations(where, home) == done
    for one in done:
        assert uninstall(one, home) == ()
    assert contents(where.home) == before
    assert find_installations(where, home) == ()


def test_the_menu_of_resolve_finds_its_library(tmp_path: Path, plugins: Path, home: Home) -> None:
    where = machine(tmp_path)
    (done,) = install(find_kind("resolve"), where, home)
    menu = where.home / ".local/share/DaVinciResolve/Fusion/Scripts/Utility/Longtake"
    assert (menu / "plugin.py").read_text() == f'LIBRARY = "{done.folder}"\n'
    assert not (menu / "longtake_client.py").exists()  # it would become an entry of the menu


def test_twice_is_once(tmp_path: Path, plugins: Path, home: Home) -> None:
    where = machine(tmp_path)
    install(find_kind("pitivi"), where, home)
    once = contents(tmp_path)
    install(find_kind("pitivi"), where, home)
    assert contents(tmp_path) == once


def test_an_update_takes_away_what_is_no_longer_part_of_it(
    tmp_path: Path, plugins: Path, home: Home
) -> None:
    where = machine(tmp_path)
    before = contents(where.home)
    (done,) = install(find_kind("pitivi"), where, home)
    (plugins / "pitivi" / "panel" / "button.py").unlink()
    (plugins / "pitivi" / "plugin.py").write_text("NEW = 1\n")
    (done,) = install(find_kind("pitivi"), where, home)
    assert not (done.folder / "panel" / "button.py").exists()
    assert (done.folder / "plugin.py").read_text() == "NEW = 1\n"
    uninstall(done, home)
    assert contents(where.home) == before


def test_what_is_not_ours_stays(tmp_path: Path, plugins: Path, home: Home) -> None:
    where = machine(tmp_path)
    (done,) = install(find_kind("pitivi"), where, home)
    (done.folder / "notes.txt").write_text("mine")
    (done.folder / "plugin.py").write_text("CHANGED = 1\n")
    compiled = done.folder / "panel" / "__pycache__"
    compiled.mkdir()
    (compiled / "button.cpython-311.pyc").write_bytes(b"compiled by the editor")
    assert uninstall(done, home) == (done.folder / "plugin.py",)
    assert set(contents(done.folder)) == {"notes.txt", "plugin.py"}


def test_nothing_of_somebody_else_is_replaced(tmp_path: Path, plugins: Path, home: Home) -> None:
    where = machine(tmp_path)
    theirs = where.home / ".local/share/pitivi/plugins/longtake/plugin.py"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("THEIRS = 1\n")
    before = contents(where.home)
    with pytest.raises(BridgeError, match="is not Longtake's") as caught:
        install(find_kind("pitivi"), where, home)
    assert caught.value.reason == "WRONG_CALL"
    assert contents(where.home) == before


def test_into_an_odd_folder_and_out_again(tmp_path: Path, plugins: Path, home: Home) -> None:
    where, odd = machine(tmp_path), tmp_path / "odd place"
    (done,) = install(find_kind("blender"), where, home, into=odd)
    assert done.folder == odd / "longtake"
    assert find_installations(where, home) == (done,)
    uninstall(done, home)
    assert not odd.exists()


def test_an_editor_that_was_never_started(tmp_path: Path, plugins: Path, home: Home) -> None:
    with pytest.raises(BridgeError, match="start Blender once") as caught:
        install(find_kind("blender"), machine(tmp_path), home)
    assert caught.value.reason == "NOT_POSSIBLE"


def test_what_is_not_built_yet_is_said(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "plugins_folder", lambda: tmp_path)
    assert not is_built(find_kind("shotcut"))
    with pytest.raises(BridgeError, match="not built yet") as caught:
        install(find_kind("shotcut"), machine(tmp_path), home)
    assert caught.value.reason == "NOT_POSSIBLE"


def test_an_editor_that_nobody_knows() -> None:
    with pytest.raises(BridgeError, match="blender, kdenlive, shotcut, pitivi, resolve"):
        find_kind("premiere")


def test_a_longtake_that_is_gone_is_noticed(tmp_path: Path, plugins: Path, home: Home) -> None:
    where = machine(tmp_path)
    (done,) = install(find_kind("pitivi"), where, home)
    note = json.loads((done.folder / NOTE_NAME).read_text())
    note["command"] = [str(tmp_path / "gone" / "longtake")]
    (done.folder / NOTE_NAME).write_text(json.dumps(note))
    (found,) = find_installations(where, home)
    assert not found.has_command


def test_a_broken_note_is_no_plugin(tmp_path: Path, plugins: Path, home: Home) -> None:
    where = machine(tmp_path)
    (done,) = install(find_kind("pitivi"), where, home)
    (done.folder / NOTE_NAME).write_text("{")
    assert find_installations(where, home) == ()


def test_an_editor_on_the_search_path_is_found(tmp_path: Path) -> None:
    program = tmp_path / "bin" / "blender"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    where = Machine("linux", tmp_path, {"PATH": str(program.parent)})
    assert find_host(find_kind("blender"), where) == program
    assert find_host(find_kind("pitivi"), where) is None


def test_the_room_of_this_checkout() -> None:
    assert plugins_folder() == Path(__file__).parents[3] / "plugins"


def test_the_commands(longtake, home: Home, plugins: Path, tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    answer = longtake("plugins", "install", "blender", "--into", odd)
    assert answer.code == 0, answer.err
    assert str(odd / "longtake") in answer.out
    assert "Preferences" in answer.out
    listed = longtake("plugins", "list", "--json")
    rows = {row["name"]: row for row in json.loads(listed.out)["hosts"]}
    assert [one["folder"] for one in rows["blender"]["installed"]] == [str(odd / "longtake")]
    assert "Longtake is in" in longtake("plugins", "list").out
    assert longtake("plugins", "uninstall", "blender").code == 0
    assert not odd.exists()
    answer = longtake("plugins", "install", "final-cut")
    assert answer.code == 2
    assert "knows no editor" in answer.err
