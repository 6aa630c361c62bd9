"""Every rival on one clip."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from clips import BenchClip, open_clip
from figures import Figures, Meter, Past
from longtake_engine.errors import EngineError
from longtake_engine.tasks.extend.side import Side
from rivals import (
    AUTO,
    SIMPLE,
    EngineTake,
    backend_take,
    default_take,
    extenders,
    rgb_frames,
    simple_frames,
)

TRUTH = "(true)"
SHOWN = (1, 6, 12, 24)  # offsets from the cut of the frames on contact sheets


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one rival on one clip."""

    figures: Figures | None  # None where nothing was made
    model: str = ""  # which backend, where the engine chose
    confidence: float | None = None
    seconds: float = 0.0  # choosing and making
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Measured:
    """One side of the engine's, made and measured; its own choice is often one of them."""

    side: Side
    figures: Figures
    kept: dict[int, np.ndarray]
    seconds: float


@dataclass(frozen=True, slots=True)
class ClipResult:
    """All rivals on one clip at one number of hidden frames."""

    clip: str
    horizon: int
    outcomes: dict[str, Outcome]
    last: np.ndarray = field(repr=False)
    truth: dict[int, np.ndarray] = field(repr=False)  # by offset, for sheets
    made: dict[int, np.ndarray] = field(repr=False)


def run_clip(
    footage: Path, name: str, horizon: int, rivals: Sequence[str], shown_rival: str
) -> ClipResult:
    """Hide the last `horizon` frames of a clip and let every rival foretell them.

    The frames of `shown_rival` are kept for a contact sheet.
    """
    clip = open_clip(footage, name, horizon)
    truth = list(rgb_frames(clip.whole, clip.cut, clip.cut + horizon))
    last = next(rgb_frames(clip.reader, clip.cut - 1, clip.cut))
    second = round(clip.reader.rate)
    past = Past.of(rgb_frames(clip.reader, max(0, clip.cut - 1 - second), clip.cut))
    outcomes = {TRUTH: Outcome(Meter(past, last, truth).measure(truth, last))}
    made: dict[int, np.ndarray] = {}
    measured: list[Measured] = []
    for rival in rivals:
        meter = Meter(past, last, truth, keep=SHOWN)
        outcomes[rival] = _outcome(rival, clip, meter, measured)
        if rival == shown_rival:
            made = meter.kept
    shown = {offset: truth[offset - 1] for offset in SHOWN if offset <= horizon}
    return ClipResult(name, horizon, outcomes, last, shown, made)


def _outcome(rival: str, clip: BenchClip, meter: Meter, measured: list[Measured]) -> Outcome:
    began = time.monotonic()
    try:
        if rival in SIMPLE:
            figures = meter.measure(simple_frames(rival, clip), meter.last)
            return Outcome(figures, seconds=time.monotonic() - began)
        take = _take(rival, clip)
        same = next((m for m in measured if m.side == take.side), None)
        if same is None:
            figures = meter.measure(take.frames(), _joined_to(take, clip), take.remade_frames)
            same = Measured(take.side, figures, meter.kept, time.monotonic() - began)
            measured.append(same)
            began = time.monotonic()
        meter.kept = same.kept
    except EngineError as error:
        return Outcome(None, failure=str(error))
    except Exception as error:  # one fault must not cost the table of all other clips
        return Outcome(None, failure=f"FAULT {type(error).__name__}: {error}")
    seconds = same.seconds + time.monotonic() - began
    return Outcome(same.figures, take.model, take.confidence, seconds)


def _take(rival: str, clip: BenchClip) -> EngineTake:
    if rival == AUTO:
        return default_take(clip, clip.hidden_frames)
    backend = next(b for b in extenders() if b.info.name == rival)
    return backend_take(backend, clip.reader, clip.hidden_frames)


def _joined_to(take: EngineTake, clip: BenchClip) -> np.ndarray:
    """The last real frame that is kept."""
    first = clip.cut - take.remade_frames
    return next(rgb_frames(clip.reader, first - 1, first))
