"""What happens at an end of a clip that must not be carried on as motion."""

from longtake_engine.tasks.ending.ending import (
    Ending,
    known_pictures,
    reach,
    read_ending,
    whole_clip,
)

__all__ = ["Ending", "known_pictures", "reach", "read_ending", "whole_clip"]
