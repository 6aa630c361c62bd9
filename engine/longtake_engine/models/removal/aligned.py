"""Holes filled from other frames of the shot that show what lies behind, laid under them by the
camera's move and what differs from it."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.models.removal.box import Array, Box
from longtake_engine.models.removal.camera import Camera
from longtake_engine.models.removal.choice import WANTED, Choice, choose
from longtake_engine.models.removal.consensus import agree
from longtake_engine.models.removal.exposure import light
from longtake_engine.models.removal.held import keep_near
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.match import completed, lay, positions, read, rest, within
from longtake_engine.models.removal.plane import PlaneScale, read_cubic
from longtake_engine.models.removal.shot import RUN, TRAIL, Shot, View, dilated
from longtake_engine.models.spread import spread
from longtake_engine.picture import Picture

MARGIN = 24  # pixels around a hole by which frames are laid on each other
SPOILT = 6  # pixels around a hole where motion is not believed
DOUBT = 4.0  # 8-bit levels of difference around the hole that make a frame count a third
NEARNESS = 15.0  # frames: one as far off counts half as much as a neighbour
ENOUGH = 0.97  # of a hole: if less of it is shown nearby, frames far off are asked too
QUICKLY_WANTED = 2.5  # frames that show each cell; more made fills better by no more than chance
HELD = RUN + TRAIL + 4  # frames: of one run, and as far as its trails go


@dataclass(frozen=True, slots=True)
class Fill:
    """What other frames show behind the hole of one frame."""

    box: Box  # of the small size
    luma: Array  # h w uint8: the frame there, its hole filled
    seen: Array  # h w float32: 1 where another frame shows the place, 0 where none does
    planes: tuple[Array, ...]  # float32, at the part of each plane that the box covers


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a part of a frame is seen in another."""

    box: Box
    at: Array  # h w 2 float32
    shown: Array  # h w bool: it is, and not in or near a hole


@dataclass(frozen=True, slots=True)
class _Opinion:
    """What one other frame says."""

    luma: Array  # h w float32, 8-bit levels
    weight: Array  # h w float32
    planes: tuple[Array, ...]


