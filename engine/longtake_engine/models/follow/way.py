"""The way from a marked frame to another, forth or back in time."""

from collections.abc import Callable, Iterator, Mapping

from longtake_engine.cancel import CancelToken
from longtake_engine.models.flow import Array
from longtake_engine.models.follow.look import look
from longtake_engine.models.follow.state import begin
from longtake_engine.models.follow.step import step
from longtake_engine.models.follow.store import Kept
from longtake_engine.picture import Picture

CHUNK = 32  # frames read in rising order, to be gone through backwards


def in_short_runs(frames: range, length: int, read: Callable[[int], None]) -> Iterator[int]:
    """`frames` (of step 1 or -1), each after it was read, which is done in rising runs of `length`
    when they fall."""
    if frames.step > 0:
        for frame in frames:
            read(frame)
            yield frame
        return
    top = frames.start
    while top > frames.stop:
        low = max(frames.stop + 1, top - length + 1)
        for frame in range(low, top + 1):
            read(frame)
        yield from range(top, low - 1, -1)
        top = low - 1


def looks_of(
    pictures: Mapping[int, Picture], frames: range, size: tuple[int, int]
) -> Iterator[tuple[int, Array]]:
    """The looks of `frames` (of step 1 or -1), each read once and in short rising runs."""
    held: dict[int, Array] = {}

    def read(frame: int) -> None:
        held[frame] = look(pictures[frame], size)

    for frame in in_short_runs(frames, CHUNK, read):
        yield frame, held.pop(frame)


def go(
    pictures: Mapping[int, Picture],
    marked: tuple[int, Array, Array],
    frames: range,
    cancel: CancelToken,
) -> Iterator[tuple[int, Kept]]:
    """What becomes of the thing on each of `frames`, nearest first.

    Args:
        pictures: Of all the frames.
        marked: The number of the marked frame, its look and its matte.
        frames: After the marked one in rising order, or before it in falling order.
        cancel: Asked before each frame.
    """
    _, seen, matte = marked
    size = (seen.shape[1], seen.shape[0])
    state = begin(seen, matte)
    for frame, now in looks_of(pictures, frames, size):
        cancel.check()
        state = step(state, now)
        present = state.lost is None
        yield frame, Kept.of(state.matte, state.confidence, present)
