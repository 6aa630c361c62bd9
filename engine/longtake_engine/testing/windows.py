"""A stand-in for a model of a limited window, and what it was asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.models.guidance.wish import wish_of
from longtake_engine.models.schedule.window import Limits
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.work import Guidance


@dataclass(slots=True)
class Drift:
    """Mixes what it sees and adds noise of its seed: each made picture depends on all before it.

    Attributes:
        calls: The canvas and the wish of each window that it was asked for.
        loads: How often it was loaded.
        log: Where the first frame of each window is noted, from whatever process; None for nowhere.
    """

    window: Limits = field(default_factory=lambda: Limits(17, 4))
    log: Path | None = None
    calls: list[tuple[Canvas, Wish]] = field(default_factory=list)
    loads: int = 0

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name="drift",
            description="Drifts.",
            tasks=("extend", "interpolate", "inpaint", "generate"),
            min_known_frames=1,
            max_new_frames=self.window.new_frames,
        )

    def limits(self, rate: Fraction, masked: bool) -> Limits:
        """As told."""
        return self.window

    def context_frames(self, new_frames: int) -> int:
        """The overlap."""
        return self.window.overlap_frames

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """A second for a call, and the pictures of one."""
        return Cost(1.0, wanted_frames * format.size_bytes)

    @contextmanager
    def opened(self, format: PictureFormat, cancel: CancelToken) -> Iterator["_Loaded"]:
        """Itself, loaded."""
        self.loads += 1
        yield _Loaded(self)

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """One window."""
        yield from self.make(canvas, wish_of(guidance, canvas), cancel)

    def make(self, canvas: Canvas, wish: Wish, cancel: CancelToken) -> Iterator[Completed]:
        """One window, for what is wished."""
        self.calls.append((canvas, wish))
        pictures = [canvas.known[frame].picture for frame in sorted(canvas.known)]
        format = canvas.format
        for frame in canvas.wanted:
            cancel.check()
            noise = np.random.default_rng([wish.seed, frame - canvas.wanted.start])
            planes = []
            for number in range(format.plane_count):
                size = format.plane_size(number)
                seen = [picture.planes[number] for picture in pictures]
                mixed = np.mean(seen, axis=0) if seen else np.full(size, format.max_value / 2)
                values = mixed + noise.integers(-4, 5, size)
                planes.append(np.clip(values, 0, format.max_value).astype(format.dtype))
            yield Completed(frame, Picture(tuple(planes), format))
        if self.log is not None:
            with self.log.open("a") as file:
                file.write(f"{canvas.wanted.start}\n")


@dataclass(slots=True)
class _Loaded:
    drift: Drift

    def complete(self, canvas: Canvas, wish: Wish, cancel: CancelToken) -> Iterator[Completed]:
        """As `Drift.make`."""
        return self.drift.make(canvas, wish, cancel)
