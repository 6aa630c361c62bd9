"""The trails of a run of frames, to the frames before and to those after."""

from collections.abc import Callable

from longtake_engine.models.removal.box import Box
from longtake_engine.models.removal.link import Links
from longtake_engine.models.removal.shot import TRAIL, Shot
from longtake_engine.models.removal.trail import Trail, follow


class Trails:
    """Asked for runs of frames in rising order."""

    def __init__(self, shot: Shot, links: Links) -> None:
        self._shot = shot
        self._links = links
        self._last: tuple[int, Trail | None] | None = None  # of the frame before, backward

    def sides(self, run: range, check: Callable[[], None]) -> list[dict[int, Trail | None]]:
        """Of each frame of `run` to what was seen before it, and to what is seen after it; None
        where it has no hole."""
        return [self.past(run, check), self.future(run, check)]

    def past(self, run: range, check: Callable[[], None]) -> dict[int, Trail | None]:
        """Of each frame of `run` to what was seen before it; None where it has no hole."""
        start = max(self._shot.frames.start, run.start - TRAIL)
        trail = None
        if self._last and start <= self._last[0] < run.start:
            start, trail = self._last[0] + 1, self._last[1]
        found: dict[int, Trail | None] = {}
        for frame in range(start, run.stop):
            check()
            trail = self._step(frame, frame - 1, trail)
            if frame in run:
                found[frame] = trail
            self._last = frame, trail
        return found

    def future(self, run: range, check: Callable[[], None]) -> dict[int, Trail | None]:
        """Of each frame of `run` to what is seen after it; None where it has no hole."""
        stop = min(self._shot.frames.stop, run.stop + TRAIL)
        trail = None
        found: dict[int, Trail | None] = {}
        for frame in range(stop - 1, run.start - 1, -1):
            check()
            trail = self._step(frame, frame + 1, trail)
            if frame in run:
                found[frame] = trail
        return found

    def _step(self, frame: int, neighbour: int, before: Trail | None) -> Trail | None:
        view = self._shot.view(frame)
        box = Box.around(view.near)
        if box is None or neighbour not in self._shot.frames:
            return None
        link = self._links.link(min(frame, neighbour))
        beside = neighbour, self._shot.view(neighbour), before
        backward = neighbour < frame
        return follow(box, view, link, beside, backward=backward, reach=TRAIL)
