"""A backend of a limited window, made to complete canvases of any length."""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Protocol, cast

from msgspec.structs import replace as struct_replace

from longtake_engine.ability import ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import WrongCall
from longtake_engine.models.backend import Cost, SeriesBackend, VideoBackend
from longtake_engine.models.schedule.keeping import KeptWindows
from longtake_engine.models.schedule.making import Making, WindowModel
from longtake_engine.models.schedule.plan import plan
from longtake_engine.models.schedule.remaking import Remaking, plan_remaking, remakes
from longtake_engine.models.schedule.window import Limits, Schedule, Way
from longtake_engine.picture import PictureFormat
from longtake_engine.work import Guidance, to_json

LONG_WINDOWS = 4  # from which on a run is long
USUAL_RATE = Fraction(24)  # that costs are reckoned at, where nobody says which


class WindowBackend(VideoBackend, Protocol):
    """A backend whose calls are limited, and which can stay loaded from one to the next."""

    def limits(self, rate: Fraction, masked: bool) -> Limits:
        """Of one call, in frames of a canvas of this rate; `masked` where frames are known in
        parts."""
        ...

    def opened(
        self, format: PictureFormat, cancel: CancelToken
    ) -> AbstractContextManager[WindowModel]:
        """The model, loaded to make pictures of this format."""
        ...


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Completes a canvas window by window, each by a call of `backend`.

    Made frames lie on the disk: memory holds what one call does, however long the canvas is. With a
    `folder` whole windows stay there, those of any number of canvases, and an equal canvas begins
    after its own; whoever gives the folder removes it. Without one they go with the call.
    """

    backend: WindowBackend
    way: Way | None = None  # None: as `plan` finds fitting
    folder: Path | None = None

    @property
    def info(self) -> ModelInfo:
        """That of the backend, for any number of frames."""
        return struct_replace(self.backend.info, max_new_frames=0)

    def kept_in(self, folder: Path) -> "Scheduled":
        """The same, keeping its windows in `folder`, which need not be there yet."""
        return replace(self, folder=folder)

    def context_frames(self, new_frames: int) -> int:
        """Those that the backend uses, and what lies further off for windows to recall."""
        limits = self.backend.limits(USUAL_RATE, False)
        far = limits.recalled_frames * limits.window_frames
        return max(self.backend.context_frames(new_frames), limits.overlap_frames) + far

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        """As the backend."""
        return self.backend.remade_frames(new_frames, known_frames)

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        """The cost of all windows, where the canvas goes on from known frames at 24 a second."""
        limits = self.backend.limits(USUAL_RATE, False)
        known = range(-limits.window_frames, 0)
        windows = _schedule(known, range(wanted_frames), limits, self.way).windows
        costs = [self.backend.estimate(format, len(window.made)) for window in windows]
        seconds = sum(cost.seconds for cost in costs)
        return Cost(seconds, max((cost.memory_bytes for cost in costs), default=0))

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """Each wanted frame, in time order, as soon as those before it exist.

        Raises:
            Cancelled: `cancel` was set; noticed between frames, and where the backend does.
            OutOfSpace: There is no room to keep what is made.
        """
        schedule = self._plan(canvas, guidance)
        if self.folder is None and len(schedule.windows) <= 1:
            yield from self.backend.complete(canvas, guidance, cancel)
            return
        with ExitStack() as stack:
            folder = stack.enter_context(_folder(self.folder))
            key = _key(self.info, canvas, guidance, schedule)
            kept = KeptWindows(folder, key, canvas.format)
            done = kept.open()
            kept.check_room(sum(len(window.made) for window in schedule.windows[done:]))
            making = self._making(canvas, guidance, schedule, kept)
            model: WindowModel | None = None
            for frame, needed in schedule.in_order():
                while done < needed:
                    cancel.check()
                    # Not loaded where all was made by an attempt before this one.
                    model = model or stack.enter_context(self.backend.opened(canvas.format, cancel))
                    making.make(done, model, cancel)
                    done += 1
                cancel.check()
                yield making.read(frame)

    def complete_together(
        self, canvas: Canvas, guidances: Sequence[Guidance], subject: str, cancel: CancelToken
    ) -> Iterator[Iterator[Completed]]:
        """As `SeriesBackend.complete_together`; in one run, for what is shared is known in it
        alone."""
        most = self._limits(canvas).window_frames
        if len(canvas.wanted) > most:
            raise WrongCall(
                f"{self.info.name} makes shots of one subject of {float(most / canvas.rate):.1f} s"
                " at most; ask for shorter ones with --duration."
            )
        backend = cast(SeriesBackend, self.backend)
        return backend.complete_together(canvas, guidances, subject, cancel)

    def _limits(self, canvas: Canvas) -> Limits:
        masked = any(frame in canvas.wanted for frame in canvas.known)
        return self.backend.limits(canvas.rate, masked)

    def _plan(self, canvas: Canvas, guidance: Guidance) -> Schedule:
        limits = self._limits(canvas)
        if len(canvas.wanted) > limits.window_frames and remakes(canvas, guidance):
            return plan_remaking(canvas.wanted, limits)
        return _schedule(canvas.known, canvas.wanted, limits, self.way)

    def _making(
        self, canvas: Canvas, guidance: Guidance, schedule: Schedule, kept: KeptWindows
    ) -> Making:
        if len(schedule.windows) > 1 and remakes(canvas, guidance):
            shared = self._limits(canvas).overlap_frames
            return Remaking(canvas, guidance, schedule, kept, shared)
        return Making(canvas, guidance, schedule, kept)


def _schedule(known: Collection[int], wanted: range, limits: Limits, way: Way | None) -> Schedule:
    """As `plan`; where nobody says how, far frames are recalled in long runs alone: what a model is
    shown besides takes room, and a few windows do not drift far."""
    if way is None:
        short = plan(known, wanted, replace(limits, recalled_frames=0))
        if len(short.windows) < LONG_WINDOWS:
            return short
    return plan(known, wanted, limits, way)


def keep_windows(backend: VideoBackend, folder: Path) -> VideoBackend:
    """`backend`, keeping what it makes window by window in `folder` where it works so."""
    return backend.kept_in(folder) if isinstance(backend, Scheduled) else backend


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    """`given`, or one that is gone afterwards."""
    if given is not None:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="longtake-windows-") as path:
        yield Path(path) / "windows"


def _key(info: ModelInfo, canvas: Canvas, guidance: Guidance, schedule: Schedule) -> str:
    """What the made frames depend on, besides the known ones, which are those of the same job."""
    parts = (info.name, canvas.format, canvas.rate, canvas.wanted, to_json(guidance), schedule)
    return repr(parts)
