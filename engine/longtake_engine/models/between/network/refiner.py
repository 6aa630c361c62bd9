"""What makes a way between two pictures better than it was measured."""

from typing import Protocol

from longtake_engine.models.between.fusion import Way
from longtake_engine.models.between.network.evidence import Evidence


class Refiner(Protocol):
    """May be asked by several threads at once."""

    def refine(self, evidence: Evidence) -> Way:
        """A better way than `evidence.way`, or that."""
        ...
