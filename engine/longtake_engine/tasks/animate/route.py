"""Boxes that a thing goes along, as a course from where it lies."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from longtake_engine.errors import WrongCall
from longtake_engine.media.info import VideoInfo
from longtake_engine.models.still.cutout import Course, Shift
from longtake_engine.tasks.animate.place import centre, inside_part, turned_box
from longtake_engine.work import Box, BoxPath

LEAST_INSIDE = 0.5  # of a box that a thing is cut out of


@dataclass(frozen=True, slots=True)
class Route:
    """Where a thing lies, and the boxes it goes along."""

    path: BoxPath  # as it was given
    boxes: tuple[Box, ...]  # on the stored picture, on rising frames
    start: Box  # the one that it is cut out of

    def course(self, own: Mapping[int, tuple[float, float]], back_at: int | None = None) -> Course:
        """How it goes.

        Args:
            own: Where its middle is by itself on the frames of the boxes, in pixels; of a still
                none, for it stays.
            back_at: The frame at which it is where it was at first, for what is shown in a loop.
        """
        stops = {box.frame: self._shift(box, own) for box in self.boxes}
        if back_at is not None:
            stops[back_at] = stops[self.boxes[0].frame]
        return Course(stops)

    def _shift(self, box: Box, own: Mapping[int, tuple[float, float]]) -> Shift:
        (x, y), (from_x, from_y) = centre(box), centre(self.start)
        first = own.get(self.start.frame, (0.0, 0.0))
        now = own.get(box.frame, first)
        # What it goes by itself is taken off: the boxes say where it is, all in all.
        dx = x - from_x - (now[0] - first[0])
        dy = y - from_y - (now[1] - first[1])
        grown = (box.width * box.height) / (self.start.width * self.start.height)
        return Shift(dx, dy, grown**0.5)

    @property
    def closes(self) -> bool:
        """Whether its first and last box are one."""
        first, last = self.boxes[0], self.boxes[-1]
        return (first.x, first.y, first.width, first.height) == (
            last.x,
            last.y,
            last.width,
            last.height,
        )


def plan_route(path: BoxPath, video: VideoInfo, frames: range) -> Route:
    """The route of a thing through `frames`.

    Raises:
        WrongCall: It cannot go there, or is nowhere to be seen.
    """
    boxes = tuple(turned_box(box, video) for box in path.boxes)
    if len(boxes) < 2:
        raise WrongCall("A move takes two boxes or more, on rising frames; give BOX@F0 BOX@F1.")
    # Just past the last frame is what people call the end.
    beyond = next((box for box in boxes if not frames.start <= box.frame <= frames.stop), None)
    if beyond is not None:
        raise WrongCall(
            f"A box is drawn on frame {beyond.frame}, and what is made has frames {frames.start} to"
            f" {frames.stop - 1}; draw it within, or make more with --duration."
        )
    inside: Callable[[Box], float] = _inside_of(video)
    whole = [box for box in boxes if inside(box) >= LEAST_INSIDE]
    if not whole:
        raise WrongCall(
            f"All boxes of the move {said(path)} lie outside the picture, or nearly so; draw one"
            " round the thing where it is seen."
        )
    return Route(path, boxes, whole[0])


def said(path: BoxPath) -> str:
    """The boxes as people gave them."""
    return " ".join(f"{box.x},{box.y},{box.width},{box.height}@{box.frame}" for box in path.boxes)


def leaves(route: Route, video: VideoInfo) -> bool:
    """Whether it ends, and begins, where it is not seen."""
    inside = _inside_of(video)
    return inside(route.boxes[-1]) == 0 and inside(route.boxes[0]) == 0


def _inside_of(video: VideoInfo) -> Callable[[Box], float]:
    def share(box: Box) -> float:
        return inside_part(box, video.width, video.height)

    return share
