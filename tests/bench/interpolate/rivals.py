"""What makes the frames between: simple mixing, FFmpeg, and the engine at each quality."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import get_args

import numpy as np
from learned import REFINED, WEIGHTS, learned_source
from longtake_engine.models.between import FlowSource, Pair, make_between
from longtake_engine.models.between.network import Refiner
from longtake_engine.picture import Picture
from longtake_engine.work import Quality
from measure.minterpolate import MODES, minterpolate

BLEND, MINTERPOLATE = "blend", "minterpolate"
OURS: tuple[Quality, ...] = get_args(Quality)
NAMES = (BLEND, *MODES, *OURS, *REFINED, *WEIGHTS)


def in_betweens(
    name: str,
    kept: Sequence[Picture],
    factor: int,
    source: FlowSource | None = None,
    refiner: Refiner | None = None,
) -> dict[int, Picture]:
    """The pictures between `kept` at `factor` times their rate, by their number at that rate.

    `source` measures motion in place of the engine's own search, for a rival that is one of `OURS`;
    `refiner` is for those that are `REFINED`.
    """
    if name in MODES:
        made = enumerate(minterpolate(kept, kept[0].format, factor, name))
        return {number: picture for number, picture in made if number % factor}
    if name == BLEND:
        groups: Iterable[Sequence[Picture]] = (
            [blend(*pair, step / factor) for step in range(1, factor)] for pair in pairwise(kept)
        )
    else:
        source = source or learned_source(name)
        refiner = refiner if name in REFINED else None
        made = make_between(pairs(kept, factor), quality_of(name), source, refiner=refiner)
        groups = ([one.picture for one in group] for group in made)
    return {
        number * factor + step: picture
        for number, group in enumerate(groups)
        for step, picture in enumerate(group, 1)
    }


def quality_of(name: str) -> Quality:
    """The quality that a rival of `OURS` is; learned motion is compared with standard."""
    if name in WEIGHTS:
        return "standard"
    name = REFINED.get(name, name)
    return OURS[OURS.index(name)]  # pyright: ignore[reportArgumentType]


def pairs(kept: Iterable[Picture], factor: int) -> Iterator[Pair]:
    """Neighbours of one shot with the moments between them."""
    times = tuple(step / factor for step in range(1, factor))
    for number, (first, second) in enumerate(pairwise(kept)):
        yield Pair(first, second, times, follows=number > 0)


def blend(first: Picture, second: Picture, share: float) -> Picture:
    """Both pictures mixed, `share` of the second."""
    planes = zip(first.planes, second.planes, strict=True)
    mixed = ((a + share * (b.astype(np.float32) - a) + 0.5).astype(a.dtype) for a, b in planes)
    return Picture(tuple(mixed), first.format)
