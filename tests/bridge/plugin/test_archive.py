"""A plugin as one zip."""

import tomllib
import zipfile
from pathlib import Path

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.plugin.archive import pack
from longtake_bridge.plugin.installation import find_kind


def test_all_of_a_plugin_lies_in_one_folder(tmp_path: Path) -> None:
    first = pack(find_kind("blender"), tmp_path / "one.zip")
    assert first.read_bytes() == pack(find_kind("blender"), tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(first) as archive:
        names = archive.namelist()
        manifest = tomllib.loads(archive.read("longtake/blender_manifest.toml").decode())
        source = archive.read("longtake/__init__.py").decode()
    assert {name.split("/")[0] for name in names} == {"longtake"}
    assert {"longtake/longtake_client.py", "longtake/longtake_edits.py"} <= set(names)
    assert not [name for name in names if "README" in name or "/tests/" in name]
    assert len(manifest["tagline"]) <= 64  # Blender refuses more
    version = tuple(int(part) for part in manifest["version"].split("."))
    assert f'"version": {version}' in source  # for Blenders that read no manifest


def test_editors_without_zips(tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match="plugins install resolve"):
        pack(find_kind("resolve"), tmp_path / "one.zip")
    with pytest.raises(BridgeError, match="cannot be written"):
        pack(find_kind("blender"), tmp_path / "gone" / "one.zip")


def test_the_command(longtake, tmp_path: Path) -> None:
    answer = longtake("plugins", "pack", "blender", "-o", tmp_path / "longtake.zip")
    assert answer.code == 0, answer.err
    assert zipfile.is_zipfile(tmp_path / "longtake.zip")
