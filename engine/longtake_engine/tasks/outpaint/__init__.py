"""The picture of a clip in another shape: what it has beside the old one is made."""

from longtake_engine.tasks.outpaint.task import estimate_outpainting, outpaint

__all__ = ["estimate_outpainting", "outpaint"]
