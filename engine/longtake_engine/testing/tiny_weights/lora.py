"""Tiny files of what a model was taught beside its own weights."""

from pathlib import Path

import torch
from safetensors.torch import save_file

RANK = 2


def make_lora(path: Path, *, width: int = 24, blocks: int = 2, seed: int = 0) -> Path:
    """A file of random numbers for the attention of the tiny Wan, as ComfyUI and Wan's own programs
    name them (which diffusers renames).

    Args:
        path: Where it is written.
        width: Of the transformer.
        blocks: Of the transformer.
        seed: Of the numbers.
    """
    random = torch.Generator().manual_seed(seed)
    tensors = {}
    for block in range(blocks):
        for part in ("q", "k", "v", "o"):
            name = f"diffusion_model.blocks.{block}.self_attn.{part}"
            tensors[f"{name}.lora_A.weight"] = torch.randn(RANK, width, generator=random)
            tensors[f"{name}.lora_B.weight"] = torch.randn(width, RANK, generator=random)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(tensors, path)
    return path
