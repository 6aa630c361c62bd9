"""The backend `retime`: the last moments of the clip stretched, the missing in-betweens made."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost
from longtake_engine.models.between import Between
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Guidance

STRETCHED = 3  # real frames stretched for each new one, where the clip has them: ends at half speed
WHOLE = 0.02  # nearer than this to a real frame, the real frame itself is shown


@dataclass(frozen=True, slots=True)
class Retime:
    """Slows the clip down toward its end (or up from its start), so that the same moments last
    longer.

    The speed leaves the clip's own without a step and falls evenly. Every frame is a real one or
    lies between two neighbouring real ones.
    """

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name="retime",
            description="Stretches the last moments of the clip; adds nothing that was not there.",
            tasks=("extend",),
            min_known_frames=2,
            remakes_known_frames=True,
        )

    def context_frames(self, new_frames: int) -> int:
        """The frames that it stretches and the one that they begin from."""
        return STRETCHED * new_frames + 1

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """All but one of the frames that it stretches."""
        return min(STRETCHED * new_frames, known_frames - 1)

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Measured on two cores: about 250 ns a pixel and frame."""
        pixels = format.width * format.height
        return Cost(pixels * wanted_frames * 2.5e-7, pixels * 60 * format.dtype.itemsize)

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame, each between two known ones.

        Of a canvas with a gap (wanted frames between known ones) the frames in the gap.
        """
        between: Between | None = None
        pair = (-1, -1)
        for frame in canvas.wanted:
            cancel.check()
            first, second, share = _place(frame, canvas)
            if share < WHOLE or share > 1 - WHOLE:
                yield Completed(frame, canvas.known[second if share > WHOLE else first].picture)
                continue
            if between is None or pair != (first, second):
                pair = (first, second)
                between = Between.measure(canvas.known[first].picture, canvas.known[second].picture)
            yield Completed(frame, between.at(share))


def _place(frame: int, canvas: Canvas) -> tuple[int, int, float]:
    """The known frames on both sides of the moment that `frame` shows, and its share of the way."""
    wanted, known = canvas.wanted, canvas.known
    if min(known) < wanted.start and max(known) >= wanted.stop:
        before = max(number for number in known if number < frame)
        after = min(number for number in known if number > frame)
        return before, after, (frame - before) / (after - before)
    at = source_time(frame, canvas)
    frames = sorted(known)
    place = min(max(bisect_right(frames, at), 1), len(frames) - 1)
    before, after = frames[place - 1], frames[place]  # not always neighbours: frames may be missing
    return before, after, (at - before) / (after - before)


def source_time(frame: int, canvas: Canvas) -> float:
    """Which moment of the known frames, in frames, `frame` of the wanted ones shows.

    At the join the clip runs at its own speed; away from it ever slower. `remade` real frames fill
    `remade + new` frames: t - t² new / total² where there are more real ones than new ones, else a
    power that ends at rest.
    """
    forward = canvas.forward
    known = max(canvas.known) if forward else min(canvas.known)
    total = len(canvas.wanted)
    remade = known - canvas.wanted.start + 1 if forward else canvas.wanted.stop - known
    new = total - remade
    step = frame - canvas.wanted.start + 1 if forward else canvas.wanted.stop - frame
    if remade >= new:
        travelled = step - step * step * new / (total * total)
    else:
        travelled = remade * (1 - (1 - step / total) ** (total / remade))
    return canvas.wanted.start - 1 + travelled if forward else canvas.wanted.stop - travelled
