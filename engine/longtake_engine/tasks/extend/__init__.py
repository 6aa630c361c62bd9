"""Frames before the head or after the tail of a clip."""

from longtake_engine.tasks.extend.estimate import estimate_extension
from longtake_engine.tasks.extend.task import extend

__all__ = ["estimate_extension", "extend"]
