"""The random numbers of drawn scenes: each scene has its own, whatever scenes lie beside it."""

from collections.abc import Sequence

import torch
from torch import Tensor

# Numbers taken from a scene's generator at once. Part of what a seed means.
CHUNK = 4096


class Rolls:
    """Random numbers for a batch of scenes, scene `i` of seed `seed` being that of `seed + i`.

    Small numbers come from the CPU, so that a seed means one scene on every device; the noise
    that pictures are made of comes from the device itself, because there is much of it.
    """

    def __init__(self, seed: int, count: int, device: torch.device | str = "cpu", stream: int = 0):
        self.seed, self.count = seed, count
        self.device = torch.device(device)
        first = seed + (stream << 48)
        self._numbers = [torch.Generator().manual_seed(first + i) for i in range(count)]
        self._noises = [
            torch.Generator(self.device).manual_seed(first + i + (1 << 44)) for i in range(count)
        ]
        self._table = torch.empty(count, 0, device=self.device)
        self._used = 0

    def stream(self, number: int) -> "Rolls":
        """Other random numbers of the same scenes: who takes more or less of them changes
        nothing for those who do not. Seeds are below 2 ** 44, numbers from 1 to 1000."""
        return Rolls(self.seed, self.count, self.device, number)

    def _take(self, width: int) -> Tensor:
        while self._table.shape[1] - self._used < width:
            more = [
                torch.rand(CHUNK, generator=generator, device="cpu") for generator in self._numbers
            ]
            rest = self._table[:, self._used :]
            self._table = torch.cat([rest, torch.stack(more).to(self.device)], 1)
            self._used = 0
        taken = self._table[:, self._used : self._used + width]
        self._used += width
        return taken.clone()

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        """B x shape numbers, evenly between `low` and `high`."""
        width = int(torch.Size(shape).numel())
        return (low + (high - low) * self._take(width)).reshape(self.count, *shape)

    def normal(self, *shape: int) -> Tensor:
        """B x shape numbers with mean 0 and deviation 1 (Box and Muller 1958)."""
        width = int(torch.Size(shape).numel())
        first, second = self._take(2 * width).chunk(2, 1)
        length = torch.sqrt(-2 * torch.log1p(-first))
        return (length * torch.cos(2 * torch.pi * second)).reshape(self.count, *shape)

    def chance(self, share: float, *shape: int) -> Tensor:
        """B x shape booleans, `share` of them true."""
        return self.uniform(0, 1, *shape) < share

    def choice(self, weights: Sequence[float], *shape: int) -> Tensor:
        """B x shape indices (int64), each as often as its weight says."""
        bounds = torch.tensor(weights, dtype=torch.float32, device=self.device).cumsum(0)
        bounds = bounds / bounds[-1]
        return torch.bucketize(self.uniform(0, 1, *shape), bounds[:-1].contiguous(), right=True)

    def angle(self, *shape: int) -> Tensor:
        """B x shape angles in radians, 0 to 2 pi."""
        return self.uniform(0, 2 * torch.pi, *shape)

    def noise(self, *shape: int, scenes: Sequence[int] | None = None) -> Tensor:
        """Normal noise on the device, for all scenes or those of the given places."""
        places = range(self.count) if scenes is None else scenes
        drawn = [
            torch.randn(shape, generator=self._noises[place], device=self.device)
            for place in places
        ]
        return torch.stack(drawn) if drawn else torch.empty(0, *shape, device=self.device)
