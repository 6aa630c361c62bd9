"""The network behind the frames between frames, and what it learns from.

Scenes are drawn in colour; their lumas go through the classical search as a clip's do, and what
that finds, beside the true frame, is kept to learn from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from longtake_engine.models.between.card import read
from longtake_engine.models.between.motion import Between
from longtake_engine.models.between.network.estimation import EstimationSettings
from longtake_engine.models.between.network.refinement import (
    Refinement,
    RefinementSettings,
    reversed_in_time,
)
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.training.scenes import Drawn, SceneSettings
from longtake_engine.training.seeds import generator_of
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.task import Examples

Array = np.ndarray

SHRINK = 3  # pictures are larger than fields by this, as in the standard preset
QUALITY = "standard"
# Seven moments of a scene make six examples: three between two that have neighbours, and three
# over longer ways that have none.
TIMES = (0.0, 2 / 6, 2.5 / 6, 3 / 6, 3.5 / 6, 4 / 6, 1.0)
TRIES = 4  # places in a scene of which the one with most left to do is taken, half of the time
LEAST_ERROR = 1.0  # squared grey levels: no picture is told from its truth more finely
WORSE = 0.5  # what being worse than the classical result counts beside being better
TRUE_MOTION = 0.1  # what a field pixel off the true motion counts, beside a neper of squared error
TRUE_SHARE = 0.3  # what a wrong share counts where only one end shows what is wanted
ALONE = 0.2  # what an estimation's own picture counts for, that the network may take from
TRUE_REACH = 2.0  # field pixels off the true motion beyond which more is not worse


@dataclass(frozen=True, slots=True)
class _Span:
    """Two moments, one between them, and the neighbours where they are known, as in `TIMES`."""

    first: int
    second: int
    wanted: int
    neighbours: tuple[int, int] | None = None
    told: bool = False  # whether the true motion is looked up, which takes as long as all else


SPANS = (
    _Span(1, 5, 2, (0, 6)),
    _Span(1, 5, 3, (0, 6), told=True),
    _Span(1, 5, 4, (0, 6)),
    _Span(0, 5, 1),
    _Span(1, 6, 5),
    _Span(0, 6, 3, told=True),
)


class _Search:
    """The classical search in one scene, each two pictures once."""

    def __init__(self, lumas: Sequence[Array]) -> None:
        self.lumas = lumas
        self._pictures = [_picture(luma) for luma in lumas]
        self._found: dict[tuple[int, int], Between] = {}

    def between(self, span: _Span) -> Between:
        """What it finds, with the neighbours where they are known."""
        found = self._two(span.first, span.second)
        if span.neighbours is None:
            return found
        before, after = span.neighbours
        return found.beside(self._two(before, span.first), self._two(span.second, after))

    def _two(self, first: int, second: int) -> Between:
        if (first, second) not in self._found:
            pictures = self._pictures[first], self._pictures[second]
            self._found[first, second] = Between.measure(*pictures, QUALITY)
        return self._found[first, second]


@dataclass(frozen=True, slots=True)
class MotionTask:
    """Trains `Refinement`; what it learns from does not depend on how large it is."""

    network: RefinementSettings = field(default_factory=RefinementSettings)
    core: int = 48  # field pixels along the sides of what is learnt from
    margin: int = 11  # field pixels around it, into which motion may lead
    side: int = 92  # field pixels along the sides of a scene
    scenes: SceneSettings = field(default_factory=lambda: SceneSettings(speed=2.0))
    name: str = "motion"

    @property
    def scene_size(self) -> int:
        """Pixels along the sides of a scene."""
        return self.side * SHRINK

    def build(self) -> nn.Module:
        """A network that changes nothing yet."""
        return Refinement(self.network)

    def times(self, generator: torch.Generator) -> Sequence[float]:
        """Always the same: each scene's motion is its own."""
        return TIMES

    def shown(self, drawn: Drawn) -> Examples:
        """The lumas of the scenes, and the true motion of the spans of which it is told."""
        lumas = {"lumas": _lumas(drawn.frames)}
        true = {_true(span): _true_motion(drawn, span) for span in SPANS if span.told}
        return {**lumas, **true}

    def prepare(self, shown: Examples, generator: torch.Generator) -> Examples:
        """What the classical path finds, and the truth, of one crop for each scene and span."""
        searches = [_Search(list(scene.numpy())) for scene in shown["lumas"]]
        unknown = torch.zeros(len(searches), 6, self.side, self.side, dtype=torch.float16)
        found: dict[str, list[Tensor]] = {}
        for span in SPANS:
            true = shown.get(_true(span), unknown)
            for scene, search in enumerate(searches):
                example = self._example(search, span, true[scene], generator)
                for name, part in example.items():
                    found.setdefault(name, []).append(part)
        return {name: torch.stack(parts) for name, parts in found.items()}

    def _example(
        self, search: _Search, span: _Span, true: Tensor, generator: torch.Generator
    ) -> dict[str, Tensor]:
        lumas, between = search.lumas, search.between(span)
        start, end, at = (TIMES[n] for n in (span.first, span.second, span.wanted))
        evidence = between.evidence((at - start) / (end - start))
        way = evidence.way
        fields = np.concatenate(
            [evidence.channels, *(np.moveaxis(p, 2, 0) for p in (way.to_first, way.to_second))]
        )
        left = cv2.blur(evidence.channels[26], (self.core, self.core))
        row, column = self._place(left, generator)
        small = np.s_[..., row : row + self.core, column : column + self.core]
        wide = (self.core + 2 * self.margin) * SHRINK
        top, side = (row - self.margin) * SHRINK, (column - self.margin) * SHRINK
        large = np.s_[top : top + wide, side : side + wide]
        pictures = [torch.from_numpy(lumas[n][large].copy()) for n in (span.first, span.second)]
        top, side, inner = row * SHRINK, column * SHRINK, self.core * SHRINK
        wanted = lumas[span.wanted][top : top + inner, side : side + inner].copy()
        return {
            "fields": torch.from_numpy(fields[small].copy()).half(),
            "true": true[small],
            "ends": torch.stack(pictures),
            "wanted": torch.from_numpy(wanted)[None],
        }

    def _place(self, left: Array, generator: torch.Generator) -> tuple[int, int]:
        """Row and column of the crop: by chance, or where much is left to do."""
        spare = self.side - self.core - 2 * self.margin + 1
        tries = torch.randint(spare, (TRIES, 2), generator=generator) + self.margin
        places = [(int(row), int(column)) for row, column in tries]
        if bool(torch.randint(2, (), generator=generator)):
            return places[0]
        middle = self.core // 2
        return max(places, key=lambda place: left[place[0] + middle, place[1] + middle])

    def loss(self, network: nn.Module, examples: Examples, step: int) -> dict[str, Tensor]:
        """Nepers of squared error over the classical result; worse ones count again."""
        examples = turned(examples, generator_of(step, "turn", 0))
        fields, true = examples["fields"], examples["true"]
        assert isinstance(network, Refinement)
        changes, alone = network.with_estimate(fields[:, :28], self._small(examples))
        with torch.no_grad():
            classical = squared_error(self._made(examples, torch.zeros_like(changes)), examples)
        gained = (squared_error(self._made(examples, changes), examples) / classical).log()
        off = _off(fields[:, 28:32] + changes[:, :4], true).clamp(max=TRUE_REACH)
        losses = {
            "error": gained.mean(),
            "worse": WORSE * gained.clamp(min=0).mean(),
            "motion": TRUE_MOTION * (off * true[:, 4:]).mean(),
            "share": TRUE_SHARE * _wrong(fields[:, 22:23] + changes[:, 4:], true).mean(),
        }
        if alone is not None:
            plain = torch.cat((fields[:, 28:32], fields[:, 22:23]), 1)
            found = squared_error(self._made(examples, alone - plain), examples) / classical
            losses["estimate"] = ALONE * found.log().mean()
            losses["estimated motion"] = TRUE_MOTION * (_off(alone, true) * true[:, 4:]).mean()
        return losses

    def validate(self, network: nn.Module, examples: Examples) -> dict[str, float]:
        """dB over the classical result: the mean, the worst tenth, and its own dB."""
        fields = examples["fields"][:, :28].float()
        changes = network(fields, self._small(examples)).detach()
        errors = [
            squared_error(self._made(examples, change), examples)
            for change in (torch.zeros_like(changes), changes)
        ]
        gain = 10 * (errors[0] / errors[1]).log10()
        return {
            "gain_db": float(gain.mean()),
            "worst_tenth_db": float(gain.quantile(0.1)),
            "best_tenth_db": float(gain.quantile(0.9)),
            "classical_db": float((10 * (255**2 / errors[0]).log10()).mean()),
        }

    def _small(self, examples: Examples) -> Tensor:
        """B 2 H W: both lumas at the fields' size, with the margin, 0 to 1."""
        return F.avg_pool2d(examples["ends"].float(), SHRINK) / 255

    def _made(self, examples: Examples, changes: Tensor) -> Tensor:
        """The luma between, 0 to 255, B 1 H W, as the pictures are mixed along the changed way."""
        fields, ends = examples["fields"].float(), examples["ends"].float()
        way = fields[:, 28:32] + changes[:, :4].float()
        share = (fields[:, 22:23] + changes[:, 4:].float()).clamp(0, 1)
        size = examples["wanted"].shape[-2:]
        finer = F.interpolate(way * SHRINK, size, mode="bilinear", align_corners=False)
        share = F.interpolate(share, size, mode="bilinear", align_corners=False)
        inset = self.margin * SHRINK
        reads = [
            read_inside(ends[:, n : n + 1], finer[:, 2 * n : 2 * n + 2], inset) for n in (0, 1)
        ]
        return torch.lerp(reads[0], reads[1], share)


