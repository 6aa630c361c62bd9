"""A clip whose parts move: what is found out first, then its frames."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import WrongCall
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.still.current import Current
from longtake_engine.models.still.current import Stroke as Painted
from longtake_engine.models.still.cutout import lay
from longtake_engine.picture import Picture
from longtake_engine.tasks.animate.course import camera_course
from longtake_engine.tasks.animate.flow import make_current, paint_strokes
from longtake_engine.tasks.animate.lifted import (
    Grounds,
    LiftedThing,
    follow_thing,
    hide_all,
    new_mattes,
    own_places,
)
from longtake_engine.tasks.animate.loop import check_clip_loop, frames_over, looped
from longtake_engine.tasks.animate.route import Route, plan_route, said
from longtake_engine.tasks.animate.source import Source
from longtake_engine.tasks.inpaint.shots import find_shots
from longtake_engine.work import Guidance, Progress

BESIDE = 60  # frames on each side of what is made in which what lies behind a thing may be seen


@dataclass(frozen=True, slots=True)
class _Flow:
    """What flows in one shot."""

    shot: range
    current: Current
    moves: dict[int, np.ndarray]  # of the camera; empty where it stands


@dataclass(slots=True)
class ClipMotion:
    """What moves in a clip, as it is found out."""

    source: Source
    guidance: Guidance
    loop: bool
    folder: Path  # for what is kept on the disk meanwhile
    stack: ExitStack  # takes what must be closed
    painted: list[Painted] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    shots: list[range] = field(default_factory=list)
    flows: list[_Flow] = field(default_factory=list)
    things: list[LiftedThing] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Check everything that can be checked without looking at the frames."""
        source = self.source
        self.painted = paint_strokes(self.guidance.strokes, source.info)
        for stroke in self.guidance.strokes:
            if stroke.frame >= source.reader.frame_count:
                raise WrongCall(
                    f"A region is drawn on frame {stroke.frame}, and {source.info.path.name} has"
                    f" {source.reader.frame_count}, counted from 0; draw it on one that it has."
                )
        video = source.info.video
        self.routes = [plan_route(path, video, source.output) for path in self.guidance.box_paths]
        if self.loop:
            if self.routes:
                raise WrongCall(
                    "A clip in which things go along boxes cannot loop, for they go their own way"
                    " too; leave --loop out, or take a still of it."
                )
            name, held = source.info.path.name, source.reader.frame_count
            check_clip_loop(source.output, held, source.rate, name)

    def prepare(self, cancel: CancelToken) -> Iterator[Progress]:
        """Progress; then the frames can be made."""
        reader, output = self.source.reader, self.source.output
        beside = BESIDE if self.routes else 0
        drawn = [stroke.frame for stroke in self.guidance.strokes]
        looked_at = range(
            max(0, min([output.start - beside, *drawn])),
            min(reader.frame_count, max([output.stop + beside, *(frame + 1 for frame in drawn)])),
        )
        for shot in find_shots(reader, looked_at, cancel.check):
            if shot is not None:
                self.shots.append(shot)
            yield Progress("reading")
        yield from self._find_flows(cancel)
        for route in self.routes:
            yield from self._lift(route, cancel)

    def frames(self, backend: VideoBackend | None, cancel: CancelToken) -> Iterator[Picture]:
        """Every frame that is made; `backend` fills what lay behind things."""
        reader, output = self.source.reader, self.source.output
        own = reader.frames(output.start, output.stop)
        if self.things:
            assert backend is not None, "things need somebody to fill what lay behind them"
            hidden = new_mattes(self.source, self.folder, self.stack)
            hide_all(self.things, hidden, cancel)
            ground = Grounds(self.source, self.shots, hidden, backend, self.guidance).frames(cancel)
        elif self.loop:
            ground = looped(reader, output, frames_over(len(output), self.source.rate))
        else:
            ground = reader.frames(output.start, output.stop)
        for frame, picture, below in zip(output, own, ground, strict=True):
            cancel.check()
            yield self._lay_things(picture, self._flowing(below, frame), frame)

    def _flowing(self, picture: Picture, frame: int) -> Picture:
        for flow in self.flows:
            if frame in flow.shot:
                move = flow.moves.get(frame)
                return flow.current.paint(picture, frame - self.source.output.start, move)
        return picture

    def _lay_things(self, picture: Picture, ground: Picture, frame: int) -> Picture:
        made = ground
        for thing in self.things:
            if thing.mattes.window(frame) is not None:
                matte = thing.mattes.matte(frame).astype(np.float32) / np.float32(255)
                made, _ = lay(picture, matte, made, thing.course, frame)
        return made

    def _find_flows(self, cancel: CancelToken) -> Iterator[Progress]:
        source, output = self.source, self.source.output
        for shot in self.shots:
            own = [
                (stroke.frame, painted)
                for stroke, painted in zip(self.guidance.strokes, self.painted, strict=True)
                if stroke.frame in shot
            ]
            shown = range(max(shot.start, output.start), min(shot.stop, output.stop))
            if not own:
                continue
            if not shown:
                raise WrongCall(
                    f"A cut lies between frame {own[0][0]}, on which a region is drawn, and what is"
                    " made; draw it on a frame of the same shot, as MASK@FRAME."
                )
            places = [frame for frame, _ in own]
            known = range(min(shown.start, *places), max(shown.stop, *(p + 1 for p in places)))
            region = np.maximum.reduce([painted.region for _, painted in own])
            moves: dict[int, np.ndarray] = {}
            for found in camera_course(source.reader, known, places[0], region, cancel.check):
                if isinstance(found, dict):
                    moves = found
                else:
                    yield Progress(f"following the camera (frame {found})")
            strokes = [_as_drawn_on(painted, moves.get(frame)) for frame, painted in own]
            loop_frames = len(output) if self.loop else 0
            current = make_current(strokes, source.reader.format, source.rate, loop_frames)
            assert current is not None, "there are strokes"
            self.flows.append(_Flow(shown, current, moves))
            if moves and self.loop:
                self.notes.append(
                    "The camera moves, so the end dissolves into another view: a loop is unseen"
                    " before a camera that stands."
                )
            if moves:
                self.notes.append("The camera moves, and the regions go with it.")

    def _lift(self, route: Route, cancel: CancelToken) -> Iterator[Progress]:
        frames = [box.frame for box in route.boxes]
        # The last box may lie just past what is made.
        shot = next(shot for shot in self.shots if route.start.frame in shot)
        if min(frames) < shot.start or max(frames) > shot.stop:
            raise WrongCall(
                f"A cut lies between the boxes of the move {said(route.path)}; draw them all on"
                " frames of one shot."
            )
        mattes = new_mattes(self.source, self.folder, self.stack)
        for frame in follow_thing(self.source, route, shot, mattes, cancel):
            yield Progress(f"following (frame {frame})")
        self.things.append(LiftedThing(mattes, route.course(own_places(route, mattes))))


def _as_drawn_on(painted: Painted, move: np.ndarray | None) -> Painted:
    """A region as it lies in the frame that `move` (3 3) leads from, to the one it was drawn on."""
    if move is None or np.allclose(move, np.eye(3)):
        return painted
    back = np.linalg.inv(move)
    size = (painted.region.shape[1], painted.region.shape[0])
    return Painted(cv2.warpPerspective(painted.region, back, size), painted.dx, painted.dy)
