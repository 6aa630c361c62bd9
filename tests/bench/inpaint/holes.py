"""Holes pasted over clips whose truth is known."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

Array = np.ndarray
SIZE = 0.2  # of the width: the mean diameter of a blob
WAY = 0.6  # of the width that a moving one goes over 50 frames
FREEFORM = "freeform_masks"


@dataclass(frozen=True, slots=True)
class Blob:
    """A lobed disc."""

    radius: float  # pixels
    lobes: tuple[float, float]  # turns of its two and three lobes

    def drawn(self, height: int, width: int, x: float, y: float) -> Array:
        """H W bool."""
        turn = np.linspace(0, 2 * np.pi, 72, endpoint=False)
        first, second = self.lobes
        reach = self.radius * (
            1 + 0.25 * np.cos(2 * turn + first) + 0.15 * np.cos(3 * turn + second)
        )
        outline = np.stack([x + reach * np.cos(turn), y + reach * np.sin(turn)], -1)
        mask = np.zeros((height, width), np.uint8)
        cv2.fillPoly(mask, [np.rint(outline).astype(np.int32)], (1,))
        return mask > 0


def moving(footage: Path, seed: int, count: int, height: int, width: int) -> list[Array]:
    """A blob that crosses the picture, up and down a little."""
    random = np.random.default_rng([seed, 1])
    blob = _blob(random, width)
    left = random.random() < 0.5
    start, y = (0.2 if left else 0.8) * width, random.uniform(0.35, 0.65) * height
    step = (WAY if left else -WAY) * width / 50
    bob = 0.08 * height
    return [
        blob.drawn(height, width, start + step * number, y + bob * np.sin(number / 9))
        for number in range(count)
    ]


def static(footage: Path, seed: int, count: int, height: int, width: int) -> list[Array]:
    """A blob that stays where it is."""
    random = np.random.default_rng([seed, 2])
    blob = _blob(random, width)
    x, y = random.uniform(0.3, 0.7) * width, random.uniform(0.35, 0.65) * height
    return [blob.drawn(height, width, x, y)] * count


def freeform(footage: Path, seed: int, count: int, height: int, width: int) -> list[Array]:
    """The shared masks of moving scrawls, there and back again."""
    paths = sorted((footage / FREEFORM).glob("*.png"))
    masks = []
    for number in range(count):
        lap, at = divmod(number, len(paths))
        image = cv2.imread(str(paths[-1 - at if lap % 2 else at]), cv2.IMREAD_GRAYSCALE)
        assert image is not None
        masks.append(cv2.resize(image, (width, height), interpolation=cv2.INTER_NEAREST) > 127)
    return masks


HOLES: dict[str, Callable[[Path, int, int, int, int], list[Array]]] = {
    "moving": moving,
    "freeform": freeform,
    "static": static,
}


def _blob(random: np.random.Generator, width: int) -> Blob:
    turns = random.uniform(0, 2 * np.pi, 2)
    return Blob(SIZE * width / 2, (float(turns[0]), float(turns[1])))
