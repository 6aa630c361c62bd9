"""One step of following: from a frame whose matte is known to the next."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity, measure_camera
from longtake_engine.models.flow import Array, consistency, flow_both_ways, pixel_grid, sample
from longtake_engine.models.follow.appearance import Looks, Palette
from longtake_engine.models.follow.cut import cut, edge_cost
from longtake_engine.models.follow.evidence import colour_odds, off_edge, shape_odds
from longtake_engine.models.follow.look import luma_of
from longtake_engine.models.follow.plate import Plate
from longtake_engine.models.follow.seek import Lost, seek
from longtake_engine.models.follow.texture import (
    SHRUNK,
    Memory,
    describe,
    odds_of,
    shrunk,
    window_odds,
)
from longtake_engine.models.follow.trust import Signs, chained, trust_in
from longtake_engine.models.follow.window import Place, outside_of, sides, surroundings

STEPS = 40  # of the cut
CAMERA_WIDTH = 240  # the camera's move is measured at
FORGETTING = 0.08  # share of the newest looks, a frame
FIRST = 0.4  # share of the looks of the marked frame, always
LOCAL, SHAPE, BEHIND, REMEMBERED, NEAR = 1.0, 1.0, 1.0, 1.0, 0.5  # weights of what speaks
LEAST_AREA = 12  # pixels of a thing that can be followed
GONE = 0.04  # of the thing's size of late: what is left is nothing
LEAST_PART = 0.03  # of the thing: smaller parts apart from the rest are noise
MOVES = 1.5  # pixels a frame: a thing that moves against the background by so much leaves parts
STAYS = 0.4  # share of that: parts which move less lag behind, and are background
SCRAP = 0.15  # of the thing: larger parts are no such ground
LEARNS, LEARNS_LIKE = 0.5, 0.75  # agreement, and share of the usual likeness, to be learned from
DRIFTED, DRIFTS = 0.6, 3  # share of the usual likeness, and frames of less: it is another thing
BACK_ODDS = 0.0  # log-odds from which on a place looks enough as marked
BACK_FROM = 0.3  # share, three times: of the thing that is missing before it is let come back
SURE_LIKE = 0.85  # share of the usual likeness, of what is found again
FOUND_CHAIN = 0.8  # of the trust in what was marked, in what is found again
PROVEN = 8  # frames after which what was found again is taken for it
SHRINKING = 0.995  # a frame: of the size that the thing is expected to have again
USUAL_LIKENESS = 0.7  # to begin with
LEAST_LIKENESS = 0.5
USUAL_DISTANCE = 0.3  # squared, at least: of a thing to what is remembered of it


@dataclass(frozen=True, slots=True)
class State:
    """All that is known after a frame."""

    seen: Array  # H W 3 uint8
    matte: Array  # H W float32; empty where the thing is lost
    texture: Array  # h w 16
    palette: Palette
    first: Looks  # of the marked frame
    looks: Looks  # of late
    memory: Memory
    plate: Plate
    velocity: tuple[float, float]  # pixels a frame, across and down
    area: float  # pixels of the thing of late
    marked_area: float  # pixels of it where it was marked
    full_area: float  # pixels that it had when all of it was seen
    like: float  # how much it usually looks as what was marked
    unlike: int  # frames on which it has not
    usual: float  # squared distance of its places to what is remembered of it
    chain: float  # of the trust in what was marked, what all steps since have left, 0..1
    confidence: float  # 0..1
    signs: Signs
    lost: Lost | None = None
    proven: int = 0  # frames since it was found again
    doubted: Lost | None = None  # what was looked for, where something was found that may be it


@dataclass(frozen=True, slots=True)
class Found:
    """What a frame was found to hold."""

    seen: Array
    texture: Array
    matte: Array  # H W float32
    place: Place
    camera: Similarity
    signs: Signs
    doubt: Array  # h w of the window, 0..1: it may be the thing though it was not taken for it
    to_ground: Array  # h w of the window: squared distance to the ground that is known
    velocity: tuple[float, float]


def begin(seen: Array, matte: Array) -> State:
    """The state of a marked frame."""
    place = surroundings(matte, (0.0, 0.0))
    palette = Palette.of(seen[place.cut])
    looks = _looks(palette, seen, matte, place)
    texture = describe(seen)
    area = float(matte.sum())
    return State(
        seen=seen,
        matte=matte,
        texture=texture,
        palette=palette,
        first=looks,
        looks=looks,
        memory=Memory.of(texture, *sides(matte, place)),
        plate=Plate.of(seen, outside_of(matte)),
        velocity=(0.0, 0.0),
        area=area,
        marked_area=area,
        full_area=area,
        like=USUAL_LIKENESS,
        unlike=0,
        usual=USUAL_DISTANCE,
        chain=1.0,
        confidence=1.0,
        signs=Signs(),
    )


def step(state: State, seen: Array) -> State:
    """The state after the next frame, `seen` H W 3 uint8."""
    camera = camera_move(state.seen, seen)
    texture = describe(seen)
    if state.lost is not None:
        return _sought(state, seen, texture, camera)
    found = _found(state, seen, texture, camera)
    if found.matte.sum() < max(LEAST_AREA, GONE * state.full_area):
        return _gone(state, found)
    unlike = state.unlike + 1 if found.signs.like_first < DRIFTED * state.like else 0
    if unlike >= DRIFTS:
        return _gone(replace(state, memory=state.memory.as_marked()), found)
    after = replace(_after(state, found), unlike=unlike)
    return replace(after, doubted=_doubted_after(state, camera))


def camera_move(first: Array, second: Array) -> Similarity:
    """The camera's move from one look to the next, in their pixels."""
    width = first.shape[1]
    lumas = [luma_of(first), luma_of(second)]
    if width > CAMERA_WIDTH:
        size = (CAMERA_WIDTH, round(first.shape[0] * CAMERA_WIDTH / width))
        lumas = [cv2.resize(luma, size, interpolation=cv2.INTER_AREA) for luma in lumas]
    return measure_camera(lumas[0], lumas[1], width)


