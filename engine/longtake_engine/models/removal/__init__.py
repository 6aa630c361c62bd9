"""Regions of a shot filled with what other frames saw there."""

from longtake_engine.models.removal.model import Removal, make_removals

__all__ = ["Removal", "make_removals"]
