"""A network of Longtake's own behind the classical in-between pictures: it moves and weighs."""

from longtake_engine.models.between.network.evidence import CHANNELS, Evidence, gather
from longtake_engine.models.between.network.refiner import Refiner

__all__ = ["CHANNELS", "Evidence", "Refiner", "gather"]
