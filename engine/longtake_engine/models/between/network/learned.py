"""Ways bettered by a trained network."""

# torch is an extra, which need not be here:
# pyright: reportMissingImports=false

from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from longtake_engine.errors import BadInput, MissingInput
from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network.estimation import EstimationSettings
from longtake_engine.models.between.network.evidence import Evidence
from longtake_engine.models.between.network.refinement import Refinement, RefinementSettings
from longtake_engine.models.between.network.refiner import changed


class LearnedRefiner:
    """Betters ways by a network, on the processor or a device of torch."""

    def __init__(self, network: Refinement, device: str = "cpu") -> None:
        self._device = torch.device(device)
        self._network = network.eval().requires_grad_(False).to(self._device)

    def refine(self, evidence: Evidence) -> Way:
        """The way with what the network changes of it."""
        given = torch.from_numpy(evidence.channels)[None].to(self._device)
        lumas = torch.from_numpy(np.stack(evidence.small))[None].to(self._device)
        with torch.inference_mode():
            changes = self._network(given, lumas.float() / 255)[0].float().cpu().numpy()
        return changed(evidence, changes)


def load(path: Path) -> Refinement:
    """The network whose weights a file holds, of whatever size it is.

    Raises:
        MissingInput: There is no such file.
        BadInput: It holds other weights.
    """
    if not path.is_file():
        raise MissingInput(f"{path} is not there: give the path of a network's weights.")
    try:
        weights = load_file(path)
        network = Refinement(_settings(weights))
        network.load_state_dict(weights)
    except (KeyError, RuntimeError, SafetensorError) as error:
        raise BadInput(
            f"{path} does not hold the weights of the network between frames: give a file that "
            "`python -m longtake_engine.training weights` wrote."
        ) from error
    return network


def _settings(weights: dict[str, torch.Tensor]) -> RefinementSettings:
    """How large the network is whose weights these are."""
    depth = sum(name.startswith("high.") and name.endswith(".weight") for name in weights)
    estimation = None
    if any(name.startswith("estimation.") for name in weights):
        features, width, memory = (
            len(weights[f"estimation.{name}.weight"]) for name in ("told.0", "inside.0", "out")
        )
        estimation = EstimationSettings(features, width, memory - 5)
    return RefinementSettings(len(weights["high.0.weight"]), depth, estimation)
