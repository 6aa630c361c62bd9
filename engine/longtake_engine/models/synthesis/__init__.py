"""What no frame ever saw, made up from its surroundings: patch by patch, and held over time.

`fill_still` fills one picture, `Synthesis` frame after frame, `blend` takes the step out of a
border.
"""

from longtake_engine.models.synthesis.blend import blend, membrane
from longtake_engine.models.synthesis.carry import Synthesis
from longtake_engine.models.synthesis.still import Filled, fill_still

__all__ = ["Filled", "Synthesis", "blend", "fill_still", "membrane"]
