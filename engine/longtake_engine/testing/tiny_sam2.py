"""The folder of a SAM 2 that is tiny and knows nothing."""

from pathlib import Path

IMAGE = 128  # pixels a side of what it looks at


def make_tiny_sam2(folder: Path, seed: int = 0) -> Path:
    """`folder` with the configuration and random weights of a tiny SAM 2, as safetensors."""
    import torch  # noqa: PLC0415 - tests that do not run it need no torch
    from transformers import (  # noqa: PLC0415
        Sam2HieraDetConfig,
        Sam2VideoConfig,
        Sam2VideoModel,
        Sam2VisionConfig,
    )

    backbone = Sam2HieraDetConfig(
        hidden_size=8,
        num_attention_heads=1,
        image_size=[IMAGE, IMAGE],
        window_positional_embedding_background_size=[4, 4],
        blocks_per_stage=[1, 1, 2, 1],
        embed_dim_per_stage=[8, 16, 32, 64],
        num_attention_heads_per_stage=[1, 2, 4, 8],
        window_size_per_stage=[4, 4, 4, 4],
        global_attention_blocks=[3],
    )
    side = IMAGE // 16
    vision = Sam2VisionConfig(
        backbone_config=backbone,
        backbone_channel_list=[64, 32, 16, 8],
        backbone_feature_sizes=[[4 * side] * 2, [2 * side] * 2, [side] * 2],
        fpn_hidden_size=128,
    )
    configuration = Sam2VideoConfig(
        vision_config=vision,
        prompt_encoder_config={"hidden_size": 128, "image_size": IMAGE},
        mask_decoder_config={"hidden_size": 128, "mlp_dim": 32, "iou_head_hidden_dim": 32},
        image_size=IMAGE,
        memory_attention_hidden_size=128,
        memory_attention_num_layers=1,
        memory_attention_feed_forward_hidden_size=32,
        memory_attention_rope_feat_sizes=[side, side],
        memory_encoder_hidden_size=128,
        memory_encoder_output_channels=64,
        mask_downsampler_embed_dim=128,
        memory_fuser_num_layers=1,
        memory_fuser_embed_dim=128,
        memory_fuser_intermediate_dim=32,
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        Sam2VideoModel(configuration).save_pretrained(folder, safe_serialization=True)
    return folder
