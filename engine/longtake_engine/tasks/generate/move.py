"""Moves of a camera over a still: where each sets off and where it comes to rest."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from longtake_engine.models.still.stillcamera import NEAR, Framing, Hand
from longtake_engine.work import CameraKind, CameraMove

TRAVEL_PER_S = 0.05  # of the view's width, the usual; more is restless
TRAVEL_USUAL = 0.3  # at most, where nobody asks for more
TRAVEL_MOST_PER_S = 0.2
ROOM_PER_S = 0.12  # the usual where the still has more to show along the way than fits the view
ROOM_USUAL = 0.8  # of that, at most
CLOSER_PER_S = 0.035  # of the view's width, the usual
CLOSER_USUAL = 0.22
CLOSER_MOST_PER_S = 0.12
CLOSEST = 0.5  # of the widest view: nearer, a still falls apart
NARROWEST = 0.6  # of the widest view, to have room for a travel
REACH_USUAL, REACH_MOST = 0.006, 0.025  # of the view, of a hand
ROOMY = 0.15  # of the still that the widest view leaves out: there is something to travel over

_ACROSS = {"pan_left": -1, "pan_right": 1, "truck_left": -1, "truck_right": 1}
_DOWN = {"tilt_up": -1, "tilt_down": 1}
_NEARER = {"dolly_in": 1, "dolly_out": -1, "zoom_in": 1, "zoom_out": -1}
_ORBIT = {"orbit_left": 1, "orbit_right": -1}  # which way the ground is gone over
# A camera that only turns or zooms sees near and far go by alike.
_WITH_DEPTH = {"dolly_in", "dolly_out", "truck_left", "truck_right", *_ORBIT}


@dataclass(frozen=True, slots=True)
class Place:
    """A still as the camera has it before it."""

    widest: tuple[float, float]  # shares of its width and height that the widest view shows
    focus: tuple[float, float] = (0.5, 0.5)  # where the eye goes, shares of its width and height

    @property
    def is_wide(self) -> bool:
        """Whether there is something to pan over."""
        return 1 - self.widest[0] > ROOMY

    @property
    def is_tall(self) -> bool:
        """Whether there is something to tilt over."""
        return 1 - self.widest[1] > ROOMY


@dataclass(frozen=True, slots=True)
class Move:
    """One move."""

    kind: CameraKind
    start: Framing
    end: Framing
    hand: Hand | None = None
    near: float | None = None  # how far what is near goes against the ground; None: as far

    @property
    def closest(self) -> float:
        """The least width of its framings."""
        return min(self.start.width, self.end.width)


def choose_kinds(places: Sequence[Place], seed: int) -> list[CameraKind]:
    """A move for each still, by its shape, no two after each other alike; another seed, others."""
    kinds: list[CameraKind] = []
    for number, place in enumerate(places):
        likely = _likely(place)
        turn = number + seed
        kind = likely[turn % len(likely)]
        if kinds and kind == kinds[-1]:
            kind = likely[(turn + 1) % len(likely)]
        kinds.append(kind)
    return kinds


def plan_move(
    camera: CameraMove, place: Place, *, frame_count: int, rate: Fraction, seed: int
) -> Move:
    """The move that `camera` asks for, over a still that lies before it."""
    seconds = float(frame_count / rate)
    amount = camera.amount
    if not amount:  # the usual, a little other with every seed
        amount = 0.5 + 0.12 * float(np.random.default_rng(seed).uniform(-1, 1)) * bool(seed)
    kind = camera.kind
    at_rest = Framing(*place.focus, 1.0)
    move = Move(kind, at_rest, at_rest)
    if kind in _ACROSS or kind in _ORBIT:
        move = Move(kind, *_travel(place, amount, seconds, {**_ACROSS, **_ORBIT}[kind], 0))
    elif kind in _DOWN:
        move = Move(kind, *_travel(place, amount, seconds, _DOWN[kind], 1))
    elif kind in _NEARER:
        move = _approach(kind, place, amount, seconds)
    elif kind == "handheld":
        reach = _between(0.0, REACH_USUAL, REACH_MOST, amount)
        move = replace(move, hand=Hand(reach, rate, seed))
    if kind in _WITH_DEPTH:
        return replace(move, near=0.0 if kind in _ORBIT else NEAR)
    return move


def _likely(place: Place) -> tuple[CameraKind, ...]:
    if place.is_wide:
        return "pan_right", "dolly_in", "pan_left", "dolly_out"
    if place.is_tall:
        return "tilt_up", "dolly_in", "tilt_down", "dolly_out"
    return "dolly_in", "truck_right", "dolly_out", "truck_left"


def _travel(
    place: Place, amount: float, seconds: float, way: int, axis: int
) -> tuple[Framing, Framing]:
    """The two ends of a move along an axis of the still: 0 across, 1 down."""
    widest = place.widest[axis]
    most = min(TRAVEL_MOST_PER_S * seconds, 1 / (NARROWEST * widest) - 1)
    usual = min(TRAVEL_PER_S * seconds, TRAVEL_USUAL, most)
    room = 1 / widest - 1
    is_roomy = 1 - widest > ROOMY
    if is_roomy:
        most = min(TRAVEL_MOST_PER_S * seconds, room)
        usual = min(ROOM_PER_S * seconds, ROOM_USUAL * room, most)
    travel = _between(0.0, usual, most, amount)
    width = min(1.0, 1 / (widest * (1 + travel)))
    view = width * widest  # share of the still along the axis
    half = travel * view / 2
    low, high = view / 2 + half, 1 - view / 2 - half
    middle = place.focus[axis]
    if is_roomy and axis == 0:  # it comes to rest on what it leads to
        middle -= way * half
    elif is_roomy:  # of what is tall the upper part tells most: heads, tops, skies
        middle = low
    middle = min(max(middle, low), high) if low < high else 0.5
    ends = [middle - way * half, middle + way * half]
    start, end = (
        Framing(*((at, place.focus[1]) if axis == 0 else (place.focus[0], at)), width)
        for at in ends
    )
    return start, end


def _approach(kind: CameraKind, place: Place, amount: float, seconds: float) -> Move:
    most = min(CLOSER_MOST_PER_S * seconds, 1 - CLOSEST)
    usual = min(CLOSER_PER_S * seconds, CLOSER_USUAL, most)
    width = 1 - _between(0.0, usual, most, amount)
    far = Framing(*place.focus, 1.0)
    near = Framing(*place.focus, width)
    return Move(kind, far, near) if _NEARER[kind] > 0 else Move(kind, near, far)


def _between(least: float, usual: float, most: float, amount: float) -> float:
    """What an amount of 0 to 1 means, the usual at a half."""
    if amount <= 0.5:
        return least + (usual - least) * amount * 2
    return usual + (most - usual) * (amount - 0.5) * 2
