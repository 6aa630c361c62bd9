"""The engine with motion by a learned network, where its weights and torch are here."""

from importlib.util import find_spec
from pathlib import Path

from longtake_engine.models.between import FlowSource
from longtake_engine.models.between.network import Refiner
from longtake_engine.models.between.preset import PRESETS

WEIGHTS = {"ebme": "ebme_bi-flownet.pkl", "ebme-h": "ebme-h_bi-flownet.pkl"}  # by rival
# The engine's qualities with a network behind them, by rival.
REFINED = {"standard refined": "standard", "best refined": "best"}


def lack_of(name: str) -> str:
    """What the rival `name` lacks; empty where it can run."""
    if name not in WEIGHTS:
        return ""
    if find_spec("torch") is None:
        return "torch is not installed (the extra `gpu` brings it)"
    if _weights(name) is None:
        return f"{WEIGHTS[name]} is not in shared/weights/ebme_biflow beside the repository"
    return ""


def learned_source(name: str) -> FlowSource | None:
    """The network that measures motion for the rival `name`; None for those that have none."""
    weights = _weights(name) if name in WEIGHTS else None
    if weights is None:
        return None
    # Brings torch, which the other rivals do without.
    from longtake_engine.models.between.ebme import EbmeFlow

    return EbmeFlow(weights, PRESETS["standard"])


def refiner_of(weights: Path | None) -> Refiner | None:
    """The network with the weights of that file; None where there is none."""
    if weights is None:
        return None
    from longtake_engine.models.between.network.learned import LearnedRefiner, load

    return LearnedRefiner(load(weights))


def _weights(name: str) -> Path | None:
    parents = Path(__file__).resolve().parents
    places = (parent / "shared" / "weights" / "ebme_biflow" / WEIGHTS[name] for parent in parents)
    return next((place for place in places if place.is_file()), None)
