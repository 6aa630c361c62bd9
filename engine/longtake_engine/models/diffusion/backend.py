"""A video model of the store as a backend."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from pathlib import Path

import psutil

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost
from longtake_engine.models.between.device import card_is_told_of
from longtake_engine.models.diffusion.family import Family, Grid, beginnings_of, tasks_of
from longtake_engine.models.diffusion.layout import step_of
from longtake_engine.models.diffusion.loading import Weights, import_diffusers, look_through
from longtake_engine.models.diffusion.machine import this_machine
from longtake_engine.models.diffusion.placement import GB, Machine, Need, fits_card
from longtake_engine.models.diffusion.running import RunningModel
from longtake_engine.models.guidance.wish import wish_of
from longtake_engine.models.schedule.window import Limits
from longtake_engine.picture import PictureFormat
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.entry import Entry
from longtake_engine.weights.lora import CameraLora, LoraShelf
from longtake_engine.weights.store import ModelStore
from longtake_engine.work import CameraKind, Guidance

_RATES = 4  # times its own rate that a clip may have, in what a model asks to see of it
_RECALLED = 2  # frames from far back that a window is shown, by a model that takes references
_WIDTH = 1536  # of a transformer whose folder does not say
_LAYERS = 30
_SHARES = (1.0, 0.6, 0.4, 0.25)  # of a family's area, that are tried on a card
_TILE = 256  # pixels of a picture's side that are decoded at once
# Multiplications and additions a second. Wan's makers state 4 minutes for 5 seconds at 480p with
# 1.3 billion parameters on an RTX 4090, which are these.
_CARD_SPEED = 1.1e14
_CORE_SPEED = 3e10


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
            max_pixels=self.family.grid.area,
            makes_from=beginnings_of(told),
            shares_subject=told.shares,
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
        frames = min(grid.max_frames, grid.count_for(wanted_frames))
        runs = max(1.0, wanted_frames / frames)
        tokens = self._tokens(format, grid, frames)
        parts = self._weights().need(Machine(half="bfloat16"), 0).parts
        parameters = parts.get("transformer", max(parts.values(), default=0)) / 2
        shape = self._shape()
        # Twice for guidance: once with the words and once without.
        work = 2 * self.family.steps * tokens
        work *= 2 * parameters + 4 * shape.layers * tokens * shape.width
        speed = _CARD_SPEED if card_is_told_of() else _CORE_SPEED * (psutil.cpu_count() or 1)
        pixels = min(grid.area, format.width * format.height)
        memory = 2 * sum(parts.values()) + frames * pixels * 24
        return Cost(runs * work / speed, memory)

    @contextmanager
    def opened(
        self, format: PictureFormat, cancel: CancelToken, at_once: int = 1
    ) -> Iterator[RunningModel]:
        """The model in memory, for one canvas after another, or `at_once` shots; freed at the end.

        Raises:
            NotPossible: It is not installed, what runs it is not, or it does not fit.
            BadInput: Its files are not what they were.
            Cancelled: `cancel` was set.
        """
        cancel.check()
        pipelines = (self.entry.pipeline, self.family.pipeline)
        weights = look_through(self.entry.name, self._folder, pipelines)
        import_diffusers()
        cancel.check()
        cancel.say(f"loading {self.entry.name}")
        machine = this_machine()
        grid, need = self._fitting(format, weights, machine, at_once)
        if grid.area < self.family.grid.area:
            cancel.say(
                f"making smaller pictures, of {grid.area / 1e6:.1f} megapixels, to fit the card"
            )
        need = replace(need, instead=self._smaller(machine))
        running = RunningModel(self.family, weights, machine, need, grid=grid, loras=self._loras())
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

    def complete_together(
        self, canvas: Canvas, guidances: Sequence[Guidance], subject: str, cancel: CancelToken
    ) -> Iterator[Iterator[Completed]]:
        """As `SeriesBackend.complete_together`."""
        wishes = [wish_of(guidance, canvas) for guidance in guidances]
        with self.opened(canvas.format, cancel, len(wishes)) as running:
            yield from running.complete_together(canvas, wishes, subject, cancel)

    @property
    def _folder(self) -> Path:
        return self.store.find(self.entry.name).folder

    def _loras(self) -> dict[CameraKind, CameraLora]:
        """What was taught beside the model of moves of the camera."""
        shelf = LoraShelf(self.store)
        found: dict[CameraKind, CameraLora] = {}
        for known in shelf.every(self.entry.name):
            lora = shelf.find(self.entry.name, known.camera)
            if lora is not None:
                found[lora.camera] = lora
        return found

    def _weights(self) -> Weights:
        return Weights(self.entry.name, self._folder, self.entry.pipeline)

    def _fitting(
        self, format: PictureFormat, weights: Weights, machine: Machine, at_once: int = 1
    ) -> tuple[Grid, Need]:
        """The largest grid with which the model works on the card, if there is one: a smaller
        picture is worth more than hours on the processor."""
        own = self.family.grid
        for share in _SHARES if machine.has_card else ():
            grid = replace(own, area=max(own.multiple**2, int(own.area * share)))
            need = weights.need(machine, at_once * self._working_bytes(format, grid))
            if fits_card(need, machine):
                return grid, need
        return own, weights.need(machine, at_once * self._working_bytes(format, own))

    @staticmethod
    def _tokens(format: PictureFormat, grid: Grid, frames: int) -> float:
        """Pieces of a block that a transformer looks at: of the picture, `multiple` pixels a side,
        of time a step."""
        pixels = min(grid.area, format.width * format.height)
        return pixels * frames / (grid.multiple**2 * grid.frame_step)

    def _working_bytes(self, format: PictureFormat, grid: Grid) -> int:
        """Of the card, beside the weights: the numbers of one layer, and a tile of the picture."""
        pixels = min(grid.area, format.width * format.height, _TILE**2)
        layer = int(self._tokens(format, grid, grid.max_frames) * self._shape().width * 2 * 24)
        return layer + pixels * 16 * 3 * 400

    def _smaller(self, machine: Machine) -> tuple[str, ...]:
        """Other models that do the same, and that would fit by what their makers state."""
        free = machine.card_free_bytes if machine.has_card else machine.memory_free_bytes
        return tuple(
            entry.name
            for entry in Catalogue()
            if entry.name != self.entry.name
            and 0 < entry.memory_gb * GB <= free
            and set(self.entry.tasks) <= set(entry.tasks)
        )

    def _shape(self) -> "_Shape":
        path = self._folder / "transformer" / "config.json"
        try:
            said = json.loads(path.read_bytes())
            width = int(said["num_attention_heads"]) * int(said["attention_head_dim"])
            return _Shape(width, int(said["num_layers"]))
        except (OSError, ValueError, KeyError, TypeError):
            return _Shape()


@dataclass(frozen=True, slots=True)
class _Shape:
    """Of a transformer."""

    width: int = _WIDTH
    layers: int = _LAYERS
