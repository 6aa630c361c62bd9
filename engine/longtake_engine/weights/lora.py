"""Moves of the camera that were taught beside a model: small files (LoRA) which lie where they lie.

Hu et al. 2021, "LoRA: Low-Rank Adaptation of Large Language Models".
"""

from pathlib import Path
from typing import get_args

import msgspec

from longtake_engine.errors import BadInput, MissingInput, WrongCall
from longtake_engine.weights import check
from longtake_engine.weights import manifest as kept
from longtake_engine.weights.entry import Entry
from longtake_engine.weights.progress import Tally, Tell
from longtake_engine.weights.store import ModelStore
from longtake_engine.work import CameraKind

STRENGTH = 1.0  # where nobody says another
STRONGEST = 4.0


class CameraLora(msgspec.Struct, frozen=True, kw_only=True):
    """What a model was taught of one move of the camera, as it was when it was verified."""

    model: str
    camera: CameraKind
    path: Path  # absolute; somebody else's file, which is left where it is
    strength: float  # how much of it is added to the model's own weights
    size_bytes: int
    sha256: str
    modified_ns: int


class LoraShelf:
    """The camera moves that are in use beside the models of a store."""

    def __init__(self, store: ModelStore) -> None:
        """Of `store`; nothing is read or made yet."""
        self._folder = store.folder / "loras"

    def take(self, lora: "Wanted", tell: Tell) -> CameraLora:
        """A file, verified and in use; it takes the place of another for the same move.

        Raises:
            MissingInput: There is no such file.
            BadInput: It is no safetensors file, or holds no LoRA.
            WrongCall: The model makes nothing, or the strength is not possible.
        """
        _check(lora)
        path = lora.path.absolute()
        tally = Tally(tell, "checking", path.stat().st_size)
        tally.begin(path.name)
        sha256, _ = check.hash_file(path, tally.add)
        found = path.stat()
        taken = CameraLora(
            model=lora.entry.name,
            camera=lora.camera,
            path=path,
            strength=lora.strength or STRENGTH,
            size_bytes=found.st_size,
            sha256=sha256,
            modified_ns=found.st_mtime_ns,
        )
        kept.write(self._path(taken.model, taken.camera), taken)
        return taken

    def find(self, model: str, camera: CameraKind) -> CameraLora | None:
        """What is in use for a move of the camera; None for nothing.

        Raises:
            MissingInput: Its file is gone, or other than it was.
        """
        lora = kept.read(self._path(model, camera), CameraLora)
        if lora is None:
            return None
        try:
            found = lora.path.stat()
        except OSError:
            raise MissingInput(
                f"The camera move {_said(camera)} of {model} lacks its file {lora.path}; bring it"
                f" back, or run `longtake models remove {model} --camera {_said(camera)}`."
            ) from None
        if (found.st_size, found.st_mtime_ns) != (lora.size_bytes, lora.modified_ns):
            raise MissingInput(
                f"{lora.path} was written to after it was taken into use for {model}; import it"
                " again."
            )
        return lora

    def every(self, model: str) -> tuple[CameraLora, ...]:
        """All that are in use beside a model, whether their files are still there or not."""
        found = (kept.read(self._path(model, kind), CameraLora) for kind in get_args(CameraKind))
        return tuple(lora for lora in found if lora is not None)

    def forget(self, model: str, camera: CameraKind) -> CameraLora:
        """Take a move out of use; its file stays.

        Raises:
            WrongCall: There is none.
        """
        lora = kept.read(self._path(model, camera), CameraLora)
        if lora is None:
            raise WrongCall(f"{model} has no camera move {_said(camera)} to forget.")
        self._path(model, camera).unlink(missing_ok=True)
        return lora

    def _path(self, model: str, camera: CameraKind) -> Path:
        return self._folder / f"{model}.{camera}.json"


class Wanted(msgspec.Struct, frozen=True):
    """A file to be taken into use."""

    path: Path
    entry: Entry  # of the model that it was taught beside
    camera: CameraKind
    strength: float = 0.0  # 0: `STRENGTH`


def _check(lora: Wanted) -> None:
    """Nothing, where a file can be what it is said to be."""
    if not lora.entry.tasks:
        raise WrongCall(f"{lora.entry.name} makes no pictures, so it takes no camera move.")
    if not 0 <= lora.strength <= STRONGEST:
        raise WrongCall(
            f"--strength {lora.strength:g} is not possible; give over 0 to {STRONGEST:g}."
        )
    if not lora.path.is_file():
        raise MissingInput(f"There is no file {lora.path} on the engine's machine.")
    if lora.path.suffix.lower() in check.PICKLED:
        raise BadInput(
            f"{lora.path} is pickled; loading it would run whatever code is in it, so it is"
            " refused: take it as safetensors."
        )
    check.check_safetensors(lora.path)
    if not any("lora" in name for name in check.tensor_names(lora.path)):
        raise BadInput(
            f"{lora.path} holds no LoRA: none of its numbers are called so; give the file of a"
            " camera move as its makers offer it for diffusers or ComfyUI."
        )


def _said(camera: CameraKind) -> str:
    return camera.replace("_", "-")
