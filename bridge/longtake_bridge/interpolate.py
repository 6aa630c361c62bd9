"""Frames between frames: slow motion, another frame rate, or what lies between two shots.

with Engine.open() as engine:
    slow = InterpolateOptions(factor=Fraction(2))
    result = interpolate_media(engine, [Path("a.mp4")], options=slow)
    shots = [Path("a.mp4"), Path("b.mp4")]
    gap = InterpolateOptions(duration=parse_length("12f"), shown=((0, 100), (24, 80)))
    result = interpolate_media(engine, shots, Path("gap.mov"), options=gap)
"""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import JOINS, QUALITIES, InterpolateOptions
from longtake_bridge.output import absolute, output_path
from longtake_bridge.request import (
    OnChange,
    ignore_change,
    job_spec,
    length_to_proto,
    make_media,
    rational,
)
from longtake_bridge.result import Result

_MOST_PARTS = (
    2**31 - 1
)  # what both parts of a rational stay under, so that every reader can hold it


def interpolate_media(
    engine: Engine,
    input_paths: Sequence[Path],
    output: Path | None = None,
    *,
    options: InterpolateOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made: of one clip the whole of it, of two the frames between them alone.

    Without `output` the file lies beside the first clip and replaces nothing. The frames between
    two shots are exactly as many as `options.duration` is at the rate of the first, in its format;
    `start_frame` of the takes is the frame after the last one of the first that is shown.

    Raises:
        BridgeError: The call means nothing, the engine refused, or the work was cancelled.
    """
    spec = interpolate_spec(input_paths, output, options=options)
    return make_media(engine, spec, options, on_change)


def interpolate_spec(
    input_paths: Sequence[Path], output: Path | None, *, options: InterpolateOptions
) -> job_pb2.JobSpec:
    """The request that `interpolate_media` makes, whole in itself.

    Raises:
        BridgeError: WRONG_CALL; it contradicts itself or asks for nothing.
    """
    _check(input_paths, options)
    first = input_paths[0]
    work = job_pb2.InterpolateSpec(
        input_paths=[str(absolute(path)) for path in input_paths],
        factor=rational(options.factor) if options.factor is not None else None,
        frame_rate=rational(options.frame_rate) if options.frame_rate is not None else None,
        duration=length_to_proto(options.duration),
        input_ranges=[
            media_pb2.FrameRange(start_frame=start, duration_frames=count)
            for start, count in options.shown
        ],
        join=f"JOIN_{options.join.upper()}",
        quality=f"QUALITY_{options.quality.upper()}",
    )
    path = output_path(first, output, options.codec, done="interpolated")
    return job_spec(work, path, options)


def _check(input_paths: Sequence[Path], options: InterpolateOptions) -> None:
    if len(input_paths) not in (1, 2):
        raise wrong_call(
            f"{len(input_paths)} clips were given; give one to slow down or convert, or the two on"
            " both sides of a gap."
        )
    asked = {
        "--factor": options.factor is not None,
        "--rate": options.frame_rate is not None,
        "--duration": options.duration is not None,
    }
    given = [name for name, is_set in asked.items() if is_set]
    if len(input_paths) == 2:
        if given != ["--duration"]:
            raise wrong_call("Two clips take --duration T, the length of the gap between them.")
    elif "--duration" in given:
        raise wrong_call("--duration is for the gap between two clips; name the second one too.")
    elif len(given) != 1:
        raise wrong_call("Say what to make: --factor 2 for slow motion, or --rate 25 to convert.")
    elif options.join != "auto":
        raise wrong_call("--join is for two clips; leave it out, or name the second one too.")
    if options.factor is not None:
        _check_factor(options.factor)
    if options.join not in JOINS:
        raise wrong_call(f'There is no --join "{options.join}"; take {" or ".join(JOINS)}.')
    if options.quality not in QUALITIES:
        names = " or ".join(QUALITIES)
        raise wrong_call(f'There is no --quality "{options.quality}"; take {names}.')


def _check_factor(factor: Fraction) -> None:
    if factor <= 1:
        raise wrong_call(
            f"--factor {float(factor):g} slows nothing down; give more than 1, such as 2 or 5/2."
        )
    if max(Fraction(factor).as_integer_ratio()) > _MOST_PARTS:
        raise wrong_call("--factor is too fine; give a simpler one, such as 2 or 5/2.")
