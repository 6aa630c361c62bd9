"""What a thing and its surroundings look like, all over and place by place."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.models.flow import Array

LEVELS = (16, 12, 12)  # of the three numbers of a look
PLACES = 10  # across and down the window in which local looks are told apart
FARTHEST = 4.0  # log-odds that colour alone may weigh
BACKING = 3.0  # pixels' worth of trust in the looks of the whole, in each place and colour


@dataclass(frozen=True, slots=True)
class Palette:
    """Which of the colours of a clip count as one."""

    low: Array  # 3: where the first level begins
    scale: Array  # 3: levels a unit

    @classmethod
    def of(cls, seen: Array) -> "Palette":
        """The palette of what is seen around the thing, H W 3."""
        flat = seen.reshape(-1, 3).astype(np.float32)
        low, high = np.percentile(flat, (0.5, 99.5), axis=0)
        # Colours closer than this differ by coding rather than by what they are.
        span = np.maximum(high - low, np.array([48, 20, 20]))
        return cls((low + high - span) / 2, np.array(LEVELS) / span)

    def levels(self, seen: Array) -> Array:
        """The number of the colour of each pixel, H W int32, below the product of LEVELS."""
        number = np.zeros(seen.shape[:2], np.int32)
        for channel, count in enumerate(LEVELS):
            level = (seen[..., channel] - self.low[channel]) * self.scale[channel]
            number = number * count + np.clip(level, 0, count - 1).astype(np.int32)
        return number


def spread_colours(counts: Array) -> Array:
    """Counts (places, colours) shared among colours beside each other."""
    shape = (counts.shape[0], *LEVELS)
    shared = counts.reshape(shape)
    for axis in (1, 2, 3):
        shared = _blurred(shared, axis)
    return shared.reshape(counts.shape)


def _blurred(values: Array, axis: int) -> Array:
    """Weighted 1 2 1 along an axis; what would leave stays at the end."""
    moved = np.moveaxis(values, axis, 0)
    blurred = 0.5 * moved
    blurred[1:] += 0.25 * moved[:-1]
    blurred[:-1] += 0.25 * moved[1:]
    blurred[0] += 0.25 * moved[0]
    blurred[-1] += 0.25 * moved[-1]
    return np.ascontiguousarray(np.moveaxis(blurred, 0, axis))


@dataclass(frozen=True, slots=True)
class Looks:
    """How often each colour was seen on the thing and around it, anywhere; shares that sum to 1."""

    inside: Array  # float32, one for each colour
    outside: Array

    @classmethod
    def of(cls, colours: Array, region: Array, around: Array) -> "Looks":
        """The looks of one frame.

        Args:
            colours: The number of each pixel's colour, H W.
            region: How much each pixel is the thing, H W 0..1.
            around: How much each pixel counts as its surroundings, H W 0..1.
        """
        size = int(np.prod(LEVELS))
        counts = np.stack([np.bincount(colours.ravel(), w.ravel(), size) for w in (region, around)])
        shared = spread_colours(counts.astype(np.float32))
        sums = np.maximum(shared.sum(1, keepdims=True), 1e-6)
        return cls(*(shared / sums))

    def mixed(self, other: "Looks", share: float) -> "Looks":
        """These with `share` of the other ones."""
        return Looks(
            self.inside + share * (other.inside - self.inside),
            self.outside + share * (other.outside - self.outside),
        )

    def odds(self, size: float) -> Array:
        """Log-odds of each colour for the thing, where `size` pixels of each side were looked at:
        what was hardly seen says little."""
        floor = 2.0 / max(size, 1.0)
        odds = np.log((self.inside + floor) / (self.outside + floor))
        return np.clip(odds, -FARTHEST, FARTHEST)


def local_odds(colours: Array, seen: tuple[Array, Array, Array, Array], whole: Array) -> Array:
    """Log-odds for the thing of each pixel, H W, by the looks of its own place.

    Local classifiers as in Video SnapCut (Bai et al. 2009), here over all places at once on a grid
    of place and colour as in Märki et al. (2016).

    Args:
        colours: The number of each pixel's colour in this frame, H W.
        seen: Of another frame: the colours, how much each pixel was the thing (0..1), and the x
            and y that it has in this frame.
        whole: Log-odds of each colour anywhere, that a place falls back on.
    """
    before, region, x, y = seen
    height, width = colours.shape
    size = int(np.prod(LEVELS))
    high, wide = (max(2, min(PLACES, n // 8)) for n in (height, width))
    row = np.clip(y * (high / height), 0, high - 1).astype(np.int32)
    column = np.clip(x * (wide / width), 0, wide - 1).astype(np.int32)
    index = ((row * wide + column) * size + before).ravel()
    likely = (1 / (1 + np.exp(-whole))).astype(np.float32)
    backed = []
    for weight, backing in ((region, likely), (1 - region, 1 - likely)):
        counts = np.bincount(index, weight.ravel(), high * wide * size).astype(np.float32)
        shared = spread_colours(counts.reshape(high * wide, size)).reshape(high, wide, size)
        shared = _blurred(_blurred(shared, 0), 1)
        backed.append(shared + BACKING * backing)
    odds = np.log(backed[0] / backed[1]).astype(np.float32)
    return _between_places(np.clip(odds, -FARTHEST, FARTHEST), colours)


def _between_places(odds: Array, colours: Array) -> Array:
    """`odds` (high, wide, colours) read at each pixel's place and colour, linearly in place."""
    height, width = colours.shape
    high, wide, _ = odds.shape
    y = np.clip((np.arange(height) + 0.5) * high / height - 0.5, 0, high - 1.001)
    x = np.clip((np.arange(width) + 0.5) * wide / width - 0.5, 0, wide - 1.001)
    top, left = y.astype(np.int32)[:, None], x.astype(np.int32)[None, :]
    down, right = (y[:, None] - top).astype(np.float32), (x[None, :] - left).astype(np.float32)
    upper = (1 - right) * odds[top, left, colours] + right * odds[top, left + 1, colours]
    lower = (1 - right) * odds[top + 1, left, colours] + right * odds[top + 1, left + 1, colours]
    return (1 - down) * upper + down * lower