def motion_training(size: str) -> tuple[MotionTask, TrainingSettings]:
    """The task and its usual settings for "small" (some CPU hours) or "full" (a GPU)."""
    if size == "full":
        network = RefinementSettings(width=52, depth=3, estimation=EstimationSettings())
        settings = TrainingSettings(
            steps=400_000,
            batch=64,
            device="cuda",
            workers=12,
            threads=4,
            chunk=64,  # scenes that a card draws at once
            first_chunks=16,
            steps_a_chunk=16,
            kept_chunks=128,
            validation_chunks=2,
        )
        return MotionTask(network), settings
    return MotionTask(), TrainingSettings(steps=6_000, kept_chunks=256)


def _off(motion: Tensor, true: Tensor) -> Tensor:
    """B 2 H W: field pixels that the motion to either end is off the true one."""
    return (motion[:, :4] - true[:, :4]).unflatten(1, (2, 2)).norm(dim=2)


def _wrong(share: Tensor, true: Tensor) -> Tensor:
    """B 1 H W: how much is taken of an end that does not show what the other one does."""
    seen_first, seen_second = true[:, 4:5], true[:, 5:]
    return (seen_first - seen_second).clamp(min=0) * share + (seen_second - seen_first).clamp(
        min=0
    ) * (1 - share)