def _found(state: State, seen: Array, texture: Array, camera: Similarity) -> Found:
    """What of a frame is the thing, by all that speaks for and against."""
    place = surroundings(state.matte, state.velocity)
    before, now = (luma_of(one[place.cut]) for one in (state.seen, seen))
    onward, back_flow = flow_both_ways(before, now)
    old = state.matte[place.cut]
    carried = sample(old, pixel_grid(*old.shape) + back_flow)
    sure = consistency(back_flow, onward)
    looks = state.looks.mixed(state.first, FIRST)
    colours = state.palette.levels(seen[place.cut])
    known = (state.seen[place.cut], old, onward)
    odds = LOCAL * colour_odds(state.palette, looks, state.area, colours, known)
    to_thing, to_ground = state.memory.distances(texture[place.shrunk])
    alike = odds_of(to_thing, to_ground)
    first_odds = state.memory.first_odds(texture[place.shrunk], to_ground)
    shape = SHAPE * shape_odds(carried, sure, state.area)
    back = _back(state, first_odds)
    behind = BEHIND * _behind(state, seen, camera)[place.cut]
    against = 1 - place.enlarged(back)
    for one in (shape, behind):
        odds += np.where(one < 0, one * against, one)
    near = _near(state, place, texture, camera)
    near = np.where(near < 0, near * (1 - back), near)
    odds += off_edge(carried) * place.enlarged(REMEMBERED * alike + NEAR * near)
    region = cut(odds, edge_cost(seen[place.cut]), np.clip(carried, 0, 1), STEPS)
    region = _without_left(_without_specks(region), back_flow, camera)
    matte = np.zeros_like(state.matte)
    matte[place.cut] = region
    by_place = shrunk(matte)[place.shrunk] > 0.5
    signs = Signs.of(carried, region, sure, odds)
    signs = signs.with_likeness(by_place, first_odds, to_thing, state.usual)
    grown = float(region.sum()) / max(state.marked_area, 1.0)
    signs = replace(signs, grown=grown)
    velocity = _velocity(state, place, onward)
    return Found(seen, texture, matte, place, camera, signs, back, to_ground, velocity)


def _behind(state: State, seen: Array, camera: Similarity) -> Array:
    """Log-odds by what lay behind there, H W of the whole look."""
    plate = state.plate.moved(camera)
    return plate.odds(plate.difference(seen.astype(np.float32)))


def _back(state: State, first_odds: Array) -> Array:
    """How far a place may be the thing though motion brings nothing there, h w 0..1: it looks as
    marked, and some of the thing was hidden or out of the picture."""
    hidden = np.clip(3 * (1 - state.area / max(state.full_area, 1.0)) - BACK_FROM, 0, 1)
    return (hidden * np.clip(first_odds - BACK_ODDS, 0, 1)).astype(np.float32)


def _doubted_after(state: State, camera: Similarity) -> Lost | None:
    """What was looked for, until what was found is proven."""
    if state.doubted is None or state.proven + 1 >= PROVEN:
        return None
    return state.doubted.later((camera.b.real, camera.b.imag))


def _near(state: State, place: Place, texture: Array, camera: Similarity) -> Array:
    """Log-odds of the window's places by what lay there a frame ago."""
    part = place.shrunk
    moves = [state.velocity, (camera.b.real, camera.b.imag)]
    by_place = [(across / SHRUNK, down / SHRUNK) for across, down in moves]
    return window_odds(texture[part], state.texture[part], shrunk(state.matte)[part], by_place)


