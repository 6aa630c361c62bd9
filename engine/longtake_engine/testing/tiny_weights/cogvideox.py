"""Tiny models of CogVideoX."""

# pyright: reportPrivateImportUsage=false, reportArgumentType=false
# diffusers offers its classes lazily, which pyright takes for private, and declares tuples of any
# length as of one, and some tokenizers as others.

from typing import Any

from diffusers import (
    AutoencoderKLCogVideoX,
    CogVideoXDDIMScheduler,
    CogVideoXDPMScheduler,
    CogVideoXImageToVideoPipeline,
    CogVideoXPipeline,
    CogVideoXTransformer3DModel,
)

from longtake_engine.testing.tiny_weights.words import WIDTH, make_t5, make_tokenizer

_CHANNELS = 4  # of the latents


def make_t2v() -> CogVideoXPipeline:
    """As CogVideoX-2b: shots from words, of any size."""
    return CogVideoXPipeline(
        **_parts(),
        transformer=CogVideoXTransformer3DModel(**_transformer(_CHANNELS)),
        scheduler=CogVideoXDDIMScheduler(),
    )


def make_i2v() -> CogVideoXImageToVideoPipeline:
    """As CogVideoX-5b-I2V: shots from a still, of one size and length (17 frames of 48 × 32)."""
    transformer = CogVideoXTransformer3DModel(
        **_transformer(2 * _CHANNELS),
        use_rotary_positional_embeddings=True,
        use_learned_positional_embeddings=True,
    )
    return CogVideoXImageToVideoPipeline(
        **_parts(), transformer=transformer, scheduler=CogVideoXDPMScheduler()
    )


def _parts() -> dict[str, Any]:
    vae = AutoencoderKLCogVideoX(
        down_block_types=("CogVideoXDownBlock3D",) * 4,
        up_block_types=("CogVideoXUpBlock3D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        latent_channels=_CHANNELS,
        layers_per_block=1,
        norm_num_groups=2,
        temporal_compression_ratio=4,
    )
    return {"tokenizer": make_tokenizer(), "text_encoder": make_t5(), "vae": vae}


def _transformer(in_channels: int) -> dict[str, Any]:
    return {
        "num_attention_heads": 2,
        "attention_head_dim": 16,
        "in_channels": in_channels,
        "out_channels": _CHANNELS,
        "time_embed_dim": 2,
        "text_embed_dim": WIDTH,
        "num_layers": 2,
        "sample_width": 6,
        "sample_height": 4,
        "sample_frames": 17,
        "patch_size": 2,
        "temporal_compression_ratio": 4,
        "max_text_seq_length": 226,  # as the pipeline asks of its tokenizer
    }
