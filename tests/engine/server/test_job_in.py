"""What comes off the wire: exact, or refused with a sentence."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
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
    SiblingShot,
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


def good(**extend) -> job_pb2.JobSpec:
    extend = {"input_path": "/a.mov", "tail": frames(48)} | extend
    return job_pb2.JobSpec(
        extend=job_pb2.ExtendSpec(**extend), output=job_pb2.OutputSpec(path="/out.mov")
    )


def test_what_is_left_out_gets_its_default():
    assert to_spec(good()) == Spec(
        work=Extend(input_path=Path("/a.mov"), tail=Length(frames=48)),
        output=Output(path=Path("/out.mov")),
    )


REFUSED = {
    "no work": ({"work": None}, "holds no work"),
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
    "too strong": ({"guidance": job_pb2.Guidance(strength=1.5)}, "strength of 1.5"),
    "no number": ({"guidance": job_pb2.Guidance(strength=float("nan"))}, "strength of nan"),
    "a seed below 0": ({"guidance": job_pb2.Guidance(seed=-1)}, "--seed -1"),
    "a rate over nothing": (
        {"sequence_rate": media_pb2.Rational(numerator=24)},
        "denominator 0",
    ),
    "a rate of nothing": (
        {"sequence_rate": media_pb2.Rational(denominator=1)},
        "more than nothing",
    ),
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
                quality=9,  # pyright: ignore  # as above
            )
        },
        "no quality of number 9",
    ),
    "nothing to fill": (
        {"inpaint": job_pb2.InpaintSpec(input_path="/a")},
        "Say what is to be filled",
    ),
    "an empty box": (
        {"inpaint": job_pb2.InpaintSpec(input_path="/a", boxes=[job_pb2.Box(width=4)])},
        "A box must hold",
    ),
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
                anchor=99,  # pyright: ignore  # as above
            )
        },
        "no anchor of number 99; take center, top",
    ),
    "nothing that moves": (
        {"animate": job_pb2.AnimateSpec(input_path="/a")},
        "Say what moves",
    ),
    "a shot of no length": (
        {"generate": job_pb2.GenerateSpec(still_paths=["/a.png"])},
        "give --duration",
    ),
    "a shot with two beginnings": (
        {"generate": job_pb2.GenerateSpec(still_paths=["/a.png"], input_path="/a.mov")},
        "give --input or --image",
    ),
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
    "an empty picture": (
        {"generate": job_pb2.GenerateSpec(duration=frames(1), size=job_pb2.PictureSize(width=4))},
        "picture of 4x0",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_mean_anything_is_refused(name):
    fields, words = REFUSED[name]
    spec = good(
        **{k: v for k, v in fields.items() if k in job_pb2.ExtendSpec.DESCRIPTOR.fields_by_name}
    )
    if "work" in fields:
        spec.ClearField("extend")
    for field in set(fields) & set(job_pb2.JobSpec.DESCRIPTOR.fields_by_name):
        value = fields[field]
        if isinstance(value, int):
            setattr(spec, field, value)
        else:
            getattr(spec, field).CopyFrom(value)
    with pytest.raises(WrongCall, match=words):
        to_spec(spec)


def hiding(**fields: Any) -> job_pb2.JobSpec:
    inpaint: dict[str, Any] = {"input_path": "/a.mov", "mask_path": "/m.png"} | fields
    return job_pb2.JobSpec(
        inpaint=job_pb2.InpaintSpec(**inpaint), output=job_pb2.OutputSpec(path="/out.mov")
    )


def test_a_region_that_is_left_out_gets_its_defaults():
    assert to_spec(hiding()).work == Inpaint(input_path=Path("/a.mov"), mask_path=Path("/m.png"))


REFUSED_REGIONS = {
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


@pytest.mark.parametrize(
    ("inpaint", "sentence"), REFUSED_REGIONS.values(), ids=REFUSED_REGIONS.keys()
)
def test_a_region_that_cannot_mean_anything_is_refused(inpaint, sentence):
    with pytest.raises(WrongCall, match=sentence):
        to_spec(hiding(**inpaint))


SERIES = Generate(
    duration=Length(frames=48),
    subject="red fox",
    shots=(SiblingShot("a red fox in a bed"), SiblingShot("the red fox", Length(frames=24))),
)


def test_shots_of_one_subject_go_onto_the_wire_and_off_it_unchanged():
    spec = Spec(work=SERIES, output=OUTPUT, guidance=GUIDANCE)
    wire = to_spec_message(spec).SerializeToString()
    assert to_spec(job_pb2.JobSpec.FromString(wire)) == spec
    assert [path.name for path in spec.take_paths] == ["out.mov", "out-2.mov", "out-3.mov"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"subject": ""}, "--same-subject"),
        ({"shots": ()}, "two or more"),
        ({"shots": SERIES.shots * 4}, "8 shots"),
        ({"still_paths": (A,)}, "made from words"),
    ],
)
def test_a_series_that_means_nothing_is_refused(change, words):
    work = msgspec.structs.replace(SERIES, **change)
    with pytest.raises(WrongCall, match=words):
        to_spec(to_spec_message(Spec(work=work, output=OUTPUT)))


def test_a_series_comes_in_one_take():
    with pytest.raises(WrongCall, match="--takes"):
        to_spec(to_spec_message(Spec(work=SERIES, output=OUTPUT, take_count=2)))
