"""The pictures between two pictures of one shot, made along their motion."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from longtake_engine.luma import luma8
from longtake_engine.models.between.curve import bend, sag
from longtake_engine.models.between.device import ON_PROCESSOR, Fusion
from longtake_engine.models.between.field import (
    choose,
    difference,
    eased,
    ends,
    invert,
    refined,
    within,
)
from longtake_engine.models.between.fusion import Way, changed_alike, mean, wanted_detail
from longtake_engine.models.between.network.evidence import Evidence, Measured, gather
from longtake_engine.models.between.network.refiner import Refiner
from longtake_engine.models.between.preset import PRESETS, Preset
from longtake_engine.models.between.source import DenseSearch, FlowSource, field_size, small_luma
from longtake_engine.models.between.still import far, quiet, standing
from longtake_engine.models.between.warp import along, consistency, fitted, scaled
from longtake_engine.picture import Picture
from longtake_engine.work import Quality

Array = np.ndarray

HIDDEN_SHARE = 0.02  # what an end counts for where something still hides what is seen, beside 1
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
    preset: Preset
    search: DenseSearch
    small: tuple[Array, Array]  # lumas of both, H W uint8, at field size
    forward: Array  # H W 2, field pixels
    backward: Array
    sure_forward: Array  # H W, 0 to 1
    sure_backward: Array
    detail: float  # 0 to 1: how much sharpening reading between pixels needs
    bends: tuple[Array, Array] | None = None  # of paths at both ends, where neighbours tell
    # What forward and backward would be, were the motion that of the neighbours.
    steady: tuple[Array, Array] | None = None
    others: tuple["Between", ...] = ()  # measured otherwise; the mean of all is made

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
        main = cls._measured(first, second, preset, source or DenseSearch(preset))
        # What another source finds is not told better by a search at another size.
        alike = source is None or isinstance(source, DenseSearch)
        others = preset.others if alike else ()
        return replace(
            main,
            others=tuple(
                cls._measured(first, second, other, DenseSearch(other)) for other in others
            ),
        )

    @classmethod
    def _measured(
        cls, first: Picture, second: Picture, preset: Preset, source: FlowSource
    ) -> "Between":
        search = source if isinstance(source, DenseSearch) else DenseSearch(preset)
        size = field_size(first, preset)
        forward, backward = (fitted(field, size) for field in source.flows(first, second))
        detail = 0.0
        if preset.detail:
            detail = wanted_detail(luma8(first), luma8(second), backward)
        return cls(
            first,
            second,
            preset,
            search,
            (small_luma(first, preset), small_luma(second, preset)),
            forward,
            backward,
            consistency(forward, backward),
            consistency(backward, forward),
            detail,
        )

    def beside(self, before: "Between | None", after: "Between | None") -> "Between":
        """The same, its paths bent as the motion before and after it tells, and what it did not
        find looked for there.

        Args:
            before: Between the picture before and `first`, one step of the same length earlier.
            after: Between `second` and the picture after it, one step later.
        """
        if before is None or after is None:
            return self
        others = tuple(
            here.beside(*two)
            for here, *two in zip(self.others, before.others, after.others, strict=True)
        )
        trust = self.sure_forward * before.sure_backward
        first = bend(self.forward, before.backward, trust)
        trust = self.sure_backward * after.sure_forward
        bends = (first, bend(self.backward, after.forward, trust))
        return replace(self, bends=bends, steady=(-before.backward, -after.forward), others=others)

    def at(self, time: float) -> Picture:
        """The picture at `time`, over 0 (the first) and under 1 (the second)."""
        return self.make(time).picture

    def make(
        self, time: float, fusion: Fusion = ON_PROCESSOR, refiner: Refiner | None = None
    ) -> Made:
        """The picture at `time`, over 0 (the first) and under 1 (the second), and its sureness."""
        parts = (self, *self.others)
        found = [part._way(time) for part in parts]
        ways = [way for way, _ in found]
        if refiner is not None:
            # Once for all of them, by the one that is measured as networks learn it: what is to
            # change is much the same in each, and a network takes longer than a measurement.
            lead = min(1, len(parts) - 1)
            ways = changed_alike(ways, lead, refiner.refine(parts[lead]._evidence(*found[lead])))
        pictures = [
            fusion.fuse(part.first, part.second, way, part.detail)
            for part, way in zip(parts, ways, strict=True)
        ]
        measured = found[0][1]
        sureness = np.maximum(*measured.sure) * cv2.exp(measured.left * (-1 / DOUBT))
        return Made(pictures[0] if len(pictures) == 1 else mean(pictures), sureness)

    def evidence(self, time: float) -> Evidence:
        """What a refiner is told at `time`."""
        return self._evidence(*self._way(time))

    def _evidence(self, way: Way, measured: Measured) -> Evidence:
        return gather((luma8(self.first), luma8(self.second)), self.small, way, measured)

    def _way(self, time: float) -> tuple[Way, Measured]:
        """The way from the picture at `time` to both, and what it is made of."""
        motion, left, told = self._motion(time)
        still = standing(self.small, motion)
        same = np.maximum(still, quiet(self.small) * (1 - far(motion)))
        motion = scaled(motion, 1 - same)
        sure = (
            np.maximum(along(self.sure_forward, motion, -time), same),
            np.maximum(along(self.sure_backward, motion, 1 - time), same),
        )
        share = self._share(motion, time, sure, (still, same))
        to_first, to_second = -time * motion, (1 - time) * motion
        if self.bends is not None:
            off = scaled(sag(*self.bends, motion, time), 1 - same)
            to_first, to_second = cv2.subtract(to_first, off), cv2.subtract(to_second, off)
        return Way(to_first, to_second, share), Measured(motion, told, sure, same, left, time)

    def _motion(self, time: float) -> tuple[Array, Array, list[Array]]:
        """The motion at `time`, how much the ends still differ along it (H W, grey levels), and
        the motions that it was chosen from."""
        told = list(invert(self.forward, self.backward, time))
        if self.steady is not None:
            told += invert(*self.steady, time)
        motion = choose(told, self.small, time)
        warped = ends(self.small, motion, time)
        if self.preset.residual:
            rest = self.search.between(*warped)
            motion = refined(motion, rest, self.small, warped, time)
            warped = ends(self.small, motion, time)
        left = difference(warped)
        return eased(motion, left), left, told

    def _share(
        self, motion: Array, time: float, sure: tuple[Array, Array], held: tuple[Array, Array]
    ) -> Array:
        """How much of the second picture is taken at each place, H W, 0 to 1.

        By time alone where both ends may show what is seen there: where one does not, which of the
        two is told so badly that going by it lost as much as it gained (0.03 dB).
        """
        still, same = held
        # An end that ends before what is seen there is left out, but for where motion is a guess.
        told = cv2.blur(cv2.multiply(*sure), TOLD) ** 2 * (1 - BEYOND_SHARE)
        weights = []
        for way, near in ((-time, 1 - time), (1 - time, time)):
            weight = near * (1 - told * (1 - within(motion, way)))
            if still.any():
                # What stands still hides what moves: it must not be dragged into its surroundings.
                hidden = along(still, motion, way) * (1 - same)
                weight *= 1 - (1 - HIDDEN_SHARE) * hidden
            weights.append(weight)
        return weights[1] / (weights[0] + weights[1])
