"""Things lifted out of a clip: followed on every frame, and the clip without them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas
from longtake_engine.errors import BadInput
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.follow import Corrected, follow
from longtake_engine.models.still.cutout import Course
from longtake_engine.picture import Picture
from longtake_engine.tasks.animate.region import painted
from longtake_engine.tasks.animate.route import Route, said
from longtake_engine.tasks.animate.source import Source
from longtake_engine.tasks.inpaint.composite import composite
from longtake_engine.tasks.inpaint.grain import read_grain
from longtake_engine.tasks.inpaint.hidden_frames import HiddenFrames
from longtake_engine.tasks.inpaint.hole import plan_holes
from longtake_engine.tasks.inpaint.margin import grow_all
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.pictures import Pictures
from longtake_engine.work import Guidance


@dataclass(frozen=True, slots=True)
class LiftedThing:
    """Something that goes along boxes in a clip."""

    mattes: Mattes  # what it covers on each frame
    course: Course  # against where it is by itself


def follow_thing(
    source: Source, route: Route, shot: range, mattes: Mattes, cancel: CancelToken
) -> Iterator[int]:
    """The number of each frame done; then `mattes` holds the thing of `route` through `shot`.

    Raises:
        BadInput: Nothing was found in its box.
    """
    pictures = Pictures(source.reader, shot, cancel.check)
    mark = route.start
    if route.path.matte_path is not None:
        mark = Corrected(painted(route.path.matte_path, source.info, "moves"), mark.frame)
    for found in follow(pictures, {mark.frame: mark}, shot, cancel):
        cancel.check()
        if found.present:
            matte = np.rint(np.clip(found.matte, 0, 1) * 255).astype(np.uint8)
            mattes.add((found.frame,), matte)
        yield found.frame
    if route.start.frame not in mattes.frames:
        raise BadInput(
            f"No thing stands out in the first box of the move {said(route.path)}; draw it more"
            " closely, or give its matte with --mask."
        )


def own_places(route: Route, mattes: Mattes) -> Mapping[int, tuple[float, float]]:
    """Where the middle of a followed thing is by itself on the frames of its boxes; where it is
    not seen, where it was last."""
    known = mattes.frames
    places = {}
    for box in route.boxes:
        nearest = min(known, key=_distance_to(box.frame))
        window = mattes.window(nearest)
        assert window is not None, "frames of mattes have something hidden"
        x, y = (window.left + window.right - 1) / 2, (window.top + window.bottom - 1) / 2
        places[box.frame] = (x, y)
    return places


def _distance_to(frame: int) -> Callable[[int], int]:
    def distance(other: int) -> int:
        return abs(other - frame)

    return distance


@dataclass(frozen=True, slots=True)
class Grounds:
    """A clip without the things that were lifted out of it."""

    source: Source
    shots: Sequence[range]
    hidden: Mattes  # the things and a margin
    backend: VideoBackend  # fills it
    guidance: Guidance

    def frames(self, cancel: CancelToken) -> Iterator[Picture]:
        """Every frame that is made, with what is hidden filled from other frames."""
        reader, output = self.source.reader, self.source.output
        made = self._filled(cancel)
        due = next(made, None)
        for frame, own in zip(output, reader.frames(output.start, output.stop), strict=True):
            cancel.check()
            if due is not None and due[0] == frame:
                window = self.hidden.window(frame)
                assert window is not None, "only frames with something hidden are filled"
                yield composite(own, due[1], self.hidden.matte(frame), window)
                due = next(made, None)
            else:
                yield own

    def _filled(self, cancel: CancelToken) -> Iterator[tuple[int, Picture]]:
        reader, hidden = self.source.reader, self.hidden
        for hole in plan_holes(hidden, self.shots, self.source.output):
            grain = read_grain(reader, hole.shot, self.guidance.seed, cancel.check)
            known = HiddenFrames(reader, hole.shot, hidden, cancel.check)
            canvas = Canvas(reader.format, reader.rate, known, hole.frames)
            for completed in self.backend.complete(canvas, self.guidance, cancel):
                if hidden.window(completed.frame) is not None:
                    picture, matte = completed.picture, hidden.matte(completed.frame)
                    if grain is not None:
                        picture = grain.on(picture, matte, completed.frame)
                    yield completed.frame, picture


def hide_all(things: Sequence[LiftedThing], target: Mattes, cancel: CancelToken) -> None:
    """Let `target` hide every thing and a margin round it."""
    for thing in things:
        for _ in grow_all(thing.mattes, target, None):
            cancel.check()


def new_mattes(source: Source, folder: Path, stack: ExitStack) -> Mattes:
    """Empty ones for the clip, closed with `stack`."""
    format = source.reader.format
    return stack.enter_context(Mattes(folder, (format.height, format.width)))
