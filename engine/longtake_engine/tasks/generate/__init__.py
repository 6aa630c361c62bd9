"""A whole shot: of stills under a moving camera, or by a model that makes one."""

from longtake_engine.tasks.generate.task import estimate_generation, generate

__all__ = ["estimate_generation", "generate"]
