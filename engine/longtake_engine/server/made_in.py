"""Shots and moving stills as they come from the wire; refused with a sentence."""

from longtake.v1 import job_pb2

from longtake_engine.errors import WrongCall
from longtake_engine.server.place_in import to_range
from longtake_engine.server.value_in import to_length, to_path, to_rate, to_size
from longtake_engine.work import Animate, Generate, SiblingShot

MOST_SHOTS = 8  # made together


def to_animate(spec: job_pb2.AnimateSpec, guidance: job_pb2.Guidance) -> Animate:
    """What shall move.

    Raises:
        WrongCall: Nothing shall.
    """
    if not (guidance.strokes or guidance.box_paths):
        raise WrongCall("Say what moves: --region MASK --direction DX,DY or --move BOX@F0 BOX@F1.")
    return Animate(
        input_path=to_path(spec.input_path, "the still or clip"),
        duration=to_length(spec.duration, "--duration") if spec.HasField("duration") else None,
        frame_rate=to_rate(spec.frame_rate) if spec.HasField("frame_rate") else None,
        loop=spec.loop,
        output_range=to_range(spec.output_range) if spec.HasField("output_range") else None,
    )


def to_generate(spec: job_pb2.GenerateSpec) -> Generate:
    """What shot is to be made.

    Raises:
        WrongCall: It has no length, or two beginnings.
    """
    if not (spec.HasField("duration") or spec.input_path):
        raise WrongCall("A shot has a length; give --duration, such as --duration 4s.")
    if spec.input_path and spec.still_paths:
        raise WrongCall("A shot is made from a clip or from stills; give --input or --image.")
    if spec.matte_path and len(spec.still_paths) != 1:
        raise WrongCall("A matte says what of one still is near; give it with one --image.")
    _check_series(spec)
    return Generate(
        duration=to_length(spec.duration, "--duration") if spec.HasField("duration") else None,
        size=to_size(spec.size) if spec.HasField("size") else None,
        frame_rate=to_rate(spec.frame_rate) if spec.HasField("frame_rate") else None,
        still_paths=tuple(to_path(path, "a still") for path in spec.still_paths),
        input_path=to_path(spec.input_path, "the clip") if spec.input_path else None,
        like_path=to_path(spec.like_path, "the clip to match") if spec.like_path else None,
        matte_path=to_path(spec.matte_path, "the matte") if spec.matte_path else None,
        subject=spec.subject,
        shots=tuple(map(_to_sibling, spec.shots)),
    )


def _check_series(spec: job_pb2.GenerateSpec) -> None:
    if bool(spec.subject.strip()) != bool(spec.shots):
        raise WrongCall(
            "Shots of one subject are two or more; say them with --shot, and with --same-subject"
            " what they share."
        )
    if len(spec.shots) >= MOST_SHOTS:
        raise WrongCall(f"{MOST_SHOTS} shots can be made together at most; ask for fewer at once.")
    if spec.shots and (spec.input_path or spec.still_paths):
        raise WrongCall("Shots of one subject are made from words; leave stills and clips out.")


def _to_sibling(shot: job_pb2.SiblingShot) -> SiblingShot:
    duration = to_length(shot.duration, "--duration") if shot.HasField("duration") else None
    return SiblingShot(shot.prompt, duration)
