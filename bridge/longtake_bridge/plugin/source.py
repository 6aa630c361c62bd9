"""The plugins' own files: in a checkout the room `plugins`, in a wheel the folder beside ours."""

from collections.abc import Iterator
from pathlib import Path

import longtake_bridge
from longtake_bridge.host import client_for_hosts, edits_for_hosts

_SHARED = (("longtake_client.py", client_for_hosts), ("longtake_edits.py", edits_for_hosts))
_LEFT_OUT = ("README.md", "screenshot.png", "tests", "__pycache__")


def plugins_folder() -> Path:
    """Where the folders of all plugins lie."""
    package = Path(longtake_bridge.__file__).parent
    checkout = package.parents[1]
    if (checkout / "pyproject.toml").is_file() and (checkout / "plugins").is_dir():
        return checkout / "plugins"
    return package.parent / "longtake_plugins"


def read_files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file of a plugin by its path in `folder`, with what it holds."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") or part in _LEFT_OUT for part in name.parts)
        if path.is_file() and not hidden:
            yield name.as_posix(), path.read_bytes()


def read_shared() -> Iterator[tuple[str, bytes]]:
    """What lies beside every plugin, by its name there: with it a plugin speaks to Longtake."""
    for name, module in _SHARED:
        yield name, Path(str(module.__file__)).read_bytes()
