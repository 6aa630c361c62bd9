"""Known latents laid over those that a sampler is at, step by step.

For models that are given one picture and shall go on from several: the known frames stand in what
the model sees at every step, with as much noise as that step has. This is the replacement method
of Ho et al. 2022, "Video Diffusion Models", section 3.1.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from longtake_engine.models.diffusion.call import make_generator


@contextmanager
def after_steps(scheduler: Any, change: Callable[[int, Any], Any]) -> Iterator[None]:
    """Gives the latents of every step of a sampler, with its number, to `change`, and goes on with
    what that returns. What it raises ends the sampling, also of pipelines without a callback."""
    own = scheduler.step
    numbers = iter(range(1_000_000))

    # Pipelines look at which arguments it takes.
    @wraps(own)
    def step(*arguments: Any, **named: Any) -> Any:
        result = own(*arguments, **named)
        number = next(numbers)
        if isinstance(result, tuple):
            return (change(number, result[0]), *result[1:])
        result.prev_sample = change(number, result.prev_sample)
        return result

    scheduler.step = step
    try:
        yield
    finally:
        del scheduler.step  # the class's own is seen again


@dataclass(slots=True)
class Held:
    """The latents of known frames, and the noise that they bear at every step."""

    scheduler: Any
    latents: Any  # of the known frames, in the axis order of the pipeline's own
    axis: int  # of time
    noise: Any

    def over(self, number: int, latents: Any) -> Any:
        """What a sampler is at after step `number`, with the known latents laid over its first
        frames."""
        known = _noised(self.scheduler, number, self.latents, self.noise).to(latents)
        rest = latents.narrow(
            self.axis, known.shape[self.axis], latents.shape[self.axis] - known.shape[self.axis]
        )
        return type(self)._joined(known, rest, self.axis)

    @staticmethod
    def _joined(known: Any, rest: Any, axis: int) -> Any:
        import torch  # noqa: PLC0415 # heavy

        return torch.cat([known, rest], dim=axis)


def hold(pipe: Any, latents: Any, axis: int, seed: int) -> Held:
    """What lays `latents` over those that `pipe` samples; its noise is drawn from `seed`."""
    import torch  # noqa: PLC0415 # heavy

    noise = torch.randn(latents.shape, generator=make_generator(seed)).to(latents)
    return Held(pipe.scheduler, latents, axis, noise)


def _noised(scheduler: Any, number: int, latents: Any, noise: Any) -> Any:
    """`latents` with the noise that a sampler's next step expects after step `number`."""
    if number + 1 >= len(scheduler.timesteps):
        return latents
    if not hasattr(scheduler, "sigmas"):
        return scheduler.add_noise(latents, noise, scheduler.timesteps[number + 1][None])
    sigma = scheduler.sigmas[number + 1].to(latents)
    if hasattr(scheduler, "scale_noise"):  # of a flow from noise to picture
        return (1 - sigma) * latents + sigma * noise
    return latents + sigma * noise
