"""The matte of one frame brought to the next by motion."""

from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.camera import Similarity
from longtake_engine.models.flow import Array, consistency, flow_both_ways, pixel_grid, sample
from longtake_engine.models.follow.look import luma_of
from longtake_engine.models.follow.state import State
from longtake_engine.models.follow.window import Place

LEVELS = 20.0  # by which a pixel differs where a leap did not bring it right
ABOUT = 5  # pixels: a thing that leapt and what goes with it


@dataclass(frozen=True, slots=True)
class Carried:
    """The matte of the frame before, carried on by the motion of its window."""

    old: Array  # H W of the window: as it was
    onward: Array  # H W 2 pixels: from the frame before to this one
    back_flow: Array  # H W 2 pixels: from this one to the frame before
    matte: Array  # H W: where the motion brings it
    sure: Array  # H W: how far both ways agree

    @classmethod
    def measure(cls, state: State, seen: Array, place: Place) -> "Carried":
        """By the motion from the last look of `state` to `seen`."""
        before, now = (luma_of(one[place.cut]) for one in (state.seen, seen))
        onward, back_flow = flow_both_ways(before, now)
        old = state.matte[place.cut]
        matte = sample(old, pixel_grid(*old.shape) + back_flow)
        return cls(old, onward, back_flow, matte, consistency(back_flow, onward))

    @classmethod
    def leapt(
        cls, state: State, seen: Array, place: Place, camera: Similarity, far: tuple[int, int]
    ) -> "Carried":
        """By a leap of so many pixels, which `state` was moved by already: the thing stands, and
        the background goes the other way. Flow would not find that: the thing is small."""
        height, width = state.matte.shape
        old = state.matte[place.cut]
        ground = camera.displacement(height, width, 1.0)[place.cut] - np.array(far, np.float32)
        near = cv2.dilate((old > 0.3).astype(np.uint8), np.ones((ABOUT, ABOUT), np.uint8)) > 0
        onward = np.where(near[..., None], 0, ground).astype(np.float32)
        off = np.abs(state.seen[place.cut].astype(np.float32) - seen[place.cut]).mean(-1)
        sure = np.exp(-np.square(off / LEVELS)).astype(np.float32)
        return cls(old, onward, -onward, old.copy(), sure)
