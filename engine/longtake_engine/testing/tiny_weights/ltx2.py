"""Tiny models of LTX-2."""

# pyright: reportPrivateImportUsage=false, reportArgumentType=false
# diffusers offers its classes lazily, which pyright takes for private, and declares some tokenizers
# as others.

from diffusers import (
    AutoencoderKLLTX2Audio,
    AutoencoderKLLTX2Video,
    FlowMatchEulerDiscreteScheduler,
    LTX2ConditionPipeline,
    LTX2VideoTransformer3DModel,
)
from diffusers.pipelines.ltx2 import LTX2TextConnectors, LTX2Vocoder

from longtake_engine.testing.tiny_weights.words import make_gemma, make_tokenizer

_CHANNELS = 4  # of the latents of pictures
_SOUND_CHANNELS = 2
_MEL_BINS = 8
_TEXT_WIDTH = 32
_TEXT_LAYERS = 2


def make_ltx2() -> LTX2ConditionPipeline:
    """As LTX-2: pictures and sound at once, 32 pixels and 8 frames to a latent."""
    return LTX2ConditionPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(use_dynamic_shifting=True),
        vae=_make_vae(),
        audio_vae=_make_audio_vae(),
        text_encoder=make_gemma(_TEXT_WIDTH, _TEXT_LAYERS),
        tokenizer=make_tokenizer(),
        connectors=_make_connectors(),
        transformer=_make_transformer(),
        vocoder=_make_vocoder(),
    )


def _make_vae() -> AutoencoderKLLTX2Video:
    return AutoencoderKLLTX2Video(
        latent_channels=_CHANNELS,
        block_out_channels=(8, 16, 32, 64),
        decoder_block_out_channels=(8, 16, 32),
        layers_per_block=(1, 1, 1, 1, 1),
        decoder_layers_per_block=(1, 1, 1, 1),
        decoder_spatial_padding_mode="zeros",  # takes pictures of one latent too
        spatial_compression_ratio=32,
        temporal_compression_ratio=8,
    )


def _make_audio_vae() -> AutoencoderKLLTX2Audio:
    return AutoencoderKLLTX2Audio(
        base_channels=4,
        output_channels=2,
        ch_mult=(1,),
        num_res_blocks=1,
        attn_resolutions=None,
        in_channels=2,
        resolution=32,
        latent_channels=_SOUND_CHANNELS,
        norm_type="pixel",
        causality_axis="height",
        mid_block_add_attention=False,
        sample_rate=16000,
        mel_hop_length=160,
        is_causal=True,
        mel_bins=_MEL_BINS,
    )


def _make_vocoder() -> LTX2Vocoder:
    return LTX2Vocoder(
        in_channels=2 * _MEL_BINS,
        hidden_channels=32,
        out_channels=2,
        upsample_kernel_sizes=[4, 4],
        upsample_factors=[2, 2],
        resnet_kernel_sizes=[3],
        resnet_dilations=[[1, 3, 5]],
        output_sampling_rate=16000,
    )


def _make_connectors() -> LTX2TextConnectors:
    return LTX2TextConnectors(
        caption_channels=_TEXT_WIDTH,
        text_proj_in_factor=_TEXT_LAYERS + 1,
        video_connector_num_attention_heads=4,
        video_connector_attention_head_dim=8,
        video_connector_num_layers=1,
        video_connector_num_learnable_registers=None,
        audio_connector_num_attention_heads=4,
        audio_connector_attention_head_dim=8,
        audio_connector_num_layers=1,
        audio_connector_num_learnable_registers=None,
        connector_rope_base_seq_len=32,
        rope_theta=10000.0,
        rope_double_precision=False,
        causal_temporal_positioning=False,
        rope_type="split",
    )


def _make_transformer() -> LTX2VideoTransformer3DModel:
    return LTX2VideoTransformer3DModel(
        in_channels=_CHANNELS,
        out_channels=_CHANNELS,
        patch_size=1,
        patch_size_t=1,
        num_attention_heads=2,
        attention_head_dim=8,
        cross_attention_dim=16,
        audio_in_channels=_SOUND_CHANNELS * _MEL_BINS // 4,
        audio_out_channels=_SOUND_CHANNELS * _MEL_BINS // 4,
        audio_num_attention_heads=2,
        audio_attention_head_dim=4,
        audio_cross_attention_dim=8,
        num_layers=2,
        qk_norm="rms_norm_across_heads",
        caption_channels=_TEXT_WIDTH,
        rope_double_precision=False,
        rope_type="split",
    )
