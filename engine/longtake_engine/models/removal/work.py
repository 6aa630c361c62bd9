"""One shot's holes being filled, run by run."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Completed
from longtake_engine.models.removal.aligned import Aligned
from longtake_engine.models.removal.box import Array
from longtake_engine.models.removal.camera import Camera
from longtake_engine.models.removal.compose import BELIEVED, compose, settled
from longtake_engine.models.removal.iris import Iris
from longtake_engine.models.removal.link import Links
from longtake_engine.models.removal.opinion import Opinions
from longtake_engine.models.removal.shot import Shot
from longtake_engine.models.removal.trails import Trails
from longtake_engine.models.synthesis import Synthesis

CLEAN = 0.7  # trust from which on something may be copied into what nobody saw


@dataclass(frozen=True, slots=True)
class Work:
    """What the runs of one shot have in common."""

    shot: Shot
    iris: Iris
    aligned: Aligned
    links: Links
    trails: tuple[Trails, ...]  # ways of following what is seen from frame to frame
    lays: bool  # what lies aligned is used
    synthesis: Synthesis

    @classmethod
    def begin(cls, name: str, shot: Shot, pool: ThreadPoolExecutor, rest: Synthesis) -> "Work":
        """For the backend `name`; `rest` makes up what no frame saw."""
        camera = Camera(shot)
        iris = Iris(shot, camera)
        aligned = Aligned(shot, camera, iris, pool)
        links = Links(shot, camera, pool, None)
        ways = {
            "seen": (links, Links(shot, camera, pool, aligned.luma)),
            "flow": (links,),
            "align": (),
        }
        trails = tuple(Trails(shot, way) for way in ways[name])
        return cls(shot, iris, aligned, links, trails, name != "flow", rest)

    def frames(self, run: range, cancel: CancelToken) -> Iterator[Completed]:
        """Each frame of `run`, which begins where the one before ended."""
        sides = [side for way in self.trails for side in way.sides(run, cancel.check)]
        for frame in run:
            cancel.check()
            found = [trail for side in sides if (trail := side[frame]) is not None]
            fill = self.aligned.fill(frame) if self.lays else None
            opinions = Opinions(fill, found, self.iris)
            laid = compose(self.shot, frame, self.aligned.scales, opinions)
            back = self._back(frame) if laid.blind.any() else None
            made = self.synthesis.fill(laid.picture, laid.blind, back, laid.sure > CLEAN)
            picture = settled(laid.picture, made, laid.blind)
            seen = ~laid.blind & (laid.sure >= BELIEVED)
            yield Completed(frame, picture, seen.astype(np.float32))

    def _back(self, frame: int) -> Array | None:
        """H W 2 float32 of full size: the way from each pixel of the frame, where it counts, to the
        one before; None where there is none."""
        if frame - 1 not in self.shot.frames:
            return None
        link = self.links.link(frame - 1)
        format, (height, width) = self.shot.format, self.shot.size
        way = np.zeros((height, width, 2), np.float32)
        way[link.box.part] = link.back - link.box.grid()
        if (height, width) == (format.height, format.width):
            return way
        size = (format.width, format.height)
        scale = np.array([format.width / width, format.height / height], np.float32)
        return cv2.resize(way, size, interpolation=cv2.INTER_LINEAR) * scale
