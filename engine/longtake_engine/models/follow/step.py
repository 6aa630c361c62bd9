"""One step of following: from a frame whose matte is known to the next."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity, measure_camera
from longtake_engine.models.flow import Array, consistency, flow_both_ways, pixel_grid, sample
from longtake_engine.models.follow.appearance import Looks, Palette, local_odds
from longtake_engine.models.follow.cut import cut, edge_cost
from longtake_engine.models.follow.look import luma_of
from longtake_engine.models.follow.plate import Plate

STEPS = 40  # of the cut
CAMERA_WIDTH = 240  # the camera's move is measured at
REACH = 0.35  # of the thing's size: how far about it is looked
LEAST_REACH = 20  # pixels
FORGETTING = 0.08  # share of the newest looks, a frame
FIRST = 0.4  # share of the looks of the marked frame, always
LOCAL, SHAPE, BEHIND = 1.0, 1.0, 1.0  # weights of what speaks for and against a pixel
SHAPE_SPREAD = 0.03  # of the thing's size: how far its outline may be off what motion says
MOST_SHAPE = 3.0  # log-odds
GUARD = 3  # pixels about the thing that may hold some of it
LEAST_AREA = 12  # pixels of a thing that can be followed
LEAST_PART = 0.02  # of the thing: smaller parts apart from the rest are noise


@dataclass(frozen=True, slots=True)
class Place:
    """A window of the picture, in pixels, half-open."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def cut(self) -> tuple[slice, slice]:
        """For indexing."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True, slots=True)
class State:
    """All that is known after a frame."""

    seen: Array  # H W 3 uint8
    matte: Array  # H W float32
    palette: Palette
    first: Looks  # of the marked frame
    looks: Looks  # of late
    plate: Plate
    velocity: tuple[float, float]  # pixels a frame, across and down
    confidence: float  # 0..1
    area: float  # pixels of the thing of late


def begin(seen: Array, matte: Array) -> State:
    """The state of a marked frame."""
    place = surroundings(matte, (0.0, 0.0))
    palette = Palette.of(seen[place.cut])
    looks = _looks(palette, seen, matte, place)
    plate = Plate.of(seen, _outside(matte))
    return State(seen, matte, palette, looks, looks, plate, (0.0, 0.0), 1.0, float(matte.sum()))


def surroundings(matte: Array, velocity: tuple[float, float]) -> Place:
    """The window in which the thing and its surroundings lie, now and a frame on."""
    height, width = matte.shape
    x, y, wide, high = cv2.boundingRect((matte > 0.5).astype(np.uint8))
    reach = max(LEAST_REACH, round(REACH * max(wide, high)))
    across, down = (round(1.5 * abs(part)) for part in velocity)
    left, right = max(0, x - reach - across), min(width, x + wide + reach + across)
    top, bottom = max(0, y - reach - down), min(height, y + high + reach + down)
    return Place(left, top, right, bottom)


def camera_move(first: Array, second: Array) -> Similarity:
    """The camera's move from one look to the next, in their pixels."""
    width = first.shape[1]
    lumas = [luma_of(first), luma_of(second)]
    if width > CAMERA_WIDTH:
        size = (CAMERA_WIDTH, round(first.shape[0] * CAMERA_WIDTH / width))
        lumas = [cv2.resize(luma, size, interpolation=cv2.INTER_AREA) for luma in lumas]
    return measure_camera(lumas[0], lumas[1], width)


