"""One step of following: from a frame whose matte is known to the next."""

from dataclasses import replace

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import Array
from longtake_engine.models.follow.found import Found, find
from longtake_engine.models.follow.moving import camera_move
from longtake_engine.models.follow.seek import Lost, seek
from longtake_engine.models.follow.state import USUAL_DISTANCE, State, looks_of
from longtake_engine.models.follow.texture import SHRUNK, describe
from longtake_engine.models.follow.trust import chained, trust_in
from longtake_engine.models.follow.window import outside_of, sides

FORGETTING = 0.08  # share of the newest looks, a frame
LEAST_AREA = 12  # pixels of a thing that can be followed
GONE = 0.04  # of the thing's size of late: what is left is nothing
LEARNS, LEARNS_LIKE = 0.5, 0.75  # agreement, and share of the usual likeness, to be learned from
DRIFTED, DRIFTS = 0.6, 3  # share of the usual likeness, and frames of less: it is another thing
SURE_LIKE = 0.85  # share of the usual likeness, of what is found again
FOUND_CHAIN = 0.8  # of the trust in what was marked, in what is found again
PROVEN = 8  # frames after which what was found again is taken for it
SHRINKING = 0.995  # a frame: of the size that the thing is expected to have again
LEAST_LIKENESS = 0.5


def step(state: State, seen: Array) -> State:
    """The state after the next frame, `seen` H W 3 uint8."""
    camera = camera_move(state.seen, seen)
    texture = describe(seen)
    if state.lost is not None:
        return _sought(state, seen, texture, camera)
    found = find(state, seen, texture, camera)
    if found.matte.sum() < max(LEAST_AREA, GONE * state.full_area):
        return _gone(state, found)
    unlike = state.unlike + 1 if found.signs.like_first < DRIFTED * state.like else 0
    if unlike >= DRIFTS:
        return _gone(replace(state, memory=state.memory.as_marked()), found)
    after = replace(_after(state, found), unlike=unlike)
    return replace(after, doubted=_doubted_after(state, camera))


def _doubted_after(state: State, camera: Similarity) -> Lost | None:
    """What was looked for, until what was found is proven."""
    if state.doubted is None or state.proven + 1 >= PROVEN:
        return None
    return state.doubted.later((camera.b.real, camera.b.imag))


def _after(state: State, found: Found) -> State:
    """The state with all that a frame teaches."""
    seen, matte, place = found.seen, found.matte, found.place
    looks, memory = state.looks, state.memory
    if found.signs.agrees > LEARNS and found.signs.like_first > LEARNS_LIKE * state.like:
        looks = looks.mixed(looks_of(state.palette, seen, matte, place), FORGETTING)
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
        pace=found.pace,
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
    found = find(seen_there, seen, texture, Similarity())
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
