"""What pipelines of one family share: their parts, and the encoder that many took over from Wan."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

import numpy as np


def other_pipeline(pipe: Any, kind: str) -> Any:
    """Another pipeline of diffusers, class `kind`, over the parts of one that is loaded."""
    import diffusers  # noqa: PLC0415 # heavy

    other = getattr(diffusers, kind)(**pipe.components)
    other.set_progress_bar_config(disable=True)
    return other


@contextmanager
def precise_encoder(pipe: Any) -> Iterator[None]:
    """Has the encoder of video, which works in 32 bits, take the 16 bits of the other parts.

    Some pipelines hand it theirs as they are, which fails; others turn them into its own kind.
    """
    vae = pipe.vae
    vae.encode, vae.decode = _in_kind_of(vae, vae.encode), _in_kind_of(vae, vae.decode)
    try:
        yield
    finally:
        del vae.encode, vae.decode  # the class's own are seen again


def _in_kind_of(part: Any, call: Callable[..., Any]) -> Callable[..., Any]:
    """`call`, with every tensor of fractions in the kind of the numbers of `part`."""
    import torch  # noqa: PLC0415 # heavy

    @wraps(call)
    def converted(*arguments: Any, **named: Any) -> Any:
        own = (
            one.to(part.dtype) if isinstance(one, torch.Tensor) and one.is_floating_point() else one
            for one in arguments
        )
        return call(*own, **named)

    return converted


def to_video(pipe: Any, frames: np.ndarray) -> Any:
    """Frames, T H W 3 0 to 1, as encoders of video want them: B C T H W, -1 to 1, where the model
    works."""
    import torch  # noqa: PLC0415 # heavy

    video = torch.from_numpy(frames * np.float32(2) - 1).permute(3, 0, 1, 2)[None]
    return video.to(pipe._execution_device, pipe.vae.dtype)


def encode_wan(pipe: Any, frames: np.ndarray) -> Any:
    """The latents of frames, T H W 3 0 to 1, as a model with Wan's encoder has them: B C T H W."""
    import torch  # noqa: PLC0415 # heavy

    told = pipe.vae.config
    with torch.no_grad():
        latents = pipe.vae.encode(to_video(pipe, frames)).latent_dist.mode().float()
    shape = (1, -1, 1, 1, 1)
    mean = torch.tensor(told.latents_mean, device=latents.device).view(shape)
    deviation = torch.tensor(told.latents_std, device=latents.device).view(shape)
    return (latents - mean) / deviation
