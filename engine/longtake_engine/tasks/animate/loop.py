"""What leads over into its own beginning."""

import math
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from longtake_engine.errors import WrongCall
from longtake_engine.media.info import VideoInfo
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.animate.route import Route, leaves, said

OVER_S = 0.75  # seconds over which a clip's end dissolves into its beginning
MOST_OVER = 0.4  # of what is made
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


def frames_over(count: int, rate: Fraction) -> int:
    """Over how many frames a clip of `count` dissolves from its end into its beginning."""
    return max(1, math.floor(min(OVER_S * rate, MOST_OVER * count)))


def check_clip_loop(output: range, held: int, rate: Fraction, name: str) -> None:
    """Nothing, where a clip that holds `held` frames goes on far enough after `output`.

    Raises:
        WrongCall: It does not.
    """
    over = frames_over(len(output), rate)
    if output.stop + over > held:
        most = held - output.start - over
        raise WrongCall(
            f"To loop, what follows the end of {name} dissolves into its beginning, and that takes"
            f" {over} frames more than are made; give --duration {max(1, most)}f or less, or leave"
            " --loop out."
        )


def looped(reader: VideoReader, output: range, over: int) -> Iterator[Picture]:
    """The frames `output`; what follows on the last of them dissolves into the first `over`."""
    after = reader.frames(output.stop, output.stop + over)
    for number, own in enumerate(reader.frames(output.start, output.stop)):
        if number < over:
            yield _mixed(next(after), own, (number + 1) / (over + 1))
        else:
            yield own


def _mixed(first: Picture, second: Picture, share: float) -> Picture:
    """`share` of the second."""
    planes = []
    for one, other in zip(first.planes, second.planes, strict=True):
        mixed = one + np.float32(share) * (other.astype(np.float32) - one)
        planes.append(np.rint(mixed).astype(one.dtype))
    return Picture(tuple(planes), second.format)
