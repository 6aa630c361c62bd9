"""A plugin in an editor's folder: put there, found there, taken away, and nothing else touched."""

import hashlib
import json
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longtake_bridge.daemon import own_version
from longtake_bridge.errors import BridgeError, not_possible, wrong_call
from longtake_bridge.home import Home
from longtake_bridge.plugin.kind import HostKind, Part, host_kinds
from longtake_bridge.plugin.machine import Machine
from longtake_bridge.plugin.source import plugins_folder, read_files, read_shared

NOTE_NAME = "longtake.json"  # beside a plugin: which `longtake` to start, and what was put there
_LIBRARY_WORD = b"@LONGTAKE_LIBRARY@"  # in a script: the folder that the library was put into


@dataclass(frozen=True, slots=True)
class Installation:
    """A plugin that lies in an editor's folder."""

    host: str
    folder: Path  # where its note lies
    command: tuple[str, ...]  # that it starts
    version: str  # of Longtake, when it was put there
    files: tuple[tuple[Path, str], ...]  # absolute, with the SHA-256 of what was written
    folders: tuple[Path, ...]  # that were made for them

    @property
    def has_command(self) -> bool:
        """Whether the `longtake` that it starts is still there."""
        return bool(self.command) and os.access(self.command[0], os.X_OK)


def find_kind(name: str) -> HostKind:
    """The editor of that name.

    Raises:
        BridgeError: WRONG_CALL; there is none.
    """
    for kind in host_kinds():
        if kind.name == name.lower():
            return kind
    names = ", ".join(kind.name for kind in host_kinds())
    raise wrong_call(f'Longtake knows no editor "{name}"; there are {names}.')


def is_built(kind: HostKind) -> bool:
    """Whether there is a plugin for it yet."""
    folder = plugins_folder() / kind.name
    return folder.is_dir() and next(read_files(folder), None) is not None


def find_host(kind: HostKind, machine: Machine) -> Path | None:
    """Where the editor itself lies on this machine; None where it is not found."""
    program = machine.find_program(*kind.programs)
    if program is not None:
        return program
    apps = (Path(app.replace("~", str(machine.home))) for app in kind.apps)
    return next((app for app in apps if app.exists()), None)


def own_command() -> tuple[str, ...]:
    """The command that starts this very Longtake."""
    suffix = ".exe" if sys.platform == "win32" else ""
    script = Path(sysconfig.get_path("scripts")) / f"longtake{suffix}"
    if os.access(script, os.X_OK):
        return (str(script),)
    return (sys.executable, "-m", "longtake_bridge")


def find_installations(machine: Machine, home: Home) -> tuple[Installation, ...]:
    """Every plugin of ours that lies where editors look, or where we were told to put one."""
    folders = [
        place / part.folder
        for kind in host_kinds()
        for part in kind.parts
        if part.is_home
        for place in part.places(machine)
    ]
    folders += _remembered(home)
    found = (read_note(folder) for folder in dict.fromkeys(folders))
    return tuple(one for one in found if one is not None)


