"""Weights in fewer bits: how many bytes they take then, and how they are held so."""

import json
from math import prod
from pathlib import Path
from typing import Any

# Parts whose weights may be held in 8 bits: what thinks and what reads, not what decodes pictures.
_MAY = ("transformer", "text_encoder")
# Layers that stay as they are: their rounding shows most, and they are small beside the rest.
# Those of words are made wide as a whole each time they are used, which would take more than is
# saved.
_KEPT = ("embed", "norm", "shared", "lm_head")
# Blocks of T5 that look at the kind of their own weights, so that they have to be widened as one.
_WHOLE_BLOCKS = frozenset({"T5DenseGatedActDense", "T5DenseActDense"}) | frozenset(
    {"UMT5DenseGatedActDense", "UMT5DenseActDense"}
)


def can_be_small(part: str) -> bool:
    """Whether a part of a pipeline may be held in 8 bits."""
    return part.startswith(_MAY)


def half_share(path: Path) -> float:
    """How much smaller a file's weights are when they are loaded in 16 bits."""
    kinds = {one["dtype"] for one in _tensors(path).values()}
    return 0.5 if kinds == {"F32"} else 1.0


def held_bytes(path: Path, wide: int) -> int:
    """Bytes of a file's weights held in 8 bits, where what is kept as it is takes `wide` bytes a
    number."""
    total = 0
    for name, tensor in _tensors(path).items():
        shape = tensor["shape"]
        kept = len(shape) < 2 or any(said in name for said in _KEPT)
        total += prod(shape) * (wide if kept else 1)
    return total


def make_small(pipe: Any) -> None:
    """Hold the weights of a pipeline's large parts in 8 bits (E4M3); each layer reckons in the bits
    in which it was loaded.

    To be called after what is added to the parts, and before they are moved.
    """
    import torch  # noqa: PLC0415 # heavy
    from diffusers.models.modeling_utils import ModelMixin  # noqa: PLC0415 # heavy

    parts: dict[str, Any] = pipe.components
    for name, part in parts.items():
        if not (can_be_small(name) and isinstance(part, torch.nn.Module)):
            continue
        if isinstance(part, ModelMixin):
            part.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn)
        else:
            _make_reader_small(part, torch)


def _make_reader_small(part: Any, torch: Any) -> None:
    """The same for an encoder of words, which is not of diffusers."""
    from diffusers.hooks.layerwise_casting import (  # noqa: PLC0415 # heavy
        apply_layerwise_casting,
        apply_layerwise_casting_hook,
    )

    small, wide = torch.float8_e4m3fn, part.dtype
    blocks = [name for name, one in part.named_modules() if type(one).__name__ in _WHOLE_BLOCKS]
    kept = (*_KEPT, *(f"^{name}$".replace(".", r"\.") for name in blocks))
    apply_layerwise_casting(part, small, wide, skip_modules_pattern=kept)
    for name in blocks:
        apply_layerwise_casting_hook(part.get_submodule(name), small, wide, non_blocking=False)


def _tensors(path: Path) -> dict[str, dict[str, Any]]:
    """What the header of a safetensors file says of each tensor, by its name."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    return {name: one for name, one in header.items() if name != "__metadata__"}
