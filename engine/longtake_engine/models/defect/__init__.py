"""Defects that are found by themselves: dust, scratches, spots on the sensor, logos, titles."""

from longtake_engine.models.defect.blot import Spots
from longtake_engine.models.defect.overlaid import Standing, find_logo
from longtake_engine.models.defect.scratch import Scratch, ScratchWatch
from longtake_engine.models.defect.spot import SpotWatch
from longtake_engine.models.defect.stream import Dusty, find_dust

__all__ = [
    "Dusty",
    "Scratch",
    "ScratchWatch",
    "SpotWatch",
    "Spots",
    "Standing",
    "find_dust",
    "find_logo",
]
