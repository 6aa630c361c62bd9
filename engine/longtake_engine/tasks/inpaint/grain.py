"""Grain for what fills a hole: as much as the clip has, less what the filling brought along."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.splice.grain import in_turn, measure_grain
from longtake_engine.splice.regrain import ENOUGH, Stock
from longtake_engine.tasks.alignment import align_triple

MEASURED = 9  # pictures that grain is measured on
SIDE = 12  # pixels of a block that grain is looked for in
FLAT = 0.33  # share of the blocks, the flattest ones
WHOLE = 0.9  # of a block, that lies in the hole
FEWEST = 4  # blocks


@dataclass(frozen=True, slots=True)
class HoleGrain:
    """The grain of a shot, to be laid on what fills its holes."""

    stock: Stock

    @property
    def strength(self) -> float:
        """Standard deviation in the luma, 8-bit levels."""
        return self.stock.grain.strength

    def on(self, made: Picture, matte: np.ndarray, frame: int) -> Picture:
        """`made`, whose hole `matte` (H W uint8) has been filled, with the grain it lacks there.

        Grain is laid on all of the picture; only the hole of it is used.
        """
        share = lacking(made.luma, matte)
        return self.stock.on(made, frame, share) if share else made


def read_grain(
    reader: VideoReader, shot: range, seed: int, check: Callable[[], None]
) -> HoleGrain | None:
    """The grain of a shot, measured amid it; None where there is none to be seen.

    Args:
        reader: Of the clip.
        shot: Frames of it.
        seed: The same one gives the same grain.
        check: Called between pictures; raises to stop.
    """
    start = max(shot.start, (shot.start + shot.stop - MEASURED) // 2)
    pictures = list(reader.frames(start, min(start + MEASURED, shot.stop)))
    triples = []
    for places in in_turn(len(pictures)):
        check()
        triples.append(align_triple([pictures[place] for place in places]))
    grain = measure_grain(triples)
    return None if grain is None else HoleGrain(Stock.make(grain, seed))


def lacking(luma: np.ndarray, matte: np.ndarray) -> float:
    """The share of the picture's grain that its hole lacks; 0 where it is little or unknown."""
    height, width = (n // SIDE * SIDE for n in luma.shape)
    if not height or not width:
        return 0.0
    blocks = (width // SIDE, height // SIDE)
    level = luma[:height, :width].astype(np.float32)
    hidden = cv2.resize(matte[:height, :width], blocks, interpolation=cv2.INTER_AREA)
    rest = cv2.subtract(level, cv2.blur(level, (5, 5)))
    energy = cv2.resize(rest * rest, blocks, interpolation=cv2.INTER_AREA)
    cells = cv2.resize(level, (blocks[0] * 3, blocks[1] * 3), interpolation=cv2.INTER_AREA)
    mean = cv2.resize(cells, blocks, interpolation=cv2.INTER_AREA)
    square = cv2.resize(cells * cells, blocks, interpolation=cv2.INTER_AREA)
    texture = square - mean * mean
    inside = _flat_energy(energy, texture, hidden >= WHOLE * 255)
    outside = _flat_energy(energy, texture, hidden == 0)
    if inside is None or outside is None:
        return 0.0
    ratio = float(np.sqrt(inside / max(outside, 1e-6)))
    return 0.0 if ratio > ENOUGH else float(np.sqrt(1 - ratio * ratio))


def _flat_energy(energy: np.ndarray, texture: np.ndarray, where: np.ndarray) -> float | None:
    """What the flattest blocks among some have of fine detail; None where they are too few."""
    if int(where.sum()) < FEWEST:
        return None
    own, flatness = energy[where], texture[where]
    flattest = np.argsort(flatness)[: max(FEWEST, round(FLAT * len(own)))]
    return float(np.median(own[flattest]))
