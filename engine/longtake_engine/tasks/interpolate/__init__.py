"""Frames between frames: of one clip, or between two shots."""

from longtake_engine.tasks.interpolate.task import estimate_interpolation, interpolate

__all__ = ["estimate_interpolation", "interpolate"]
