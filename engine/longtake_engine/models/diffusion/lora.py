"""A camera move that was taught beside a model, added to its weights while it is loaded."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longtake_engine.errors import BadInput, NotPossible
from longtake_engine.weights.lora import CameraLora
from longtake_engine.work import CameraMove

_NAME = "camera"


@dataclass(frozen=True, slots=True)
class Addition:
    """A file, and how much of it is added."""

    path: Path
    strength: float


def addition_for(lora: CameraLora, camera: CameraMove) -> Addition:
    """What `camera` asks of a file: an amount of a half, the usual, is its own strength; one hardly
    moved is half of that, one moved as far as can be half as much again."""
    share = 0.5 + camera.amount if camera.amount else 1.0
    return Addition(lora.path, lora.strength * share)


def add_lora(pipe: Any, name: str, addition: Addition) -> None:
    """Add a file to a pipeline that is loaded, and not moved or made small yet.

    Of two experts (Wan 2.2) that of the coarse steps gets it, which lays down what moves.

    Raises:
        BadInput: It is of another model.
        NotPossible: What adds it is not installed, or the model takes none.
    """
    file = addition.path
    if not hasattr(pipe, "load_lora_weights"):
        raise NotPossible(
            f"{name} takes no camera moves as files; run `longtake models remove {name} --camera`"
            " with the move to have it told in words."
        )
    try:
        import peft  # noqa: F401, PLC0415 # heavy
    except ImportError as error:
        raise NotPossible(
            f'{name} needs the library peft for {file.name}; run `pip install "longtake[weights]"`'
            " where the engine runs."
        ) from error
    try:
        pipe.load_lora_weights(
            str(file.parent),
            weight_name=file.name,
            adapter_name=_NAME,
            use_safetensors=True,
            local_files_only=True,
        )
        found = any(_NAME in names for names in pipe.get_list_adapters().values())
    except (ValueError, RuntimeError, KeyError, OSError, AttributeError, IndexError) as error:
        raise _of_another(name, file) from error
    if not found:  # nothing in it was of this model: diffusers leaves that out silently
        raise _of_another(name, file)
    pipe.set_adapters([_NAME], adapter_weights=[addition.strength])


def _of_another(name: str, file: Path) -> BadInput:
    return BadInput(
        f"{file} does not go with {name}: it was taught beside another model; import the file that"
        f" is for {name}."
    )
