"""Frames before or after a clip: a media file, or a clip on a timeline.

with Engine.open() as engine:
    result = extend_media(engine, Path("clip.mp4"), options=ExtendOptions(tail=parse_length("2s")))
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.length import Length
from longtake_bridge.option import ExtendOptions
from longtake_bridge.output import absolute, output_path
from longtake_bridge.result import Result, Take, result_from_job

OnChange = Callable[[job_pb2.Job], None]


def ignore_change(job: job_pb2.Job) -> None:
    """For callers who do not watch."""


def extend_media(
    engine: Engine,
    input_path: Path,
    output: Path | None = None,
    *,
    options: ExtendOptions,
    only_new: bool = False,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made: the whole clip with its new frames, or the new frames alone where `only_new`.

    Without `output` the file lies beside the clip and replaces nothing.

    Raises:
        BridgeError: The call means nothing, the engine refused, or the work was cancelled.
    """
    spec = media_spec(input_path, output, options=options, only_new=only_new)
    result = result_from_job(engine.run_job(spec, on_change))
    return replace(result, notes=unheard_notes(engine, options, result.takes))


def unheard_notes(engine: Engine, options: ExtendOptions, takes: Iterable[Take]) -> tuple[str, ...]:
    """A sentence for each model that could not be told what to make, where a prompt was given."""
    if not (options.prompt or options.negative_prompt):
        return ()
    listeners = {model.name for model in engine.models() if model.takes_prompt}
    deaf = dict.fromkeys(take.model for take in takes if take.model not in listeners)
    return tuple(f"{name} hears no prompt; it changed nothing." for name in deaf)


def media_spec(
    input_path: Path, output: Path | None, *, options: ExtendOptions, only_new: bool = False
) -> job_pb2.JobSpec:
    """The request that `extend_media` makes, whole in itself.

    Raises:
        BridgeError: WRONG_CALL; nothing is asked for, or --only-new of both sides.
    """
    if options.head is None and options.tail is None:
        raise wrong_call("Say how much to add: --tail 2s, --head 48f, or both.")
    if only_new and options.head is not None and options.tail is not None:
        raise wrong_call(
            "--only-new makes one file of one side; run it once with --head and once with --tail."
        )
    contents = job_pb2.CONTENTS_NEW_ONLY if only_new else job_pb2.CONTENTS_WHOLE
    work = job_pb2.ExtendSpec(
        input_path=str(absolute(input_path)),
        head=length_to_proto(options.head),
        tail=length_to_proto(options.tail),
        contents=contents,
    )
    return job_spec(work, output_path(input_path, output, options.codec), options)


def job_spec(work: job_pb2.ExtendSpec, output: Path, options: ExtendOptions) -> job_pb2.JobSpec:
    """The request for `work` with everything else that `options` ask for."""
    rate = options.sequence_rate
    return job_pb2.JobSpec(
        extend=work,
        output=job_pb2.OutputSpec(
            path=str(output),
            codec=options.codec,
            no_audio=options.no_audio,
            replace_existing=options.force,
            music=options.music,
        ),
        guidance=job_pb2.Guidance(
            prompt=options.prompt, negative_prompt=options.negative_prompt, seed=options.seed
        ),
        model=options.model,
        take_count=options.take_count,
        deinterlace=options.deinterlace,
        sequence_rate=rational(rate) if rate is not None else None,
    )


def length_to_proto(length: Length | None) -> media_pb2.Duration | None:
    """The length as the wire carries it; None for nothing."""
    if length is None:
        return None
    if length.frames is not None:
        return media_pb2.Duration(frames=length.frames)
    if length.seconds is not None:
        return media_pb2.Duration(seconds=rational(length.seconds))
    return media_pb2.Duration(timecode=length.timecode)


def rational(value: Fraction) -> media_pb2.Rational:
    """The number as the wire carries it."""
    return media_pb2.Rational(numerator=value.numerator, denominator=value.denominator)
