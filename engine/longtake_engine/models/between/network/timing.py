"""How far what a network says of the moment is gone by."""

from dataclasses import dataclass, replace

from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network.evidence import TIME, Evidence
from longtake_engine.models.between.network.refiner import Refiner


@dataclass(frozen=True, slots=True)
class Timed:
    """Another refiner, gone by as `retimed` says."""

    refiner: Refiner
    timing: float

    def refine(self, evidence: Evidence) -> Way:
        """The way with what the refiner changes of it."""
        return retimed(evidence, self.refiner.refine(evidence), self.timing)


def retimed(evidence: Evidence, better: Way, timing: float) -> Way:
    """`better` with `timing` times the shift that both ends have in common; 1 leaves it.

    By that shift what is seen is shown as it was a little earlier or later. What it is right by
    differs from clip to clip, more than what else is changed does.
    """
    way, time = evidence.way, evidence.channels[TIME, 0, 0]
    first, second = better.to_first - way.to_first, better.to_second - way.to_second
    more = (timing - 1) * ((1 - time) * first + time * second)
    return replace(better, to_first=better.to_first + more, to_second=better.to_second + more)
