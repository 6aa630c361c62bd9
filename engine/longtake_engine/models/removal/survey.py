"""What is measured of a canvas, whichever of the removals asks: they are tried in turn."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock

from longtake_engine.canvas import Canvas
from longtake_engine.models.removal.aligned import Aligned
from longtake_engine.models.removal.camera import Camera
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.link import Links
from longtake_engine.models.removal.shot import Shot

THREADS = 2
KEPT_WIDTH = 640  # pixels: surveys of wider canvases are not kept, they would hold much memory


@dataclass(frozen=True, slots=True)
class Survey:
    """The frames of a canvas and how they lie on each other, each found once it is needed."""

    shot: Shot
    iris: Iris
    aligned: Aligned
    around: Links  # motion as it is around the holes
    filled: Links  # motion on frames whose holes are filled by `aligned`

    @classmethod
    def of(cls, canvas: Canvas) -> "Survey":
        """Of a canvas; nothing is measured yet. Its threads end when it is let go of."""
        pool = ThreadPoolExecutor(THREADS)
        shot = Shot(canvas)
        camera = Camera(shot, pool)
        iris = Iris(shot, camera)
        aligned = Aligned(shot, camera, iris, pool, quick=True)
        around = Links(shot, camera, pool, None)
        return cls(shot, iris, aligned, around, Links(shot, camera, pool, aligned.luma))


class Surveys:
    """The survey of the last small canvas, for all the removals that are shown the same."""

    def __init__(self) -> None:
        self._kept: Survey | None = None
        self._lock = Lock()

    def of(self, canvas: Canvas) -> Survey:
        """The survey of `canvas`: an earlier one where that was of the very same frames."""
        if canvas.format.width > KEPT_WIDTH:
            return Survey.of(canvas)
        with self._lock:
            if self._kept is None or self._kept.shot.canvas.known is not canvas.known:
                self._kept = Survey.of(canvas)
            return self._kept
