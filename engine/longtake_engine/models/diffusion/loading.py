"""A model of the store in memory, for as long as it is needed."""

import gc
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longtake_engine.errors import (
    BadInput,
    EngineError,
    MissingInput,
    NotPossible,
    OutOfMemory,
)
from longtake_engine.models.diffusion.lora import Addition, add_lora
from longtake_engine.models.diffusion.machine import choose_attention
from longtake_engine.models.diffusion.placement import Machine, Need, Way, in_eight_bits
from longtake_engine.models.diffusion.precision import (
    can_be_small,
    half_share,
    held_bytes,
    make_small,
)
from longtake_engine.weights import check

_PRECISE = frozenset({"vae"})  # parts whose rounding shows
_TILE = 512  # pixels from which on an encoder works in tiles


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's folder, looked through: nothing but safetensors is read of it."""

    name: str
    folder: Path
    pipeline: str  # the class that is written in it

    def need(self, machine: Machine, working_bytes: int) -> Need:
        """What it takes on that machine."""
        parts: dict[str, int] = {}
        small: dict[str, int] = {}
        for path in self.folder.glob("*/*.safetensors"):
            part, size = path.parent.name, path.stat().st_size
            halved = part not in _PRECISE and machine.half != "float32"
            loaded = int(size * (half_share(path) if halved else 1.0))
            parts[part] = parts.get(part, 0) + loaded
            held = held_bytes(path, 2 if halved else 4) if can_be_small(part) else loaded
            small[part] = small.get(part, 0) + min(loaded, held)
        return Need(self.name, parts, small, working_bytes)


def look_through(name: str, folder: Path, pipelines: tuple[str, ...]) -> Weights:
    """The weights in `folder`, whole as far as that can be told without reading all of them.

    Args:
        name: What the model is called.
        folder: Of a pipeline.
        pipelines: The classes that may be written in it.

    Raises:
        MissingInput: A part of it is not there.
        BadInput: A file is pickled, cut off, or of another model.
        NotPossible: The libraries that read it are not installed.
    """
    names = [p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()]
    files = check.choose_safe(names, f"The model {name}")
    check.check_whole(folder, files)
    for file in files:
        if file.endswith(check.SAFE):
            check.check_safetensors(folder / file, f"{file} of the model {name}")
    kind = json.loads((folder / "model_index.json").read_bytes()).get("_class_name", "")
    if kind not in pipelines:
        raise BadInput(
            f"The folder {folder} of the model {name} holds {kind or 'no pipeline'}, not"
            f" {pipelines[0]}; install or import it again."
        )
    return Weights(name, folder, kind)


@contextmanager
def loaded(
    weights: Weights, pipeline: str, machine: Machine, way: Way, addition: Addition | None = None
) -> Iterator[Any]:
    """A pipeline of class `pipeline` of diffusers with what is added to it, ready to be called;
    freed at the end.

    Raises:
        NotPossible: The libraries that run it are not installed.
        BadInput: Its files do not make a model.
        OutOfMemory: It does not fit after all.
    """
    pipe = None
    try:
        with memory_errors(weights.name):
            pipe = _load(weights, pipeline, machine)
            _check_filled(pipe, weights)
            if addition is not None:
                add_lora(pipe, weights.name, addition)
            if in_eight_bits(way):
                make_small(pipe)
            _place(pipe, machine, way)
            _tune(pipe, machine)
        yield pipe
    finally:
        if pipe is not None:
            _unload(pipe)
        del pipe
        free_card(machine)


def import_diffusers() -> Any:
    """diffusers, quiet; imported when it is needed, for it takes seconds.

    Raises:
        NotPossible: It is not installed.
    """
    try:
        import diffusers  # noqa: PLC0415 # heavy
        import torch  # noqa: PLC0415, F401 # heavy
        import transformers  # noqa: PLC0415 # heavy
    except ImportError as error:
        raise check.missing_extra() from error
    diffusers.utils.logging.set_verbosity_error()
    diffusers.utils.logging.disable_progress_bar()
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    return diffusers


