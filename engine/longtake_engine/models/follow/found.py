"""What of a frame is the thing that is followed, by all that speaks for and against."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import Array
from longtake_engine.models.follow.carried import Carried
from longtake_engine.models.follow.cut import cut, edge_cost
from longtake_engine.models.follow.evidence import colour_odds, off_edge, shape_odds
from longtake_engine.models.follow.leap import leap, leapt
from longtake_engine.models.follow.pace import Pace, ways_of
from longtake_engine.models.follow.state import State
from longtake_engine.models.follow.texture import SHRUNK, odds_of, shrunk, window_odds
from longtake_engine.models.follow.trust import Signs
from longtake_engine.models.follow.window import Place, surroundings

STEPS = 40  # of the cut
FIRST = 0.4  # share of the looks of the marked frame, always
LOCAL, SHAPE, BEHIND, REMEMBERED, NEAR = 1.0, 1.0, 1.0, 1.0, 0.5  # weights of what speaks
LEAST_PART = 0.03  # of the thing: smaller parts apart from the rest are noise
MOVES = 1.5  # pixels a frame: a thing that moves against the background by so much leaves parts
STAYS = 0.4  # share of that: parts which move less lag behind, and are background
SCRAP = 0.15  # of the thing: larger parts are no such ground
BACK_ODDS = 0.0  # log-odds from which on a place looks enough as marked
BACK_FROM = 0.3  # share, three times: of the thing that is missing before it is let come back


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
    pace: Pace


def find(state: State, seen: Array, texture: Array, camera: Similarity) -> Found:
    """What of a frame is the thing, by all that speaks for and against."""
    behind = BEHIND * _behind(state, seen, camera)
    far = leap(state, seen, behind)
    if far != (0, 0):
        state = leapt(state, far)
    place = surroundings(state.matte, state.velocity)
    carried = _carried(state, seen, place, camera, far)
    back_flow = carried.back_flow - np.array(far, np.float32)
    ways = ways_of(back_flow, camera)
    to_thing, to_ground = state.memory.distances(texture[place.shrunk])
    first_odds = state.memory.first_odds(texture[place.shrunk], to_ground)
    back = _back(state, first_odds)
    odds = _odds_by_colour(state, seen, place, carried)
    shape = SHAPE * shape_odds(carried.matte, carried.sure, state.area)
    against = 1 - place.enlarged(back)
    for one in (shape, behind[place.cut]):
        odds += np.where(one < 0, one * against, one)
    near = _near(state, place, texture, camera, far)
    near = np.where(near < 0, near * (1 - back), near)
    by_texture = REMEMBERED * odds_of(to_thing, to_ground) + NEAR * near
    odds += off_edge(carried.matte) * place.enlarged(by_texture)
    if far == (0, 0):
        odds += state.pace.odds(ways, carried.matte, carried.sure)
    region = cut(odds, edge_cost(seen[place.cut]), np.clip(carried.matte, 0, 1), STEPS)
    region = _without_left(_without_specks(region), back_flow, camera)
    matte = np.zeros_like(state.matte)
    matte[place.cut] = region
    signs = Signs.of(carried.matte, region, carried.sure, odds)
    by_place = shrunk(matte)[place.shrunk] > 0.5
    signs = signs.with_likeness(by_place, first_odds, to_thing, state.usual)
    signs = replace(signs, grown=float(region.sum()) / max(state.marked_area, 1.0))
    velocity = _velocity(state, place, carried.onward, far)
    leapt_pace = state.pace.leapt(far, camera)
    pace = state.pace.learned(ways, region, carried.sure) if far == (0, 0) else leapt_pace
    return Found(seen, texture, matte, place, camera, signs, back, to_ground, velocity, pace)


def _carried(
    state: State, seen: Array, place: Place, camera: Similarity, far: tuple[int, int]
) -> Carried:
    """The matte carried on by flow, or by the leap that the thing took."""
    if far == (0, 0):
        return Carried.measure(state, seen, place)
    return Carried.leapt(state, seen, place, camera, far)


def _odds_by_colour(state: State, seen: Array, place: Place, carried: Carried) -> Array:
    """Log-odds of the window's pixels by their colours, H W."""
    looks = state.looks.mixed(state.first, FIRST)
    colours = state.palette.levels(seen[place.cut])
    known = (state.seen[place.cut], carried.old, carried.onward)
    return LOCAL * colour_odds(state.palette, looks, state.area, colours, known)


def _behind(state: State, seen: Array, camera: Similarity) -> Array:
    """Log-odds by what lay behind there, H W of the whole look."""
    plate = state.plate.moved(camera)
    return plate.odds(plate.difference(seen.astype(np.float32)))


def _back(state: State, first_odds: Array) -> Array:
    """How far a place may be the thing though motion brings nothing there, h w 0..1: it looks as
    marked, and some of the thing was hidden or out of the picture."""
    hidden = np.clip(3 * (1 - state.area / max(state.full_area, 1.0)) - BACK_FROM, 0, 1)
    return (hidden * np.clip(first_odds - BACK_ODDS, 0, 1)).astype(np.float32)


def _near(
    state: State, place: Place, texture: Array, camera: Similarity, far: tuple[int, int]
) -> Array:
    """Log-odds of the window's places by what lay there a frame ago."""
    part = place.shrunk
    moves = [state.velocity, (camera.b.real - far[0], camera.b.imag - far[1])]
    by_place = [(across / SHRUNK, down / SHRUNK) for across, down in moves]
    return window_odds(texture[part], state.texture[part], shrunk(state.matte)[part], by_place)


def _velocity(
    state: State, place: Place, onward: Array, far: tuple[int, int]
) -> tuple[float, float]:
    weight = state.matte[place.cut] > 0.5
    across, down = np.median(onward[weight], axis=0) if weight.any() else state.velocity
    return float(across) + far[0], float(down) + far[1]


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
