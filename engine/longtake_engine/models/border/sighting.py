"""What other frames of a shot saw of the border of one."""

from concurrent.futures import ThreadPoolExecutor

from longtake_engine.cancel import CancelToken
from longtake_engine.models.removal.aligned import Aligned
from longtake_engine.models.removal.camera import Camera
from longtake_engine.models.removal.compose import Laid, compose
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.link import Links
from longtake_engine.models.removal.opinion import Opinions
from longtake_engine.models.removal.shot import Shot
from longtake_engine.models.removal.trail import Trail
from longtake_engine.models.removal.trails import Trails


class Sightings:
    """Asked for runs of frames in rising order, and for a frame ahead now and then.

    Attributes:
        camera: How it moved in the shot.
    """

    def __init__(self, shot: Shot, pool: ThreadPoolExecutor, cancel: CancelToken) -> None:
        self.camera = Camera(shot)
        self._shot = shot
        self._cancel = cancel
        self._iris = Iris(shot, self.camera)
        self._aligned = Aligned(shot, self.camera, self._iris, pool)
        links = Links(shot, self.camera, pool, None)
        again = Links(shot, self.camera, pool, self._aligned.luma)
        self._trails = (Trails(shot, links), Trails(shot, again))
        self._sides: list[dict[int, Trail | None]] = []

    def begin(self, run: range) -> None:
        """Have the trails of `run`, which begins where the one before ended."""
        check = self._cancel.check
        self._sides = [side for way in self._trails for side in way.sides(run, check)]

    def laid(self, frame: int) -> Laid:
        """The frame with what others saw of its border: of the run by all motion, of a frame ahead
        by the camera's move alone."""
        self._cancel.check()
        trails = [trail for side in self._sides if (trail := side.get(frame)) is not None]
        opinions = Opinions(self._aligned.fill(frame), trails, self._iris)
        return compose(self._shot, frame, self._aligned.scales, opinions)
