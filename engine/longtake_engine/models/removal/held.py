"""What is kept of what was made of a shot's frames."""

from typing import TypeVar

Made = TypeVar("Made")


def keep_near(held: dict[int, Made], frame: int, most: int) -> None:
    """Let `held` (by frame) have no more than `most` entries: those nearest to `frame`.

    Not those used last: runs are gone through to and fro, and what one run made first is what the
    next one asks for.
    """
    while len(held) > most:
        del held[max(held, key=lambda other: abs(other - frame))]
