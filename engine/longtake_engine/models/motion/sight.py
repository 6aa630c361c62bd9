"""What the last pictures of a clip tell of its motion, measured once for all who ask."""

from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from threading import Lock

from longtake_engine.cancel import CancelToken
from longtake_engine.luma import luma8
from longtake_engine.models.camera import Similarity, measure_camera
from longtake_engine.models.flow import Array
from longtake_engine.models.motion.steadiness import EARLIER_WIDTH, FLOW_WIDTH, RegionMotion
from longtake_engine.models.overlay import Overlay, find_overlay
from longtake_engine.picture import Picture

FIELD_WIDTH = 480  # regional motion is carried on at this width
CAMERA_WIDTH = 480
KEPT_WIDTH = 640  # sights of wider pictures are not kept: they would hold much memory
KEPT = 4  # sights: of each hidden tail, for the backends that are tried in turn


@dataclass(frozen=True, slots=True)
class Sight:
    """How the pictures beside a join move; the one nearest the join comes last."""

    pictures: tuple[Picture, ...]  # without what is burnt in
    moves: tuple[Similarity, ...]  # the camera's, from each picture to the next
    motions: tuple[RegionMotion, ...]  # the last two steps, or the only one
    overlay: Overlay | None  # what is burnt in
    title: Picture  # the last picture with it

    @classmethod
    def measure(
        cls, pictures: Sequence[Picture], gaps: Sequence[int], cancel: CancelToken
    ) -> "Sight":
        """What `pictures`, two or more, tell.

        Args:
            pictures: The nearest to the join last.
            gaps: Frames from each picture to the next: 1 where none is left out.
            cancel: Looked at between pictures.
        """
        moves = _camera_moves(pictures, cancel)
        overlay = find_overlay(pictures, moves)
        bare = overlay.lifted(pictures, moves) if overlay else pictures
        pairs = list(zip(pairwise(bare[-3:]), gaps[-2:], strict=True))
        widths = (EARLIER_WIDTH, FLOW_WIDTH)[-len(pairs) :]
        motions = []
        for ((before, after), gap), width in zip(pairs, widths, strict=True):
            cancel.check()
            motions.append(RegionMotion.measure(before, after, FIELD_WIDTH, gap, width))
        return cls(tuple(bare), tuple(moves), tuple(motions), overlay, pictures[-1])


class Sights:
    """Sights that are remembered while the same small pictures are shown to several backends."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, ...], tuple[tuple[Picture, ...], Future[Sight]]] = (
            OrderedDict()
        )
        self._lock = Lock()

    def of(self, pictures: Sequence[Picture], gaps: Sequence[int], cancel: CancelToken) -> Sight:
        """As `Sight.measure`; of the same pictures (the very same objects) only once."""
        if pictures[-1].format.width > KEPT_WIDTH:
            return Sight.measure(pictures, gaps, cancel)
        key = (*map(id, pictures), *gaps)
        with self._lock:
            first = key not in self._kept
            if first:  # the pictures are held on to, so that their ids stay theirs
                self._kept[key] = tuple(pictures), Future()
                if len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            found = self._kept[key][1]
        if first:
            try:
                found.set_result(Sight.measure(pictures, gaps, cancel))
            except BaseException as error:
                found.set_exception(error)
                raise
        return found.result()


def _camera_moves(pictures: Sequence[Picture], cancel: CancelToken) -> list[Similarity]:
    """The camera's move from each picture to the next, in full-size pixels."""
    full_width = pictures[-1].format.width
    small = [luma8(picture, CAMERA_WIDTH) for picture in pictures]

    def move(pair: tuple[Array, Array]) -> Similarity:
        cancel.check()
        return measure_camera(*pair, full_width)

    with ThreadPoolExecutor(2) as pool:  # dense flow runs on one core only
        return list(pool.map(move, pairwise(small)))