def read_note(folder: Path) -> Installation | None:
    """The plugin in a folder, by the note that lies beside it; None where there is none."""
    try:
        value = json.loads((folder / NOTE_NAME).read_text("utf-8"))
        return Installation(
            host=str(value["host"]),
            folder=folder,
            command=tuple(str(word) for word in value["command"]),
            version=str(value["longtake"]),
            files=tuple((Path(path), str(digest)) for path, digest in value["files"].items()),
            folders=tuple(Path(path) for path in value["folders"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def is_current(found: Installation) -> bool:
    """Whether a plugin is the one that this Longtake would put there, and nobody has changed it."""
    kind = find_kind(found.host)
    if not is_built(kind):
        return False
    places = dict(found.files)
    wanted = dict(_files(kind, found.folder.parent, _beside_of(kind, found)))
    return all(
        places.get(path) == _digest(content) and _holds(path, content)
        for path, content in wanted.items()
    )


def install(
    kind: HostKind, machine: Machine, home: Home, *, into: Path | None = None
) -> tuple[Installation, ...]:
    """The plugin, put where the editor looks (every version of it), or `into` a folder.

    What an earlier installation put there is replaced; nothing else is.

    Raises:
        BridgeError: NOT_POSSIBLE; there is no plugin yet, or no folder of the editor. WRONG_CALL;
            something that is not ours is in the way, or the folder cannot be written.
    """
    if not is_built(kind):
        raise not_possible(f"The plugin for {kind.title} is not built yet.")
    first, *others = kind.parts
    places = (into.absolute(),) if into is not None else first.places(machine)
    if not places:
        todo = kind.not_there or "it does not run on this system"
        raise not_possible(
            f"No folder of {kind.title} was found: {todo}, or say where with --into DIR."
        )
    beside = [(part, (into or _first_place(kind, part, machine)).absolute()) for part in others]
    return tuple(_install_at(kind, place, beside, home) for place in places)


def uninstall(found: Installation, home: Home) -> tuple[Path, ...]:
    """Takes a plugin away; returns what was left, because somebody has changed it.

    Raises:
        BridgeError: WRONG_CALL; a file cannot be removed.
    """
    left: list[Path] = []
    note = found.folder / NOTE_NAME
    for path, digest in found.files:
        if not path.is_file():
            continue
        if _digest(path.read_bytes()) == digest:
            _unlink(path)
        else:
            left.append(path)
    _unlink(note)
    for folder in sorted(found.folders, key=lambda one: len(one.parts), reverse=True):
        _remove_folder(folder)
    _remember(home, [one for one in _remembered(home) if one != found.folder])
    return tuple(left)


def _install_at(
    kind: HostKind, place: Path, beside: Sequence[tuple[Part, Path]], home: Home
) -> Installation:
    folder = place / kind.parts[0].folder
    before = read_note(folder)
    wanted = dict(_files(kind, place, beside))
    known = dict(before.files) if before is not None else {}
    for path, content in wanted.items():
        if path.exists() and path not in known and path.read_bytes() != content:
            raise wrong_call(
                f"{path} is there already and is not Longtake's; move it away, or say where else "
                "with --into DIR."
            )
    note = {
        "host": kind.name,
        "command": list(own_command()),
        "longtake": own_version(),
        "folders": [str(path) for path in _new_folders(wanted, before)],
        "files": {str(path): _digest(content) for path, content in wanted.items()},
    }
    try:
        for path, content in wanted.items():
            _write(path, content)
        _write(folder / NOTE_NAME, json.dumps(note, indent=2).encode())
        for path in known.keys() - wanted.keys():  # an older plugin had it
            path.unlink(missing_ok=True)
    except OSError as error:
        raise wrong_call(
            f"The plugin cannot be written to {folder} ({error.strerror}); say where else with "
            "--into DIR."
        ) from None
    _remember(home, [*_remembered(home), folder])
    installed = read_note(folder)
    assert installed is not None, "it has just been written"
    return installed


def _files(
    kind: HostKind, place: Path, beside: Sequence[tuple[Part, Path]]
) -> Iterator[tuple[Path, bytes]]:
    source = plugins_folder() / kind.name
    home = place / kind.parts[0].folder
    library = json.dumps(str(home)).encode()
    for part, where in ((kind.parts[0], place), *beside):
        folder = where / part.folder
        for name, content in read_files(source / part.source):
            yield folder / name, content.replace(b'"' + _LIBRARY_WORD + b'"', library)
        if part.is_home:
            for name, content in read_shared():
                yield folder / name, content


def _beside_of(kind: HostKind, found: Installation) -> list[tuple[Part, Path]]:
    """The other parts of a plugin and where they were put, as far as that can be seen."""
    beside: list[tuple[Part, Path]] = []
    for part in kind.parts[1:]:
        folders = [folder for path, _ in found.files for folder in path.parents]
        place = next((f.parent for f in folders if f.name == part.folder), None)
        if place is not None:
            beside.append((part, place))
    return beside


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.read_bytes() == content
    except OSError:
        return False


def _new_folders(wanted: Mapping[Path, bytes], before: Installation | None) -> list[Path]:
    """The folders that are there only for our sake."""
    missing = {parent for path in wanted for parent in path.parents if not parent.exists()}
    return sorted(missing.union(before.folders if before is not None else ()))


def _first_place(kind: HostKind, part: Part, machine: Machine) -> Path:
    places = part.places(machine)
    if not places:
        raise not_possible(f"{kind.title} does not run on this system; say where with --into DIR.")
    return places[0]


def _remembered(home: Home) -> list[Path]:
    """The folders that plugins were put into, wherever that was."""
    try:
        value: Any = json.loads((home.folder / "plugins.json").read_text("utf-8"))
        return [Path(text) for text in value["folders"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _remember(home: Home, folders: Sequence[Path]) -> None:
    value = {"folders": list(dict.fromkeys(str(folder) for folder in folders))}
    home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(home.folder / "plugins.json", json.dumps(value, indent=2).encode())


def _write(path: Path, content: bytes) -> None:
    """Writes a file whole, or not at all: the editor may be reading it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_file() and path.read_bytes() == content:
        return
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _unlink(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise BridgeError(
            f"{path} cannot be removed ({error.strerror}); close the editor and try again.",
            "WRONG_CALL",
        ) from None


def _remove_folder(folder: Path) -> None:
    """Removes a folder where nothing is left in it but what Python compiled of our files."""
    compiled = folder / "__pycache__"
    sources = {path.stem for path in folder.glob("*.py")} if folder.is_dir() else set()
    for path in compiled.glob("*.pyc") if compiled.is_dir() else ():
        if path.name.split(".")[0] not in sources:
            path.unlink(missing_ok=True)
    for empty in (compiled, folder):
        with suppress(OSError):  # not empty: somebody else's
            empty.rmdir()


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
