"""Known frames for models that were never taught to take any: the sampler is led to them.

Implements the reconstruction guidance of Ho et al. (2022), "Video Diffusion Models", section 3.1,
for models that predict a velocity (flow matching, as Wan does). Known latents are put in at the
noise of each step, and all others take a step down the gradient of how far the model's own idea of
the known ones is from what they are. So what is made goes on from what is known, rather than beside
it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

WEIGHT = 2.0  # of the gradient


class Reconstruction:
    """Leads a sampler of diffusers, as its `callback_on_step_end`; that needs the tensors named in
    `TENSORS`."""

    TENSORS = ("latents", "prompt_embeds")

    def __init__(
        self, known: Any, mask: Any, *, generator: Any = None, weight: float = WEIGHT
    ) -> None:
        """Latents to keep to.

        Args:
            known: B C T H W, as the model sees latents (normalised, without noise).
            mask: What of them is known: 1, else 0; broadcast against `known`.
            generator: Of the noise that they get; torch's own where None.
            weight: Of the gradient; 0 for known latents that are put in and no more.
        """
        import torch  # noqa: PLC0415 # heavy

        self._known = known.float()
        self._mask = mask.to(self._known)
        noise = torch.randn(self._known.shape, generator=generator)
        self._noise = noise.to(self._known)
        self._weight = weight

    def __call__(self, pipe: Any, index: int, timestep: Any, tensors: dict) -> dict:
        """The tensors of a step that has ended, its latents led."""
        latents = tensors["latents"]
        sigma = float(pipe.scheduler.sigmas[index + 1])
        if self._weight and index + 1 < len(pipe.scheduler.timesteps):
            _, slope = self.error(pipe, index + 1, latents, tensors["prompt_embeds"])
            step = self._weight / 2 * (1 - sigma) * (1 - self._mask) * slope
            latents = latents - step.to(latents)
        noised = (1 - sigma) * self._known + sigma * self._noise
        led = self._mask * noised + (1 - self._mask) * latents.float()
        return tensors | {"latents": led.to(latents.dtype)}

    def error(self, pipe: Any, index: int, latents: Any, prompt_embeds: Any) -> tuple[float, Any]:
        """How far off the model's idea of the known latents is at the step numbered `index`: the
        sum of squares, and its slope by `latents`."""
        import torch  # noqa: PLC0415 # heavy

        time = pipe.scheduler.timesteps[index]
        model = _model_at(pipe, time)
        with torch.enable_grad(), _recomputing(model):
            noisy = latents.detach().float().requires_grad_(True)
            velocity = model(
                hidden_states=noisy.to(model.dtype),
                timestep=time.expand(len(noisy)),
                encoder_hidden_states=prompt_embeds,
                return_dict=False,
            )[0].float()
            clean = noisy - pipe.scheduler.sigmas[index].to(noisy) * velocity
            error = (self._mask * (clean - self._known)).square().sum()
            (slope,) = torch.autograd.grad(error, noisy)
        return float(error.detach()), slope


def after_each(*callbacks: Callable[[Any, int, Any, dict], dict]) -> Callable[..., dict]:
    """One callback that calls all, one after the other."""

    def call(pipe: Any, index: int, timestep: Any, tensors: dict) -> dict:
        for callback in callbacks:
            tensors = callback(pipe, index, timestep, tensors)
        return tensors

    return call


def _model_at(pipe: Any, time: Any) -> Any:
    """The part that takes away noise at a time: Wan 2.2 has two."""
    ratio = pipe.config.get("boundary_ratio")
    late = ratio is not None and time < ratio * pipe.scheduler.config.num_train_timesteps
    return pipe.transformer_2 if late or pipe.transformer is None else pipe.transformer


@contextmanager
def _recomputing(model: Any) -> Iterator[None]:
    """Keeps no layer's numbers for the gradient, but reckons them again: memory over time."""
    was = model.is_gradient_checkpointing
    model.enable_gradient_checkpointing()
    try:
        yield
    finally:
        if not was:
            model.disable_gradient_checkpointing()
