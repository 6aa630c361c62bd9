"""What one call of a backend sees and makes, and the calls that make a long run together."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from longtake_engine.errors import WrongCall

# The names are those of Harvey et al. (2022), "Flexible Diffusion Modeling of Long Videos".
Way = Literal["autoregressive", "hierarchical", "long_range"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one call of a backend can hold.

    Raises:
        WrongCall: No frame could be made within them.
    """

    window_frames: int  # seen, recalled and made together, at most
    overlap_frames: int  # seen beside what is made
    recalled_frames: int = 0  # seen from far off, where it can show pictures of likeness

    def __post_init__(self) -> None:
        if min(self.overlap_frames, self.recalled_frames) < 0 or self.new_frames < 1:
            raise WrongCall(
                f"A window of {self.window_frames} frames that sees {self.overlap_frames} beside"
                f" and {self.recalled_frames} far off has no room for a new one; let it see fewer."
            )

    @property
    def new_frames(self) -> int:
        """Frames that a call makes where it sees all it may."""
        return self.window_frames - self.overlap_frames - self.recalled_frames


@dataclass(frozen=True, slots=True)
class Window:
    """One call of a backend. All frames are numbered as in the whole canvas, and rise."""

    seen: tuple[int, ...]  # beside what is made, of about the same spacing
    made: tuple[int, ...]
    recalled: tuple[int, ...] = ()  # far off: they show what things look like, not how they move
    spacing: int = 1  # frames from one to the next, about; 1 exactly where it is 1

    @property
    def size(self) -> int:
        """Frames that the call holds."""
        return len(self.seen) + len(self.made) + len(self.recalled)


@dataclass(frozen=True, slots=True)
class Schedule:
    """Windows in the order in which they are made."""

    way: Way
    windows: tuple[Window, ...]

    @property
    def reach(self) -> Collection[int]:
        """Every frame that some window sees without any having made it."""
        made = {frame for window in self.windows for frame in window.made}
        seen = {frame for w in self.windows for frame in (*w.seen, *w.recalled)}
        return seen - made

    def in_order(self) -> Iterator[tuple[int, int]]:
        """Every made frame in time order, with the number of windows that it needs."""
        at = {frame: n for n, w in enumerate(self.windows, 1) for frame in w.made}
        needed = 0
        for frame in sorted(at):
            needed = max(needed, at[frame])
            yield frame, needed
