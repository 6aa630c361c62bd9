"""The thing that a box encloses, told from what lies round the box."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array, pixel_grid
from longtake_engine.models.follow.appearance import Looks, Palette, local_odds
from longtake_engine.models.follow.cut import cut, edge_cost

ROUNDS = 4  # of looks and cut, and of GrabCut after them
GRABS = 6  # rounds of GrabCut on its own
STEPS = 80  # of a cut
AROUND = 0.35  # of the box's size: what of its surroundings is looked at
LEAST_AROUND = 12  # pixels
LEAST_SHARE = 0.06  # of a box that the thing in it fills
MIDDLE, RIM = 0.7, -0.3  # log-odds for the thing in the middle of the box and on its rim
SHUT = -20.0  # log-odds outside the box
LOCAL = 0.5  # share of the looks of the place in those of both


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A box and what lies round it."""

    part: Array  # H W 3 uint8: what is looked at
    inner: tuple[slice, slice]  # the box in it
    colours: Array  # H W: the number of each pixel's colour

    @classmethod
    def of(cls, seen: Array, box: tuple[int, int, int, int]) -> tuple["Enclosure", tuple[int, int]]:
        """The enclosure, and where in `seen` its top left corner lies (y, x)."""
        left, top, right, bottom = box
        reach = LEAST_AROUND + round(AROUND * max(right - left, bottom - top))
        x, y = max(0, left - reach), max(0, top - reach)
        part = np.ascontiguousarray(seen[y : bottom + reach, x : right + reach])
        inner = slice(top - y, bottom - y), slice(left - x, right - x)
        return cls(part, inner, Palette.of(part).levels(part)), (y, x)

    @property
    def within(self) -> Array:
        """The box, H W float32 0 or 1."""
        within = np.zeros(self.colours.shape, np.float32)
        within[self.inner] = 1
        return within

    @property
    def pull(self) -> Array:
        """Log-odds by place: nothing lies outside, the thing rather in the middle."""
        high, wide = self.within[self.inner].shape
        from_x = np.minimum(np.arange(wide), np.arange(wide)[::-1]) / max(1, wide / 2)
        from_y = np.minimum(np.arange(high), np.arange(high)[::-1]) / max(1, high / 2)
        pull = np.full(self.colours.shape, SHUT, np.float32)
        pull[self.inner] = RIM + (MIDDLE - RIM) * np.minimum(from_x[None], from_y[:, None])
        return pull


def in_box(seen: Array, box: tuple[int, int, int, int]) -> Array:
    """The thing that `box` (left, top, right, bottom, half-open) encloses, H W float32 0 or 1.

    Several ways of telling it are gone, and the clearest answer is taken.
    """
    enclosure, (y, x) = Enclosure.of(seen, box)
    found = max(_answers(enclosure), key=lambda answer: _merit(enclosure, answer))
    if found.sum() < LEAST_SHARE * found[enclosure.inner].size:
        found = _ellipse(enclosure)
    matte = np.zeros(seen.shape[:2], np.float32)
    matte[y : y + found.shape[0], x : x + found.shape[1]] = found
    return matte


def _answers(enclosure: Enclosure) -> Iterator[Array]:
    """GrabCut (Rother et al. 2004) from the whole box; from what of it is rarer outside; and from
    that after some rounds of looks by place."""
    within = enclosure.within
    if within.all():  # nothing outside to tell it from
        yield _ellipse(enclosure)
        return
    yield grab(enclosure.part, np.where(within > 0, cv2.GC_PR_FGD, cv2.GC_BGD), GRABS)
    costs, pull = edge_cost(enclosure.part), enclosure.pull
    region = _rarer(enclosure, costs, pull)
    yield _grabbed(enclosure, region)
    grid = pixel_grid(*region.shape)
    for _ in range(ROUNDS):
        if not region.any():
            return
        whole = Looks.of(enclosure.colours, region, 1 - region).odds(float(region.sum()))
        seen = enclosure.colours, region, grid[..., 0], grid[..., 1]
        local = local_odds(enclosure.colours, seen, whole)
        odds = whole[enclosure.colours] + LOCAL * (local - whole[enclosure.colours])
        region = cut(odds + pull, costs, region, STEPS)
    yield _grabbed(enclosure, region)


def _rarer(enclosure: Enclosure, costs: tuple[Array, Array], pull: Array) -> Array:
    """What in the box has colours that are rare outside: of a colour, that much is the thing as
    its share in the box is over that outside."""
    within = enclosure.within
    looks = Looks.of(enclosure.colours, within, 1 - within)
    floor = 2 / within.sum()
    over = (looks.inside + floor) / (looks.outside + floor) - 1
    odds = np.clip(np.log(np.maximum(over, 0.02)), -4, 4).astype(np.float32)
    return cut(odds[enclosure.colours] + pull, costs, within / 2, STEPS)


def _grabbed(enclosure: Enclosure, region: Array) -> Array:
    """`region` by GrabCut."""
    inside = np.where(region > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD)
    return grab(enclosure.part, np.where(enclosure.within > 0, inside, cv2.GC_BGD), ROUNDS)


def grab(part: Array, trimap: Array, rounds: int) -> Array:
    """What GrabCut finds, H W float32 0 or 1; nothing where only one side is given."""
    inside = (trimap == cv2.GC_FGD) | (trimap == cv2.GC_PR_FGD)
    if inside.all() or not inside.any():
        return np.zeros(trimap.shape, np.float32)
    cv2.setRNGSeed(0)
    known = trimap.astype(np.uint8)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    box = (0, 0, 1, 1)  # not looked at: the mask says all
    cv2.grabCut(part, known, box, *models, rounds, cv2.GC_INIT_WITH_MASK)
    return ((known == cv2.GC_FGD) | (known == cv2.GC_PR_FGD)).astype(np.float32)


def _merit(enclosure: Enclosure, region: Array) -> float:
    """How clear an answer is: it looks unlike the rest, reaches all sides of the box, and does not
    lie along them."""
    inner = region[enclosure.inner] > 0.5
    if not inner.any():
        return -10.0
    looks = Looks.of(enclosure.colours, region, 1 - region)
    alike = float(np.minimum(looks.inside, looks.outside).sum())
    rim = np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
    _, _, wide, high = cv2.boundingRect(inner.astype(np.uint8))
    return wide * high / inner.size - alike - float(rim.mean())


def _ellipse(enclosure: Enclosure) -> Array:
    """The ellipse that the box encloses."""
    drawn = np.zeros(enclosure.colours.shape, np.uint8)
    rows, columns = enclosure.inner
    high, wide = rows.stop - rows.start, columns.stop - columns.start
    centre = (columns.start + wide // 2, rows.start + high // 2)
    axes = (max(1, wide // 2), max(1, high // 2))
    cv2.ellipse(drawn, centre, axes, 0, 0, 360, (1,), cv2.FILLED)
    return drawn.astype(np.float32)
