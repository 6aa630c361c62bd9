"""The thing that a box encloses, told from what lies round the box."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.flow import Array, pixel_grid
from longtake_engine.models.follow.appearance import Looks, Palette, local_odds
from longtake_engine.models.follow.cut import cut, edge_cost
from longtake_engine.models.follow.moving import moving_odds

ROUNDS = 3  # of looks and cut
GRABS = 5  # rounds of GrabCut
STEPS = 80  # of a cut
AROUND = 0.35  # of the box's size: what of its surroundings is looked at
LEAST_AROUND = 12  # pixels
LEAST_SHARE = 0.12  # of a box that the thing in it fills, at least
MIDST = 0.37  # of a box's width and height: its middle, which the thing in it covers
SURELY_MOVES, SURELY_STAYS = 1.2, -1.5  # log-odds
RARE = 0.5  # weight of a colour's being rarer outside, where the thing is not known yet
EDGES = 0.2  # worth of an outline on the picture's edges
MIDDLE, RIM = 0.7, -0.3  # log-odds for the thing in the middle of the box and on its rim
SHUT = -20.0  # log-odds outside the box
LOCAL = 0.5  # share of the looks of the place in those of both
KERNEL = np.ones((3, 3), np.uint8)


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
    def contrast(self) -> Array:
        """How strong the picture's edges are, H W; 1 is the mean in the box."""
        smooth = cv2.GaussianBlur(self.part, (0, 0), 0.8).astype(np.float32)
        change = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, KERNEL).sum(-1)
        return change / max(float(change[self.inner].mean()), 1e-3)

    @property
    def pull(self) -> Array:
        """Log-odds by place: nothing lies outside, the thing rather in the middle."""
        high, wide = self.within[self.inner].shape
        from_x = np.minimum(np.arange(wide), np.arange(wide)[::-1]) / max(1, wide / 2)
        from_y = np.minimum(np.arange(high), np.arange(high)[::-1]) / max(1, high / 2)
        pull = np.full(self.colours.shape, SHUT, np.float32)
        pull[self.inner] = RIM + (MIDDLE - RIM) * np.minimum(from_x[None], from_y[:, None])
        return pull


def in_box(
    seen: Array, box: tuple[int, int, int, int], near: Mapping[int, Array] | None = None
) -> Array:
    """The thing that `box` (left, top, right, bottom, half-open) encloses, H W float32 0 or 1.

    Several ways of telling it are gone, and the clearest answer is taken. `near` holds looks of
    other frames by how many frames they come after this one: what moves there is told by them.
    """
    enclosure, (y, x) = Enclosure.of(seen, box)
    high, wide = enclosure.colours.shape
    moving = moving_odds(seen, near or {}, box)[y : y + high, x : x + wide]
    contrast = enclosure.contrast
    found = max(_answers(enclosure, moving), key=lambda one: _merit(enclosure, contrast, one))
    if found[enclosure.inner].sum() < LEAST_SHARE * found[enclosure.inner].size:
        found = _ellipse(enclosure)
    matte = np.zeros(seen.shape[:2], np.float32)
    matte[y : y + high, x : x + wide] = found
    return matte


def _answers(enclosure: Enclosure, moving: Array) -> Iterator[Array]:
    """GrabCut (Rother et al. 2004) from the whole box, and from its middle; what differs from the
    surroundings in looks and in motion (log-odds `moving`), by itself, with GrabCut, and with
    GrabCut to which what surely moves or stays is given."""
    within = enclosure.within
    if within.all():  # nothing outside to tell it from
        yield _ellipse(enclosure)
        return
    yield grab(enclosure.part, np.where(within > 0, cv2.GC_PR_FGD, cv2.GC_BGD), GRABS)
    yield _grabbed(enclosure, within, _ellipse(enclosure, MIDST) > 0)
    region = _unlike(enclosure, moving)
    yield (region > 0.5).astype(np.float32)
    yield _grabbed(enclosure, region)
    moves = cv2.erode((moving > SURELY_MOVES).astype(np.uint8), KERNEL) > 0
    stays = moving < SURELY_STAYS
    if moves.any() or stays.any():
        yield _grabbed(enclosure, region, moves & (region > 0.5), stays)


def _unlike(enclosure: Enclosure, moving: Array) -> Array:
    """What in the box is unlike its surroundings in motion and in colour, by some rounds of looks
    all over and by place, H W 0..1."""
    costs, pull = edge_cost(enclosure.part), enclosure.pull + moving
    odds = RARE * _rarity(enclosure)[enclosure.colours]
    region = cut(odds + pull, costs, enclosure.within / 2, STEPS)
    grid = pixel_grid(*region.shape)
    for _ in range(ROUNDS):
        if not region.any():
            break
        whole = Looks.of(enclosure.colours, region, 1 - region).odds(float(region.sum()))
        seen = enclosure.colours, region, grid[..., 0], grid[..., 1]
        local = local_odds(enclosure.colours, seen, whole)
        odds = whole[enclosure.colours] + LOCAL * (local - whole[enclosure.colours])
        region = cut(odds + pull, costs, region, STEPS)
    return region


def _rarity(enclosure: Enclosure) -> Array:
    """Log-odds of each colour by its share in the box over that outside: of a colour, as much is
    the thing as there is more of it in the box."""
    within = enclosure.within
    looks = Looks.of(enclosure.colours, within, 1 - within)
    floor = 2 / within.sum()
    over = (looks.inside + floor) / (looks.outside + floor) - 1
    return np.clip(np.log(np.maximum(over, 0.02)), -4, 4).astype(np.float32)


def _grabbed(
    enclosure: Enclosure,
    region: Array,
    surely: Array | None = None,
    surely_not: Array | None = None,
) -> Array:
    """`region` by GrabCut, with what is known (H W bool)."""
    known = np.where(region > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD)
    if surely_not is not None:
        known[surely_not] = cv2.GC_BGD
    if surely is not None:
        known[surely] = cv2.GC_FGD
    return grab(enclosure.part, np.where(enclosure.within > 0, known, cv2.GC_BGD), GRABS)


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


def _merit(enclosure: Enclosure, contrast: Array, region: Array) -> float:
    """How clear an answer is: it looks unlike the rest, reaches all sides of the box, does not
    lie along them, and its outline is where the picture's contrast is."""
    inner = region[enclosure.inner] > 0.5
    if inner.sum() < LEAST_SHARE * inner.size:
        return -10.0
    looks = Looks.of(enclosure.colours, region, 1 - region)
    alike = float(np.minimum(looks.inside, looks.outside).sum())
    rim = np.concatenate([inner[0], inner[-1], inner[:, 0], inner[:, -1]])
    _, _, wide, high = cv2.boundingRect(inner.astype(np.uint8))
    solid = region.astype(np.uint8)
    outline = (cv2.dilate(solid, KERNEL) != solid) & (enclosure.within > 0)
    edges = float(contrast[outline].mean()) if outline.any() else 0.0
    return wide * high / inner.size - alike - float(rim.mean()) + EDGES * edges


def _ellipse(enclosure: Enclosure, share: float = 1.0) -> Array:
    """The ellipse of `share` of the width and height of the box, in its middle."""
    drawn = np.zeros(enclosure.colours.shape, np.uint8)
    rows, columns = enclosure.inner
    high, wide = rows.stop - rows.start, columns.stop - columns.start
    centre = (columns.start + wide // 2, rows.start + high // 2)
    axes = (max(1, int(share * wide / 2)), max(1, int(share * high / 2)))
    cv2.ellipse(drawn, centre, axes, 0, 0, 360, (1,), cv2.FILLED)
    return drawn.astype(np.float32)
