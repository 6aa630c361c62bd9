"""The training of the fill network: crops with holes, and what truly was in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from longtake_engine.models.synthesis.blend import blend
from longtake_engine.models.synthesis.network import WIDTHS, FillNetwork
from longtake_engine.models.synthesis.network_input import HOLE, MADE, RASHER, Shown
from longtake_engine.models.synthesis.settle import believed
from longtake_engine.models.synthesis.still import fill_still
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.training.fill_holes import draw_hole
from longtake_engine.training.fill_stills import draw_still
from longtake_engine.training.scenes import Drawn, SceneSettings
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.task import Examples

Array = np.ndarray

CROP = 64  # pixels: height and width of what is learnt from
STILLS = 2  # drawn for each scene
CROPS = 2  # of each still
NOISE = (0.0, 1.0, 2.5)  # 8-bit levels
SURE = 2.5  # 8-bit levels: errors below count little
TELL = 0.1  # weight of the expected errors against the errors themselves
FORMAT = PictureFormat("yuv444p", CROP, CROP, "yuv", 8, 0, 0, False)
# Y U V, chroma around 0 (BT.601, full range), and what an error in it is in R'G'B'.
TO_YUV = np.array(
    [[0.299, 0.587, 0.114], [-0.1687, -0.3313, 0.5], [0.5, -0.4187, -0.0813]], np.float32
)
TO_RGB = np.array([[1, 0, 1.402], [1, -0.3441, -0.7141], [1, 1.772, 0]], np.float32)
MIDDLE = np.array([0, 128, 128], np.float32)  # of Y U V as they are stored


@dataclass(frozen=True, slots=True)
class FillTraining:
    """Brings the error in holes down against that of an even filling, as decibels count it."""

    widths: tuple[int, int, int] = WIDTHS
    name: str = "fill"
    scene_size: int = 160
    scenes: SceneSettings = field(default_factory=SceneSettings)

    def build(self) -> nn.Module:
        """Gives even fillings at first."""
        return FillNetwork(self.widths)

    def times(self, generator: torch.Generator) -> Sequence[float]:
        """One moment: what stands still is learnt from."""
        return (float(torch.rand((), generator=generator)),)

    def shown(self, drawn: Drawn) -> Examples:
        """The scenes as 8-bit R'G'B', B H W 3."""
        frames = drawn.frames[:, 0].permute(0, 2, 3, 1)
        return {"frames": (frames * 255 + 0.5).clamp(0, 255).byte()}

    def prepare(self, shown: Examples, generator: torch.Generator) -> Examples:
        """Crops with holes: of each scene, and of stills that are drawn for it. B N C h w."""
        scenes = shown["frames"].numpy().astype(np.float32)
        found = []
        for scene in scenes:
            seed = int(torch.randint(2**31, (), generator=generator))
            random = np.random.default_rng(seed)
            stills = (draw_still(random) for _ in range(STILLS))
            crops = [_crop(random, scene)]
            crops += chain.from_iterable([_crop(random, s) for _ in range(CROPS)] for s in stills)
            found.append([_example(random, crop) for crop in crops])
        return {
            name: torch.from_numpy(np.stack([[one[name] for one in scene] for scene in found]))
            for name in found[0][0]
        }

    def loss(self, network: nn.Module, examples: Examples, step: int) -> dict[str, Tensor]:
        """How far the error is below that of an even filling, as a part of that, and how well the
        errors are foretold."""
        channels, rest, scale = _turned(_flat(examples), step)
        error, even, told = _errors(network, channels, rest, scale)
        # Not its logarithm: that would have one guess taken for sure where there are several.
        ratio = (error + SURE**2) / (even + SURE**2) - 1
        return {"ratio": ratio.mean(), "told": TELL * told}

    def validate(self, network: nn.Module, examples: Examples) -> dict[str, float]:
        """Decibels over an even filling: mean, of the worst tenth, and how well it is foretold."""
        channels, rest, scale = _flat(examples)
        error, even, told = _errors(network, channels, rest, scale)
        gain = 10 * torch.log10((even + 1) / (error + 1))
        patches = _squared(rest - channels[:, MADE], channels[:, HOLE], scale)
        return {
            "gain_db": float(gain.mean()),
            "tenth_db": float(gain.quantile(0.1)),
            "patches_db": float((10 * torch.log10((even + 1) / (patches + 1))).mean()),
            "told": float(told),
        }


