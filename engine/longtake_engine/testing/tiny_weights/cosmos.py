"""Tiny models of Cosmos."""

# pyright: reportPrivateImportUsage=false, reportArgumentType=false
# diffusers offers its classes lazily, which pyright takes for private, and declares tuples of any
# length as of one, and some tokenizers as others.

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import numpy as np
import torch
from diffusers import (
    Cosmos2_5_PredictBasePipeline,
    CosmosTransformer3DModel,
    UniPCMultistepScheduler,
)

from longtake_engine.testing.tiny_weights.wan import make_vae
from longtake_engine.testing.tiny_weights.words import make_chat_tokenizer, make_qwen

_TEXT_WIDTH = 16
_LAYERS = 2


class StandInGuardrail:
    """Where the guardrail of Cosmos would look for what is forbidden: lets everything pass."""

    def to(self, *arguments: Any) -> None:
        """It is nowhere."""

    def check_text_safety(self, prompt: str) -> bool:
        """Every prompt passes."""
        return True

    def check_video_safety(self, frames: np.ndarray) -> np.ndarray:
        """Every frame passes."""
        return frames


@contextmanager
def standing_in_for_guardrail() -> Iterator[None]:
    """Where Cosmos can be loaded without the package of its guardrail, whose models are fetched
    from a network, and run without torchvision, which that package brings."""
    guardrail = "diffusers.pipelines.cosmos.pipeline_cosmos2_5_predict.CosmosSafetyChecker"
    transforms = "diffusers.models.transformers.transformer_cosmos.transforms"
    with (
        mock.patch(guardrail, StandInGuardrail),
        mock.patch(transforms, _StandInTransforms, create=True),
    ):
        yield


class _StandInTransforms:
    """What of torchvision's transforms the transformer of Cosmos uses, on a mask."""

    class InterpolationMode:
        NEAREST = "nearest"

    class functional:
        @staticmethod
        def resize(mask: torch.Tensor, size: list[int], interpolation: str) -> torch.Tensor:
            return torch.nn.functional.interpolate(mask, size=size, mode=interpolation)


def make_predict() -> Cosmos2_5_PredictBasePipeline:
    """As Cosmos-Predict2.5-2B: goes on from words, one frame or five."""
    transformer = CosmosTransformer3DModel(
        in_channels=16 + 1,
        out_channels=16,
        num_attention_heads=2,
        attention_head_dim=16,
        num_layers=2,
        mlp_ratio=2,
        text_embed_dim=_TEXT_WIDTH * _LAYERS,
        adaln_lora_dim=4,
        max_size=(32, 32, 32),
        patch_size=(1, 2, 2),
        rope_scale=(2.0, 1.0, 1.0),
        concat_padding_mask=True,
        extra_pos_embed_type=None,
    )
    with standing_in_for_guardrail():
        pipeline = Cosmos2_5_PredictBasePipeline(
            text_encoder=make_qwen(_TEXT_WIDTH, _LAYERS),
            tokenizer=make_chat_tokenizer(),
            transformer=transformer,
            vae=make_vae(),
            scheduler=UniPCMultistepScheduler(
                prediction_type="flow_prediction", use_flow_sigmas=True, use_karras_sigmas=True
            ),
        )
    pipeline.register_modules(safety_checker=None)  # it is no part of the folder
    return pipeline
