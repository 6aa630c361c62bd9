"""Tiny models of LTX-Video."""

# pyright: reportPrivateImportUsage=false
# diffusers offers its classes lazily, which pyright takes for private.

from diffusers import (
    AutoencoderKLLTXVideo,
    FlowMatchEulerDiscreteScheduler,
    LTXConditionPipeline,
    LTXVideoTransformer3DModel,
)

from longtake_engine.testing.tiny_weights.words import WIDTH, make_t5, make_tokenizer

_CHANNELS = 8  # of the latents


def make_ltx() -> LTXConditionPipeline:
    """As LTX-Video 0.9.5: 32 pixels and 8 frames to a latent, a decoder that takes noise away."""
    transformer = LTXVideoTransformer3DModel(
        in_channels=_CHANNELS,
        out_channels=_CHANNELS,
        patch_size=1,
        patch_size_t=1,
        num_attention_heads=4,
        attention_head_dim=8,
        cross_attention_dim=32,
        num_layers=2,
        caption_channels=WIDTH,
    )
    vae = AutoencoderKLLTXVideo(
        latent_channels=_CHANNELS,
        block_out_channels=(8, 8, 8, 8),
        decoder_block_out_channels=(8, 8, 8, 8),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1, 1),
        spatio_temporal_scaling=(True, True, True, False),
        decoder_spatio_temporal_scaling=(True, True, True, False),
        timestep_conditioning=True,
    )
    return LTXConditionPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=vae,
        text_encoder=make_t5(),
        tokenizer=make_tokenizer(),
        transformer=transformer,
    )
