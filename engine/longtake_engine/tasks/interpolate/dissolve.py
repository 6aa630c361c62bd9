"""A cross dissolve."""

from collections.abc import Iterator

import numpy as np

from longtake_engine.picture import Picture


def dissolved(first: Iterator[Picture], second: Iterator[Picture], count: int) -> Iterator[Picture]:
    """`count` pictures from mostly the first to mostly the second.

    Mixed in code values, as editors' own cross dissolves are: the join then looks like one that the
    editor might have laid there.
    """
    for number, (one, other) in enumerate(zip(first, second, strict=True)):
        share = np.float32((number + 1) / (count + 1))
        planes = tuple(_mixed(a, b, share) for a, b in zip(one.planes, other.planes, strict=True))
        yield Picture(planes, one.format)


def _mixed(one: np.ndarray, other: np.ndarray, share: np.float32) -> np.ndarray:
    mixed = one.astype(np.float32)
    mixed += share * (other.astype(np.float32) - mixed)
    return (mixed + np.float32(0.5)).astype(one.dtype)
