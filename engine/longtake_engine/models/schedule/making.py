"""The windows of a schedule being made, one after another."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed, Known
from longtake_engine.models.diffusion.color import to_rgb
from longtake_engine.models.diffusion.wish import Draw, Wish
from longtake_engine.models.guidance.wish import wish_of
from longtake_engine.models.schedule.keeping import KeptWindows
from longtake_engine.models.schedule.voice import WindowVoice
from longtake_engine.models.schedule.window import Schedule, Window
from longtake_engine.work import Guidance


class WindowModel(Protocol):
    """A model that is loaded, and makes one window a call."""

    def complete(self, canvas: Canvas, wish: Wish, cancel: CancelToken) -> Iterator[Completed]:
        """Each wanted frame, in time order.

        Raises:
            Cancelled: `cancel` was set.
        """
        ...


class Making:
    """A canvas being completed by a schedule."""

    def __init__(
        self, canvas: Canvas, guidance: Guidance, schedule: Schedule, kept: KeptWindows
    ) -> None:
        self.canvas = canvas
        self._wish = wish_of(guidance, canvas)
        self.windows = schedule.windows
        self.kept = kept
        self._made_by = {frame: n for n, w in enumerate(self.windows) for frame in w.made}

    def read(self, frame: int) -> Completed:
        """A frame whose window was made."""
        return self.kept.read(self._made_by[frame], frame)

    def make(self, number: int, model: WindowModel, cancel: CancelToken) -> None:
        """Make window number `number` and keep it."""
        voice = WindowVoice(cancel, number, len(self.windows))
        self.kept.keep(number, self.complete(number, model, voice))

    def complete(self, number: int, model: WindowModel, cancel: CancelToken) -> Iterator[Completed]:
        """What the model makes of the window, numbered as in the whole canvas."""
        window, whole = self.windows[number], self.canvas
        frames = _numbered(window)
        number_of = {frame: number for number, frame in frames.items()}
        wanted = range(number_of[window.made[0]], number_of[window.made[-1]] + 1)
        # A frame to make may be known in part.
        shown = {*window.seen, *(frame for frame in window.made if frame in whole.known)}
        known = Sight({n: f for n, f in frames.items() if f in shown}, self._reader(window))
        canvas = Canvas(whole.format, whole.rate / window.spacing, known, wanted)
        wish = self.wish_for(number)
        for at, made in zip(wanted, model.complete(canvas, wish, cancel), strict=True):
            self.check(made, at)
            yield replace(made, frame=frames[at])

    def _reader(self, window: Window) -> Callable[[int], Known]:
        def read(frame: int) -> Known:
            if frame in self._made_by and frame not in window.made:
                return Known(self.read(frame).picture)
            return self.canvas.known[frame]

        return read

    def check(self, made: Completed, frame: int) -> None:
        """Nothing, where a model made what it was asked for."""
        if made.frame != frame or made.picture.format != self.canvas.format:
            raise RuntimeError(f"a window's frame {made.frame} came for {frame}")

    def wish_for(self, number: int) -> Wish:
        """What is wished of window number `number`."""
        window = self.windows[number]
        draws = (self._wish.draw, self._wish.draw_besides)
        if window.spacing > 1:
            frames = _numbered(window)
            draws = tuple(None if draw is None else _renumbered(draw, frames) for draw in draws)
        known = self._reader(window)
        # Pictures from far back, shown as references are: what was in the shot stays in it.
        recalled = tuple(to_rgb(known(frame).picture) for frame in window.recalled)
        return replace(
            self._wish,
            seed=self._seed(number),
            draw=draws[0],
            draw_besides=draws[1],
            references=(*self._wish.references, *recalled),
        )

    def _seed(self, number: int) -> int:
        seed = self._wish.seed
        # Where a clip is made anew by a share, equal noise gives its windows a like look.
        return seed if self._wish.strength else window_seed(seed, number)


class Sight(Mapping[int, Known]):
    """The known frames of a window, each read as it is asked for."""

    def __init__(self, frames: Mapping[int, int], read: Callable[[int], Known]) -> None:
        self._frames = frames
        self._read = read

    def __getitem__(self, number: int) -> Known:
        return self._read(self._frames[number])

    def __iter__(self) -> Iterator[int]:
        return iter(self._frames)

    def __len__(self) -> int:
        return len(self._frames)


def window_seed(seed: int, number: int) -> int:
    """The seed of window number `number`: another for each, the same again for an equal one."""
    if number == 0:
        return seed
    digest = hashlib.sha256(f"{seed} {number}".encode()).digest()
    return int.from_bytes(digest[:7], "big")  # 56 bits: whatever takes seeds takes these


def _numbered(window: Window) -> dict[int, int]:
    """The frames of a window by the numbers that they have in its canvas, which are its own where
    they lie side by side, and count keyframes where it makes those."""
    frames = sorted((*window.seen, *window.made))
    if window.spacing == 1:
        return {frame: frame for frame in frames}
    return dict(enumerate(frames))


def _renumbered(draw: Draw, frames: Mapping[int, int]) -> Draw:
    """`draw` for a canvas whose frames stand for those of another."""
    numbers = sorted(frames)
    sources = [frames[number] for number in numbers]

    def drawn(asked, size):
        return draw(list(np.interp(asked, numbers, sources)), size)

    return drawn