@contextmanager
def memory_errors(name: str) -> Iterator[None]:
    """Turns a lack of memory into a sentence."""
    try:
        yield
    except (MemoryError, RuntimeError) as error:
        if not is_memory_error(error):
            raise
        raise OutOfMemory(
            f"The memory was too little for {name}; close what holds it, ask for fewer frames or a"
            " smaller picture, or take a smaller model."
        ) from error


def is_memory_error(error: BaseException) -> bool:
    """Whether torch, or Python, had too little memory."""
    if isinstance(error, MemoryError):
        return True
    words = str(error)
    return type(error).__name__ == "OutOfMemoryError" or any(
        said in words for said in ("out of memory", "can't allocate memory", "CUBLAS_STATUS_ALLOC")
    )


def free_card(machine: Machine) -> None:
    """Give back what torch holds of the card without need."""
    gc.collect()
    if machine.device.startswith("cuda"):
        import torch  # noqa: PLC0415 # heavy

        torch.cuda.empty_cache()


def _load(weights: Weights, pipeline: str, machine: Machine) -> Any:
    diffusers = import_diffusers()
    import torch  # noqa: PLC0415 # heavy

    half = getattr(torch, machine.half)
    kinds = {"default": half} | {part: torch.float32 for part in _PRECISE}
    try:
        return getattr(diffusers, pipeline).from_pretrained(
            weights.folder,
            dtype=kinds,
            local_files_only=True,
            use_safetensors=True,
        )
    except EngineError:
        raise
    except ImportError as error:  # some models bring more than diffusers with them
        raise NotPossible(
            f"{weights.name} needs a library that is not installed ({_first_line(error)});"
            " install it where the engine runs."
        ) from error
    except FileNotFoundError as error:
        raise MissingInput(f"{weights.folder} lacks files of {weights.name}; {_AGAIN}") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadInput(
            f"The files of {weights.name} in {weights.folder} make no model ({_first_line(error)});"
            f" {_AGAIN}"
        ) from error


def _check_filled(pipe: Any, weights: Weights) -> None:
    """Raise where a part has numbers that no file gives: diffusers leaves them out silently."""
    for name, part in pipe.components.items():
        for parameter, value in _named_parameters(part):
            if value.is_meta:
                raise BadInput(
                    f"The files of {weights.name} in {weights.folder} lack numbers of its part"
                    f" {name} ({parameter}); {_AGAIN}"
                )


def _named_parameters(part: Any) -> Iterator[tuple[str, Any]]:
    if hasattr(part, "named_parameters"):
        yield from part.named_parameters()


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200].rstrip(".") if lines else "no reason given"


_AGAIN = "install or import it again."


def _place(pipe: Any, machine: Machine, way: Way) -> None:
    match way:
        case "whole":
            pipe.to(machine.device)
        case "part by part" | "part by part in 8 bits":
            pipe.enable_model_cpu_offload(device=machine.device)
        case "layer by layer" | "layer by layer in 8 bits":
            import torch  # noqa: PLC0415 # heavy

            pipe.enable_group_offload(
                onload_device=torch.device(machine.device),
                offload_device=torch.device("cpu"),
                offload_type="leaf_level",
                use_stream=machine.device.startswith("cuda"),
            )
        case "processor" | "processor in 8 bits":
            return


def _tune(pipe: Any, machine: Machine) -> None:
    pipe.set_progress_bar_config(disable=True)
    vae: Any = getattr(pipe, "vae", None)
    if hasattr(vae, "use_tiling"):  # every one of diffusers has the method, and some no tiles
        vae.enable_tiling()
    attention = choose_attention(machine)
    for part in ("transformer", "transformer_2"):
        model: Any = getattr(pipe, part, None)
        if attention and hasattr(model, "set_attention_backend"):
            # Installed, and too old for diffusers: torch's own stays.
            with suppress(RuntimeError):
                model.set_attention_backend(attention)


def _unload(pipe: Any) -> None:
    pipe.remove_all_hooks()
    for name in list(pipe.components):
        setattr(pipe, name, None)
