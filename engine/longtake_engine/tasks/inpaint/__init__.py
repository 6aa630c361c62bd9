"""A region of every picture: removed, and what lies behind it made."""

from longtake_engine.tasks.inpaint.task import estimate_inpainting, inpaint

__all__ = ["estimate_inpainting", "inpaint"]
