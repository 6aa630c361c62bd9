"""Defects that are found by themselves: dust, dead pixels, logos, titles."""

from longtake_engine.models.defect.overlaid import Standing, find_logo
from longtake_engine.models.defect.stream import Dusty, find_dust

__all__ = ["Dusty", "Standing", "find_dust", "find_logo"]
