"""What a place looks like with its surroundings, and where the like of it was seen before."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array

SHRUNK = 2  # pixels of a look to one place
FINE, MIDDLE, WIDE = 0.7, 2.0, 4.5  # places: of the three blurs
RING = 4  # places: how far the luma round about is looked at
NOISE = 0.15  # squared distance of two views of one place
MOST = 4.0  # log-odds
SHARPNESS = 4.0  # log-odds of what is infinitely nearer to the one than to the other
REACH = 4  # places: how far from where motion leads
THING_KEPT, GROUND_KEPT = 1000, 1600  # places remembered
FIRST_THING, FIRST_GROUND = 400, 600  # of these of the marked frame, never forgotten
NEW_THING, NEW_GROUND = 60, 100  # of each frame
MANY = 4000  # places: so many are not all looked up


def describe(seen: Array) -> Array:
    """Numbers of each place of a look (H W 3 uint8), h w 16 float32, such that a distance of 1 is
    a clear one."""
    height, width = seen.shape[:2]
    size = (-(-width // SHRUNK), -(-height // SHRUNK))
    small = cv2.resize(seen, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    small *= np.array([1 / 32, 1 / 14, 1 / 14], np.float32)
    fine, middle, wide = (cv2.GaussianBlur(small, (0, 0), sigma) for sigma in (FINE, MIDDLE, WIDE))
    luma = small[..., 0]
    across = cv2.GaussianBlur(np.abs(cv2.Sobel(luma, cv2.CV_32F, 1, 0)), (0, 0), MIDDLE)
    down = cv2.GaussianBlur(np.abs(cv2.Sobel(luma, cv2.CV_32F, 0, 1)), (0, 0), MIDDLE)
    rough = np.sqrt(cv2.GaussianBlur(np.square(luma - wide[..., 0]), (0, 0), MIDDLE))
    ring = []
    for x, y in ((RING, 0), (-RING, 0), (0, RING), (0, -RING)):
        move = np.array([[1, 0, x], [0, 1, y]], np.float32)
        ring.append(cv2.warpAffine(middle[..., 0], move, size, borderMode=cv2.BORDER_REPLICATE))
    parts = [fine, 0.8 * middle, 0.6 * wide, 0.5 * across[..., None], 0.5 * down[..., None]]
    parts += [0.7 * rough[..., None], *(0.4 * one[..., None] for one in ring)]
    return np.ascontiguousarray(np.concatenate(parts, -1), np.float32)


def shrunk(values: Array) -> Array:
    """`values` (H W) of a look by place."""
    height, width = values.shape
    size = (-(-width // SHRUNK), -(-height // SHRUNK))
    return cv2.resize(values, size, interpolation=cv2.INTER_AREA)


@dataclass(frozen=True, slots=True)
class Memory:
    """What the thing and its surroundings looked like, place by place.

    Nearest neighbours among what was labelled before, as in FEELVOS (Voigtlaender et al. 2019),
    with plain numbers in place of learned ones.
    """

    thing: Array  # n 16, the first FIRST_THING of the marked frame
    ground: Array  # m 16, the first FIRST_GROUND of the marked frame
    first: tuple[int, int]  # how many of each are of the marked frame

    @classmethod
    def of(cls, texture: Array, inside: Array, outside: Array) -> "Memory":
        """Of the marked frame, where surely the thing is and where surely it is not (h w bool)."""
        thing = _some(texture[inside], FIRST_THING)
        ground = _spread(texture[outside], thing, FIRST_GROUND)
        return cls(thing, ground, (len(thing), len(ground)))

    def distances(self, texture: Array) -> tuple[Array, Array]:
        """Squared distances of each place, h w, to the nearest of the thing and of the ground."""
        return _far(texture, self.thing), _far(texture, self.ground)

    def first_odds(self, texture: Array, to_ground: Array) -> Array:
        """Log-odds of each place for the thing as it was marked, against all ground, to which the
        squared distances are given, h w."""
        return odds_of(_far(texture, self.thing[: self.first[0]]), to_ground)

    def as_marked(self) -> "Memory":
        """The memory without what was learned of the thing since, which may be of another."""
        return Memory(self.thing[: self.first[0]], self.ground, self.first)

    def learned(self, texture: Array, inside: Array, outside: Array, far: Array) -> "Memory":
        """The memory with some of a new frame in place of some that came after the first one.

        Args:
            texture: Of the frame.
            inside: Where surely the thing is, h w bool.
            outside: Where surely it is not.
            far: Squared distance of each place to the ground that is known: what is new of it is
                remembered first.
        """
        new_thing = _some(texture[inside], NEW_THING)
        order = np.argsort(-far[outside], kind="stable")
        ground = texture[outside]
        new_ground = np.concatenate(
            [ground[order[: NEW_GROUND // 2]], _some(ground, NEW_GROUND // 2)]
        )
        return Memory(
            _replaced(self.thing, new_thing, THING_KEPT, self.first[0]),
            _replaced(self.ground, new_ground, GROUND_KEPT, self.first[1]),
            self.first,
        )


def _spread(values: Array, thing: Array, count: int) -> Array:
    """At most `count` rows: half of them evenly, half of those most like the thing."""
    if len(values) <= count or not len(thing):
        return _some(values, count)
    near = np.argsort(_nearest(values, _some(thing, 200)), kind="stable")
    return np.concatenate([_some(values, count // 2), values[near[: count // 2]]])


def _some(values: Array, count: int) -> Array:
    """Evenly chosen rows, at most `count`."""
    if len(values) <= count:
        return values
    return values[np.linspace(0, len(values) - 1, count).astype(int)]


def _replaced(old: Array, new: Array, most: int, first: int) -> Array:
    """The first ones, then the newest ones thinned by age, at most `most`."""
    first = min(first, len(old))
    later = np.concatenate([old[first:], new])
    room = most - first
    if len(later) > room:
        # The old ones are thinned evenly, so that ever fewer are left of ever older frames.
        later = np.concatenate([_some(later[: -len(new) or None], room - len(new)), new])
    return np.concatenate([old[:first], later])


def _far(texture: Array, others: Array) -> Array:
    """Squared distance of each place, h w, to the nearest of `others`; where there are many, of
    every second one across and down, and between these."""
    height, width = texture.shape[:2]
    thin = 2 if height * width > MANY else 1
    some = texture[::thin, ::thin]
    found = _nearest(some.reshape(-1, texture.shape[-1]), others).reshape(some.shape[:2])
    if thin == 1:
        return found
    at = np.array([[1 / thin, 0, 0], [0, 1 / thin, 0]], np.float32)
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(found, at, (width, height), flags=way, borderMode=cv2.BORDER_REPLICATE)


def _nearest(texture: Array, others: Array) -> Array:
    """Squared distance of each row to the nearest of `others`."""
    if not len(others):
        return np.full(len(texture), 1e3, np.float32)
    squares = np.square(others).sum(1)
    found = np.empty(len(texture), np.float32)
    for at in range(0, len(texture), 4096):
        part = texture[at : at + 4096]
        far = squares - 2 * (part @ others.T)
        found[at : at + 4096] = far.min(1) + np.square(part).sum(1)
    return np.maximum(found, 0)


def odds_of(to_thing: Array, to_ground: Array) -> Array:
    """Log-odds for the thing by the distances to it and to the ground."""
    ratio = (to_ground - to_thing) / (to_ground + to_thing + NOISE)
    return np.clip(SHARPNESS * ratio, -MOST, MOST).astype(np.float32)


def window_odds(
    texture: Array, before: Array, matte: Array, moves: list[tuple[float, float]]
) -> Array:
    """Log-odds of each place, h w, by the nearest within REACH of where `moves` (places a frame)
    say that it was in the frame `before`, of which `matte` (h w) is known."""
    height, width = matte.shape
    best = [np.full((height, width), 1e3, np.float32) for _ in range(2)]
    offsets = set()
    for across, down in moves:
        for dy in range(-REACH, REACH + 1):
            for dx in range(-REACH, REACH + 1):
                offsets.add((round(dx - across), round(dy - down)))
    inside = np.where(matte > 0.5, 0, 1e3).astype(np.float32)
    outside = np.where(matte > 0.5, 1e3, 0).astype(np.float32)
    for dx, dy in offsets:
        to = np.s_[max(0, -dy) : height - max(0, dy), max(0, -dx) : width - max(0, dx)]
        of = np.s_[max(0, dy) : height + min(0, dy), max(0, dx) : width + min(0, dx)]
        if to[0].stop <= to[0].start or to[1].stop <= to[1].start:
            continue
        far = texture[to] - before[of]
        far = np.einsum("hwc,hwc->hw", far, far)
        for side, apart in zip(best, (inside, outside), strict=True):
            np.minimum(side[to], far + apart[of], out=side[to])
    return odds_of(*best)
