"""What comes off the wire of a region that is to go: exact, or refused with a sentence."""

from pathlib import Path
from typing import Any

import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_engine.errors import WrongCall
from longtake_engine.server.job_in import to_spec
from longtake_engine.work import Inpaint


def hiding(**fields: Any) -> job_pb2.JobSpec:
    inpaint: dict[str, Any] = {"input_path": "/a.mov", "mask_path": "/m.png"} | fields
    return job_pb2.JobSpec(
        inpaint=job_pb2.InpaintSpec(**inpaint), output=job_pb2.OutputSpec(path="/out.mov")
    )


def test_a_region_that_is_left_out_gets_its_defaults():
    assert to_spec(hiding()).work == Inpaint(input_path=Path("/a.mov"), mask_path=Path("/m.png"))


REFUSED = {
    "nothing": ({"mask_path": ""}, "Say what is to be filled: --mask, --box"),
    "a side of no mask": (
        {
            "mask_path": "",
            "boxes": [job_pb2.Box(width=1, height=1)],
            "mask_hides": job_pb2.MASK_HIDES_BLACK,
        },
        "give it with --mask",
    ),
    "an unknown side": ({"mask_hides": 99}, "cannot hide by number 99"),
    "a mask before the clip": ({"mask_start_frame": -1}, "--mask-start is a frame"),
    "an empty box": ({"boxes": [job_pb2.Box(width=0, height=4)]}, "must hold a pixel"),
    "a point outside": ({"points": [job_pb2.Point(x=-1)]}, "A point lies in the picture"),
    "an unknown defect": ({"defects": [99]}, "no defect of number 99"),
    "no length": ({"between_end": media_pb2.Duration(frames=0)}, "--between must be more"),
    "no frames": (
        {"output_range": media_pb2.FrameRange(start_frame=0, duration_frames=0)},
        "1 at least",
    ),
    "a wide margin": ({"margin": 1000}, "--margin 1000 is not possible"),
    "a relative matte": ({"matte_path": "m.mkv"}, "is not absolute"),
}


@pytest.mark.parametrize(("inpaint", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_a_region_that_cannot_mean_anything_is_refused(inpaint, sentence):
    with pytest.raises(WrongCall, match=sentence):
        to_spec(hiding(**inpaint))
