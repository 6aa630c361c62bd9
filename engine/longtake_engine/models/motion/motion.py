"""The backends `motion`, `glide` and `settle`: what moved goes on moving, and comes to rest.

The last real picture is warped once by the whole accumulated motion rather than again and again,
which keeps it sharp. The motion is the camera's own move (a similarity) and, on top, what each
region did besides; both go on with damping. What comes into view is taken from earlier pictures
where one saw it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost
from longtake_engine.models.camera import Similarity, mean_move, part_of
from longtake_engine.models.flow import (
    Array,
    pixel_grid,
    sample,
)
from longtake_engine.models.motion.carrying import carry
from longtake_engine.models.motion.plate import Plate, build_plate
from longtake_engine.models.motion.sight import Sights
from longtake_engine.models.motion.steadiness import judge_steadiness, limit_travel
from longtake_engine.models.overlay import Overlay
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.work import Guidance


@dataclass(frozen=True, slots=True)
class Motion:
    """Carries the motion of the last frames on, with damping.

    How long motion lasts cannot be known from its last frames: a pan goes on, a gesture ends.
    Three of these stand in the catalog, and the clip itself decides by what it did before.
    """

    name: str = "motion"
    description: str = "Carries the camera's and the objects' motion on until it comes to rest."
    camera_damping: float = 0.95  # of the camera's velocity, per frame at 25 a second
    steady_damping: float = 0.95  # of regions whose motion was even
    unsteady_damping: float = 0.85  # of regions whose motion was not
    strain: float = 0.6  # how far a region may be stretched or sheared in all, of its size
    sights: Sights = field(default_factory=Sights, compare=False, repr=False)

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name=self.name,
            description=self.description,
            tasks=("extend",),
            min_known_frames=2,
        )

    def context_frames(self, new_frames: int) -> int:
        """Enough earlier frames to see beyond the borders."""
        return 25

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None: every known frame stays."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Measured on two cores: about 40 ns a pixel and frame, 30 bytes a pixel and sample
        size."""
        pixels = format.width * format.height
        seconds = pixels * (wanted_frames * 4e-8 + 1e-6)
        return Cost(seconds, pixels * 60 * format.dtype.itemsize)

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame; a head is made as a tail of the reversed clip."""
        frames = sorted(canvas.known)
        pictures = [canvas.known[frame].picture for frame in frames]
        join = frames[-1] if canvas.forward else frames[0]
        if not canvas.forward:
            frames.reverse()
            pictures.reverse()
        gaps = [abs(after - before) for before, after in pairwise(frames)]
        steps = max(abs(canvas.wanted[0] - join), abs(canvas.wanted[-1] - join))
        course = self._course(pictures, gaps, steps, float(canvas.rate), cancel)
        for frame in canvas.wanted:
            cancel.check()
            yield Completed(frame, course.picture(abs(frame - join)))

    def _course(
        self,
        pictures: Sequence[Picture],
        gaps: Sequence[int],  # frames from each picture to the next: 1 where none is left out
        steps: int,
        rate: float,
        cancel: CancelToken,
    ) -> "Course":
        sight = self.sights.of(pictures, gaps, cancel)
        motions = sight.motions
        now = motions[-1]
        steady = judge_steadiness(motions)
        damping = self.steady_damping * steady + self.unsteady_damping * (1 - steady)
        damping = np.power(damping, 25 / rate, dtype=np.float32)
        each = [part_of(move, 1 / gap) for move, gap in zip(sight.moves, gaps, strict=True)]
        cameras = _carry_on(now.camera, each, steps, self.camera_damping ** (25 / rate))
        margin_x, margin_y = _margins(cameras, pictures[-1].format)
        plate = build_plate(sight.pictures, _to_last(sight.moves), margin_x, margin_y)
        limit = limit_travel(now.local, self.strain)
        return Course(plate, cameras, now.local, damping, limit, sight.overlay, sight.title)


@dataclass(frozen=True, slots=True)
class Course:
    """Where everything is at every step after the last real picture."""

    plate: Plate
    cameras: Sequence[Similarity]  # [k]: from the last real picture to step k; [0] is the identity
    local: Array  # H W 2: first step of each region besides the camera's, field pixels
    damping: Array  # H W: share of its speed that a region keeps from step to step, below 1
    limit: Array  # H W: steps of its first speed that a region may travel in all
    overlay: Overlay | None  # what stays where it is, on top of it all
    title: Picture  # that shows it

    def picture(self, step: int) -> Picture:
        """The picture `step` frames after the last real one, 1 or more."""
        height, width = self.damping.shape
        scale = width / self.plate.format.width
        carried = carry(self.local, self.damping, self.limit, step)
        back = self.cameras[step].inverse.displacement(height, width, scale)
        stabilised = pixel_grid(height, width) + back
        source = stabilised - sample(carried, stabilised)
        made = self.plate.render(source, scale)
        return self.overlay.laid_over(made, self.title) if self.overlay else made


def _to_last(moves: Sequence[Similarity]) -> list[Similarity]:
    """From each picture to the last one."""
    chain = [Similarity()]
    for move in reversed(moves):
        chain.append(move.then(chain[-1]))
    return chain[::-1]


def _carry_on(
    now: Similarity, moves: Sequence[Similarity], steps: int, damping: float
) -> list[Similarity]:
    """The camera at each step from 0 on: it begins as it moved last and eases to rest.

    A hand's shake does not go on, its drift does: within a few frames the last move gives way to
    the mean of the last half second.
    """
    drift = mean_move(list(moves[-12:]))
    cameras = [Similarity()]
    for step in range(steps):
        shake = 0.9**step
        log_a = np.log(now.a) * shake + np.log(drift.a) * (1 - shake)
        move = Similarity(complex(np.exp(log_a)), now.b * shake + drift.b * (1 - shake))
        cameras.append(cameras[-1].then(part_of(move, damping**step)))
    return cameras


def _margins(cameras: Sequence[Similarity], format: PictureFormat) -> tuple[int, int]:
    """How far the camera looks beyond the picture, in luma pixels, at most a third of the
    picture."""
    half = complex(format.width / 2, format.height / 2)
    corners = [half, -half, half.conjugate(), -half.conjugate()]
    reach = [camera.inverse.a * z + camera.inverse.b - z for camera in cameras for z in corners]
    return (
        min(int(max(abs(r.real) for r in reach) + 0.5), format.width // 3),
        min(int(max(abs(r.imag) for r in reach) + 0.5), format.height // 3),
    )