def squared_error(made: Tensor, examples: Examples) -> Tensor:
    """B: the mean squared error of each example, and a little."""
    return (made - examples["wanted"].float()).square().mean((1, 2, 3)) + LEAST_ERROR


def read_inside(image: Tensor, motion: Tensor, inset: int) -> Tensor:
    """`image` read where `motion` leads to from its middle, `inset` pixels inside each side."""
    return read(image, F.pad(motion, (inset,) * 4))[..., inset:-inset, inset:-inset]


def turned(examples: Examples, generator: torch.Generator) -> Examples:
    """The same mirrored across, mirrored down and run backwards, each by chance for all."""
    # Where autocast is on, half and float32 must not meet.
    fields, true = examples["fields"].float(), examples["true"].float()
    ends, wanted = examples["ends"], examples["wanted"]
    across, down, back = (bool(torch.randint(2, (), generator=generator)) for _ in range(3))
    if across:
        order = [1, 0, 3, 2]
        fields, true = _mirrored(fields, order, 0), _true_mirrored(true, 0)
        fields, true, ends, wanted = (part.flip(-1) for part in (fields, true, ends, wanted))
    if down:
        order = [2, 3, 0, 1]
        fields, true = _mirrored(fields, order, 1), _true_mirrored(true, 1)
        fields, true, ends, wanted = (part.flip(-2) for part in (fields, true, ends, wanted))
    if back:
        fields = torch.cat((reversed_in_time(fields[:, :28]), fields[:, [30, 31, 28, 29]]), 1)
        true, ends = true[:, [2, 3, 0, 1, 5, 4]], ends.flip(1)
    return {"fields": fields, "true": true, "ends": ends, "wanted": wanted}


def _mirrored(fields: Tensor, order: list[int], axis: int) -> Tensor:
    """Vectors turned along `axis` (0 is x), and the pixels of each square in another `order`."""
    fields = fields.clone()
    fields[:, :8] = fields[:, [*order, *(4 + number for number in order)]]
    vectors = [start + axis for start in (*range(12, 22, 2), 28, 30)]
    fields[:, vectors] = -fields[:, vectors]
    return fields


def _true_mirrored(true: Tensor, axis: int) -> Tensor:
    true = true.clone()
    true[:, [axis, 2 + axis]] = -true[:, [axis, 2 + axis]]
    return true


def _true(span: _Span) -> str:
    return f"true {span.first} {span.wanted} {span.second}"


def _true_motion(drawn: Drawn, span: _Span) -> Tensor:
    """B 6 h w, at the fields' size: from the wanted moment to either end in field pixels, and 1
    where that is told and seen."""
    ways, seen = zip(
        *(drawn.motion(span.wanted, end) for end in (span.first, span.second)), strict=True
    )
    return F.avg_pool2d(torch.cat([*(way / SHRINK for way in ways), *seen], 1), SHRINK).half()


def _lumas(frames: Tensor) -> Tensor:
    """B T H W uint8."""
    weights = frames.new_tensor([0.2126, 0.7152, 0.0722])[:, None, None]
    return ((frames * weights).sum(2) * 255 + 0.5).clamp(0, 255).byte()


def _picture(luma: Array) -> Picture:
    height, width = luma.shape
    shown = PictureFormat("gray", width, height, "gray", 8, 0, 0, False)
    return Picture((np.ascontiguousarray(luma),), shown)