def fill_training(size: str) -> tuple[FillTraining, TrainingSettings]:
    """The training of a "small" or "full" network, and its usual settings."""
    widths = WIDTHS if size == "small" else (64, 160, 256)
    settings = TrainingSettings(
        batch=4, chunk=8, first_chunks=24, steps_a_chunk=25, kept_chunks=1000, validation_chunks=4
    )
    return FillTraining(widths), settings


def _crop(random: np.random.Generator, image: Array) -> Array:
    """CROP CROP 3 float32: a part of a picture, made smaller to that, as Y U V."""
    most = image.shape[0]
    side = int(random.uniform(CROP, most + 1))
    left, top = random.integers(0, most - side + 1, 2)
    part = image[top : top + side, left : left + side]
    crop = cv2.resize(part, (CROP, CROP), interpolation=cv2.INTER_AREA) @ TO_YUV.T
    if random.random() < 0.5:
        crop[..., 1:] *= random.uniform(0.2, 1.5)
    noise = random.normal(0, random.choice(NOISE), crop.shape) * (1, 0.5, 0.5)
    crop = np.rint(crop + noise) + MIDDLE
    return (np.clip(crop, 0, 255) - MIDDLE).astype(np.float32)


def _example(random: np.random.Generator, crop: Array) -> dict[str, Array]:
    hole = draw_hole(random, CROP)
    levels = (crop + MIDDLE).astype(np.uint8)
    planes = tuple(np.ascontiguousarray(levels[..., number]) for number in range(3))
    picture = Picture(planes, FORMAT)
    made = fill_still(picture, hole, seed=int(random.integers(2**31)))
    blended = blend(picture, made.picture, hole)
    share = believed(picture, hole, made.source, RASHER)
    patches = np.dstack(blended.planes).astype(np.float32) - MIDDLE
    shown = Shown.of(crop, hole, patches, share)
    rest = ((crop - shown.even) / shown.scale).transpose(2, 0, 1) * hole
    return {
        "channels": shown.channels.astype(np.float16),
        "rest": rest.astype(np.float16),
        "scale": np.asarray(shown.scale, np.float32),
    }


def _flat(examples: Examples) -> tuple[Tensor, Tensor, Tensor]:
    """Channels, what is missing of an even filling, and scales, crop by crop."""
    channels, rest, scale = (examples[name].float() for name in ("channels", "rest", "scale"))
    return channels.flatten(0, 1), rest.flatten(0, 1), scale.flatten(0, 1)


def _turned(parts: tuple[Tensor, Tensor, Tensor], step: int) -> tuple[Tensor, Tensor, Tensor]:
    """One of the eight ways of turning and mirroring, by the step."""
    channels, rest, scale = parts
    way = step % 8
    if way >= 4:
        channels, rest = channels.flip(-1), rest.flip(-1)
    return channels.rot90(way % 4, (-2, -1)), rest.rot90(way % 4, (-2, -1)), scale


def _errors(
    network: nn.Module, channels: Tensor, rest: Tensor, scale: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Squared errors in R'G'B' of the network's and of the even filling, one for each hole, and
    how badly the errors of both fillings are foretold (a Gaussian's negative log likelihood)."""
    correction, expected = network(channels)
    correction, expected = correction.float(), expected.float()
    hole = channels[:, HOLE]
    off = torch.stack([(rest - correction)[:, 0], (rest - channels[:, MADE])[:, 0]], 1).detach()
    likelihood = 0.5 * (expected + (off**2 + 1e-3) * torch.exp(-expected))
    told = (likelihood * hole[:, None]).mean((1, 2, 3)) / hole.mean((1, 2))
    error = _squared(rest - correction, hole, scale)
    return error, _squared(rest, hole, scale), told.mean()


def _squared(off: Tensor, hole: Tensor, scale: Tensor) -> Tensor:
    """B: mean squared error in the hole, in 8-bit levels of R'G'B'."""
    colors = torch.einsum("rc,bchw->brhw", torch.from_numpy(TO_RGB).to(off), off)
    inside = (colors**2).mean(1) * hole
    return inside.sum((1, 2)) / hole.sum((1, 2)).clamp(min=1) * scale**2
