"""Tiny models of SkyReels V2."""

# pyright: reportPrivateImportUsage=false
# diffusers offers its classes lazily, which pyright takes for private.

from diffusers import (
    SkyReelsV2DiffusionForcingPipeline,
    SkyReelsV2Transformer3DModel,
    UniPCMultistepScheduler,
)

from longtake_engine.testing.tiny_weights.wan import make_parts, make_transformer_config


def make_df() -> SkyReelsV2DiffusionForcingPipeline:
    """As SkyReels-V2-DF: every latent frame has a noise of its own."""
    scheduler = UniPCMultistepScheduler(
        prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=8.0
    )
    return SkyReelsV2DiffusionForcingPipeline(
        **make_parts(scheduler),
        transformer=SkyReelsV2Transformer3DModel(
            **make_transformer_config(), inject_sample_info=True
        ),
    )
