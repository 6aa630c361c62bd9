"""Tiny models of Helios."""

# pyright: reportPrivateImportUsage=false
# diffusers offers its classes lazily, which pyright takes for private.

from diffusers import (
    HeliosDMDScheduler,
    HeliosPipeline,
    HeliosPyramidPipeline,
    HeliosScheduler,
    HeliosTransformer3DModel,
)

from longtake_engine.testing.tiny_weights.wan import make_parts, make_transformer_config


def make_base() -> HeliosPipeline:
    """As Helios-Base: chunks of 33 frames, each after a history of what came before."""
    scheduler = HeliosScheduler(stage_range=[0, 1], stages=1, use_dynamic_shifting=True)
    return HeliosPipeline(**make_parts(scheduler), transformer=_make_transformer())


def make_distilled() -> HeliosPyramidPipeline:
    """As Helios-Distilled: few steps, from a quarter of the size up."""
    return HeliosPyramidPipeline(
        **make_parts(HeliosDMDScheduler(use_dynamic_shifting=True)),
        transformer=_make_transformer(),
        is_distilled=True,
    )


def _make_transformer() -> HeliosTransformer3DModel:
    return HeliosTransformer3DModel(**make_transformer_config(), rope_dim=(4, 4, 4))
