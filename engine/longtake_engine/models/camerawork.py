"""The backend `camera`: the camera goes on as it went and comes to rest; what it shows stands still
or lives on in place."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost
from longtake_engine.models.camera import Similarity
from longtake_engine.models.mosaic import build_mosaic
from longtake_engine.models.reach import Reach
from longtake_engine.models.reel import record
from longtake_engine.models.travel import Travel, measure_travel
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Guidance

BEYOND = 0.03  # of the width that the camera may look beyond what was seen
SHORTEST_S = 0.4  # in which the camera comes to rest at least
HASTE = 0.85  # share of the time to rest that is tried next
LARGEST = 1.3  # times that it may be enlarged
HORIZON_S = 8.0  # of shake that the surroundings are wide enough for
AFTER_S = 2.0  # of shake after the rest that count, too


@dataclass(frozen=True, slots=True)
class Camerawork:
    """Carries the camera's own move on, over all that the clip saw of the place."""

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name="camera",
            description="Carries the camera's move and shake on over what the clip saw.",
            tasks=("extend",),
            min_known_frames=2,
        )

    def context_frames(self, new_frames: int) -> int:
        """Some seconds: what the camera saw on its way, and how it shook."""
        return 90

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None: every known frame stays."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Measured on two cores: 20 ns a pixel and frame, and 10 for each frame of the history."""
        pixels = format.width * format.height
        seconds = pixels * (wanted_frames * 2e-8 + self.context_frames(wanted_frames) * 1e-8)
        return Cost(seconds, pixels * 40 * format.dtype.itemsize + (150 << 20))

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame; a head is made as a tail of the reversed clip."""
        join = max(canvas.known) if canvas.forward else min(canvas.known)
        steps = max(abs(canvas.wanted[0] - join), abs(canvas.wanted[-1] - join))
        with record(canvas, cancel) as reel:
            travel = measure_travel(reel, _gaps(canvas, len(reel)), float(canvas.rate), cancel)
            to_last = travel.to_last()
            ease_s = choose_ease(travel, Reach.of(to_last, canvas.format), guidance.seed)
            horizon = round((ease_s + HORIZON_S) * travel.rate)  # whatever is wanted
            cameras = travel.onward(max(steps, horizon), ease_s, guidance.seed)
            mosaic = build_mosaic(reel, to_last, cameras[:horizon], cancel)
            for frame in canvas.wanted:
                cancel.check()
                yield Completed(frame, mosaic.view(cameras[abs(frame - join)]))


def choose_ease(travel: Travel, reach: Reach, seed: int = 0) -> float:
    """Seconds in which the camera should come to rest, so that it hardly looks at what no picture
    saw."""
    if travel.stands:
        return SHORTEST_S

    def cameras(ease_s: float) -> list[Similarity]:
        return travel.onward(round((ease_s + AFTER_S) * travel.rate), ease_s, seed)

    limit = max(BEYOND, reach.beyond(cameras(0.01)))
    ease_s = travel.ease_s
    while ease_s > SHORTEST_S:
        way = cameras(ease_s)
        if reach.beyond(way) <= limit and abs(way[-1].a) < LARGEST:
            break
        ease_s *= HASTE
    return max(ease_s, SHORTEST_S)


def _gaps(canvas: Canvas, count: int) -> list[int]:
    """Frames between the `count` known pictures nearest the join, the last ones last."""
    frames = sorted(canvas.known, reverse=not canvas.forward)[-count:]
    return [abs(after - before) for before, after in pairwise(frames)]
