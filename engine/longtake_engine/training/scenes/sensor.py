"""What a camera and its codec make of a clean picture: noise, colour subsampling, blocks."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from longtake_engine.training.scenes.rolls import Rolls
from longtake_engine.training.scenes.settings import SceneSettings

# R'G'B' to Y'CbCr of ITU-R BT.601, and the coarseness of JPEG's example tables (ITU-T T.81,
# annex K) as smooth functions of the frequency: what a codec does is this in the large.
TO_YCBCR = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))
BLOCK = 8


@dataclass(frozen=True, slots=True)
class Sensor:
    """The sensor and the codec of B scenes; 0 is none."""

    read_noise: Tensor  # B deviation of luma
    shot_noise: Tensor  # B deviation of luma in white, growing with the root of the light
    chroma_noise: Tensor  # B times that of luma
    coarse: Tensor  # B bool: grains wider than a pixel
    subsampled: Tensor  # B bool: colour at half the size
    coarseness: Tensor  # B steps of the blocks' coefficients, in 1/255
    corner: Tensor  # B 2 int64 where the first block begins


def draw_sensor(rolls: Rolls, settings: SceneSettings) -> Sensor:
    """The sensor of each scene."""
    noisy = rolls.chance(settings.noise_share)
    strength = torch.exp(rolls.normal() * 0.8 + math.log(0.006)).clamp(max=0.05)
    coded = rolls.chance(settings.compression_share)
    return Sensor(
        read_noise=strength * rolls.uniform(0.2, 1) * noisy,
        shot_noise=strength * rolls.uniform(0, 2) * noisy,
        chroma_noise=rolls.uniform(0, 1.5),
        coarse=rolls.chance(0.5),
        subsampled=coded | rolls.chance(0.5 * settings.compression_share),
        coarseness=torch.exp(rolls.uniform(math.log(2), math.log(30))) * coded,
        corner=rolls.choice([1.0] * BLOCK, 2),
    )


def sense(clean: Tensor, sensor: Sensor, rolls: Rolls) -> Tensor:
    """Clean pictures B T 3 H W as the sensor gives them."""
    frames = clean.clone()
    noisy = (sensor.read_noise > 0).nonzero()[:, 0]
    if len(noisy):
        frames[noisy] = _noised(clean[noisy], sensor, noisy, rolls)
    coded = sensor.subsampled.nonzero()[:, 0]
    if len(coded):
        frames[coded] = _coded(frames[coded], sensor, coded)
    return frames.clamp_(0, 1).mul_(255).round_().div_(255)


def _noised(clean: Tensor, sensor: Sensor, scenes: Tensor, rolls: Rolls) -> Tensor:
    times, height, width = clean.shape[1], *clean.shape[3:]
    places = scenes.tolist()
    luma = rolls.noise(times, 1, height + 1, width + 1, scenes=places).flatten(0, 1)
    coarse = sensor.coarse[scenes].repeat_interleave(times)[:, None, None, None]
    # A mean of four has half the deviation.
    luma = torch.where(coarse, 2 * F.avg_pool2d(luma, 2, 1), luma[..., 1:, 1:])
    half = (height // 2 + 1, width // 2 + 1)
    chroma = rolls.noise(times, 3, *half, scenes=places).flatten(0, 1)
    chroma = F.interpolate(chroma, size=(height, width), mode="bilinear")
    share = sensor.chroma_noise[scenes].repeat_interleave(times)[:, None, None, None]
    noise = torch.addcmul(luma, chroma, share).unflatten(0, clean.shape[:2])
    read = sensor.read_noise[scenes][:, None, None, None, None]
    shot = sensor.shot_noise[scenes][:, None, None, None, None]
    light = clean.mean(2, keepdim=True)
    return torch.addcmul(clean, noise, torch.sqrt(read**2 + shot**2 * light))


def _coded(frames: Tensor, sensor: Sensor, scenes: Tensor) -> Tensor:
    times, height, width = frames.shape[1], *frames.shape[3:]
    matrix = torch.tensor(TO_YCBCR, device=frames.device)
    planes = torch.einsum("ij,btjhw->btihw", matrix, frames)
    small = F.avg_pool2d(planes[:, :, 1:].flatten(0, 1), 2, ceil_mode=True)
    steps = sensor.coarseness[scenes].repeat_interleave(times) / 255
    corners = sensor.corner[scenes].repeat_interleave(times, 0)
    luma = _blocked(planes[:, :, :1].flatten(0, 1), steps, corners)
    small = _blocked(small, steps * 1.5, corners)
    chroma = F.interpolate(small, size=(height, width), mode="bilinear")
    joined = torch.cat([luma, chroma], 1).unflatten(0, (-1, times))
    return torch.einsum("ij,btjhw->btihw", torch.linalg.inv(matrix), joined)


def _blocked(planes: Tensor, steps: Tensor, corners: Tensor) -> Tensor:
    """Planes B C H W with the coefficients of their blocks rounded to steps B (0: left alone)."""
    coarse = (steps > 0).nonzero()[:, 0]
    if not len(coarse):
        return planes
    line = torch.arange(BLOCK, device=planes.device, dtype=torch.float32)
    basis = torch.cos(torch.pi / BLOCK * line[:, None] * (line + 0.5)) * math.sqrt(2 / BLOCK)
    basis[0] *= math.sqrt(0.5)
    unit = (1 + 0.5 * (line[:, None] + line)) * steps[coarse, None, None, None, None, None]
    height, width = planes.shape[2:]
    # Each picture is cut out of a larger one, so that its blocks begin at its own corner.
    spare = (BLOCK, BLOCK + -width % BLOCK, BLOCK, BLOCK + -height % BLOCK)
    padded = F.pad(planes[coarse], spare, mode="replicate")
    corner = corners[coarse]
    rows = torch.arange(height + spare[3], device=planes.device) + (BLOCK - corner[:, 1:])
    columns = torch.arange(width + spare[1], device=planes.device) + (BLOCK - corner[:, :1])
    place = torch.arange(len(coarse), device=planes.device)[:, None, None]
    cut = padded[place, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    blocks = cut.unfold(2, BLOCK, BLOCK).unfold(3, BLOCK, BLOCK)
    rounded = (basis @ blocks @ basis.T / unit).round() * unit
    padded[place, :, rows[:, :, None], columns[:, None, :]] = (
        (basis.T @ rounded @ basis).transpose(3, 4).reshape(cut.shape).permute(0, 2, 3, 1)
    )
    out = planes.clone()
    out[coarse] = padded[:, :, BLOCK : BLOCK + height, BLOCK : BLOCK + width]
    return out
