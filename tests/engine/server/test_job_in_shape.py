"""What comes off the wire of other shapes and of what moves: refused with a sentence."""

import pytest
from longtake.v1 import job_pb2
from longtake_engine.errors import WrongCall
from longtake_engine.server.job_in import to_spec

REFUSED = {
    "an empty new picture": (
        {"outpaint": job_pb2.OutpaintSpec(input_path="/a")},
        "picture of 0x0",
    ),
    "a subject that is not followed": (
        {
            "outpaint": job_pb2.OutpaintSpec(
                input_path="/a",
                size=job_pb2.PictureSize(width=8, height=8),
                points=[job_pb2.Point(x=1, y=1)],
            )
        },
        "add --follow",
    ),
    "an unknown anchor": (
        {
            "outpaint": job_pb2.OutpaintSpec(
                input_path="/a",
                size=job_pb2.PictureSize(width=8, height=8),
                anchor=99,  # pyright: ignore  # a client of another version may send it
            )
        },
        "no anchor of number 99; take center, top",
    ),
    "nothing that moves": (
        {"animate": job_pb2.AnimateSpec(input_path="/a")},
        "Say what moves",
    ),
}


@pytest.mark.parametrize(("fields", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_shape_or_motion_that_means_nothing_is_refused(job_with, fields, words):
    with pytest.raises(WrongCall, match=words):
        to_spec(job_with(**fields))
