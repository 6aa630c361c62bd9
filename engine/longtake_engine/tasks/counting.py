"""Progress of several takes as that of one piece of work."""

from collections.abc import Generator
from typing import TypeVar

from msgspec.structs import replace

from longtake_engine.work import Progress

Made = TypeVar("Made")


def counted(
    progress: Generator[Progress, None, Made], done: int, total: int
) -> Generator[Progress, None, Made]:
    """`progress` of one take, counted among all of them: `done` frames came before."""
    while True:
        try:
            step = next(progress)
        except StopIteration as end:
            return end.value
        yield replace(step, done_frames=done + step.done_frames, total_frames=total)
