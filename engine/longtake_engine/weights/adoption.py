"""Taking weights into use that lie on this machine already: where they lie, without a copy."""

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from longtake_engine.errors import BadInput, EngineError, MissingInput, WrongCall
from longtake_engine.weights import check
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.entry import Entry
from longtake_engine.weights.install import check_license, store_file
from longtake_engine.weights.manifest import Manifest, StoredFile
from longtake_engine.weights.progress import Tally, Tell
from longtake_engine.weights.selection import matches
from longtake_engine.weights.store import ModelStore

_DEPTH = 5  # HF_HOME/hub/models--OWNER--NAME/snapshots/COMMIT
_INDEX = "model_index.json"
# What ComfyUI calls the folders of weights that are one file each.
_SINGLE_FILES = frozenset(
    {"checkpoints", "clip", "clip_vision", "diffusion_models", "text_encoders", "unet", "vae"}
)


@dataclass(frozen=True, slots=True)
class AdoptOptions:
    """What is to be taken into use."""

    folder: Path
    name: str = ""  # which model it is; empty to find out
    accept_license: bool = False


@dataclass(frozen=True, slots=True)
class Unused:
    """Something in a folder that cannot be used."""

    sentence: str


def adopt(
    catalogue: Catalogue, store: ModelStore, options: AdoptOptions, tell: Tell
) -> Iterator[Manifest | Unused]:
    """Each model in a folder as it is taken into use, and what cannot be used and why.

    Raises:
        WrongCall: More than one is there, and a name was given.
        MissingInput: There is no model in the folder.
        EngineError: There is one, and it cannot be used.
    """
    folder = options.folder
    if not folder.is_dir():
        raise MissingInput(f"There is no folder {folder} on the engine's machine.")
    found = _find_pipelines(folder, _lone_entries(catalogue), options.name)
    if options.name and len(found) > 1:
        raise WrongCall(f"{folder} holds {len(found)} models; give the folder of one with --as.")
    lone = _single_files(folder)
    if not found:
        raise _nothing(folder, lone)
    used: set[str] = set()
    for pipeline in found:
        try:
            entry = (
                catalogue.find(options.name) if options.name else _recognise(catalogue, pipeline)
            )
            if entry.name not in used:  # another commit of it, newer than this one
                used.add(entry.name)
                yield _take(entry, pipeline, store, options, tell)
        except EngineError as error:
            if len(found) == 1:
                raise
            yield Unused(error.sentence)
    if lone:
        yield Unused(_lone_sentence(lone))


def _find_pipelines(folder: Path, lone: list[Entry], name: str) -> list[Path]:
    """The folders below that a pipeline can be loaded from, or one of `lone`, the newest first."""
    found = []
    for place, folders, files in os.walk(folder):
        path = Path(place)
        if _INDEX in files or _is_lone(path, files, lone, name):
            found.append(path)
            folders.clear()
        elif len(path.relative_to(folder).parts) >= _DEPTH:
            folders.clear()
        folders[:] = [name for name in folders if name != "blobs" and not name.startswith(".")]
    return sorted(found, key=_age)


def _lone_entries(catalogue: Catalogue) -> list[Entry]:
    """The models that are one model, not a pipeline of parts."""
    return [entry for entry in catalogue if not entry.pipeline.endswith("Pipeline")]


def _is_lone(folder: Path, files: list[str], lone: list[Entry], name: str) -> bool:
    """Whether one of `lone` lies there: that called `name`, or one that it can be told to be.

    A cache may hold many more models of the same classes, which are nobody's business here.
    """
    if "config.json" not in files or not any(file.endswith(check.SAFE) for file in files):
        return False
    kind, repository = _class_of(folder), _repository_of(folder)
    return any(
        entry.repository == repository
        or (entry.pipeline == kind and (entry.name == name or _has_marks(entry, folder)))
        for entry in lone
    )


def _class_of(pipeline: Path) -> str:
    """What class is written in a folder; empty where none is."""
    if (pipeline / _INDEX).exists():
        return str(_read(pipeline / _INDEX).get("_class_name", ""))
    return str(next(iter(_read(pipeline / "config.json").get("architectures") or ()), ""))


def _age(pipeline: Path) -> float:
    return -pipeline.stat().st_mtime


def _single_files(folder: Path) -> list[Path]:
    """Weights that are one file each, as ComfyUI keeps them."""
    return sorted(
        path
        for path in folder.rglob("*.safetensors")
        if path.parent.name in _SINGLE_FILES and not (path.parent.parent / _INDEX).exists()
    )


