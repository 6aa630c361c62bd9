"""A video model of the store as a backend."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost
from longtake_engine.models.between.device import card_is_told_of
from longtake_engine.models.diffusion.family import Family, beginnings_of, tasks_of
from longtake_engine.models.diffusion.layout import step_of
from longtake_engine.models.diffusion.loading import import_diffusers, look_through
from longtake_engine.models.diffusion.machine import this_machine
from longtake_engine.models.diffusion.running import RunningModel
from longtake_engine.models.guidance.wish import wish_of
from longtake_engine.models.schedule.window import Limits
from longtake_engine.picture import PictureFormat
from longtake_engine.weights.entry import Entry
from longtake_engine.weights.store import ModelStore
from longtake_engine.work import Guidance

_RATES = 4  # times its own rate that a clip may have, in what a model asks to see of it
_RECALLED = 2  # frames from far back that a window is shown, by a model that takes references
_WIDTH = 1536  # of a transformer whose folder does not say
# Of a step, by token, width and layer, on a card of 2022 (RTX 4090); from what Wan's makers state:
# 5 seconds at 480p in 50 steps in about 4 minutes, with 1.3 billion parameters.
_STEP_S = 7e-9
_PROCESSOR = 100.0  # times slower


@dataclass(frozen=True, slots=True)
class Diffusion:
    """Completes a canvas in one run of a model. Canvases beyond its limits are for a schedule."""

    entry: Entry
    family: Family
    store: ModelStore

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        told = self.family.conditioning
        return ModelInfo(
            name=self.entry.name,
            description=self.entry.description,
            tasks=tasks_of(told, self.entry.tasks),
            min_known_frames=1,
            built_in=False,
            takes_prompt=told.prompt,
            max_new_frames=self.family.grid.max_frames - 1,
            quick=False,
            makes_from=beginnings_of(told),
            license=self.entry.license.name,
        )

    def context_frames(self, new_frames: int) -> int:
        """More than it makes use of at the rate of any clip; what it does not use is not read."""
        told = self.family.conditioning
        return max(1, told.before, told.after) * _RATES

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """0: real frames stay."""
        return 0

    def limits(self, rate: Fraction, masked: bool) -> Limits:
        """Frames of a canvas of `rate` that one run holds; `masked` where it is known in parts."""
        grid, told = self.family.grid, self.family.conditioning
        if masked:
            return Limits(grid.max_frames, min(5, grid.max_frames // 4))
        step = step_of(rate, grid)
        window = floor((grid.max_frames - 2) * step)
        seen = min(max(told.before, told.after, 1), max(1, grid.max_frames // 4))
        overlap = floor((seen - 1) * step) + 1
        recalls = told.references >= _RECALLED and window - overlap > 4 * _RECALLED
        return Limits(window, overlap, _RECALLED if recalls else 0)

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """What the frames would cost here, at a guess: on a card if the machine has one."""
        grid = self.family.grid
        pixels = min(grid.area, format.width * format.height)
        frames = min(grid.max_frames, max(grid.frame_step, wanted_frames))
        runs = max(1.0, wanted_frames / frames)
        tokens = pixels * frames / (16 * 16 * 4)
        layers = 30 if "14b" not in self.entry.name else 40
        # Attention makes a longer run dearer than its frames; twice for guidance.
        seconds = 2 * self.family.steps * layers * tokens * _STEP_S * _WIDTH * (1 + tokens / 30000)
        if not card_is_told_of():
            seconds *= _PROCESSOR
        standing = self.store.standing(self.entry.name)
        return Cost(seconds * runs, standing.size_bytes + frames * pixels * 24)

    @contextmanager
    def opened(self, format: PictureFormat, cancel: CancelToken) -> Iterator[RunningModel]:
        """The model in memory, for one canvas after another; freed at the end.

        Raises:
            NotPossible: It is not installed, what runs it is not, or it does not fit.
            BadInput: Its files are not what they were.
            Cancelled: `cancel` was set.
        """
        cancel.check()
        folder = self.store.find(self.entry.name).folder
        pipelines = (self.entry.pipeline, self.family.pipeline, *self.entry.kin)
        weights = look_through(self.entry.name, folder, pipelines)
        import_diffusers()
        cancel.check()
        cancel.say(f"loading {self.entry.name}")
        running = RunningModel(self.family, weights, this_machine(), self._working_bytes(format))
        try:
            yield running
        finally:
            running.close()

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame, in time order.

        Raises:
            Cancelled: `cancel` was set; noticed between steps.
            NotPossible: The model cannot do this, or does not fit.
        """
        wish = wish_of(guidance, canvas)
        with self.opened(canvas.format, cancel) as running:
            yield from running.complete(canvas, wish, cancel)

    def _working_bytes(self, format: PictureFormat) -> int:
        """Of the card, beside the weights: the numbers of one layer, and a tile of the picture."""
        grid = self.family.grid
        pixels = min(grid.area, format.width * format.height)
        tokens = pixels * grid.max_frames // (16 * 16 * 4)
        width = self._width()
        return tokens * width * 2 * 24 + min(pixels, 256 * 256) * 16 * 3 * 400

    def _width(self) -> int:
        path = self.store.find(self.entry.name).folder / "transformer" / "config.json"
        try:
            said = json.loads(path.read_bytes())
            return int(said["num_attention_heads"]) * int(said["attention_head_dim"])
        except (OSError, ValueError, KeyError, TypeError):
            return _WIDTH
