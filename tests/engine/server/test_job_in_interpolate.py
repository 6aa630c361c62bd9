"""What comes off the wire of frames between frames: refused with a sentence."""

import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_engine.errors import WrongCall
from longtake_engine.server.job_in import to_spec


def frames(count: int) -> media_pb2.Duration:
    return media_pb2.Duration(frames=count)


REFUSED = {
    "no clips": ({"interpolate": job_pb2.InterpolateSpec()}, "one clip or two, not 0"),
    "a factor of 1": (
        {
            "interpolate": job_pb2.InterpolateSpec(
                input_paths=["/a"], factor=media_pb2.Rational(numerator=1, denominator=1)
            )
        },
        "--factor must be more than 1",
    ),
    "a duration for one": (
        {"interpolate": job_pb2.InterpolateSpec(input_paths=["/a"], duration=frames(1))},
        "--duration for two",
    ),
    "the shown frames of one of two": (
        {
            "interpolate": job_pb2.InterpolateSpec(
                input_paths=["/a", "/b"],
                duration=frames(1),
                input_ranges=[media_pb2.FrameRange(duration_frames=4)],
            )
        },
        "of every clip, or of none",
    ),
    "shown frames before the first": (
        {
            "interpolate": job_pb2.InterpolateSpec(
                input_paths=["/a", "/b"],
                duration=frames(1),
                input_ranges=[media_pb2.FrameRange(start_frame=-1, duration_frames=4)] * 2,
            )
        },
        "begin at 0 or later",
    ),
    "an unknown join": (
        {
            "interpolate": job_pb2.InterpolateSpec(
                input_paths=["/a", "/b"],
                duration=frames(1),
                join=9,  # pyright: ignore  # a client of another version may send it
            )
        },
        "no join of number 9",
    ),
    "an unknown quality": (
        {
            "interpolate": job_pb2.InterpolateSpec(
                input_paths=["/a", "/b"],
                duration=frames(1),
                quality=9,  # pyright: ignore  # a client of another version may send it
            )
        },
        "no quality of number 9",
    ),
}


@pytest.mark.parametrize(("fields", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_lies_between_nothing_is_refused(job_with, fields, words):
    with pytest.raises(WrongCall, match=words):
        to_spec(job_with(**fields))