class Aligned:
    """The fills of a shot's frames, each made once as long as it is needed."""

    def __init__(
        self,
        shot: Shot,
        camera: Camera,
        iris: Iris,
        pool: ThreadPoolExecutor,
        *,
        quick: bool = False,
    ) -> None:
        """`quick`: by fewer frames and coarser motion, where trails tell the same anyway."""
        self._quick = quick
        self._shot = shot
        self._camera = camera
        self._iris = iris
        self._pool = pool
        self._held: dict[int, Fill | None] = {}
        format = shot.format
        sizes = [format.plane_size(number) for number in range(format.plane_count)]
        # Planes of one size share theirs, and what is worked out by it.
        by_size = {size: PlaneScale(size, shot.size) for size in sizes}
        self.scales = tuple(by_size[size] for size in sizes)

    def fill(self, frame: int) -> Fill | None:
        """What lies behind the hole of `frame`; None where it has none."""
        if frame not in self._held:
            self._held[frame] = self._make(frame)
            keep_near(self._held, frame, HELD)
        return self._held[frame]

    def luma(self, frame: int) -> Array:
        """H W uint8: the frame at the small size, its hole filled."""
        luma = self._shot.view(frame).luma
        fill = self.fill(frame)
        if fill is None:
            return luma
        luma = luma.copy()
        luma[fill.box.part] = fill.luma
        return luma

    def _make(self, frame: int) -> Fill | None:
        shot = self._shot
        view = shot.view(frame)
        box = Box.around(view.hole, MARGIN)
        if box is None:
            return None
        moves, chosen = self._chosen(frame)
        # Read in order, not beside each other: a clip is decoded forward.
        looks = {other: (shot.view(other), shot.picture(other)) for other in sorted(chosen)}
        own = shot.picture(frame)

        ratios = {other: self._iris.ratio(other, frame) for other in sorted(chosen)}

        def ask(other: int) -> _Opinion:
            place = _laid_under(view, looks[other][0], moves[other], box, fine=not self._quick)
            nearness = NEARNESS / (NEARNESS + abs(other - frame))
            return self._opinion(place, (view, own), looks[other], (nearness, ratios[other]))

        return self._joined(view, box, list(self._pool.map(ask, chosen)))

    def _chosen(self, frame: int) -> tuple[dict[int, Array], list[int]]:
        """The camera's moves to the frames around, and those of them that are asked."""
        shot = self._shot
        moves, choice = {}, Choice([], 0.0)
        for reach in shot.reaches:
            start, stop = frame - reach, frame + reach + 1
            others = range(max(shot.frames.start, start), min(shot.frames.stop, stop))
            moves = self._camera.moves(frame, others)
            choice = choose(shot, frame, moves, QUICKLY_WANTED if self._quick else WANTED)
            if choice.shown > ENOUGH:
                break
        return moves, choice.frames

    def _opinion(
        self,
        place: _Place,
        asked: tuple[View, Picture],
        answers: tuple[View, Picture],
        weighs: tuple[float, float],
    ) -> _Opinion:
        (view, own), (other, picture) = asked, answers
        nearness, ratio = weighs
        box, at, ok = place.box, place.at, place.shown
        hole = view.hole[box.part]
        said = read(other.luma, at, cv2.INTER_CUBIC).astype(np.float32)
        said = self._iris.lit_luma(said, ratio)
        both = np.where(ok & ~hole, np.float32(1), np.float32(0))
        luma = view.luma[box.part].astype(np.float32)
        off = luma - said
        lit = light(off, both, 255.0)
        error = cv2.blur(np.abs(off - lit) * both, (5, 5)) / (cv2.blur(both, (5, 5)) + 1e-3)
        error = np.maximum(spread(error, both), 0)
        weight = np.where(ok, np.exp(error / np.float32(-DOUBT)) * np.float32(nearness), 0)
        weight = np.maximum(weight, np.where(ok, np.float32(1e-4), 0)).astype(np.float32)
        planes, brought = [], {}
        for number, scale in enumerate(self.scales):
            if scale not in brought:
                shown = scale.bring(both, box)
                shown = np.where(shown > 0.99, shown, np.float32(0))
                brought[scale] = scale.bring_places(at, box), shown
            way, shown = brought[scale]
            value = read_cubic(picture.planes[number], way)
            value = self._iris.lit(value, number, ratio)
            known = own.planes[number][scale.box(box).part].astype(np.float32)
            planes.append(value + light(known - value, shown, float(own.format.max_value)))
        return _Opinion(said + lit, weight, tuple(planes))

    def _joined(self, view: View, box: Box, said: Sequence[_Opinion]) -> Fill:
        hole = view.hole[box.part]
        luma = view.luma[box.part]
        if not said:
            parts = (scale.box(box) for scale in self.scales)
            planes = tuple(np.zeros((p.height, p.width), np.float32) for p in parts)
            return Fill(box, luma, np.zeros(luma.shape, np.float32), planes)
        shares = agree([one.luma for one in said], [one.weight for one in said])
        seen = np.clip(np.sum(shares, axis=0), 0, 1).astype(np.float32)
        filled = np.sum([o.luma * s for o, s in zip(said, shares, strict=True)], axis=0)
        ring = ~hole
        filled = np.where(ring, luma, spread(np.where(ring, luma, filled), np.maximum(seen, ring)))
        planes, brought = [], {}
        for number, scale in enumerate(self.scales):
            if scale not in brought:
                brought[scale] = [scale.bring(share, box) for share in shares]
            weights = brought[scale]
            whole = np.maximum(np.sum(weights, axis=0), np.float32(1e-6))
            total = np.sum([o.planes[number] * w for o, w in zip(said, weights, strict=True)], 0)
            planes.append((total / whole).astype(np.float32))
        small = np.clip(filled + 0.5, 0, 255).astype(np.uint8)
        return Fill(box, small, seen, tuple(planes))


def _laid_under(view: View, other: View, move: Array, box: Box, *, fine: bool) -> _Place:
    """Where the pixels of `box` are seen in `other`, those of the hole as what is around them."""
    laid, inside = lay(other.luma, other.near, move, box)
    luma = view.luma[box.part].copy()
    hole = view.hole[box.part]
    # What the other frame shows there, so that the hole has no edges of its own.
    luma[hole] = laid[hole]
    field = rest(luma, laid, fine=fine)
    unknown = dilated(hole | ~inside, SPOILT)
    again = read(laid, Box(0, 0, box.width, box.height).grid() + field)
    fit = cv2.blur(cv2.absdiff(luma, again).astype(np.float32), (5, 5))
    at = positions(box, completed(field, unknown, fit), move)
    return _Place(box, at, within(at, other.luma.shape) & ~_nearest(other.near, at))


def _nearest(mask: Array, at: Array) -> Array:
    """`mask` (H W bool) at the pixels nearest to `at` (h w 2)."""
    height, width = mask.shape
    columns = np.clip(np.rint(at[..., 0]), 0, width - 1).astype(np.int32)
    rows = np.clip(np.rint(at[..., 1]), 0, height - 1).astype(np.int32)
    return mask[rows, columns]
