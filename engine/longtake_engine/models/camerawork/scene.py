"""What lies before the camera, and how the camera goes on over it: for `camera` and `loop`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas
from longtake_engine.models.camera import Similarity
from longtake_engine.models.camerawork.anchor import anchor, drop_far, lay_on_last, lay_small
from longtake_engine.models.camerawork.light import even_light
from longtake_engine.models.camerawork.mosaic import Mosaic, build_mosaic
from longtake_engine.models.camerawork.reach import Reach
from longtake_engine.models.camerawork.travel import Travel, measure_travel
from longtake_engine.models.loop.weave import Strand, weave
from longtake_engine.models.motion.settling import Settling
from longtake_engine.models.overlay import Overlay, find_overlay
from longtake_engine.models.reel import Reel
from longtake_engine.picture import Picture

BEYOND = 0.05  # of the width that the camera may look beyond what was seen
SHORTEST_S = 0.4  # in which the camera comes to rest at least
HASTE = 0.85  # share of the time to rest that is tried next
LARGEST = 1.3  # times that the picture may be enlarged
AFTER_S = 2.0  # of shake after the rest that count, too
TITLE_PICTURES = 25  # that are looked at for a title
HORIZON_S = 8.0  # of shake that the surroundings are wide enough for


@dataclass(slots=True)
class Scene:
    """A place that lives on in strands, seen by a camera that goes on."""

    mosaic: Mosaic
    cameras: list[Similarity]  # from the last picture to each step
    strands: list[Strand]  # none where nothing lives; the first is whole where nothing settles
    settling: Settling | None  # all else
    title: "Title | None"  # what stays where it is, on top of it all

    def picture(self, step: int) -> Picture:
        """What is seen `step` frames after the last known picture."""
        settled = self.settling.picture(step) if self.settling else None
        if self.strands:
            self.mosaic.hold(weave(self.strands, step, settled))
        elif settled:
            self.mosaic.hold(settled)
        seen = self.mosaic.view(self.cameras[step])
        return self.title.overlay.laid_over(seen, self.title.shown) if self.title else seen


@dataclass(frozen=True, slots=True)
class Title:
    """A title burnt into the clip, and the clip without it."""

    overlay: Overlay
    shown: Picture  # that has it
    lifted: list[Picture]  # the last pictures as if there were none

    @classmethod
    def find(cls, reel: Reel, travel: Travel) -> "Title | None":
        """The title in the last pictures; None where there is none, or nothing moves under it."""
        if travel.rests:
            return None
        first = max(0, len(reel) - TITLE_PICTURES)
        pictures = [reel.picture(number) for number in range(first, len(reel))]
        moves = travel.moves[first:]
        overlay = find_overlay(pictures, moves)
        return cls(overlay, pictures[-1], overlay.lifted(pictures, moves)) if overlay else None


def stage(
    canvas: Canvas,
    reel: Reel,
    seed: int,
    plan: Callable[[Reel, int], list[Strand]],
    cancel: CancelToken,
    *,
    settles: bool,
) -> Scene:
    """The scene that goes on after the pictures of `reel`.

    Args:
        canvas: To be completed.
        reel: The known pictures of `canvas`; left as the last one's camera would have seen them.
        seed: For what chance has a say in.
        plan: Makes strands from such a reel, for a number of steps.
        cancel: Asked between pictures.
        settles: What no strand shows comes to rest; else strands show all of the picture.
    """
    join = max(canvas.known) if canvas.forward else min(canvas.known)
    steps = max(abs(canvas.wanted[0] - join), abs(canvas.wanted[-1] - join))
    gaps = _gaps(canvas, len(reel))
    travel = measure_travel(reel, gaps, float(canvas.rate), cancel)
    to_last = travel.to_last()
    ease_s = choose_ease(travel, Reach.of(to_last, canvas.format), seed)
    horizon = round((ease_s + HORIZON_S) * travel.rate)  # whatever is wanted
    cameras = travel.onward(max(steps, horizon), ease_s, seed)
    title = Title.find(reel, travel)
    last = title.lifted[-3:] if title else _last(reel)
    overlay = title.overlay if title else None
    views = cameras[:horizon]
    mosaic = build_mosaic(reel, to_last, views, cancel, last=last[-1], overlay=overlay)
    if title or settles:
        settling = Settling.measure(last, gaps[-len(last) + 1 :], travel.rate)
        # A title would be seen to move in pictures laid on the last one.
        within = partial(plan, reel, steps)
        strands = [] if title else _strands_within(reel, to_last, travel, within, cancel)
        return Scene(mosaic, cameras, strands, settling, title)
    if travel.stands:
        anchor(reel, cancel)
    else:
        lay_on_last(reel, to_last, cancel)
    even_light(reel, travel.rate, cancel)
    return Scene(mosaic, cameras, plan(reel, steps), None, None)


def _last(reel: Reel) -> list[Picture]:
    """The last three pictures, or as many as there are."""
    return [reel.picture(number) for number in range(max(0, len(reel) - 3), len(reel))]


def _strands_within(
    reel: Reel,
    to_last: Sequence[Similarity],
    travel: Travel,
    plan: Callable[[], list[Strand]],
    cancel: CancelToken,
) -> list[Strand]:
    """What lives before the camera; the pictures are laid anew only where something does."""
    moves = drop_far(reel, to_last)
    if not travel.stands:
        lay_small(reel, moves)
    strands = plan()
    if strands:
        if not travel.stands:
            lay_on_last(reel, moves, cancel)
        even_light(reel, travel.rate, cancel)
    return strands


def choose_ease(travel: Travel, reach: Reach, seed: int = 0) -> float:
    """Seconds in which the camera should come to rest, so that it hardly looks at what no picture
    saw."""
    if travel.rests:
        return SHORTEST_S

    def cameras(ease_s: float) -> list[Similarity]:
        return travel.onward(round((ease_s + AFTER_S) * travel.rate), ease_s, seed)

    limit = max(BEYOND, reach.beyond(cameras(0.01)))
    ease_s = travel.ease_s
    while ease_s > SHORTEST_S:
        way = cameras(ease_s)
        if reach.beyond(way) <= limit and abs(way[-1].a) < LARGEST:
            break
        ease_s *= HASTE
    return max(ease_s, SHORTEST_S)


def _gaps(canvas: Canvas, count: int) -> list[int]:
    """Frames between the `count` known pictures nearest the join, the last ones last."""
    frames = sorted(canvas.known, reverse=not canvas.forward)[-count:]
    return [abs(after - before) for before, after in pairwise(frames)]
