"""Grain for a made border: as much as the laid picture has, less what the border brought along."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from longtake_engine.canvas import Known
from longtake_engine.splice.grain import in_turn, measure_grain
from longtake_engine.splice.regrain import Stock
from longtake_engine.tasks.alignment import align_triple
from longtake_engine.tasks.inpaint.grain import MEASURED, HoleGrain
from longtake_engine.tasks.outpaint.layout import Layout
from longtake_engine.tasks.outpaint.placing import known_picture

BorderGrain = HoleGrain


def read_grain(
    known: Mapping[int, Known], layout: Layout, seed: int, check: Callable[[], None]
) -> BorderGrain | None:
    """The grain of a shot as it lies in the new picture, measured amid it; None where there is none
    to be seen.

    Args:
        known: Its frames, rising.
        layout: Of their pictures.
        seed: The same one gives the same grain.
        check: Called between pictures; raises to stop.
    """
    frames = sorted(known)
    start = max(0, (len(frames) - MEASURED) // 2)
    pictures = [
        known_picture(known[frame].picture, layout) for frame in frames[start : start + MEASURED]
    ]
    triples = []
    for places in in_turn(len(pictures)):
        check()
        triples.append(align_triple([pictures[place] for place in places]))
    grain = measure_grain(triples)
    if grain is None:
        return None
    return BorderGrain(Stock.make(replace(grain, format=layout.format), seed))
