"""The backends that remove: what other frames saw behind a hole comes back."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.models.backend import Cost, VideoBackend
from longtake_engine.models.removal.shot import ALIGNED, RUN, TRAIL
from longtake_engine.models.removal.survey import Surveys
from longtake_engine.models.removal.work import Work
from longtake_engine.models.synthesis import Synthesis
from longtake_engine.models.synthesis.network_run import FillRun
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Guidance

WARY = 2.0  # times the error that is expected: more wins little where it wins, and loses elsewhere
FIRST_RUN = 2  # frames: what is asked for first is waited for; the runs after it grow

DESCRIPTIONS = {
    "seen": "Brings back what other frames saw there, by the camera's move, then by all motion.",
    "align": "Brings back what other frames saw there, by the camera's move.",
    "flow": "Brings back what other frames saw there, by motion from frame to frame.",
}


@dataclass(frozen=True, slots=True)
class Removal:
    """Fills holes with what other frames of the shot saw there."""

    name: str  # of DESCRIPTIONS
    surveys: Surveys = field(default_factory=Surveys)
    network: FillRun | None = None  # betters what no frame saw; none comes with Longtake
    wariness: float = 1.0  # times the error that is expected of what other frames show

    @property
    def info(self) -> ModelInfo:
        """Its name and abilities."""
        return ModelInfo(
            name=self.name,
            description=DESCRIPTIONS[self.name],
            tasks=("inpaint",),
            min_known_frames=1,
        )

    @property
    def warier(self) -> "Removal":
        """The same, believing what other frames show less; what is measured is shared."""
        return replace(self, wariness=WARY * self.wariness)

    def context_frames(self, new_frames: int) -> int:
        """Frames to either side that a hole is filled from."""
        return ALIGNED + TRAIL

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """None: what is known stays."""
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """Measured on two cores, with holes of a twentieth of the picture."""
        pixels = format.width * format.height
        return Cost(pixels * wanted_frames * 6e-7, pixels * 150 + (400 << 20))

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame, its hole filled."""
        rest = Synthesis(cancel, guidance.seed, cautious=True, network=self.network)
        work = Work.begin(self.name, self.surveys.of(canvas), rest, self.wariness)
        for run in _runs(canvas.wanted):
            yield from work.frames(run, cancel)


def make_removals() -> tuple[VideoBackend, ...]:
    """All of them, the best first."""
    surveys = Surveys()
    return tuple(Removal(name, surveys) for name in DESCRIPTIONS)


def _runs(wanted: range) -> Iterator[range]:
    """`wanted` in pieces that are made together."""
    start, length = wanted.start, FIRST_RUN
    while start < wanted.stop:
        stop = min(start + length, wanted.stop)
        yield range(start, stop)
        start, length = stop, min(2 * length, RUN)
