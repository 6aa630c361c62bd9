"""A region of a clip removed, and what lies behind it made.

with Engine.open() as engine:
    away = InpaintOptions(boxes=(parse_box("120,80,60,40@48"),))
    result = inpaint_media(engine, Path("a.mp4"), Path("clean.mov"), options=away)
    result.takes[0].fillings  # how much of each frame was filled, and truly seen elsewhere
"""

from pathlib import Path

from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.marked import boxes_to_proto, on_frames, points_to_proto
from longtake_bridge.option import DEFECTS, MASK_HIDES, InpaintOptions
from longtake_bridge.output import absolute, output_path, require_folder
from longtake_bridge.request import (
    OnChange,
    ignore_change,
    job_spec,
    length_to_proto,
    make_media,
)
from longtake_bridge.result import Result

_MOST_MARGIN = 200
_MATTE_SUFFIXES = (".mkv", ".mov", ".mp4")


def inpaint_media(
    engine: Engine,
    input_path: Path,
    output: Path | None = None,
    *,
    options: InpaintOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made: the whole clip, its region filled.

    Without `output` the file lies beside the clip and replaces nothing.

    Raises:
        BridgeError: The call means nothing, the engine refused, or the work was cancelled.
    """
    spec = inpaint_spec(engine, input_path, output, options=options)
    return make_media(engine, spec, options, on_change)


def inpaint_spec(
    engine: Engine, input_path: Path, output: Path | None, *, options: InpaintOptions
) -> job_pb2.JobSpec:
    """The request that `inpaint_media` makes, whole in itself.

    Raises:
        BridgeError: WRONG_CALL; it contradicts itself or hides nothing.
    """
    check_inpaint(options)
    path = output_path(input_path, output, options.codec, done="inpainted")
    work = inpaint_work(input_path, on_frames(engine, input_path, options))
    return job_spec(work, path, options)


def check_inpaint(options: InpaintOptions) -> None:
    """Nothing, where `options` can mean something, as far as it is known without the clip.

    Raises:
        BridgeError: WRONG_CALL; they contradict each other or hide nothing.
    """
    if not (options.mask_path or options.boxes or options.points or options.defects):
        raise wrong_call(
            "Say what is to go: --mask PATH, --box X,Y,W,H@FRAME, --point X,Y@FRAME, --logo,"
            " --dust, --scratches or --spots."
        )
    for defect in options.defects:
        if defect not in DEFECTS:
            raise wrong_call(f'Nothing finds "{defect}"; take {" or ".join(DEFECTS)}.')
    if options.mask_hides not in MASK_HIDES:
        names = " or ".join(MASK_HIDES)
        raise wrong_call(f'A mask cannot hide by "{options.mask_hides}"; take {names}.')
    if options.mask_path is None and options.mask_hides != "auto":
        raise wrong_call("--mask-hides speaks of a mask; give it with --mask, or leave it out.")
    if options.mask_path is None and options.mask_start_frame is not None:
        raise wrong_call("--mask-start speaks of a mask; give it with --mask, or leave it out.")
    if options.margin is not None and not 0 <= options.margin <= _MOST_MARGIN:
        raise wrong_call(f"--margin {options.margin} is not possible; give 0 to {_MOST_MARGIN}.")
    matte = options.matte_path
    if matte is not None:
        if matte.suffix.lower() not in _MATTE_SUFFIXES:
            raise wrong_call(
                f"{matte.name} cannot hold a matte; end its name in .mkv for no loss, .mov or .mp4."
            )
        require_folder(absolute(matte), "--matte-out")


def inpaint_work(
    input_path: Path, options: InpaintOptions, *, shown: tuple[int, int] | None = None
) -> job_pb2.InpaintSpec:
    """What the engine is asked for; every mark must lie on a frame by now.

    `shown` is (start_frame, duration_frames) of what the made file holds; None for all.
    """
    mask, matte = options.mask_path, options.matte_path
    output_range = None
    if shown is not None:
        output_range = media_pb2.FrameRange(start_frame=shown[0], duration_frames=shown[1])
    return job_pb2.InpaintSpec(
        input_path=str(absolute(input_path)),
        mask_path=str(absolute(mask)) if mask is not None else "",
        mask_hides=f"MASK_HIDES_{options.mask_hides.upper()}",
        mask_start_frame=options.mask_start_frame,
        boxes=boxes_to_proto(options),
        points=points_to_proto(options),
        defects=[f"DEFECT_{defect.upper()}" for defect in options.defects],
        between_start=length_to_proto(options.between_start),
        between_end=length_to_proto(options.between_end),
        output_range=output_range,
        matte_path=str(absolute(matte)) if matte is not None else "",
        margin=options.margin,
    )
