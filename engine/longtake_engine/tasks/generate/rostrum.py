"""A shot of stills under a moving camera, frame by frame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.models.still.current import Current
from longtake_engine.models.still.stillcamera import StillCamera
from longtake_engine.picture import Picture
from longtake_engine.tasks.generate.flowing import flow_of
from longtake_engine.tasks.generate.focus import find_focus
from longtake_engine.tasks.generate.move import Move, Place, choose_kinds, plan_move
from longtake_engine.tasks.generate.reel import Part, share_out
from longtake_engine.tasks.generate.shape import Shape
from longtake_engine.tasks.generate.still import Still, fit, layer_of
from longtake_engine.work import CameraMove, Guidance

UPPER = 0.3  # of the height: where heads are in what is tall


@dataclass(frozen=True, slots=True)
class Scene:
    """One still of a shot, when it is seen and how the camera goes over it."""

    still: Still
    part: Part
    move: Move


@dataclass(slots=True)
class _Stage:
    """A still that lies before its camera."""

    camera: StillCamera
    picture: Picture
    current: Current | None

    def shoot(self, frame: int) -> Picture:
        if self.current is None:
            return self.camera.shoot(frame)
        return self.camera.shoot(frame, self.current.paint(self.picture, frame))


def plan_scenes(
    stills: Sequence[Still], shape: Shape, guidance: Guidance, seed: int
) -> tuple[Scene, ...]:
    """What becomes of each still, in time order. The same seed gives the same again."""
    parts = share_out(shape.frame_count, len(stills), shape.rate)
    places = [_place(still, shape) for still in stills]
    kinds = choose_kinds(places, seed)
    scenes = []
    for number, (still, part, place) in enumerate(zip(stills, parts, places, strict=True)):
        camera = guidance.camera or CameraMove(kinds[number])
        move = plan_move(
            camera, place, frame_count=len(part.frames), rate=shape.rate, seed=seed + number
        )
        scenes.append(Scene(still, part, move))
    return tuple(scenes)


def shoot(
    scenes: Sequence[Scene], shape: Shape, guidance: Guidance, cancel: CancelToken
) -> Iterator[Picture]:
    """Every picture of the shot, in order; one still, or two that dissolve, is held at a time.

    Raises:
        Cancelled: `cancel` was set.
        BadInput: A stroke's region does not fit its still.
    """
    stages: dict[int, _Stage] = {}
    for frame in range(shape.frame_count):
        cancel.check()
        seen = [n for n, scene in enumerate(scenes) if frame in scene.part.frames]
        for number in [n for n in stages if n not in seen]:
            del stages[number]
        picture: Picture | None = None
        for number in seen:
            scene = scenes[number]
            if number not in stages:
                stages[number] = _set_up(scene, shape, guidance, cancel)
            shown = stages[number].shoot(frame - scene.part.frames.start)
            weight = scene.part.weight(frame)
            picture = shown if picture is None else _mixed(picture, shown, weight)
        assert picture is not None, "some still is seen on every frame"
        yield picture


def _place(still: Still, shape: Shape) -> Place:
    width, height = still.shown
    wanted = float(shape.format.width * shape.pixel_aspect) / shape.format.height
    has = width / height
    place = Place((min(1.0, wanted / has), min(1.0, has / wanted)), find_focus(still.picture))
    if not place.is_tall:
        return place
    x, y = place.focus
    return replace(place, focus=(x, (y + UPPER) / 2))


def _set_up(scene: Scene, shape: Shape, guidance: Guidance, cancel: CancelToken) -> _Stage:
    picture = fit(scene.still, shape, scene.move.closest)
    layer = None
    if scene.still.matte is not None and scene.move.near is not None:
        layer = layer_of(picture, scene.still.matte, cancel, near=scene.move.near)
    camera = StillCamera(
        picture,
        shape.format,
        scene.move.start,
        scene.move.end,
        frame_count=len(scene.part.frames),
        layer=layer,
        hand=scene.move.hand,
    )
    return _Stage(camera, picture, flow_of(guidance.strokes, scene.still, picture, shape.rate))


def _mixed(first: Picture, second: Picture, weight: float) -> Picture:
    planes = []
    for below, above in zip(first.planes, second.planes, strict=True):
        mixed = below + np.float32(weight) * (above.astype(np.float32) - below)
        planes.append(np.rint(mixed).astype(below.dtype))
    return Picture(tuple(planes), first.format)
