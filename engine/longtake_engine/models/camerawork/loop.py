"""The backend `loop`: what flows, sways or flickers goes on living, for any length, before a camera
that goes on as it went."""

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
class Loop:
    """Lets each region live on in pictures that the clip has, with passages that are not seen."""

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name="loop",
            description="Lets water, leaves, fire and crowds live on, for any length.",
            tasks=("extend",),
            min_known_frames=2,
            foretells=False,
        )

    def context_frames(self, new_frames: int) -> int:
        """Some seconds: the more it has seen, the less it repeats itself."""
        return min(300, max(120, 4 * new_frames))

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None: every known frame stays."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Measured on two cores: 15 ns a pixel and frame, and 8 for each frame of the history."""
        pixels = format.width * format.height
        history = self.context_frames(wanted_frames)
        seconds = pixels * (wanted_frames * 1.5e-8 + history * 8e-9)
        return Cost(seconds, pixels * 40 * format.dtype.itemsize + (150 << 20))

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame; a head is made as a tail of the reversed clip."""
        join = max(canvas.known) if canvas.forward else min(canvas.known)
        rate, seed = float(canvas.rate), guidance.seed

        def plan(reel: Reel, steps: int) -> list[Strand]:
            reel.drop_before_bustle(round(rate))
            return plan_strands(reel, steps, rate, seed, cancel)

        with record(canvas, cancel) as reel:
            scene = stage(canvas, reel, seed, plan, cancel, settles=False)
            for frame in canvas.wanted:
                cancel.check()
                yield Completed(frame, scene.picture(abs(frame - join)))
