"""Jobs as they come from the wire: protobuf to `work`, exact.

What contradicts itself or cannot mean anything is refused here, with a sentence.
"""

from typing import Literal, get_args

from longtake.v1 import job_pb2

from longtake_engine.errors import WrongCall
from longtake_engine.server.guidance_in import to_guidance
from longtake_engine.server.inpaint_in import to_inpaint
from longtake_engine.server.made_in import to_animate, to_generate
from longtake_engine.server.outpaint_in import to_outpaint
from longtake_engine.server.value_in import to_fraction, to_length, to_path, to_rate
from longtake_engine.work import (
    Extend,
    FrameRange,
    Interpolate,
    Join,
    Output,
    Quality,
    Spec,
    Work,
)

_MOST_TAKES = 8
Codec = Literal["prores", "dnxhr", "ffv1", "h264", "source"]
Music = Literal["fade", "hold"]


def to_spec(spec: job_pb2.JobSpec) -> Spec:
    """The work that was asked for.

    Raises:
        WrongCall: It contradicts itself or cannot mean anything.
    """
    if not 0 <= spec.take_count <= _MOST_TAKES:
        raise WrongCall(f"--takes {spec.take_count} is not possible; ask for 1 to {_MOST_TAKES}.")
    if spec.take_count > 1 and spec.generate.shots:
        raise WrongCall(
            "Shots of one subject come in one take each; leave --takes out, and ask again with"
            " another --seed for others."
        )
    return Spec(
        work=_to_work(spec),
        output=_to_output(spec.output),
        guidance=to_guidance(spec.guidance),
        model=spec.model or "auto",
        take_count=spec.take_count or 1,
        deinterlace=spec.deinterlace,
        sequence_rate=to_rate(spec.sequence_rate) if spec.HasField("sequence_rate") else None,
    )


def _to_work(spec: job_pb2.JobSpec) -> Work:
    match spec.WhichOneof("work"):
        case "extend":
            return _to_extend(spec.extend)
        case "interpolate":
            return _to_interpolate(spec.interpolate)
        case "inpaint":
            return to_inpaint(spec.inpaint)
        case "generate":
            return to_generate(spec.generate)
        case "outpaint":
            return to_outpaint(spec.outpaint)
        case "animate":
            return to_animate(spec.animate, spec.guidance)
        case _:
            raise WrongCall(
                "The request holds no work; ask to extend, interpolate, inpaint, outpaint,"
                " animate or generate."
            )


def _to_extend(spec: job_pb2.ExtendSpec) -> Extend:
    head = to_length(spec.head, "--head") if spec.HasField("head") else None
    tail = to_length(spec.tail, "--tail") if spec.HasField("tail") else None
    if head is None and tail is None:
        raise WrongCall("Nothing to add; give --head, --tail or both, such as --tail 2s.")
    if spec.contents not in job_pb2.Contents.values():
        raise WrongCall(f"There are no contents of number {spec.contents}; take WHOLE or NEW_ONLY.")
    new_only = spec.contents == job_pb2.CONTENTS_NEW_ONLY
    if new_only and head is not None and tail is not None:
        raise WrongCall("--only-new writes one run of frames; give --head or --tail, not both.")
    return Extend(
        input_path=to_path(spec.input_path, "the clip"),
        head=head,
        tail=tail,
        contents="new_only" if new_only else "whole",
    )


def _to_interpolate(spec: job_pb2.InterpolateSpec) -> Interpolate:
    paths = tuple(to_path(path, "a clip") for path in spec.input_paths)
    target = spec.WhichOneof("target")
    if len(paths) not in (1, 2):
        raise WrongCall(f"Interpolating takes one clip or two, not {len(paths)}.")
    if (target == "duration") != (len(paths) == 2) or target is None:
        raise WrongCall("Give --factor or --rate for one clip, --duration for two.")
    factor = to_fraction(spec.factor, "--factor") if target == "factor" else None
    if factor is not None and factor <= 1:
        raise WrongCall("--factor must be more than 1; 2 makes twice the frames.")
    return Interpolate(
        input_paths=paths,
        factor=factor,
        frame_rate=to_rate(spec.frame_rate) if target == "frame_rate" else None,
        duration=to_length(spec.duration, "--duration") if target == "duration" else None,
        input_ranges=_to_ranges(spec),
        join=_to_join(spec.join),
        quality=_to_quality(spec.quality),
    )


def _to_ranges(spec: job_pb2.InterpolateSpec) -> tuple[FrameRange, ...]:
    ranges = tuple(FrameRange(r.start_frame, r.duration_frames) for r in spec.input_ranges)
    if ranges and len(ranges) != len(spec.input_paths):
        raise WrongCall("Give the shown frames of every clip, or of none.")
    if any(r.start_frame < 0 or r.duration_frames < 1 for r in ranges):
        raise WrongCall("The shown frames of a clip begin at 0 or later and are 1 at least.")
    return ranges


def _to_join(number: job_pb2.Join) -> Join:
    names: dict[int, Join] = {
        job_pb2.JOIN_UNSPECIFIED: "auto",
        job_pb2.JOIN_AUTO: "auto",
        job_pb2.JOIN_CUT: "cut",
        job_pb2.JOIN_DISSOLVE: "dissolve",
        job_pb2.JOIN_MORPH: "morph",
    }
    if number not in names:
        raise WrongCall(f"There is no join of number {number}; take auto, cut, dissolve or morph.")
    return names[number]


def _to_quality(number: job_pb2.Quality) -> Quality:
    names: dict[int, Quality] = {
        job_pb2.QUALITY_UNSPECIFIED: "standard",
        job_pb2.QUALITY_DRAFT: "draft",
        job_pb2.QUALITY_STANDARD: "standard",
        job_pb2.QUALITY_BEST: "best",
    }
    if number not in names:
        raise WrongCall(f"There is no quality of number {number}; take draft, standard or best.")
    return names[number]


def _to_output(output: job_pb2.OutputSpec) -> Output:
    return Output(
        path=to_path(output.path, "the result (-o)"),
        codec=_to_codec(output.codec),
        no_audio=output.no_audio,
        replace_existing=output.replace_existing,
        music=_to_music(output.music),
    )


def _to_music(name: str) -> Music:
    endings: tuple[Music, ...] = get_args(Music)
    for ending in endings:
        if ending == (name or "fade"):
            return ending
    raise WrongCall(f'--music cannot "{name}"; take {" or ".join(endings)}.')


def _to_codec(name: str) -> Codec:
    codecs: tuple[Codec, ...] = get_args(Codec)
    for codec in codecs:
        if codec == (name or "prores"):
            return codec
    raise WrongCall(f'There is no codec "{name}"; take {", ".join(codecs)}.')
