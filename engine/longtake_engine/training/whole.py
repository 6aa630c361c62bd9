"""Files that appear whole or not at all, so that a training may be killed at any moment."""

import os
from collections.abc import Mapping
from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor


def write_tensors(path: Path, tensors: Mapping[str, Tensor], told: Mapping[str, str]) -> None:
    """Write tensors and what is told of them to a safetensors file."""
    aside = _aside(path)
    save_file({name: part.contiguous() for name, part in tensors.items()}, aside, dict(told))
    aside.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write a text file."""
    aside = _aside(path)
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)


def _aside(path: Path) -> Path:
    """Where `path` is written to until it is whole; each process has its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(f".{path.name}.{os.getpid()}")
