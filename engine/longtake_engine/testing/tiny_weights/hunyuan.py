"""Tiny models of HunyuanVideo and HunyuanVideo 1.5."""

# pyright: reportPrivateImportUsage=false, reportArgumentType=false
# diffusers offers its classes lazily, which pyright takes for private, and declares tuples of any
# length as of one, and some tokenizers as others.

from typing import Any

from diffusers import (
    AutoencoderKLHunyuanVideo,
    AutoencoderKLHunyuanVideo15,
    ClassifierFreeGuidance,
    FlowMatchEulerDiscreteScheduler,
    HunyuanVideo15ImageToVideoPipeline,
    HunyuanVideo15Pipeline,
    HunyuanVideo15Transformer3DModel,
    HunyuanVideoPipeline,
    HunyuanVideoTransformer3DModel,
)
from transformers import (
    ByT5Tokenizer,
    CLIPTextConfig,
    CLIPTextModel,
    LlamaConfig,
    LlamaModel,
    SiglipImageProcessor,
    SiglipVisionConfig,
    SiglipVisionModel,
)

from longtake_engine.testing.tiny_weights.words import (
    WIDTH,
    make_chat_tokenizer,
    make_qwen_text,
    make_t5,
    make_tokenizer,
)

_CHANNELS = 4  # of the latents
_TEXT_WIDTH = 16
_STILL_WIDTH = 12  # of the numbers that stand for a still


def make_t2v() -> HunyuanVideoPipeline:
    """As HunyuanVideo: 8 pixels and 4 frames to a latent, guidance that is learned."""
    transformer = HunyuanVideoTransformer3DModel(
        in_channels=_CHANNELS,
        out_channels=_CHANNELS,
        num_attention_heads=2,
        attention_head_dim=10,
        num_layers=1,
        num_single_layers=1,
        num_refiner_layers=1,
        patch_size=2,
        patch_size_t=1,
        guidance_embeds=True,
        text_embed_dim=_TEXT_WIDTH,
        pooled_projection_dim=8,
        rope_axes_dim=(2, 4, 4),
    )
    vae = AutoencoderKLHunyuanVideo(
        latent_channels=_CHANNELS,
        down_block_types=("HunyuanVideoDownBlock3D",) * 4,
        up_block_types=("HunyuanVideoUpBlock3D",) * 4,
        block_out_channels=(8, 8, 8, 8),
        layers_per_block=1,
        norm_num_groups=4,
    )
    first = LlamaConfig(hidden_size=_TEXT_WIDTH, num_hidden_layers=3, **_TEXT)
    second = CLIPTextConfig(hidden_size=8, num_hidden_layers=2, projection_dim=8, **_TEXT)
    return HunyuanVideoPipeline(
        text_encoder=LlamaModel(first).eval(),
        tokenizer=make_tokenizer(),
        transformer=transformer,
        vae=vae,
        scheduler=FlowMatchEulerDiscreteScheduler(shift=7.0),
        text_encoder_2=CLIPTextModel(second).eval(),
        tokenizer_2=make_tokenizer(),
    )


def make_15_t2v() -> HunyuanVideo15Pipeline:
    """As HunyuanVideo 1.5: 16 pixels and 4 frames to a latent."""
    return HunyuanVideo15Pipeline(**_parts_15("t2v"))


def make_15_i2v() -> HunyuanVideo15ImageToVideoPipeline:
    """As HunyuanVideo 1.5 from a still."""
    vision = SiglipVisionConfig(
        hidden_size=_STILL_WIDTH,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        image_size=32,
        patch_size=8,
    )
    return HunyuanVideo15ImageToVideoPipeline(
        **_parts_15("i2v"),
        image_encoder=SiglipVisionModel(vision).eval(),
        feature_extractor=SiglipImageProcessor(size={"height": 32, "width": 32}),
    )


_TEXT: dict[str, Any] = {
    "vocab_size": 128,
    "intermediate_size": 37,
    "num_attention_heads": 4,
    "max_position_embeddings": 512,
    "bos_token_id": 2,
    "eos_token_id": 1,
    "pad_token_id": 0,
}


def _parts_15(task: str) -> dict[str, Any]:
    transformer = HunyuanVideo15Transformer3DModel(
        in_channels=2 * _CHANNELS + 1,  # with what is given, and a mask of it
        out_channels=_CHANNELS,
        num_attention_heads=2,
        attention_head_dim=8,
        num_layers=2,
        num_refiner_layers=1,
        mlp_ratio=2.0,
        patch_size=1,
        patch_size_t=1,
        text_embed_dim=_TEXT_WIDTH,
        text_embed_2_dim=WIDTH,
        image_embed_dim=_STILL_WIDTH,
        rope_axes_dim=(2, 2, 4),
        target_size=640,
        task_type=task,
    )
    vae = AutoencoderKLHunyuanVideo15(
        latent_channels=_CHANNELS,
        block_out_channels=(8, 8, 8, 8, 8),
        layers_per_block=1,
        spatial_compression_ratio=16,
        temporal_compression_ratio=4,
        downsample_match_channel=False,
        upsample_match_channel=False,
    )
    return {
        "text_encoder": make_qwen_text(_TEXT_WIDTH),
        "tokenizer": make_chat_tokenizer(),
        "transformer": transformer.eval(),
        "vae": vae.eval(),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=7.0),
        "text_encoder_2": make_t5(),
        "tokenizer_2": ByT5Tokenizer(),
        "guider": ClassifierFreeGuidance(guidance_scale=6.0),
    }
