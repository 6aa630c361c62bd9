"""The backend `camera`: the camera goes on as it went and comes to rest; what it shows stands still
or lives on in place."""

from collections.abc import Iterator
from dataclasses import dataclass

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost
from longtake_engine.models.camerawork.scene import stage
from longtake_engine.models.loop.planning import plan_strands
from longtake_engine.models.loop.weave import Strand
from longtake_engine.models.reel import Reel, record
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Guidance


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
            follows_camera=True,
        )

    def context_frames(self, new_frames: int) -> int:
        """Some seconds: what the camera saw on its way, how it shook, and what lives there."""
        return min(150, max(60, 2 * new_frames))

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None: every known frame stays."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Measured on two cores: 30 ns a pixel and frame, and 30 for each frame of the history."""
        pixels = format.width * format.height
        seconds = pixels * (wanted_frames + self.context_frames(wanted_frames)) * 3e-8
        return Cost(seconds, pixels * 40 * format.dtype.itemsize + (150 << 20))

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame; a head is made as a tail of the reversed clip."""
        join = max(canvas.known) if canvas.forward else min(canvas.known)
        rate, seed = float(canvas.rate), guidance.seed

        def plan(reel: Reel, steps: int) -> list[Strand]:
            return plan_strands(reel, steps, rate, seed, cancel, choosy=True)

        with record(canvas, cancel) as reel:
            scene = stage(canvas, reel, seed, plan, cancel, settles=True)
            for frame in canvas.wanted:
                cancel.check()
                yield Completed(frame, scene.picture(abs(frame - join)))
