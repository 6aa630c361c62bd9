"""Places in pictures and in time as they come from the wire; refused with a sentence."""

from longtake.v1 import job_pb2, media_pb2

from longtake_engine.errors import WrongCall
from longtake_engine.work import Box, FrameRange, Point


def to_box(box: job_pb2.Box) -> Box:
    """A rectangle on a frame.

    Raises:
        WrongCall: It holds nothing, or lies on no frame.
    """
    if box.width < 1 or box.height < 1 or box.frame < 0:
        raise WrongCall(
            "A box must hold a pixel at least, on frame 0 or later; give X,Y,W,H@FRAME."
        )
    return Box(x=box.x, y=box.y, width=box.width, height=box.height, frame=box.frame)


def to_point(point: job_pb2.Point) -> Point:
    """A place on a frame.

    Raises:
        WrongCall: It lies in no picture, or on no frame.
    """
    if point.x < 0 or point.y < 0 or point.frame < 0:
        raise WrongCall("A point lies in the picture, on frame 0 or later; give X,Y@FRAME.")
    return Point(x=point.x, y=point.y, frame=point.frame)


def to_range(frames: media_pb2.FrameRange) -> FrameRange:
    """The frames that are to be made.

    Raises:
        WrongCall: There are none.
    """
    if frames.start_frame < 0 or frames.duration_frames < 1:
        raise WrongCall("The frames to be made begin at 0 or later and are 1 at least.")
    return FrameRange(frames.start_frame, frames.duration_frames)
