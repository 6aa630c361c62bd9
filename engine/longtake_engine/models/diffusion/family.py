"""What a family of models is to the base: its grid, what it can be told, and how it is called."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

import numpy as np

from longtake_engine.ability import Beginning, Task
from longtake_engine.cancel import CancelToken
from longtake_engine.models.diffusion.block import Block
from longtake_engine.models.diffusion.wish import Wish

Told = Callable[[int, int], None]  # of steps done, and of how many


@dataclass(frozen=True, slots=True)
class Grid:
    """The sizes, numbers of frames and rate that a family takes."""

    multiple: int  # of the width and of the height, pixels
    area: int  # pixels of a picture at most
    max_frames: int  # of one block
    rate: Fraction  # frames a second that it was trained on
    frame_step: int = 4  # a block has this many times k, plus 1, frames
    seen_step: int = 0  # so it is for the known frames at its start; 0: the same

    def count_for(self, frames: int) -> int:
        """The least number of frames that it takes and that is not below `frames`."""
        return -(-max(frames - 1, 1) // self.frame_step) * self.frame_step + 1


@dataclass(frozen=True, slots=True)
class Conditioning:
    """What of a block a family can take as known, and what else it hears."""

    before: int = 0  # wholly known frames at the start that it makes use of
    after: int = 0  # wholly known frames at the end that it makes use of
    both: bool = False  # at the start and at the end at once
    needs_before: bool = False  # it makes nothing without a known frame at the start
    needs_after: bool = False  # nor without one at the end
    alone_after: bool = False  # at the end with none at the start: it can go back from a head
    masks: bool = False  # pixels known and unknown in any pattern
    prompt: bool = True
    needs_prompt: bool = False
    references: int = 0  # pictures of what is to be in the shot
    control: bool = False  # a drawn video
    strength: bool = False  # frames of the block that are made anew by a share
    shares: bool = False  # its attention can be reached: it is a `SharingFamily`


class Steps:
    """Counts the steps of a sampler: tells of each, and ends the work between two of them."""

    def __init__(self, total: int, cancel: CancelToken, tell: Told) -> None:
        self.done = 0
        self.total = total
        self._cancel = cancel
        self._tell = tell

    def take(self) -> None:
        """A step has ended.

        Raises:
            Cancelled: The work shall end.
        """
        self.done += 1
        self._tell(min(self.done, self.total), self.total)
        self._cancel.check()

    def on_step_end(self, pipe: Any, index: int, timestep: Any, tensors: dict) -> dict:
        """`take`, as pipelines call their `callback_on_step_end`."""
        self.take()
        return tensors


class Family(Protocol):
    """One way of calling one class of pipelines. Holds no state; imports torch and diffusers in
    `run` only."""

    @property
    def pipeline(self) -> str:
        """The class of diffusers that its folder is loaded with; not always the one that is written
        there, for several can use the same weights."""
        ...

    @property
    def grid(self) -> Grid:
        """What it takes."""
        ...

    @property
    def conditioning(self) -> Conditioning:
        """What it can be told."""
        ...

    @property
    def steps(self) -> int:
        """Steps of the sampler, where nobody says how many."""
        ...

    def run(self, pipe: Any, block: Block, wish: Wish, steps: Steps) -> np.ndarray:
        """The whole block as the model makes it, T H W 3 float32 0 to 1, known frames too.

        Frames it has no use for at the start may not be left out: frame n of the result is frame n
        of the block. Known pixels need not be exact: the base lays the real ones over them.

        Raises:
            Cancelled: By `steps`, which hears of every step of the sampler.
        """
        ...


class SharingFamily(Family, Protocol):
    """A family that can make several shots of one subject at once."""

    def run_together(
        self, pipe: Any, block: Block, wishes: Sequence[Wish], subject: str, steps: Steps
    ) -> list[np.ndarray]:
        """The block made once for each wish, as `run` does; what `subject` names looks the same in
        all of them.

        Raises:
            WrongCall: A prompt does not say the subject.
            Cancelled: By `steps`.
        """
        ...


def tasks_of(conditioning: Conditioning, stated: tuple[Task, ...]) -> tuple[Task, ...]:
    """Those of a catalogue entry's tasks that a family can do on a canvas."""
    able: set[Task] = {"generate"}
    if conditioning.before or conditioning.alone_after:
        able.add("extend")
    if conditioning.both:
        able.add("interpolate")
    if conditioning.masks:
        able |= {"inpaint", "outpaint"}
    return tuple(task for task in stated if task in able)


def beginnings_of(conditioning: Conditioning) -> tuple[Beginning, ...]:
    """What a family can make a shot from."""
    able = {
        "words": conditioning.prompt and not conditioning.needs_before,
        "still": conditioning.before > 0 and not conditioning.needs_after,
        "clip": conditioning.strength,
    }
    every: tuple[Beginning, ...] = ("words", "still", "clip")
    return tuple(one for one in every if able[one])
