"""Which library mixes pictures: OpenCV on the processor, or torch where that is quicker."""

import sys
import time
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from longtake_engine.errors import NotPossible
from longtake_engine.models.between.fusion import Way, fuse
from longtake_engine.picture import Picture

Fuse = Callable[[Picture, Picture, Way, float], Picture]

# Drivers of NVIDIA's cards, AMD's, and either under Windows' Linux.
DRIVERS = ("/dev/nvidiactl", "/dev/kfd", "/dev/dxg")
ROUNDS = 3  # of which the quickest counts: the first on a card brings its programs there
FIELD_SHARE = 3  # fields are smaller than pictures by about this


@dataclass(frozen=True, slots=True)
class Fusion:
    """What mixes pictures, and where."""

    fuse: Fuse = fuse
    device: str = ""  # as torch calls the card; empty on the processor


ON_PROCESSOR = Fusion()


def fusion_on(device: str | None) -> Fusion:
    """What mixes pictures on `device` of torch; OpenCV, without torch, where that is None.

    Raises:
        NotPossible: If torch or the device is not here.
    """
    if device is None:
        return ON_PROCESSOR
    if find_spec("torch") is None:
        raise NotPossible(
            f'torch, which would make pictures on "{device}", is not installed: install '
            "longtake[gpu], or leave the device out."
        )
    # Not before it is asked for: torch takes seconds and much memory.
    from longtake_engine.models.between.card import CardFusion  # noqa: PLC0415

    there = CardFusion(device)
    return Fusion(there, there.name)


def quickest_fusion(picture: Picture, device: str = "cuda") -> Fusion:
    """What mixes pictures like this one soonest: the card if there is one, else the processor.

    Both are tried on the picture. Torch is not brought unless it is installed and the machine says
    that it has a card.
    """
    if find_spec("torch") is None or not card_is_told_of():
        return ON_PROCESSOR
    try:
        there = fusion_on(device)
    except NotPossible:  # a card that this torch cannot use
        return ON_PROCESSOR
    return min((ON_PROCESSOR, there), key=lambda fusion: _seconds(fusion, picture))


def card_is_told_of() -> bool:
    """Whether the machine has a driver of a card that torch may use."""
    if sys.platform == "win32":
        return find_library("nvcuda") is not None
    return any(Path(driver).exists() for driver in DRIVERS)


def _seconds(fusion: Fusion, picture: Picture) -> float:
    """What it takes to mix two such pictures."""
    format = picture.format
    size = (max(1, format.height // FIELD_SHARE), max(1, format.width // FIELD_SHARE))
    offset = np.full((*size, 2), 0.5, np.float32)
    way = Way(offset, -offset, np.full(size, 0.5, np.float32))
    found = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        fusion.fuse(picture, picture, way, 1.0)
        found.append(time.perf_counter() - began)
    return min(found)
