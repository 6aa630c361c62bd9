"""What comes off the wire: exact, or refused with a sentence."""

from fractions import Fraction
from pathlib import Path

import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_engine.errors import WrongCall
from longtake_engine.server.job_in import to_spec
from longtake_engine.server.job_out import to_spec_message
from longtake_engine.work import (
    Animate,
    Box,
    BoxPath,
    CameraMove,
    Extend,
    FrameRange,
    Generate,
    Guidance,
    Inpaint,
    Interpolate,
    Length,
    Outpaint,
    Output,
    Point,
    Spec,
    Stroke,
)

A, B, M = Path("/a b.mov"), Path("/ü.mov"), Path("/mask.png")
OUTPUT = Output(
    path=Path("/out.mov"), codec="ffv1", no_audio=True, replace_existing=True, music="hold"
)
GUIDANCE = Guidance(
    "a prompt",
    "not this",
    7,
    (A, B),
    0.5,
    CameraMove("orbit_left", 0.5),
    (
        BoxPath((Box(1, 2, 3, 4), Box(5, 6, 7, 8, 9)), "a boat"),
        BoxPath((Box(1, 2, 3, 4), Box(5, 6, 7, 8, 9)), matte_path=M),
    ),
    (Stroke(M, 12.5, -3.0), Stroke(None, 0.0, 2.0, Box(5, 6, 7, 8), 12)),
    True,
)
WORKS = [
    Extend(input_path=A, tail=Length(frames=48)),
    Extend(input_path=A, head=Length(seconds=Fraction(1001, 24000)), contents="new_only"),
    Extend(input_path=A, head=Length(timecode="00:00:01;00"), tail=Length(seconds=Fraction(2))),
    Interpolate(input_paths=(A,), factor=Fraction(5, 2)),
    Interpolate(input_paths=(A,), frame_rate=Fraction(60000, 1001)),
    Interpolate(input_paths=(A,), factor=Fraction(2), input_ranges=(FrameRange(3, 40),)),
    Interpolate(input_paths=(A, B), duration=Length(frames=12)),
    Interpolate(
        input_paths=(A, B),
        duration=Length(frames=12),
        input_ranges=(FrameRange(0, 40), FrameRange(7, 1)),
        join="dissolve",
        quality="best",
    ),
    Inpaint(input_path=A, mask_path=M),
    Inpaint(input_path=A, boxes=(Box(1, 2, 3, 4), Box(5, 6, 7, 8, 9))),
    Outpaint(input_path=A, size=(1080, 1920)),
    Outpaint(
        input_path=A,
        size=(1080, 1920),
        anchor="bottom_left",
        fit="keep",
        follow=True,
        boxes=(Box(1, 2, 3, 4, 5),),
        points=(Point(5, 6, 7),),
        output_range=FrameRange(3, 40),
    ),
    Animate(input_path=A),
    Animate(
        input_path=A,
        duration=Length(frames=48),
        frame_rate=Fraction(25),
        loop=True,
        output_range=FrameRange(3, 40),
    ),
    Inpaint(
        input_path=A,
        mask_path=M,
        mask_hides="black",
        mask_start_frame=0,
        points=(Point(3, 4), Point(5, 6, 7)),
        defects=("logo", "dust", "scratches", "spots"),
        between_start=Length(frames=5),
        between_end=Length(timecode="00:00:02:00"),
        output_range=FrameRange(3, 40),
        matte_path=Path("/matte.mkv"),
        margin=0,
    ),
    Generate(duration=Length(frames=48)),
    Generate(input_path=A, like_path=B),
    Generate(duration=Length(frames=5), still_paths=(A,), matte_path=B),
    Generate(
        duration=Length(frames=48),
        size=(1920, 1080),
        frame_rate=Fraction(24000, 1001),
        still_paths=(A, B),
    ),
]


@pytest.mark.parametrize("work", WORKS, ids=lambda work: type(work).__name__)
def test_work_goes_onto_the_wire_and_off_it_unchanged(work):
    spec = Spec(
        work=work,
        output=OUTPUT,
        guidance=GUIDANCE,
        model="motion",
        take_count=3,
        deinterlace=True,
        sequence_rate=Fraction(30000, 1001),
    )
    wire = to_spec_message(spec).SerializeToString()
    assert to_spec(job_pb2.JobSpec.FromString(wire)) == spec


def frames(count: int) -> media_pb2.Duration:
    return media_pb2.Duration(frames=count)


def seconds(numerator: int, denominator: int) -> media_pb2.Duration:
    return media_pb2.Duration(
        seconds=media_pb2.Rational(numerator=numerator, denominator=denominator)
    )


def test_what_is_left_out_gets_its_default(job_with):
    assert to_spec(job_with()) == Spec(
        work=Extend(input_path=Path("/a.mov"), tail=Length(frames=48)),
        output=Output(path=Path("/out.mov")),
    )


REFUSED = {
    "no work": ({"extend": None}, "holds no work"),
    "nothing to add": ({"tail": None}, "give --head, --tail"),
    "no frames": ({"tail": frames(0)}, "--tail must be more than nothing"),
    "fewer than no frames": ({"tail": frames(-1)}, "--tail must be more than nothing"),
    "no seconds": ({"head": seconds(0, 1)}, "--head must be more than nothing"),
    "fewer than no seconds": ({"head": seconds(-1, 2)}, "--head must be more than nothing"),
    "no timecode": (
        {"tail": media_pb2.Duration(timecode="00:00:00:00")},
        "--tail must be more than nothing",
    ),
    "an empty length": ({"tail": media_pb2.Duration()}, "--tail is empty"),
    "seconds over nothing": ({"tail": seconds(1, 0)}, "denominator 0"),
    "both ends alone": (
        {"head": frames(1), "contents": job_pb2.CONTENTS_NEW_ONLY},
        "not both",
    ),
    "unknown contents": ({"contents": 9}, "number 9"),
    "no clip": ({"input_path": ""}, "path of the clip is empty"),
    "a relative clip": ({"input_path": "a.mov"}, "not absolute"),
    "a clip with NUL": ({"input_path": "/a\0.mov"}, "NUL"),
    "no result": ({"output": job_pb2.OutputSpec()}, r"\(-o\) is empty"),
    "an unknown codec": (
        {"output": job_pb2.OutputSpec(path="/o.mov", codec="cinepak")},
        'no codec "cinepak"; take prores, dnxhr',
    ),
    "an unknown end of music": (
        {"output": job_pb2.OutputSpec(path="/o.mov", music="dance")},
        '--music cannot "dance"; take fade or hold',
    ),
    "too many takes": ({"take_count": 9}, "--takes 9"),
    "fewer than no takes": ({"take_count": -1}, "--takes -1"),
    "a rate over nothing": (
        {"sequence_rate": media_pb2.Rational(numerator=24)},
        "denominator 0",
    ),
    "a rate of nothing": (
        {"sequence_rate": media_pb2.Rational(denominator=1)},
        "more than nothing",
    ),
}


@pytest.mark.parametrize(("fields", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_mean_anything_is_refused(job_with, fields, words):
    with pytest.raises(WrongCall, match=words):
        to_spec(job_with(**fields))
