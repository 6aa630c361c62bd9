"""Pictures between pictures of one shot: two neighbours, or the two sides of a hole."""

from longtake_engine.models.between.device import ON_PROCESSOR, Fusion, quickest_fusion
from longtake_engine.models.between.hole import fill_hole
from longtake_engine.models.between.model import INFO
from longtake_engine.models.between.motion import Between, Made
from longtake_engine.models.between.source import FlowSource
from longtake_engine.models.between.stream import Pair, make_between

__all__ = [
    "INFO",
    "ON_PROCESSOR",
    "Between",
    "FlowSource",
    "Fusion",
    "Made",
    "Pair",
    "fill_hole",
    "make_between",
    "quickest_fusion",
]
