"""The fill network's weights as a file holds them; none come with Longtake."""

# safetensors is an extra, which need not be here:
# pyright: reportMissingImports=false

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.models.synthesis.network_input import CHANNELS
from longtake_engine.models.synthesis.network_run import LAYERS, FillRun


def read_fill_network(path: Path) -> FillRun:
    """The network whose weights a file holds, of whatever widths; runs without torch.

    Raises:
        MissingInput: There is no such file.
        BadInput: It holds other weights.
    """
    if not path.is_file():
        raise MissingInput(f"{path} is not there: give the path of a fill network's weights.")
    try:
        held = load_file(path)
        wanted = [f"{layer}.{part}" for layer in LAYERS for part in ("weight", "bias")]
        weights = {name: held[name].astype(np.float32) for name in wanted}
    except (KeyError, SafetensorError) as error:
        raise BadInput(_other(path)) from error
    if weights["enter.weight"].shape[1:] != (4 * CHANNELS, 3, 3):
        raise BadInput(_other(path))
    return FillRun(weights)


def _other(path: Path) -> str:
    return (
        f"{path} does not hold the weights of the fill network: give a file that "
        "`python -m longtake_engine.training weights` wrote."
    )
