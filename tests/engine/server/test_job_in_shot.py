"""What comes off the wire of shots, alone and in a series: exact, or refused with a sentence."""

from pathlib import Path

import msgspec
import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_engine.errors import WrongCall
from longtake_engine.server.job_in import to_spec
from longtake_engine.server.job_out import to_spec_message
from longtake_engine.work import Generate, Guidance, Length, Output, SiblingShot, Spec

OUTPUT = Output(path=Path("/out.mov"), codec="ffv1")
GUIDANCE = Guidance("a prompt", "not this", 7)


def frames(count: int) -> media_pb2.Duration:
    return media_pb2.Duration(frames=count)


REFUSED = {
    "a shot of no length": (
        {"generate": job_pb2.GenerateSpec(still_paths=["/a.png"])},
        "give --duration",
    ),
    "a shot with two beginnings": (
        {"generate": job_pb2.GenerateSpec(still_paths=["/a.png"], input_path="/a.mov")},
        "give --input or --image",
    ),
    "an empty picture": (
        {"generate": job_pb2.GenerateSpec(duration=frames(1), size=job_pb2.PictureSize(width=4))},
        "picture of 4x0",
    ),
}


@pytest.mark.parametrize(("fields", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_shot_that_means_nothing_is_refused(job_with, fields, words):
    with pytest.raises(WrongCall, match=words):
        to_spec(job_with(**fields))


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
        ({"still_paths": (Path("/a.png"),)}, "made from words"),
    ],
)
def test_a_series_that_means_nothing_is_refused(change, words):
    work = msgspec.structs.replace(SERIES, **change)
    with pytest.raises(WrongCall, match=words):
        to_spec(to_spec_message(Spec(work=work, output=OUTPUT)))


def test_a_series_comes_in_one_take():
    with pytest.raises(WrongCall, match="--takes"):
        to_spec(to_spec_message(Spec(work=SERIES, output=OUTPUT, take_count=2)))
