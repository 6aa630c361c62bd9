"""Scenes that a program draws, with their true motion: what the networks learn from."""

from longtake_engine.training.scenes.drawn import Drawn, draw
from longtake_engine.training.scenes.settings import SceneSettings

__all__ = ["Drawn", "SceneSettings", "draw"]