def step(state: State, seen: Array) -> State:
    """The state after the next frame, `seen` H W 3 uint8."""
    place = surroundings(state.matte, state.velocity)
    camera = camera_move(state.seen, seen)
    before, now = (luma_of(one[place.cut]) for one in (state.seen, seen))
    onward, back = flow_both_ways(before, now)
    old = state.matte[place.cut]
    grid = pixel_grid(*old.shape)
    carried = sample(old, grid + back)
    sure = consistency(back, onward)
    plate = state.plate.moved(camera)
    difference = plate.difference(seen.astype(np.float32))
    colours = state.palette.levels(seen[place.cut])
    odds = _colour_odds(state, place, colours, onward)
    odds = LOCAL * odds + SHAPE * _shape_odds(carried, sure, state.area)
    odds += BEHIND * plate.odds(difference)[place.cut]
    found = cut(odds, edge_cost(seen[place.cut]), np.clip(carried, 0, 1), STEPS)
    found = _without_specks(found)
    matte = np.zeros_like(state.matte)
    matte[place.cut] = found
    trust = _confidence(carried, found, sure, odds)
    return replace(
        state,
        seen=seen,
        matte=matte,
        looks=_looks_after(state, seen, matte, place, trust),
        plate=plate.learned(seen, difference, _outside(matte)),
        velocity=_velocity(state, place, onward),
        confidence=trust,
        area=0.8 * state.area + 0.2 * float(matte.sum()),
    )


def _looks_after(state: State, seen: Array, matte: Array, place: Place, trust: float) -> Looks:
    if matte.sum() <= LEAST_AREA:
        return state.looks
    return state.looks.mixed(_looks(state.palette, seen, matte, place), FORGETTING * trust)


def _velocity(state: State, place: Place, onward: Array) -> tuple[float, float]:
    weight = state.matte[place.cut] > 0.5
    if not weight.any():
        return state.velocity
    across, down = np.median(onward[weight], axis=0)
    return float(across), float(down)


def _looks(palette: Palette, seen: Array, matte: Array, place: Place) -> Looks:
    colours = palette.levels(seen[place.cut])
    inside = matte[place.cut]
    return Looks.of(colours, inside, (1 - inside) * _outside(matte)[place.cut])


def _outside(matte: Array) -> Array:
    """Where surely nothing of the thing is, H W bool."""
    kernel = np.ones((2 * GUARD + 1,) * 2, np.uint8)
    return cv2.dilate((matte > 0.2).astype(np.uint8), kernel) == 0


def _colour_odds(state: State, place: Place, colours: Array, onward: Array) -> Array:
    """Log-odds by colour, of late and as marked, of the place and of the whole."""
    looks = state.looks.mixed(state.first, FIRST)
    whole = looks.odds(state.area)
    grid = pixel_grid(*colours.shape) + onward
    before = state.palette.levels(state.seen[place.cut])
    old = np.clip(state.matte[place.cut], 0, 1)
    return local_odds(colours, (before, old, grid[..., 0], grid[..., 1]), whole)


def _shape_odds(carried: Array, sure: Array, area: float) -> Array:
    """Log-odds by how far inside or outside the outline a pixel lies that motion brought along."""
    solid = (carried > 0.5).astype(np.uint8)
    inside = cv2.distanceTransform(solid, cv2.DIST_L2, 3)
    outside = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 3)
    spread = 1.5 + SHAPE_SPREAD * np.sqrt(max(area, 1.0))
    odds = np.clip((inside - outside) / spread, -MOST_SHAPE, MOST_SHAPE)
    # Where motion was not found it says little, but for what lies far off.
    odds *= 0.35 + 0.65 * sure
    return odds - np.clip((outside - 4 * spread) / spread, 0, 8)


def _without_specks(found: Array) -> Array:
    """The matte without parts too small to be some of the thing."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats((found > 0.5).astype(np.uint8))
    if count <= 2:
        return found
    sizes = stats[:, cv2.CC_STAT_AREA].copy()
    sizes[0] = 0
    small = sizes < LEAST_PART * sizes.sum()
    small[0] = False
    return np.where(small[parts], 0, found).astype(np.float32)


def _confidence(carried: Array, found: Array, sure: Array, odds: Array) -> float:
    """How well what was found agrees with motion and looks, 0..1."""
    inside = found > 0.5
    if inside.sum() < LEAST_AREA:
        return 0.0
    both = float(np.minimum(carried, found).sum())
    either = float(np.maximum(carried, found).sum())
    agrees = both / max(either, 1e-6)
    speaks = 1 / (1 + np.exp(-float(odds[inside].mean())))
    moves = float(sure[inside].mean())
    return float(np.clip(agrees * speaks * (0.5 + 0.5 * moves), 0, 1))
