"""Spots and scratches that are put into clips, by seed."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Array = np.ndarray
TRIES = 1000  # places that are tried for all of a picture's defects
BLACK = 16  # levels: no light

SPOTS = 6
RADII = (0.004, 0.006, 0.009, 0.013)  # of the width
DEPTHS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.35)  # share of the light that a spot takes
SPOT_APART = 0.12  # of the width
EDGE = 5.0  # how steep a spot's edge is
STEEPEST = 80.0  # exponent beyond which nothing is left of a spot

SCRATCHES = 5
LEVELS = (8.0, 12.0, 18.0, 28.0, 45.0)
SCRATCH_APART = 0.1  # of the width
WHOLE = 0.6  # share of the scratches that run from the top to the bottom for sure
SHORTEST = 0.5  # of the height


@dataclass(frozen=True, slots=True)
class Spot:
    """Soft dark dust on the sensor."""

    x: float  # pixels
    y: float
    radius: float  # pixels, to half its depth
    depth: float  # share of the light that it takes

    def light(self, size: tuple[int, int]) -> Array:
        """The share of light that it lets through, H W float32."""
        rows, columns = np.mgrid[: size[0], : size[1]].astype(np.float32)
        away = np.hypot(columns - self.x, rows - self.y) / self.radius
        return 1 - self.depth / (1 + np.exp(np.minimum((away - 1) * EDGE, STEEPEST)))


@dataclass(frozen=True, slots=True)
class Line:
    """A scratch: a thin upright line, dark or light, that may drift and tremble."""

    x: float  # pixels: at half the height, on the first frame
    width: int  # pixels
    level: float  # added to the luma
    drift: float  # pixels a frame
    lean: float  # pixels to the right from the top to the bottom
    tremble: float  # pixels, standard deviation
    top: int  # rows, half-open
    bottom: int
    phase: float  # of how strong it is along its way

    def column(self, frame: int) -> float:
        """Where it is at half the height, `frame` frames after the first one, but for trembling."""
        return self.x + self.drift * frame

    def draw(self, picture: Array, frame: int, moved: float) -> None:
        """Add it to a picture (H W float32), `moved` times `tremble` beside its place."""
        height, width = picture.shape
        rows = np.arange(height)
        middle = self.column(frame) + moved * self.tremble + self.lean * (rows / height - 0.5)
        left, right = int(middle.min()) - 6, int(middle.max()) + 7
        if left < 0 or right > width:
            return
        across = np.abs(np.arange(left, right) - middle[:, None])
        strength = 0.8 + 0.2 * np.sin(rows / height * 9 + self.phase)
        strength *= (rows >= self.top) & (rows < self.bottom)
        covered = np.clip(self.width / 2 + 0.5 - across, 0, 1)
        picture[:, left:right] += covered * self.level * strength[:, None]


def plan_spots(size: tuple[int, int], seed: int) -> list[Spot]:
    """Spots for a picture of a size (height, width), each deeper than the one before."""
    random = np.random.default_rng(seed)
    height, width = size
    spots: list[Spot] = []
    for _ in range(TRIES):
        if len(spots) == SPOTS:
            break
        radius = float(random.choice(RADII)) * width
        x = float(random.uniform(0.06 * width, 0.94 * width))
        y = float(random.uniform(0.08 * height, 0.92 * height))
        if all(np.hypot(x - one.x, y - one.y) >= SPOT_APART * width for one in spots):
            spots.append(Spot(x, y, radius, DEPTHS[len(spots)]))
    return spots


def plan_lines(size: tuple[int, int], seed: int) -> list[Line]:
    """Scratches for a picture of a size (height, width), each stronger than the one before."""
    random = np.random.default_rng(seed)
    height, width = size
    lines: list[Line] = []
    for _ in range(TRIES):
        if len(lines) == SCRATCHES:
            break
        x = float(random.uniform(0.08 * width, 0.92 * width))
        if all(abs(x - one.x) >= SCRATCH_APART * width for one in lines):
            lines.append(_line(random, x, LEVELS[len(lines)], height))
    return lines


def _line(random: np.random.Generator, x: float, level: float, height: int) -> Line:
    top, bottom = 0.0, float(height)
    if random.random() >= WHOLE:
        ends = random.choice([0, 0.25, 0.5, 0.75, 1], 2, replace=False) * height
        if np.ptp(ends) >= SHORTEST * height:
            top, bottom = sorted(ends)
    return Line(
        x=x,
        width=int(random.choice([1, 2, 3])),
        level=level if random.random() < 0.6 else -level,
        drift=float(random.choice([0, 0, 0.1, -0.2])),
        lean=float(random.uniform(-4, 4)),
        tremble=float(random.choice([0, 0.3])),
        top=int(top),
        bottom=int(bottom),
        phase=float(random.uniform(0, 6)),
    )


def shade(luma: Array, light: Array) -> Array:
    """A frame (H W uint8) of which only a share of the light comes through."""
    return _eight_bits((luma.astype(np.float32) - BLACK) * light + BLACK)


def scratch(luma: Array, lines: Sequence[Line], frame: int) -> Array:
    """A frame (H W uint8), `frame` frames after the first one, with scratches on it."""
    random = np.random.default_rng(frame)
    picture = luma.astype(np.float32)
    for line in lines:
        line.draw(picture, frame, float(random.normal()))
    return _eight_bits(picture)


def _eight_bits(picture: Array) -> Array:
    return np.rint(np.clip(picture, 0, 255)).astype(np.uint8)