def _recognise(catalogue: Catalogue, pipeline: Path) -> Entry:
    """The entry that a folder is of.

    Raises:
        WrongCall: It may be one of several.
        BadInput: It is none that Longtake knows.
    """
    repository = _repository_of(pipeline)
    kind = _class_of(pipeline)
    able = [entry for entry in catalogue if repository == entry.repository] or [
        entry for entry in catalogue if entry.pipeline == kind and _has_marks(entry, pipeline)
    ]
    if len(able) > 1:
        names = " or ".join(entry.name for entry in able)
        raise WrongCall(f"{pipeline} may be {names}; say which with --as NAME.")
    if not able:
        raise BadInput(
            f"{pipeline} holds {kind or 'something'}, and no model that Longtake knows is like it; "
            "see `longtake models`, or say with --as NAME which it is."
        )
    return able[0]


def _repository_of(pipeline: Path) -> str:
    """The repository whose snapshot a folder is, in a hub's cache; else empty."""
    if pipeline.parent.name != "snapshots":
        return ""
    kind, _, name = pipeline.parents[1].name.partition("--")
    return name.replace("--", "/", 1) if kind == "models" else ""


def _has_marks(entry: Entry, pipeline: Path) -> bool:
    return all(
        _read(pipeline / path).get(key) == value
        for path, marks in entry.marks.items()
        for key, value in marks.items()
    )


def _read(path: Path) -> dict:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _take(
    entry: Entry, pipeline: Path, store: ModelStore, options: AdoptOptions, tell: Tell
) -> Manifest:
    """One model, verified and taken into use."""
    check_license(entry, options.accept_license)
    if store.standing(entry.name).state == "installed":
        raise WrongCall(
            f"{entry.name} is installed already; `longtake models remove {entry.name}` first, to "
            f"use the one in {pipeline}."
        )
    with store.locked(entry.name):
        every = [path for path in sorted(pipeline.rglob("*")) if path.is_file()]
        names = [path.relative_to(pipeline).as_posix() for path in every]
        safe = check.choose_safe(
            [name for name in names if not matches(name, entry.without)], str(pipeline)
        )
        files = [name for name in safe if matches(name, entry.files)]
        check.check_whole(pipeline, files)
        sizes = sum((pipeline / name).stat().st_size for name in files)
        tally = Tally(tell, "checking", sizes)
        in_cache = bool(_repository_of(pipeline))
        manifest = Manifest(
            name=entry.name,
            repository=entry.repository,
            revision=pipeline.name if in_cache else "",
            folder=pipeline.absolute(),
            files=tuple(_checked(entry, pipeline, name, tally) for name in files),
            imported=True,
            license_accepted=entry.license.must_accept,
            install_time=time.time(),
        )
        store.finish(manifest)
    return manifest


def _checked(entry: Entry, pipeline: Path, name: str, tally: Tally) -> StoredFile:
    """A file that is what its cache or the catalogue calls it, where either does."""
    path = pipeline / name
    tally.begin(f"{entry.name}: {name}")
    if name.endswith(check.SAFE):
        check.check_safetensors(path)
    sha256, git_sha1 = check.hash_file(path, tally.add)
    called = path.resolve().name if path.is_symlink() else ""
    right = {64: sha256, 40: git_sha1}.get(len(called), called) == called
    if not right or entry.sha256.get(name, sha256) != sha256:
        raise BadInput(
            f"{path} is not what it should be (its hash is another); delete it there, and run "
            f"`longtake models install {entry.name}`."
        )
    return store_file(path, name, sha256, ours=False)


def _nothing(folder: Path, lone: list[Path]) -> EngineError:
    if lone:
        return BadInput(_lone_sentence(lone))
    pickled = [path for path in folder.rglob("*") if path.suffix.lower() in check.PICKLED]
    if pickled:
        return BadInput(
            f"{folder} holds pickled weights ({pickled[0].name}); loading them would run whatever "
            "code is in them, so they are refused: take a source with safetensors."
        )
    return MissingInput(
        f"{folder} holds no model: no folder in it has a model_index.json, as a hub's cache, "
        "ComfyUI's models/diffusers or a saved pipeline has."
    )


def _lone_sentence(lone: list[Path]) -> str:
    more = f" and {len(lone) - 1} more" if len(lone) > 1 else ""
    return (
        f"{lone[0]}{more} cannot be used: Longtake loads pipelines as diffusers stores them, not "
        "weights that are one file each."
    )
