"""Pictures between pictures of one shot: two neighbours, or the two sides of a hole."""

from longtake_engine.models.between.hole import fill_hole
from longtake_engine.models.between.motion import Between, Made

__all__ = ["Between", "Made", "fill_hole"]
