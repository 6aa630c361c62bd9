"""Makes the folder of a family by its name."""

# pyright: reportPrivateImportUsage=false
# diffusers offers its classes lazily, which pyright takes for private.

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline

# The families, and the function of this package that builds each one's pipeline.
FAMILIES = {
    "wan-vace": "wan.make_vace",
    "wan-t2v": "wan.make_t2v",
    "wan-i2v": "wan.make_i2v",
    "wan-flf2v": "wan.make_flf2v",
    "wan22-t2v": "wan.make_22_t2v",
    "wan22-i2v": "wan.make_22_i2v",
    "wan22-ti2v": "wan.make_22_ti2v",
    "ltx": "ltx.make_ltx",
    "ltx2": "ltx2.make_ltx2",
    "skyreels-v2-df": "skyreels.make_df",
    "cogvideox": "cogvideox.make_t2v",
    "cogvideox-i2v": "cogvideox.make_i2v",
    "hunyuan-video": "hunyuan.make_t2v",
    "hunyuan-video-1.5-t2v": "hunyuan.make_15_t2v",
    "hunyuan-video-1.5-i2v": "hunyuan.make_15_i2v",
    "cosmos-predict2.5": "cosmos.make_predict",
    "helios": "helios.make_base",
    "helios-distilled": "helios.make_distilled",
    "svd": "svd.make_svd",
}


def make_tiny(family: str, folder: Path, seed: int = 0) -> Path:
    """The folder of a tiny model of `family` (one of `FAMILIES`), written to `folder` as
    safetensors; equal seeds give equal weights.

    Raises:
        KeyError: There is no such family.
    """
    import torch  # noqa: PLC0415 - tests that only name families need no torch

    module, function = FAMILIES[family].split(".")
    build: Callable[[], DiffusionPipeline]
    build = getattr(import_module(f"longtake_engine.testing.tiny_weights.{module}"), function)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        build().save_pretrained(folder, safe_serialization=True)
    return folder
