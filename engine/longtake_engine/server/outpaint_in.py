"""Out-painting as it comes from the wire; refused with a sentence where it cannot mean anything."""

from typing import get_args

from longtake.v1 import job_pb2

from longtake_engine.errors import WrongCall
from longtake_engine.server.place_in import to_box, to_point, to_range
from longtake_engine.server.value_in import to_name, to_path, to_size
from longtake_engine.work import Anchor, Fit, Outpaint


def to_outpaint(spec: job_pb2.OutpaintSpec) -> Outpaint:
    """What shape the picture shall have.

    Raises:
        WrongCall: It contradicts itself.
    """
    if (spec.boxes or spec.points) and not spec.follow:
        raise WrongCall("--box and --point show what to follow; add --follow.")
    anchors: tuple[Anchor, ...] = get_args(Anchor)
    fits: tuple[Fit, ...] = get_args(Fit)
    return Outpaint(
        input_path=to_path(spec.input_path, "the clip"),
        size=to_size(spec.size),
        anchor=to_name(spec.anchor, job_pb2.Anchor, "ANCHOR", anchors),
        fit=to_name(spec.fit, job_pb2.Fit, "FIT", fits),
        follow=spec.follow,
        boxes=tuple(to_box(box) for box in spec.boxes),
        points=tuple(to_point(point) for point in spec.points),
        output_range=to_range(spec.output_range) if spec.HasField("output_range") else None,
    )
