"""Guidance as it comes from the wire; refused with a sentence where it cannot mean anything."""

import math
from itertools import pairwise
from typing import get_args

from longtake.v1 import job_pb2

from longtake_engine.errors import WrongCall
from longtake_engine.server.place_in import to_box
from longtake_engine.server.value_in import to_name, to_path
from longtake_engine.work import BoxPath, CameraKind, CameraMove, Guidance, Stroke


def to_guidance(guidance: job_pb2.Guidance) -> Guidance:
    """What to make of the unknown frames.

    Raises:
        WrongCall: It cannot mean anything.
    """
    if not 0 <= guidance.strength <= 1:
        raise WrongCall(f"A strength of {guidance.strength:g} is not possible; give 0 to 1.")
    if guidance.seed < 0:
        raise WrongCall(f"--seed {guidance.seed} is not possible; give 0 or more.")
    return Guidance(
        prompt=guidance.prompt,
        negative_prompt=guidance.negative_prompt,
        seed=guidance.seed,
        reference_paths=tuple(to_path(p, "a reference") for p in guidance.reference_paths),
        strength=guidance.strength,
        camera=_to_camera(guidance.camera) if guidance.HasField("camera") else None,
        box_paths=tuple(_to_box_path(path) for path in guidance.box_paths),
        strokes=tuple(_to_stroke(stroke) for stroke in guidance.strokes),
        expand_prompt=guidance.expand_prompt,
    )


def _to_camera(camera: job_pb2.CameraMove) -> CameraMove:
    if not 0 <= camera.amount <= 1:
        raise WrongCall(f"A camera cannot move by {camera.amount:g}; give 0 to 1.")
    return CameraMove(kind=to_camera_kind(camera.kind), amount=camera.amount)


def to_camera_kind(number: int) -> CameraKind:
    """The move that a number of the wire's enum stands for.

    Raises:
        WrongCall: There is none.
    """
    kinds: tuple[CameraKind, ...] = get_args(CameraKind)
    return to_name(number, job_pb2.CameraKind, "CAMERA_KIND", kinds, given=True)


def _to_box_path(path: job_pb2.BoxPath) -> BoxPath:
    boxes = tuple(to_box(box) for box in path.boxes)
    if len(boxes) < 2 or any(later.frame <= earlier.frame for earlier, later in pairwise(boxes)):
        raise WrongCall("A move takes two boxes or more, on rising frames; give BOX@F0 BOX@F1.")
    matte = to_path(path.matte_path, "a mask") if path.matte_path else None
    return BoxPath(boxes, path.name, matte)


def _to_stroke(stroke: job_pb2.Stroke) -> Stroke:
    if not (math.isfinite(stroke.dx) and math.isfinite(stroke.dy)):
        raise WrongCall("A direction is in pixels a second, to the right and down; give DX,DY.")
    box = to_box(stroke.box) if stroke.HasField("box") else None
    if (box is None) != bool(stroke.region_path):
        raise WrongCall("A region is an image or a box X,Y,W,H: give one of them for each.")
    if stroke.frame < 0:
        raise WrongCall("A region is drawn on frame 0 or later; give it as MASK@FRAME.")
    region = to_path(stroke.region_path, "a region") if stroke.region_path else None
    return Stroke(region, stroke.dx, stroke.dy, box, stroke.frame)
