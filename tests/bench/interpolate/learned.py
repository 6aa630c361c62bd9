"""The engine with motion by a learned network, where its weights and torch are here."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

from longtake_engine.cancel import CancelToken
from longtake_engine.models.between import FlowSource
from longtake_engine.models.between.network import Refiner
from longtake_engine.models.between.network.compiled import CompiledRefiner
from longtake_engine.models.between.preset import PRESETS
from longtake_engine.picture import Picture
from longtake_engine.tasks.interpolate.refining import Refining, gain_of

WEIGHTS = {"ebme": "ebme_bi-flownet.pkl", "ebme-h": "ebme-h_bi-flownet.pkl"}  # by rival
# The engine's qualities with a network behind them, by rival: where the command takes it, and
# everywhere.
REFINED = {"best refined": "best", "best always": "best"}
See = Callable[[Picture, Fraction | None], Refiner | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """Pictures as a clip that they are the frames of."""

    pictures: Sequence[Picture]

    @property
    def frame_count(self) -> int:
        """How many there are."""
        return len(self.pictures)

    def frames(self, start: int, stop: int) -> Sequence[Picture]:
        """Those from `start` to before `stop`."""
        return self.pictures[start:stop]


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
    if weights.suffix == ".onnx":
        return CompiledRefiner(weights)
    from longtake_engine.models.between.network.learned import LearnedRefiner, load

    return LearnedRefiner(load(weights))


def see_of(name: str, kept: Sequence[Picture], refiner: Refiner | None) -> See:
    """What the rival `name` does with the network as it sees picture after picture of `kept`."""
    if refiner is None or name not in REFINED:
        return Refining().see
    if name == "best always":
        return lambda picture, span: refiner
    gain = gain_of(Kept(kept), refiner, CancelToken())
    told = f"{gain.once:+.2f} dB, {gain.twice:+.2f} with twice the timing" if gain else "not tried"
    print(f"  network beforehand: {told}", file=sys.stderr, flush=True)
    return Refining(refiner, gain).see


def _weights(name: str) -> Path | None:
    parents = Path(__file__).resolve().parents
    places = (parent / "shared" / "weights" / "ebme_biflow" / WEIGHTS[name] for parent in parents)
    return next((place for place in places if place.is_file()), None)
