"""What makes the frames between: simple mixing, FFmpeg, and the engine at each quality."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import get_args

import numpy as np
from learned import REFINED, WEIGHTS, See, learned_source, see_of
from longtake_engine.models.between import FlowSource, Pair, make_between
from longtake_engine.models.between.network import Refiner
from longtake_engine.picture import Picture
from longtake_engine.tasks.interpolate.refining import Refining
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
        see = see_of(name, kept, refiner)
        made = make_between(pairs(kept, factor, see), quality_of(name), source)
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


def pairs(kept: Iterable[Picture], factor: int, see: See | None = None) -> Iterator[Pair]:
    """Neighbours of one shot with the moments between them, and what betters them by `see`."""
    see = see or Refining().see
    times = tuple(step / factor for step in range(1, factor))
    before: Picture | None = None
    follows = False
    for picture in kept:
        refiner = see(picture, None if before is None else Fraction(1))
        if before is not None:
            yield Pair(before, picture, times, follows, refiner)
            follows = True
        before = picture


def blend(first: Picture, second: Picture, share: float) -> Picture:
    """Both pictures mixed, `share` of the second."""
    planes = zip(first.planes, second.planes, strict=True)
    mixed = ((a + share * (b.astype(np.float32) - a) + 0.5).astype(a.dtype) for a, b in planes)
    return Picture(tuple(mixed), first.format)