def _after(state: State, found: Found) -> State:
    """The state with all that a frame teaches."""
    seen, matte, place = found.seen, found.matte, found.place
    looks, memory = state.looks, state.memory
    if found.signs.agrees > LEARNS and found.signs.like_first > LEARNS_LIKE * state.like:
        looks = looks.mixed(_looks(state.palette, seen, matte, place), FORGETTING)
        inside, outside = (side[place.shrunk] for side in sides(matte, place))
        texture = found.texture[place.shrunk]
        memory = memory.learned(texture, inside, outside & (found.doubt < 0.5), found.to_ground)
    plate = state.plate.moved(found.camera)
    difference = plate.difference(seen.astype(np.float32))
    return replace(
        state,
        seen=seen,
        matte=matte,
        texture=found.texture,
        looks=looks,
        memory=memory,
        plate=plate.learned(seen, difference, outside_of(_doubtful(found))),
        velocity=found.velocity,
        area=0.8 * state.area + 0.2 * float(matte.sum()),
        full_area=max(SHRINKING * state.full_area, float(matte.sum())),
        usual=max(USUAL_DISTANCE, 0.9 * state.usual + 0.1 * found.signs.distance),
        chain=chained(state.chain, found.signs),
        confidence=trust_in(chained(state.chain, found.signs), found.signs),
        signs=found.signs,
        like=_like_after(state.like, found.signs.like_first),
        proven=state.proven + 1,
        lost=None,
    )


def _like_after(usual: float, like: float) -> float:
    """The usual likeness after a frame; one that is much less alike says nothing of the thing."""
    if like < LEARNS_LIKE * usual:
        return usual
    return max(LEAST_LIKENESS, 0.95 * usual + 0.05 * like)


def _doubtful(found: Found) -> Array:
    """The matte with what may be the thing, too, H W."""
    matte = found.matte.copy()
    window = matte[found.place.cut]
    np.maximum(window, found.place.enlarged(found.doubt) > 0.5, out=window)
    return matte


def _gone(state: State, found: Found) -> State:
    """The state after a frame on which the thing is not seen any more."""
    x, y, wide, high = cv2.boundingRect((state.matte > 0.5).astype(np.uint8))
    lost = Lost((x + wide / 2, y + high / 2), float(np.sqrt(state.full_area)), 0)
    if state.doubted is not None:  # it was not the thing that was found
        lost = state.doubted
    return replace(
        state,
        seen=found.seen,
        matte=np.zeros_like(state.matte),
        texture=found.texture,
        plate=state.plate.moved(found.camera),
        confidence=0.0,
        signs=found.signs,
        unlike=0,
        lost=lost,
        doubted=None,
    )


def _sought(state: State, seen: Array, texture: Array, camera: Similarity) -> State:
    """The state after a frame on which a lost thing is looked for."""
    assert state.lost is not None
    lost = state.lost.later((camera.b.real, camera.b.imag))
    plate = state.plate.moved(camera)
    again = seek(texture, state.memory, lost, state.usual)
    away = replace(state, seen=seen, texture=texture, plate=plate, lost=lost)
    if again is None:
        return away
    small, sure = again
    height, width = state.matte.shape
    size = (small.shape[1] * SHRUNK, small.shape[0] * SHRUNK)
    matte = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)[:height, :width]
    # One more look, from there: its outline, and whether it bears a second look.
    seen_there = replace(away, matte=matte, velocity=(0.0, 0.0), lost=None)
    found = _found(seen_there, seen, texture, Similarity())
    if found.matte.sum() < LEAST_AREA or found.signs.like_first < SURE_LIKE * state.like:
        return away
    return replace(
        seen_there,
        matte=found.matte,
        chain=FOUND_CHAIN,
        confidence=trust_in(FOUND_CHAIN * sure, found.signs),
        signs=found.signs,
        proven=0,
        doubted=lost,
    )


def _velocity(state: State, place: Place, onward: Array) -> tuple[float, float]:
    weight = state.matte[place.cut] > 0.5
    if not weight.any():
        return state.velocity
    across, down = np.median(onward[weight], axis=0)
    return float(across), float(down)


def _looks(palette: Palette, seen: Array, matte: Array, place: Place) -> Looks:
    colours = palette.levels(seen[place.cut])
    inside = matte[place.cut]
    return Looks.of(colours, inside, (1 - inside) * outside_of(matte)[place.cut])


def _without_specks(found: Array) -> Array:
    """The matte without parts too small to be some of the thing, and without faint ones apart from
    it, which would trail behind."""
    solid = (found > 0.5).astype(np.uint8)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(solid)
    sizes = stats[:, cv2.CC_STAT_AREA].copy()
    sizes[0] = 0
    kept = sizes >= LEAST_PART * sizes.sum()
    kept[0] = False
    near = cv2.dilate(kept[parts].astype(np.uint8), np.ones((5, 5), np.uint8))
    return np.where(near > 0, found, 0).astype(np.float32)


def _without_left(found: Array, back_flow: Array, camera: Similarity) -> Array:
    """The matte without parts that stay with the background when the thing moves on: ground that
    it hid, and that looked like it when it came out."""
    solid = (found > 0.5).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count <= 2:
        return found
    against = np.array([camera.b.real, camera.b.imag]) + back_flow
    moves = [np.hypot(*np.median(against[parts == part], axis=0)) for part in range(count)]
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if moves[largest] < MOVES:
        return found
    left = np.array(moves) < STAYS * moves[largest]
    # Of several things in one box each may go its own way: what is large is one of them.
    left &= stats[:, cv2.CC_STAT_AREA] < SCRAP * solid.sum()
    left[0] = False
    near = cv2.dilate(left[parts].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.where(near & (parts != largest), 0, found).astype(np.float32)
