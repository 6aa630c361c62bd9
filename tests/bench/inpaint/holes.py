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
STROKES = 4
JOINTS = 6  # of a stroke


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
    """The shared masks of moving scrawls, there and back again; black hides."""
    paths = sorted((footage / FREEFORM).glob("*.png"))
    masks = []
    for number in range(count):
        lap, at = divmod(number, len(paths))
        image = cv2.imread(str(paths[-1 - at if lap % 2 else at]), cv2.IMREAD_GRAYSCALE)
        assert image is not None
        masks.append(cv2.resize(image, (width, height), interpolation=cv2.INTER_NEAREST) < 128)
    return masks


def strokes(footage: Path, seed: int, count: int, height: int, width: int) -> list[Array]:
    """Brush strokes that drift over the picture and bend on their way."""
    random = np.random.default_rng([seed, 3])
    return _drawn_strokes(random, count, height, width, drift=WAY * width / 50)


def stain(footage: Path, seed: int, count: int, height: int, width: int) -> list[Array]:
    """Brush strokes that stay where they are."""
    random = np.random.default_rng([seed, 4])
    return _drawn_strokes(random, 1, height, width, drift=0.0) * count


def logo(footage: Path, seed: int, count: int, height: int, width: int) -> list[Array]:
    """Large letters in a corner, with an outline round them."""
    random = np.random.default_rng([seed, 5])
    word = "".join(random.choice(list("ABDEKMNRSX"), 3))
    scale = 0.0025 * width
    thick = max(2, round(0.008 * width))
    (wide, high), _ = cv2.getTextSize(word, cv2.FONT_HERSHEY_DUPLEX, scale, thick)
    x = width // 20 if random.random() < 0.5 else width - width // 20 - wide
    y = height // 16 + high if random.random() < 0.5 else height - height // 16
    mask = np.zeros((height, width), np.uint8)
    cv2.putText(mask, word, (x, y), cv2.FONT_HERSHEY_DUPLEX, scale, (1,), thick)
    side = 2 * max(1, round(0.004 * width)) + 1
    return [cv2.dilate(mask, np.ones((side, side), np.uint8)) > 0] * count


HOLES: dict[str, Callable[[Path, int, int, int, int], list[Array]]] = {
    "moving": moving,
    "freeform": freeform,
    "strokes": strokes,
    "static": static,
    "stain": stain,
    "logo": logo,
}
STANDING = ("static", "stain", "logo")  # those that stay where they are


def _blob(random: np.random.Generator, width: int) -> Blob:
    turns = random.uniform(0, 2 * np.pi, 2)
    return Blob(SIZE * width / 2, (float(turns[0]), float(turns[1])))


def _drawn_strokes(
    random: np.random.Generator, count: int, height: int, width: int, *, drift: float
) -> list[Array]:
    """H W bool each: a few thick polylines, as free-form masks are drawn since Yu et al. (2019),
    that go `drift` pixels a frame."""
    lines = []
    for _ in range(STROKES):
        turns = np.cumsum(random.normal(0, 0.8, JOINTS)) + random.uniform(0, 2 * np.pi)
        steps = random.uniform(0.03, 0.08, JOINTS) * width
        start = random.uniform((0.3, 0.3), (0.7, 0.7)) * (width, height)
        path = start + np.cumsum(np.stack([np.cos(turns), np.sin(turns)], -1) * steps[:, None], 0)
        lines.append((path, round(random.uniform(0.02, 0.05) * width), random.uniform(0, 6, 2)))
    way = random.uniform(0, 2 * np.pi)
    toward = np.array([np.cos(way), 0.5 * np.sin(way)])
    masks = []
    for number in range(count):
        mask = np.zeros((height, width), np.uint8)
        gone = drift * (number - count / 2)
        for path, thick, phase in lines:
            swing = 0.02 * width * np.sin(number / 7 + phase + np.arange(JOINTS)[:, None] / 2)
            points = np.rint(path + toward * gone + swing * (drift > 0)).astype(np.int32)
            cv2.polylines(mask, [points], False, (1,), thick)
        masks.append(mask > 0)
    return masks
