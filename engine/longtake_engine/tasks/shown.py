"""The frames of a clip that are asked for."""

from longtake_engine.errors import WrongCall
from longtake_engine.media.info import MediaInfo
from longtake_engine.work import FrameRange


def shown_frames(info: MediaInfo, shown: FrameRange | None) -> range:
    """The frames of a clip that are shown; None for all of them.

    Raises:
        WrongCall: It does not have them.
    """
    frame_count = info.video.frame_count
    if shown is None:
        return range(frame_count)
    stop = shown.start_frame + shown.duration_frames
    if shown.start_frame < 0 or shown.duration_frames < 1 or stop > frame_count:
        raise WrongCall(
            f"Frames {shown.start_frame} to {stop - 1} of {info.path.name} were asked for, which"
            f" has {frame_count}; name frames that it has."
        )
    return range(shown.start_frame, stop)
