"""Parts of a still or of a clip moved: regions that flow, things that go along boxes.

with Engine.open() as engine:
    sea = replace(parse_region("sea.png"), dx=20.0)
    options = AnimateOptions(regions=(sea,), duration=parse_length("4s"), loop=True)
    result = animate_media(engine, Path("beach.jpg"), Path("beach.mov"), options=options)
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.marked import box_to_proto, frame_finder
from longtake_bridge.option import AnimateOptions
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
from longtake_bridge.stroke import Move, Region, on_frames


def animate_media(
    engine: Engine,
    input_path: Path,
    output: Path | None = None,
    *,
    options: AnimateOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made: the still or the clip, its parts moving.

    Without `output` the file lies beside the input and replaces nothing.

    Raises:
        BridgeError: The call means nothing, the engine refused, or the work was cancelled.
    """
    spec = animate_spec(engine, input_path, output, options=options)
    return make_media(engine, spec, options, on_change)


def animate_spec(
    engine: Engine, input_path: Path, output: Path | None, *, options: AnimateOptions
) -> job_pb2.JobSpec:
    """The request that `animate_media` makes, whole in itself.

    Raises:
        BridgeError: WRONG_CALL; it contradicts itself, or nothing moves.
    """
    check_animate(options)
    path = output_path(input_path, output, options.codec, done="moving")
    return animate_job(input_path, path, _on_frames(engine, input_path, options))


def check_animate(options: AnimateOptions) -> None:
    """Nothing, where `options` can mean something, as far as it is known without the input.

    Raises:
        BridgeError: WRONG_CALL; they contradict each other, or nothing moves.
    """
    if not (options.regions or options.moves):
        raise wrong_call(
            "Say what moves: --region MASK --direction DX,DY, or --move BOX@F0 BOX@F1, in which a"
            " box is X,Y,W,H."
        )


def animate_job(
    input_path: Path,
    output: Path,
    options: AnimateOptions,
    *,
    shown: tuple[int, int] | None = None,
) -> job_pb2.JobSpec:
    """What the engine is asked for; everything that is drawn must lie on a frame by now.

    `shown` is (start_frame, duration_frames) of what the made file holds; None for all.
    """
    output_range = None
    if shown is not None:
        output_range = media_pb2.FrameRange(start_frame=shown[0], duration_frames=shown[1])
    rate = options.frame_rate
    work = job_pb2.AnimateSpec(
        input_path=str(absolute(input_path)),
        duration=length_to_proto(options.duration),
        frame_rate=rational(rate) if rate is not None else None,
        loop=options.loop,
        output_range=output_range,
    )
    spec = job_spec(work, output, options)
    put_strokes(spec.guidance, options.regions, options.moves)
    return spec


def put_strokes(
    guidance: job_pb2.Guidance, regions: Iterable[Region], moves: Iterable[Move]
) -> None:
    """Write them into `guidance`; all must lie on frames by now."""
    for region in regions:
        guidance.strokes.add(
            region_path="" if region.mask_path is None else str(absolute(region.mask_path)),
            dx=region.dx,
            dy=region.dy,
            box=None if region.box is None else box_to_proto(region.box),
            frame=region.frame or 0,
        )
    for move in moves:
        guidance.box_paths.add(
            boxes=map(box_to_proto, move.boxes),
            matte_path="" if move.mask_path is None else str(absolute(move.mask_path)),
        )


def _on_frames(engine: Engine, input_path: Path, options: AnimateOptions) -> AnimateOptions:
    """`options` with everything on frames."""
    marks = [region.mark for region in options.regions]
    marks += [box for move in options.moves for box in move.boxes]
    frame_of = frame_finder(engine, input_path, marks, options.sequence_rate)
    regions, moves = on_frames(options.regions, options.moves, frame_of)
    return replace(options, regions=regions, moves=moves)
