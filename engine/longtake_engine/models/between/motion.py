"""The pictures between two pictures of one shot, made along their motion."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.between.curve import bend, sag
from longtake_engine.models.between.field import (
    choose,
    difference,
    eased,
    ends,
    invert,
    refined,
    within,
)
from longtake_engine.models.between.fusion import Way, fuse, wanted_detail
from longtake_engine.models.between.preset import PRESETS
from longtake_engine.models.between.source import DenseSearch, FlowSource, field_size, small_luma
from longtake_engine.models.between.still import far, quiet, standing
from longtake_engine.models.between.warp import along, consistency, fitted, scaled
from longtake_engine.picture import Picture
from longtake_engine.work import Quality

Array = np.ndarray

UNSURE_SHARE = 0.3  # what an end counts for where it does not show what is seen, beside 1
TOLD = (31, 31)  # pixels of the field around a place whose motion says whether its own is told
BEYOND_SHARE = 0.01  # what an end counts for where it ends before what is seen, beside 1
TOLD = (31, 31)  # pixels of the field around a place whose motion says whether its own is told
DOUBT = 12.0  # grey levels of disagreement at which a place is hardly sure


@dataclass(frozen=True, slots=True)
class Made:
    """A picture between two others and how sure it is."""

    picture: Picture
    sureness: Array  # H W float32 of some size, 0 (a guess) to 1 (both pictures agree on it)

    @property
    def confidence(self) -> float:
        """The sureness of the whole picture, 0 to 1."""
        return float(self.sureness.mean())


@dataclass(frozen=True, slots=True)
class Between:
    """The motion between two pictures, measured once for all times between them."""

    first: Picture
    second: Picture
    quality: Quality
    search: DenseSearch
    small: tuple[Array, Array]  # lumas of both, H W uint8, at field size
    forward: Array  # H W 2, field pixels
    backward: Array
    sure_forward: Array  # H W, 0 to 1
    sure_backward: Array
    detail: float  # 0 to 1: how much sharpening reading between pixels needs
    bends: tuple[Array, Array] | None = None  # of paths at both ends, where neighbours tell

    @classmethod
    def measure(
        cls,
        first: Picture,
        second: Picture,
        quality: Quality = "standard",
        source: FlowSource | None = None,
    ) -> "Between":
        """The motion between two pictures of the same format.

        `source` measures it where another than OpenCV's search is to; kept and given again, it
        saves the time to set up.
        """
        preset = PRESETS[quality]
        search = source if isinstance(source, DenseSearch) else DenseSearch(preset)
        source = source or search
        size = field_size(first, preset)
        forward, backward = (fitted(field, size) for field in source.flows(first, second))
        detail = 0.0
        if preset.detail:
            detail = wanted_detail(luma8(first), luma8(second), backward)
        return cls(
            first,
            second,
            quality,
            search,
            (small_luma(first, preset), small_luma(second, preset)),
            forward,
            backward,
            consistency(forward, backward),
            consistency(backward, forward),
            detail,
        )

    def beside(self, before: "Between | None", after: "Between | None") -> "Between":
        """The same, its paths bent as the motion before and after it tells.

        Args:
            before: Between the picture before and `first`, one step of the same length earlier.
            after: Between `second` and the picture after it, one step later.
        """
        if before is None or after is None:
            return self
        trust = self.sure_forward * before.sure_backward
        first = bend(self.forward, before.backward, trust)
        trust = self.sure_backward * after.sure_forward
        return replace(self, bends=(first, bend(self.backward, after.forward, trust)))

    def at(self, time: float) -> Picture:
        """The picture at `time`, over 0 (the first) and under 1 (the second)."""
        return self.make(time).picture

    def make(self, time: float) -> Made:
        """The picture at `time`, over 0 (the first) and under 1 (the second), and its sureness."""
        motion = choose(invert(self.forward, self.backward, time), self.small, time)
        warped = ends(self.small, motion, time)
        if PRESETS[self.quality].residual:
            rest = self.search.between(*warped)
            motion = refined(motion, rest, self.small, warped, time)
            warped = ends(self.small, motion, time)
        left = difference(warped)
        motion = eased(motion, left)
        still = standing(self.small, motion)
        same = np.maximum(still, quiet(self.small) * (1 - far(motion)))
        moving = 1 - same
        motion = scaled(motion, moving)
        seen = self._seen(motion, time, still)
        seen = (np.maximum(seen[0], same), np.maximum(seen[1], same))
        # An end that ends before what is seen there is left out, but for where motion is a guess.
        told = cv2.blur(cv2.multiply(*seen), TOLD) ** 2 * (1 - BEYOND_SHARE)
        inside = [1 - told * (1 - within(motion, way)) for way in (-time, 1 - time)]
        weight_first = (1 - time) * (seen[0] + UNSURE_SHARE) * inside[0]
        weight_second = time * (seen[1] + UNSURE_SHARE) * inside[1]
        share = weight_second / (weight_first + weight_second)
        to_first, to_second = -time * motion, (1 - time) * motion
        if self.bends is not None:
            off = scaled(sag(*self.bends, motion, time), moving)
            to_first, to_second = cv2.subtract(to_first, off), cv2.subtract(to_second, off)
        picture = fuse(self.first, self.second, Way(to_first, to_second, share), self.detail)
        sureness = np.maximum(*seen) * cv2.exp(left * (-1 / DOUBT))
        return Made(picture, sureness)

    def _seen(self, motion: Array, time: float, still: Array) -> tuple[Array, Array]:
        """How far each end shows what is seen at `time`, 0 to 1."""
        seen = (
            along(self.sure_forward, motion, -time),
            along(self.sure_backward, motion, 1 - time),
        )
        if not still.any():
            return seen
        # What stands still hides what moves: it must not be dragged into its surroundings.
        moving = 1 - still
        hidden = (along(still, motion, -time), along(still, motion, 1 - time))
        return seen[0] * (1 - hidden[0] * moving), seen[1] * (1 - hidden[1] * moving)
