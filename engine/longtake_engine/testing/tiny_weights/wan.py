"""Tiny models of Wan 2.1 and 2.2."""

# pyright: reportPrivateImportUsage=false
# diffusers offers its classes lazily, which pyright takes for private.

from typing import Any

from diffusers import (
    AutoencoderKLWan,
    FlowMatchEulerDiscreteScheduler,
    UniPCMultistepScheduler,
    WanImageToVideoPipeline,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)
from transformers import CLIPImageProcessor, CLIPVisionConfig, CLIPVisionModel

from longtake_engine.testing.tiny_weights.words import WIDTH, make_tokenizer, make_umt5

_CHANNELS = 16  # of the latents
_CHANNELS_OF_5B = 48
# Latents, a mask for each of four frames, and the latents of what is given
_CHANNELS_FROM_STILL = _CHANNELS + 4 + _CHANNELS
_STILL_WIDTH = 4  # of the numbers that stand for a still


def make_vace() -> WanVACEPipeline:
    """As Wan2.1-VACE: one model for every kind of canvas."""
    transformer = WanVACETransformer3DModel(
        **make_transformer_config(num_layers=3),
        vace_layers=[0, 2],
        vace_in_channels=2 * _CHANNELS + 64,
    )
    return WanVACEPipeline(**make_parts(), transformer=transformer)


def make_t2v() -> WanPipeline:
    """As Wan2.1-T2V: shots from words."""
    return WanPipeline(
        **make_parts(), transformer=WanTransformer3DModel(**make_transformer_config())
    )


def make_i2v() -> WanImageToVideoPipeline:
    """As Wan2.1-I2V: shots from a still."""
    return _from_still(still_size=32)


def make_flf2v() -> WanImageToVideoPipeline:
    """As Wan2.1-FLF2V: what lies between two stills."""
    still_size = 4
    return _from_still(still_size, pos_embed_seq_len=2 * (still_size**2 + 1))


def make_22_t2v() -> WanPipeline:
    """As Wan2.2-T2V-A14B: two experts, one for the coarse steps and one for the fine."""
    return WanPipeline(
        **make_parts(make_unipc()),
        transformer=WanTransformer3DModel(**make_transformer_config()),
        transformer_2=WanTransformer3DModel(**make_transformer_config()),
        boundary_ratio=0.875,
    )


def make_22_i2v() -> WanImageToVideoPipeline:
    """As Wan2.2-I2V-A14B: two experts, and no encoder for the still but that of the video."""
    return WanImageToVideoPipeline(
        **make_parts(make_unipc()),
        transformer=WanTransformer3DModel(
            **make_transformer_config(in_channels=_CHANNELS_FROM_STILL)
        ),
        transformer_2=WanTransformer3DModel(
            **make_transformer_config(in_channels=_CHANNELS_FROM_STILL)
        ),
        boundary_ratio=0.9,
    )


def make_22_ti2v() -> WanPipeline:
    """As Wan2.2-TI2V-5B: latents at a sixteenth of the size, and a time of its own per frame."""
    parts = make_parts(make_unipc())
    parts["vae"] = AutoencoderKLWan(
        **_VAE,
        z_dim=_CHANNELS_OF_5B,
        in_channels=12,
        out_channels=12,
        is_residual=True,
        patch_size=2,
        latents_mean=[0.0] * _CHANNELS_OF_5B,
        latents_std=[1.0] * _CHANNELS_OF_5B,
        scale_factor_spatial=16,
        scale_factor_temporal=4,
    )
    transformer = WanTransformer3DModel(
        **make_transformer_config(in_channels=_CHANNELS_OF_5B, out_channels=_CHANNELS_OF_5B)
    )
    return WanPipeline(**parts, transformer=transformer, expand_timesteps=True)


def make_vae() -> AutoencoderKLWan:
    """Wan's encoder of video, which others use too: 8 pixels and 4 frames to a latent."""
    return AutoencoderKLWan(**_VAE, z_dim=_CHANNELS)


_VAE: dict[str, Any] = {
    "base_dim": 3,
    "dim_mult": [1, 1, 1, 1],
    "num_res_blocks": 1,
    "temperal_downsample": [False, True, True],
}


def _from_still(still_size: int, **more: Any) -> WanImageToVideoPipeline:
    vision = CLIPVisionConfig(
        hidden_size=_STILL_WIDTH,
        projection_dim=_STILL_WIDTH,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=still_size,
        intermediate_size=16,
        patch_size=1,
    )
    transformer = WanTransformer3DModel(
        **make_transformer_config(in_channels=_CHANNELS_FROM_STILL), image_dim=_STILL_WIDTH, **more
    )
    return WanImageToVideoPipeline(
        **make_parts(),
        transformer=transformer,
        image_encoder=CLIPVisionModel(vision).eval(),
        image_processor=CLIPImageProcessor(crop_size=still_size, size=still_size),
    )


def make_parts(scheduler: Any = None) -> dict[str, Any]:
    """What every Wan has besides its transformer, and others too."""
    return {
        "tokenizer": make_tokenizer(),
        "text_encoder": make_umt5(),
        "vae": make_vae(),
        "scheduler": scheduler or FlowMatchEulerDiscreteScheduler(shift=7.0),
    }


def make_transformer_config(
    *, in_channels: int = _CHANNELS, out_channels: int = _CHANNELS, num_layers: int = 2
) -> dict[str, Any]:
    """The settings of a transformer of Wan and of those that are built like it."""
    return {
        "patch_size": (1, 2, 2),
        "num_attention_heads": 2,
        "attention_head_dim": 12,
        "in_channels": in_channels,
        "out_channels": out_channels,
        "text_dim": WIDTH,
        "freq_dim": 256,
        "ffn_dim": 32,
        "num_layers": num_layers,
        "cross_attn_norm": True,
        "qk_norm": "rms_norm_across_heads",
    }


def make_unipc() -> UniPCMultistepScheduler:
    """The sampler of Wan 2.2 and SkyReels."""
    return UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0
    )
