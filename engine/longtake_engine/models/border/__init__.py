"""The border of a picture made: what other frames saw of it, and what none did made up."""

from longtake_engine.models.border.model import Border, make_borders

__all__ = ["Border", "make_borders"]
