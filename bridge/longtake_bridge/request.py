"""What every request to the engine holds, whatever the work, and what its answer leaves unsaid."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.client import Engine
from longtake_bridge.length import Length
from longtake_bridge.option import MakeOptions
from longtake_bridge.result import Result, Take, result_from_job

OnChange = Callable[[job_pb2.Job], None]


def ignore_change(job: job_pb2.Job) -> None:
    """For callers who do not watch."""


Work = (
    job_pb2.ExtendSpec
    | job_pb2.InterpolateSpec
    | job_pb2.InpaintSpec
    | job_pb2.OutpaintSpec
    | job_pb2.AnimateSpec
    | job_pb2.GenerateSpec
)


def job_spec(
    work: Work,
    output: Path,
    options: MakeOptions,
) -> job_pb2.JobSpec:
    """The request for `work` with everything else that `options` ask for."""
    rate = options.sequence_rate
    return job_pb2.JobSpec(
        extend=work if isinstance(work, job_pb2.ExtendSpec) else None,
        interpolate=work if isinstance(work, job_pb2.InterpolateSpec) else None,
        inpaint=work if isinstance(work, job_pb2.InpaintSpec) else None,
        outpaint=work if isinstance(work, job_pb2.OutpaintSpec) else None,
        animate=work if isinstance(work, job_pb2.AnimateSpec) else None,
        generate=work if isinstance(work, job_pb2.GenerateSpec) else None,
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


def make_media(
    engine: Engine, spec: job_pb2.JobSpec, options: MakeOptions, on_change: OnChange
) -> Result:
    """What was made; `options` are those that `spec` was asked for with.

    Raises:
        BridgeError: The engine refused, or the work was cancelled.
    """
    result = result_from_job(engine.run_job(spec, on_change))
    return replace(result, notes=unheard_notes(engine, options, result.takes))


def unheard_notes(engine: Engine, options: MakeOptions, takes: Iterable[Take]) -> tuple[str, ...]:
    """A sentence for each model that could not be told what to make, where a prompt was given."""
    if not (options.prompt or options.negative_prompt):
        return ()
    listeners = {model.name for model in engine.models() if model.takes_prompt}
    deaf = dict.fromkeys(take.model for take in takes if take.model not in listeners)
    return tuple(f"{name} hears no prompt; it changed nothing." for name in deaf)


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


def options_to_keep(options: MakeOptions) -> dict[str, Any]:
    """Those of `options` that shape what is made, as JSON: a made clip keeps them."""
    return {
        "model": options.model,
        "take_count": options.take_count,
        "prompt": options.prompt,
        "negative_prompt": options.negative_prompt,
        "seed": options.seed,
        "codec": options.codec,
        "no_audio": options.no_audio,
        "music": options.music,
        "deinterlace": options.deinterlace,
    }
