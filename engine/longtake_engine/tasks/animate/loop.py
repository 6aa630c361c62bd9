"""What leads over into its own beginning."""

from longtake_engine.errors import WrongCall
from longtake_engine.media.info import VideoInfo
from longtake_engine.tasks.animate.route import Route, leaves, said

LEAST_SHARE = 0.15  # of the frames, that a thing needs to go back


def way_back(route: Route, video: VideoInfo, frames: range, loop: bool) -> int | None:
    """The frame at which a thing has to be back where it began; None where it need not be.

    Raises:
        WrongCall: It has no time to.
    """
    if not loop or route.closes or leaves(route, video):
        return None
    last = route.boxes[-1].frame
    if frames.stop - last < LEAST_SHARE * len(frames):
        raise WrongCall(
            f"With --loop the thing that goes {said(route.path)} has to come back by the end, and"
            f" its last box lies on frame {last} of {len(frames)}; end the move earlier, end it in"
            " the box it began in, or leave --loop out."
        )
    return frames.stop
