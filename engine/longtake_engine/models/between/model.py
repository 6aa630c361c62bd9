"""What the making of frames between frames is called, and can do."""

from longtake_engine.ability import ModelInfo

INFO = ModelInfo(
    name="between",
    description="Makes the frames between frames along their motion.",
    tasks=("interpolate",),
    min_known_frames=2,
)
