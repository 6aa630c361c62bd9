"""Work and guidance as they go onto the wire, exact."""

from fractions import Fraction

from longtake.v1 import job_pb2, media_pb2

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
    Point,
    Stroke,
    Work,
)


def put_work(work: Work, message: job_pb2.JobSpec) -> None:
    """Write `work` into `message`."""
    match work:
        case Extend():
            message.extend.CopyFrom(_to_extend(work))
        case Interpolate():
            message.interpolate.CopyFrom(_to_interpolate(work))
        case Inpaint():
            message.inpaint.CopyFrom(_to_inpaint(work))
        case Outpaint():
            message.outpaint.CopyFrom(_to_outpaint(work))
        case Animate():
            message.animate.CopyFrom(_to_animate(work))
        case Generate():
            message.generate.CopyFrom(_to_generate(work))


def to_guidance_message(guidance: Guidance) -> job_pb2.Guidance:
    """The guidance as a message."""
    return job_pb2.Guidance(
        prompt=guidance.prompt,
        negative_prompt=guidance.negative_prompt,
        seed=guidance.seed,
        reference_paths=map(str, guidance.reference_paths),
        strength=guidance.strength,
        camera=None if guidance.camera is None else _to_camera(guidance.camera),
        box_paths=map(_to_box_path, guidance.box_paths),
        strokes=map(_to_stroke, guidance.strokes),
        expand_prompt=guidance.expand_prompt,
    )


def to_rational(value: Fraction) -> media_pb2.Rational:
    """The fraction as a message."""
    return media_pb2.Rational(numerator=value.numerator, denominator=value.denominator)


def to_range_message(frames: FrameRange) -> media_pb2.FrameRange:
    """The run of frames as a message."""
    return media_pb2.FrameRange(
        start_frame=frames.start_frame, duration_frames=frames.duration_frames
    )


def _to_length(length: Length) -> media_pb2.Duration:
    if length.frames is not None:
        return media_pb2.Duration(frames=length.frames)
    if length.seconds is not None:
        return media_pb2.Duration(seconds=to_rational(length.seconds))
    return media_pb2.Duration(timecode=length.timecode or "")


def _to_extend(work: Extend) -> job_pb2.ExtendSpec:
    new_only = work.contents == "new_only"
    return job_pb2.ExtendSpec(
        input_path=str(work.input_path),
        head=None if work.head is None else _to_length(work.head),
        tail=None if work.tail is None else _to_length(work.tail),
        contents=job_pb2.CONTENTS_NEW_ONLY if new_only else job_pb2.CONTENTS_WHOLE,
    )


def _to_interpolate(work: Interpolate) -> job_pb2.InterpolateSpec:
    return job_pb2.InterpolateSpec(
        input_paths=map(str, work.input_paths),
        factor=None if work.factor is None else to_rational(work.factor),
        frame_rate=None if work.frame_rate is None else to_rational(work.frame_rate),
        duration=None if work.duration is None else _to_length(work.duration),
        input_ranges=[to_range_message(frames) for frames in work.input_ranges],
        join=f"JOIN_{work.join.upper()}",
        quality=f"QUALITY_{work.quality.upper()}",
    )


def _to_inpaint(work: Inpaint) -> job_pb2.InpaintSpec:
    start, end, shown = work.between_start, work.between_end, work.output_range
    return job_pb2.InpaintSpec(
        input_path=str(work.input_path),
        mask_path="" if work.mask_path is None else str(work.mask_path),
        boxes=map(_to_box, work.boxes),
        mask_hides=f"MASK_HIDES_{work.mask_hides.upper()}",
        mask_start_frame=work.mask_start_frame,
        points=map(_to_point, work.points),
        defects=[f"DEFECT_{defect.upper()}" for defect in work.defects],
        between_start=None if start is None else _to_length(start),
        between_end=None if end is None else _to_length(end),
        output_range=None if shown is None else to_range_message(shown),
        matte_path="" if work.matte_path is None else str(work.matte_path),
        margin=work.margin,
    )


def _to_outpaint(work: Outpaint) -> job_pb2.OutpaintSpec:
    shown = work.output_range
    return job_pb2.OutpaintSpec(
        input_path=str(work.input_path),
        size=_to_size(work.size),
        anchor=f"ANCHOR_{work.anchor.upper()}",
        fit=f"FIT_{work.fit.upper()}",
        follow=work.follow,
        boxes=map(_to_box, work.boxes),
        points=map(_to_point, work.points),
        output_range=None if shown is None else to_range_message(shown),
    )


def _to_animate(work: Animate) -> job_pb2.AnimateSpec:
    shown = work.output_range
    return job_pb2.AnimateSpec(
        input_path=str(work.input_path),
        duration=None if work.duration is None else _to_length(work.duration),
        frame_rate=None if work.frame_rate is None else to_rational(work.frame_rate),
        loop=work.loop,
        output_range=None if shown is None else to_range_message(shown),
    )


def _to_generate(work: Generate) -> job_pb2.GenerateSpec:
    return job_pb2.GenerateSpec(
        duration=None if work.duration is None else _to_length(work.duration),
        size=None if work.size is None else _to_size(work.size),
        frame_rate=None if work.frame_rate is None else to_rational(work.frame_rate),
        still_paths=map(str, work.still_paths),
        input_path="" if work.input_path is None else str(work.input_path),
        like_path="" if work.like_path is None else str(work.like_path),
        matte_path="" if work.matte_path is None else str(work.matte_path),
        subject=work.subject,
        shots=[
            job_pb2.SiblingShot(
                prompt=shot.prompt,
                duration=None if shot.duration is None else _to_length(shot.duration),
            )
            for shot in work.shots
        ],
    )


def _to_camera(camera: CameraMove) -> job_pb2.CameraMove:
    return job_pb2.CameraMove(kind=f"CAMERA_KIND_{camera.kind.upper()}", amount=camera.amount)


def _to_box_path(path: BoxPath) -> job_pb2.BoxPath:
    matte = "" if path.matte_path is None else str(path.matte_path)
    return job_pb2.BoxPath(boxes=map(_to_box, path.boxes), name=path.name, matte_path=matte)


def _to_stroke(stroke: Stroke) -> job_pb2.Stroke:
    return job_pb2.Stroke(
        region_path="" if stroke.region_path is None else str(stroke.region_path),
        dx=stroke.dx,
        dy=stroke.dy,
        box=None if stroke.box is None else _to_box(stroke.box),
        frame=stroke.frame,
    )


def _to_box(box: Box) -> job_pb2.Box:
    return job_pb2.Box(x=box.x, y=box.y, width=box.width, height=box.height, frame=box.frame)


def _to_point(point: Point) -> job_pb2.Point:
    return job_pb2.Point(x=point.x, y=point.y, frame=point.frame)


def _to_size(size: tuple[int, int]) -> job_pb2.PictureSize:
    width, height = size
    return job_pb2.PictureSize(width=width, height=height)
