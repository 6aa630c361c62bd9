"""Whether files of weights are what they should be, and harmless to load."""

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from longtake_engine.errors import BadInput, MissingInput, NotPossible

# Loading one of these runs whatever code it holds.
PICKLED = frozenset({".bin", ".ckpt", ".msgpack", ".pickle", ".pkl", ".pt", ".pth"})
SAFE = ".safetensors"
_INDEX = ".safetensors.index.json"
# Parts of a pipeline that have no weights, though some have a config.json.
_WEIGHTLESS = ("Scheduler", "Tokenizer", "TokenizerFast", "Processor", "FeatureExtractor")
_CHUNK_BYTES = 1 << 22


def hash_file(path: Path, on_bytes: Callable[[int], None] = lambda count: None) -> tuple[str, str]:
    """A file's sha256, and its sha1 as git has it; `on_bytes` hears of every chunk that was read.

    Raises:
        MissingInput: It cannot be read.
    """
    try:
        sha256 = hashlib.sha256()
        sha1 = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                sha256.update(chunk)
                sha1.update(chunk)
                on_bytes(len(chunk))
    except OSError as error:
        raise MissingInput(f"{path} cannot be read ({error.strerror}).") from error
    return sha256.hexdigest(), sha1.hexdigest()


def check_safetensors(path: Path, name: str = "") -> None:
    """Return where a file has the header of safetensors, and as many bytes as that promises.

    Args:
        path: The file.
        name: What to call it, where it has another name on the disk yet.

    Raises:
        BadInput: It is something else, a pickle by another name perhaps, or cut off.
        NotPossible: The library that reads the format is not installed.
    """
    try:
        import safetensors  # noqa: PLC0415 - an extra; the daemon never loads it
    except ImportError as error:
        raise missing_extra() from error
    called = name or path.name
    with path.open("rb") as file:
        start = file.read(9)
    # A header's length may begin with a pickle's mark, but JSON comes after it.
    if start[8:] != b"{" and (start[:2] == b"PK" or start[:1] == b"\x80"):
        raise BadInput(
            f"{called} holds pickled weights under the name of safetensors; loading them would run "
            "whatever code is in them, so they are refused: take another source for this model."
        )
    try:
        with safetensors.safe_open(str(path), framework="numpy") as tensors:
            tensors.keys()
    except (safetensors.SafetensorError, OSError) as error:
        raise BadInput(
            f"{called} is no whole safetensors file ({str(error).rstrip('.')}); "
            "delete it and install or copy the model again."
        ) from error


def tensor_names(path: Path) -> list[str]:
    """What the tensors of a safetensors file are called.

    Raises:
        BadInput: It is none.
    """
    import safetensors  # noqa: PLC0415 - an extra; the daemon never loads it

    try:
        with safetensors.safe_open(str(path), framework="numpy") as tensors:
            return list(tensors.keys())
    except (safetensors.SafetensorError, OSError) as error:
        raise BadInput(f"{path} is no whole safetensors file; copy it again.") from error


def choose_safe(paths: Iterable[str], subject: str) -> list[str]:
    """Those of a model's files that may be used: all but pickled weights.

    Raises:
        BadInput: A part of the model has pickled weights and no others.
    """
    every = [PurePosixPath(path) for path in paths]
    safe_folders = {path.parent for path in every if path.suffix == SAFE}
    parts = {path.parent for path in every if path.name == "config.json"}
    pickled = [path for path in every if path.suffix.lower() in PICKLED]
    bare = [path for path in pickled if path.parent in parts - safe_folders]
    if bare:
        raise BadInput(
            f"{subject} has pickled weights only for a part ({bare[0]}); loading them would run "
            "whatever code is in them, so they are refused: take a source with safetensors."
        )
    return [str(path) for path in every if path not in pickled]


def check_whole(folder: Path, paths: Iterable[str]) -> None:
    """Return where the folder of a pipeline, or of a lone model, has all the parts that its own
    files speak of.

    Raises:
        MissingInput: A part or a piece of one is not there.
    """
    have = set(paths)
    lone = "model_index.json" not in have
    if lone and "config.json" not in have:
        raise MissingInput(f"{folder} has no model_index.json, so it is no pipeline's folder.")
    for part, kind in ({} if lone else _parts(folder / "model_index.json")).items():
        files = [path for path in have if path.startswith(f"{part}/")]
        if not files:
            raise MissingInput(f"{folder} lacks the part {part} of the model; {_AGAIN}")
        weighs = f"{part}/config.json" in have and not kind.endswith(_WEIGHTLESS)
        if weighs and not any(path.endswith(SAFE) for path in files):
            raise MissingInput(f"{folder} lacks the weights of its part {part}; {_AGAIN}")
    for index in (path for path in have if path.endswith(_INDEX)):
        pieces = set(_read_json(folder / index).get("weight_map", {}).values())
        for piece in sorted(pieces):
            path = str(PurePosixPath(index).parent / piece)
            if path not in have:
                raise MissingInput(f"{folder} lacks {path}, a piece of the model; {_AGAIN}")
    if not any(path.endswith(SAFE) for path in have):
        raise MissingInput(f"{folder} has no weights in safetensors; {_AGAIN}")


def _parts(index: Path) -> dict[str, str]:
    """The folders that a model_index.json speaks of, and the class of each.

    A part that a pipeline leaves out is there as null twice.
    """
    return {
        name: str(value[-1])
        for name, value in _read_json(index).items()
        if not name.startswith("_") and isinstance(value, list) and value[:1] != [None]
    }


def missing_extra() -> NotPossible:
    """The error where the libraries of the store are not installed."""
    return NotPossible(
        "Models cannot be installed by this engine, for the libraries for that are not here; run "
        '`pip install "longtake[weights]"` where it runs.'
    )


_AGAIN = "install or copy it again."


def _read_json(path: Path) -> dict:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise BadInput(f"{path} is not readable as JSON; {_AGAIN}") from error
    if not isinstance(value, dict):
        raise BadInput(f"{path} holds no JSON object; {_AGAIN}")
    return value
