"""Holes to learn filling by: lobed blobs, brush strokes, boxes."""

import cv2
import numpy as np

Array = np.ndarray
Random = np.random.Generator

LEAST, MOST = 0.01, 0.35  # of the picture


def draw_hole(random: Random, side: int) -> Array:
    """side side bool."""
    kinds = (_blob, _strokes, _box)
    cover = np.zeros((side, side), np.uint8)
    while not LEAST < cover.mean() < MOST:
        cover[:] = 0
        kinds[random.choice(len(kinds), p=(0.55, 0.30, 0.15))](random, cover)
    return cover.view(bool)


def _blob(random: Random, cover: Array) -> None:
    side = cover.shape[0]
    angle = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    lobes = ((2, 0.3), (3, 0.2), (5, 0.1))
    waves = (
        random.uniform(0, most) * np.cos(n * angle + random.uniform(0, 6)) for n, most in lobes
    )
    reach = random.uniform(0.08, 0.27) * side * (1 + sum(waves))
    central = random.random() < 0.75
    low, high = (0.34, 0.66) if central else (0.06, 0.94)
    outline = np.stack([np.cos(angle), np.sin(angle)], -1) * reach[:, None]
    outline += random.uniform(low, high, 2) * side
    cv2.fillPoly(cover, [np.rint(outline).astype(np.int32)], (1,))


def _strokes(random: Random, cover: Array) -> None:
    side = cover.shape[0]
    for _ in range(int(random.integers(1, 4))):
        turn = random.uniform(0, 2 * np.pi)
        points = [random.uniform(0.12, 0.88, 2) * side]
        for _ in range(int(random.integers(1, 5))):
            turn += random.normal(0, 0.9)
            step = random.uniform(0.12, 0.35) * side
            points.append(points[-1] + step * np.array([np.cos(turn), np.sin(turn)]))
        wide = round(random.uniform(0.05, 0.22) * side)
        cv2.polylines(cover, [np.rint(points).astype(np.int32)], False, (1,), wide)


def _box(random: Random, cover: Array) -> None:
    side = cover.shape[0]
    left, top = random.integers(side // 8, side // 2, 2)
    wide, high = random.integers(side // 16, side // 2 - 4, 2)
    cv2.rectangle(cover, (int(left), int(top)), (int(left + wide), int(top + high)), (1,), -1)
