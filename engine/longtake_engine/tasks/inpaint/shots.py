"""The shots of a clip: nothing is looked for beyond the cuts round a hole."""

from collections.abc import Callable, Iterator

from longtake_engine.media.video_reader import VideoReader
from longtake_engine.tasks.glance import Glance, glance_at
from longtake_engine.tasks.shot import STRAY, find_cuts, returns

AROUND = 24  # frames on each side of one that are looked at to tell whether it begins a shot
STRIDE = 120  # frames that are judged at once


def find_shots(
    reader: VideoReader, frames: range, check: Callable[[], None] = lambda: None
) -> Iterator[range | None]:
    """The shots among `frames`, in order; None now and then while nothing is told yet.

    A flash of light, and strays of one or two frames after which the picture returns, part nothing.

    Args:
        reader: Of the clip.
        frames: Those to look at.
        check: Called between frames; raises to stop.
    """
    begun = frames.start
    glances: list[Glance] = []
    first = judged = frames.start  # the frame of glances[0], and the first that is not judged yet
    for frame, glance in enumerate(glance_at(reader.frames(frames.start, frames.stop)), first):
        check()
        glances.append(glance)
        last = frame + 1 == frames.stop
        if not last and frame + 1 < judged + STRIDE + AROUND:
            continue
        stop = frames.stop if last else judged + STRIDE
        for cut in _lasting(glances):
            if judged <= first + cut < stop and first + cut > begun:
                yield range(begun, first + cut)
                begun = first + cut
        judged = stop
        gone = max(0, judged - AROUND - first)
        del glances[:gone]
        first += gone
        yield None
    if begun < frames.stop:
        yield range(begun, frames.stop)


def _lasting(glances: list[Glance]) -> list[int]:
    """The cuts among some glances after which the picture does not soon return."""
    cuts = find_cuts(glances)
    lasting: list[int] = []
    while cuts:
        cut = cuts.pop(0)
        back = next((c for c in cuts if c <= cut + STRAY and returns(glances, cut, c)), None)
        if back is None:
            lasting.append(cut)
        else:
            cuts = [c for c in cuts if c > back]
    return lasting
