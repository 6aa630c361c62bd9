"""The picture of a clip in another shape: what it has beside the old one is made.

with Engine.open() as engine:
    upright = OutpaintOptions(size=(1080, 1920), follow=True)
    result = outpaint_media(engine, Path("a.mp4"), Path("upright.mov"), options=upright)
    result.takes[0].fillings  # how much of each frame was made, and truly seen elsewhere
"""

from pathlib import Path

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.marked import boxes_to_proto, on_frames, points_to_proto
from longtake_bridge.option import ANCHORS, FITS, OutpaintOptions
from longtake_bridge.output import absolute, output_path
from longtake_bridge.request import OnChange, ignore_change, job_spec, make_media
from longtake_bridge.result import Result


def outpaint_media(
    engine: Engine,
    input_path: Path,
    output: Path | None = None,
    *,
    options: OutpaintOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made: the whole clip, its picture in the new shape.

    Without `output` the file lies beside the clip and replaces nothing.

    Raises:
        BridgeError: The call means nothing, the engine refused, or the work was cancelled.
    """
    spec = outpaint_spec(engine, input_path, output, options=options)
    return make_media(engine, spec, options, on_change)


def outpaint_spec(
    engine: Engine, input_path: Path, output: Path | None, *, options: OutpaintOptions
) -> job_pb2.JobSpec:
    """The request that `outpaint_media` makes, whole in itself.

    Raises:
        BridgeError: WRONG_CALL; it contradicts itself.
    """
    check_outpaint(options)
    path = output_path(input_path, output, options.codec, done="outpainted")
    work = outpaint_work(input_path, on_frames(engine, input_path, options))
    return job_spec(work, path, options)


def check_outpaint(options: OutpaintOptions) -> None:
    """Nothing, where `options` can mean something, as far as it is known without the clip.

    Raises:
        BridgeError: WRONG_CALL; they contradict each other.
    """
    if min(options.size) < 1:
        raise wrong_call(
            "A picture is 1 pixel wide and high at least; give --size such as 1080x1920."
        )
    if options.anchor not in ANCHORS:
        raise wrong_call(f'"{options.anchor}" is no place; take {", ".join(ANCHORS)}.')
    if options.fit not in FITS:
        raise wrong_call(f'A picture cannot fit by "{options.fit}"; take {", ".join(FITS)}.')
    if (options.boxes or options.points) and not options.follow:
        raise wrong_call("--box and --point show what to follow; add --follow.")
    if options.follow and options.fit == "inside":
        raise wrong_call(
            "--fit inside shows all of the old picture, so there is nothing to follow in; take"
            " --fit fill, or leave out --follow."
        )


def outpaint_work(
    input_path: Path, options: OutpaintOptions, *, shown: tuple[int, int] | None = None
) -> job_pb2.OutpaintSpec:
    """What the engine is asked for; every mark must lie on a frame by now.

    `shown` is (start_frame, duration_frames) of what the made file holds; None for all.
    """
    output_range = None
    if shown is not None:
        output_range = media_pb2.FrameRange(start_frame=shown[0], duration_frames=shown[1])
    return job_pb2.OutpaintSpec(
        input_path=str(absolute(input_path)),
        size=job_pb2.PictureSize(width=options.size[0], height=options.size[1]),
        anchor=f"ANCHOR_{options.anchor.upper().replace('-', '_')}",
        fit=f"FIT_{options.fit.upper()}",
        follow=options.follow,
        boxes=boxes_to_proto(options),
        points=points_to_proto(options),
        output_range=output_range,
    )
