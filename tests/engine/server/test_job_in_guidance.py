"""What comes off the wire of how something is to look and move: refused with a sentence."""

import pytest
from longtake.v1 import job_pb2
from longtake_engine.errors import WrongCall
from longtake_engine.server.job_in import to_spec

REFUSED = {
    "too strong": ({"guidance": job_pb2.Guidance(strength=1.5)}, "strength of 1.5"),
    "no number": ({"guidance": job_pb2.Guidance(strength=float("nan"))}, "strength of nan"),
    "a seed below 0": ({"guidance": job_pb2.Guidance(seed=-1)}, "--seed -1"),
    "a camera that does nothing": (
        {"guidance": job_pb2.Guidance(camera=job_pb2.CameraMove())},
        "no camera kind of number 0; take static",
    ),
    "a move from one box": (
        {
            "guidance": job_pb2.Guidance(
                box_paths=[job_pb2.BoxPath(boxes=[job_pb2.Box(width=1, height=1)])]
            )
        },
        "two boxes or more",
    ),
    "a direction to nowhere": (
        {
            "guidance": job_pb2.Guidance(
                strokes=[job_pb2.Stroke(region_path="/r.png", dx=float("nan"))]
            )
        },
        "give DX,DY",
    ),
    "a region that is nowhere": (
        {"guidance": job_pb2.Guidance(strokes=[job_pb2.Stroke(dx=1)])},
        "an image or a box",
    ),
    "a region that is twice": (
        {
            "guidance": job_pb2.Guidance(
                strokes=[job_pb2.Stroke(region_path="/r.png", box=job_pb2.Box(width=1, height=1))]
            )
        },
        "an image or a box",
    ),
    "a region of no time": (
        {"guidance": job_pb2.Guidance(strokes=[job_pb2.Stroke(region_path="/r.png", frame=-1)])},
        "frame 0 or later",
    ),
}


@pytest.mark.parametrize(("fields", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_guidance_that_means_nothing_is_refused(job_with, fields, words):
    with pytest.raises(WrongCall, match=words):
        to_spec(job_with(**fields))
