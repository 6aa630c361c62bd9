"""What moved goes on moving and comes to rest: measured, judged and carried on."""

from longtake_engine.models.motion.motion import Motion
from longtake_engine.models.motion.sight import Sights

__all__ = ["Motion", "Sights"]
