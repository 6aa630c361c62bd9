"""A trained network in the form in which the engine runs it without torch."""

import warnings
from pathlib import Path

import torch

from longtake_engine.errors import NotPossible
from longtake_engine.models.between.network.evidence import CHANNELS
from longtake_engine.models.between.network.learned import load

OPSET = 17
SIZE = (24, 36)  # that the network is gone through at; it takes any


def write_onnx(weights: Path, path: Path) -> None:
    """Write the network between frames whose weights a file holds as ONNX.

    Raises:
        EngineError: The file does not hold such weights, or a network that needs torch.
    """
    network = load(weights).eval()
    if network.estimation is not None:
        raise NotPossible("A network that finds motion of its own runs on torch: use its weights.")
    sizes = {2: "height", 3: "width"}
    aside = path.with_name(f".{path.name}")
    with warnings.catch_warnings():
        # The newer way of going through a network fixes its sizes where a resize is in it.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            network,
            (torch.zeros(1, CHANNELS, *SIZE),),
            str(aside),
            input_names=["evidence"],
            output_names=["changes"],
            dynamic_axes={"evidence": sizes, "changes": sizes},
            opset_version=OPSET,
            dynamo=False,
        )
    aside.replace(path)
