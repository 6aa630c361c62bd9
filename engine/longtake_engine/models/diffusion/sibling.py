"""What pipelines of one family share: their parts, and the encoder that many took over from Wan."""

from typing import Any

import numpy as np


def other_pipeline(pipe: Any, kind: str) -> Any:
    """Another pipeline of diffusers, class `kind`, over the parts of one that is loaded."""
    import diffusers  # noqa: PLC0415 # heavy

    other = getattr(diffusers, kind)(**pipe.components)
    other.set_progress_bar_config(disable=True)
    return other


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
