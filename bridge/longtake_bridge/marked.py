"""Requests that are drawn on frames of a clip: their boxes and points, moved and written down."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.mark import Box, Point
from longtake_bridge.option import InpaintOptions, OutpaintOptions
from longtake_bridge.output import absolute

Marked = TypeVar("Marked", InpaintOptions, OutpaintOptions)


def on_frames(engine: Engine, input_path: Path, options: Marked) -> Marked:
    """`options` with each mark on a frame, as `frame_finder` says.

    Raises:
        BridgeError: WRONG_CALL; a timecode lies before the clip.
    """
    marks = (*options.boxes, *options.points)
    return put_on_frames(options, frame_finder(engine, input_path, marks, options.sequence_rate))


def frame_finder(
    engine: Engine, input_path: Path, marks: Iterable[Box | Point], sequence_rate: Fraction | None
) -> Callable[[Box | Point], int | None]:
    """Tells which frame of a clip each of `marks` lies on; None where it says no moment. The clip
    is opened only where a timecode needs it.

    The function raises BridgeError, WRONG_CALL, where a timecode lies before the clip.
    """
    if not any(mark.timecode for mark in marks):
        return lambda mark: mark.frame
    # OpenTimelineIO takes its time to load, and few calls need it.
    from longtake_bridge.media_probe import probe_with  # noqa: PLC0415
    from longtake_bridge.timeline.timing import timecode_to_frame  # noqa: PLC0415

    facts = probe_with(engine)(absolute(input_path), sequence_rate)

    def frame_of(mark: Box | Point) -> int | None:
        if not mark.timecode:
            return mark.frame
        frame = timecode_to_frame(mark.timecode, facts.rate) - facts.start_frame
        if frame < 0:
            raise wrong_call(
                f"{mark.timecode} lies before {input_path.name} begins; give a timecode that it"
                " shows, or the number of a frame."
            )
        return frame

    return frame_of


def put_on_frames(options: Marked, frame_of: Callable[[Box | Point], int | None]) -> Marked:
    """`options` with each mark on the frame of the file that `frame_of` says."""
    return _with_each(options, lambda mark: replace(mark, frame=frame_of(mark), timecode=""))


def draw_at(options: Marked, *, frame: int | None = None, timecode: str = "") -> Marked:
    """`options` with the marks that say no moment drawn at this one."""

    def on(mark: Any) -> Any:
        says = mark.timecode or mark.frame is not None
        return mark if says else replace(mark, frame=frame, timecode=timecode)

    return _with_each(options, on)


def boxes_to_proto(options: InpaintOptions | OutpaintOptions) -> list[job_pb2.Box]:
    """Its boxes as the engine takes them; each must lie on a frame by now."""
    return [box_to_proto(box) for box in options.boxes]


def box_to_proto(box: Box) -> job_pb2.Box:
    """The box as the engine takes it; it must lie on a frame by now."""
    return job_pb2.Box(x=box.x, y=box.y, width=box.width, height=box.height, frame=box.frame or 0)


def points_to_proto(options: InpaintOptions | OutpaintOptions) -> list[job_pb2.Point]:
    """Its points as the engine takes them; each must lie on a frame by now."""
    return [job_pb2.Point(x=one.x, y=one.y, frame=one.frame or 0) for one in options.points]


def _with_each(options: Marked, change: Callable[[Any], Any]) -> Marked:
    return replace(
        options,
        boxes=tuple(change(box) for box in options.boxes),
        points=tuple(change(point) for point in options.points),
    )
