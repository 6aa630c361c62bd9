"""True removals: clips that come with masks of what shall go, and a road that is empty at times."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.canvas import Completed
from longtake_engine.media.still import to_rgb8
from rivals import made
from scene import Scene, load, scene
from sheets import write_slices, write_strip

Array = np.ndarray
MASKS = {
    "bmx": "davis_bmx_trees_480p/masks",
    "blackswan": "davis_blackswan_480p/masks",
    "dogsjump": "sttn_dogs_jump_240p/masks",
}
GROWN = 6  # pixels by which the masks are grown: motion blur and soft edges
ROAD = "cardet"
START = {ROAD: 52}  # frame: a car comes in
DIFFERS = 14  # levels by which a car differs from the empty road


@dataclass(frozen=True, slots=True)
class Removed:
    """What came of one."""

    clip: str
    rival: str
    fps: float
    invented: float  # share of the hole
    psnr_db: float  # in the hole, against the empty road; NaN where there is no truth


def run_removal(
    footage: Path, name: str, rivals: Sequence[str], *, frames: int, height: int, folder: Path
) -> list[Removed]:
    """Remove by each rival; write NAME-strip.png and NAME-xt.png."""
    pictures, rate = load(footage, name, frames, height, START.get(name, 0))
    empty: list[Array] = []
    if name == ROAD:
        road = _empty_road(footage, height)
        # The camera shuts its iris when a white car comes: the road is as dark as it is then.
        empty = [road * np.median(picture.luma / np.maximum(road, 1)) for picture in pictures]
        holes = [_differing(p.luma, as_lit) for p, as_lit in zip(pictures, empty, strict=True)]
    else:
        holes = _masks(footage / MASKS[name], len(pictures), pictures[0].luma.shape)
    given = scene(name, pictures, rate, holes)
    rows = {"clip": [to_rgb8(p) for p in pictures], "given": [to_rgb8(p) for p in given.shown]}
    found = []
    for rival in rivals:
        began = time.monotonic()
        done = list(made(rival, given))
        fps = len(done) / (time.monotonic() - began)
        rows[rival] = [to_rgb8(one.picture) for one in done]
        found.append(Removed(name, rival, fps, _invented(done, given), _off(done, given, empty)))
    folder.mkdir(parents=True, exist_ok=True)
    write_strip(folder / f"{name}-strip.png", rows)
    write_slices(folder / f"{name}-xt.png", rows, holes)
    return found


def _masks(folder: Path, count: int, size: tuple[int, int]) -> list[Array]:
    holes = []
    for path in sorted(folder.glob("*.png"))[:count]:
        image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        assert image is not None
        if image.ndim == 3:
            image = image.max(-1)
        mask = cv2.resize(image, size[::-1], interpolation=cv2.INTER_NEAREST) > 0
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * GROWN + 1, 2 * GROWN + 1))
        holes.append(cv2.dilate(mask.astype(np.uint8), kernel) > 0)
    return holes


def _empty_road(footage: Path, height: int) -> Array:
    """H W float32 luma: the median of every eighth frame of the whole clip."""
    pictures, _ = load(footage, ROAD, 100_000, height)
    return np.median([p.luma for p in pictures[::8]], axis=0).astype(np.float32)


def _differing(luma: Array, empty: Array) -> Array:
    """H W bool: cars and their shadows."""
    off = cv2.blur(cv2.absdiff(luma.astype(np.float32), empty), (5, 5)) > DIFFERS
    closed = cv2.morphologyEx(off.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    open_ = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((9, 9), np.uint8))
    return cv2.dilate(open_, np.ones((21, 21), np.uint8)) > 0


def _invented(done: Sequence[Completed], given: Scene) -> float:
    shares = [
        1 - one.seen[hole].mean()
        for one, hole in zip(done, given.holes, strict=True)
        if one.seen is not None and hole.any()
    ]
    return float(np.mean(shares)) if shares else float("nan")


def _off(done: Sequence[Completed], given: Scene, empty: Sequence[Array]) -> float:
    """dB of the luma."""
    if not empty:
        return float("nan")
    errors = [
        ((one.picture.luma[hole] - road[hole]) ** 2).mean()
        for one, hole, road in zip(done, given.holes, empty, strict=True)
        if hole.any()
    ]
    return float(np.mean(10 * np.log10(255.0**2 / np.maximum(errors, 1e-6))))
