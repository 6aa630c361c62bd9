"""A still whose parts move, picture by picture."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput
from longtake_engine.media.info import MediaInfo
from longtake_engine.models.follow import follow
from longtake_engine.models.still.current import Current
from longtake_engine.models.still.cutout import Course, lay
from longtake_engine.models.synthesis import blend, fill_still
from longtake_engine.picture import Picture
from longtake_engine.tasks.animate.flow import make_current, paint_strokes
from longtake_engine.tasks.animate.grain import StillGrain, read_still_grain
from longtake_engine.tasks.animate.loop import way_back
from longtake_engine.tasks.animate.region import painted
from longtake_engine.tasks.animate.route import Route, plan_route, said
from longtake_engine.tasks.inpaint.margin import least_margin
from longtake_engine.work import Guidance

TRACE = 0.02  # of a matte: where there is less of a thing, its ground is kept
LEAST_SHARE = 2e-5  # of the picture that a thing fills


@dataclass(frozen=True, slots=True)
class Thing:
    """Something lifted out of a still."""

    matte: np.ndarray  # H W float32, 0 to 1
    course: Course


def move_still(
    picture: Picture,
    source: MediaInfo,
    guidance: Guidance,
    *,
    rate: Fraction,
    count: int,
    loop: bool = False,
    cancel: CancelToken | None = None,
) -> Iterator[Picture]:
    """`count` pictures of a still whose parts move as strokes and box paths of `guidance` say.

    What is neither in a region that flows, nor where a thing lies or lay, is bit for bit the
    still's own. The first picture is ready only once all things have been lifted.

    Args:
        picture: The still, as stored.
        source: What it was read from: turned as people see it, strokes and boxes fit it.
        guidance: Its prompt and the like are not heard; another seed fills what lay behind a thing
            in another way.
        rate: Frames a second.
        count: Pictures.
        loop: Whether the last one leads over into the first.
        cancel: Asked between steps.

    Raises:
        EngineError: Something cannot move as asked.
        Cancelled: `cancel` was set.
    """
    cancel = cancel or CancelToken()
    frames = range(count)
    painted_strokes = paint_strokes(guidance.strokes, source)
    routes = [plan_route(path, source.video, frames) for path in guidance.box_paths]
    courses = [route.course({}, way_back(route, source.video, frames, loop)) for route in routes]
    current = make_current(painted_strokes, picture.format, rate, count if loop else 0)
    mattes = [lift(picture, source, route, cancel) for route in routes]
    ground = without(picture, mattes, guidance.seed, cancel) if mattes else picture
    things = [Thing(matte, course) for matte, course in zip(mattes, courses, strict=True)]
    scene = _Scene.of(picture, ground, current, things, read_still_grain(picture, guidance.seed))
    flows = np.zeros(picture.luma.shape, bool)
    for stroke in painted_strokes:
        flows |= stroke.region > 0
    for number in frames:
        cancel.check()
        yield scene.picture(number, flows)


@dataclass(frozen=True, slots=True)
class _Scene:
    """A still taken apart; without its grain, where that is seen."""

    ground: Picture  # what lay behind the things
    calm_still: Picture
    calm_ground: Picture
    current: Current | None
    things: Sequence[Thing]
    grain: StillGrain | None

    @classmethod
    def of(
        cls,
        still: Picture,
        ground: Picture,
        current: Current | None,
        things: Sequence[Thing],
        grain: StillGrain | None,
    ) -> "_Scene":
        if grain is None:
            return cls(ground, still, ground, current, things, None)
        calm = grain.off(still) if things else still
        return cls(ground, calm, grain.off(ground), current, things, grain)

    def picture(self, number: int, flows: np.ndarray) -> Picture:
        """Picture `number`; `flows` (H W bool) is where regions flow."""
        made = self.current.paint(self.calm_ground, number) if self.current else self.calm_ground
        moving = flows
        for thing in self.things:
            made, lies = lay(self.calm_still, thing.matte, made, thing.course, number)
            moving = moving | (lies > 0)
        return self.grain.on(made, self.ground, moving, number) if self.grain else made


def lift(picture: Picture, source: MediaInfo, route: Route, cancel: CancelToken) -> np.ndarray:
    """Where the thing of `route` is in the still, H W float32.

    Raises:
        BadInput: There is nothing.
    """
    if route.path.matte_path is not None:
        return painted(route.path.matte_path, source, "moves")
    box = replace(route.start, frame=0)
    followed = next(iter(follow({0: picture}, {0: box}, range(1), cancel)))
    if float(followed.matte.mean()) < LEAST_SHARE:
        raise BadInput(
            f"No thing stands out in the first box of the move {said(route.path)}; draw it more"
            " closely, or give its matte with --mask."
        )
    return followed.matte


def without(
    picture: Picture, mattes: Sequence[np.ndarray], seed: int, cancel: CancelToken
) -> Picture:
    """The still with what lay behind all things made up."""
    matte = np.maximum.reduce(list(mattes))
    radius = 2 * least_margin(picture.format.height) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (radius, radius))
    hole = cv2.dilate((matte > TRACE).astype(np.uint8), kernel) > 0
    if hole.all():
        raise BadInput("The things that move cover the whole picture; move smaller ones.")
    filled = fill_still(picture, hole, cancel=cancel, seed=seed)
    return blend(picture, filled.picture, hole)
