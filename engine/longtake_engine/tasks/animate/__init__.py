"""Parts of a still or of a clip that move: regions that flow, things that go along boxes."""

from longtake_engine.tasks.animate.flow import paint_strokes
from longtake_engine.tasks.animate.still import move_still
from longtake_engine.tasks.animate.task import animate, estimate_animation

__all__ = ["animate", "estimate_animation", "move_still", "paint_strokes"]
