"""Values made of tensors that have the scenes of a batch as their first axis."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

Held = TypeVar("Held")


def pick(value: Held, scenes: Tensor | slice) -> Held:
    """The same value for some of the scenes; what is no tensor stays."""
    return _each([value], lambda tensors: tensors[0][scenes])


def join(values: Sequence[Held], axis: int = 1) -> Held:
    """One value of several, one after the other along an axis: 0 for scenes, 1 for layers."""
    return _each(values, lambda tensors: torch.cat(list(tensors), axis))


def _each(values: Sequence[Any], change: Any) -> Any:
    first = values[0]
    if isinstance(first, Tensor):
        return change(values)
    if not is_dataclass(first) or isinstance(first, type):
        return first
    names = [field.name for field in fields(first)]
    return replace(first, **{n: _each([getattr(v, n) for v in values], change) for n in names})
