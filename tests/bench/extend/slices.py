"""Long extensions looked at through time: slices, a strip of frames, and what moves at the end."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from clips import BenchClip, open_clip
from figures import LEAST_CHANGE, change
from longtake_engine.media.still import write_png
from measure.sheet import tile
from rivals import AUTO, EngineTake, backend_take, default_take, extenders, rgb_frames
from sheet import TILE

REAL_S = 5  # of the clip itself before the join
SMALL = (48, 27)  # of the frames that repeats are looked for on
PARTS = (0, 0.02, 0.25, 0.5, 0.75, 1)  # of the extension, shown in the strip
MARK = (255, 0, 0)


@dataclass(frozen=True, slots=True)
class Long:
    """A long extension in figures."""

    clip: str
    model: str
    seconds: float
    motion_at_start: float  # mean change in the first made second over the last real second's
    motion_at_end: float  # the same of the last made second
    largest_step: float  # largest change between made neighbours, over the largest real one
    repeat_s: float  # the lag, half a second or more, at which made frames most come back
    repeat: float  # their difference then, over the largest at shorter lags: 0 copies, 1 is new
    repeat_real: float  # the same of the real frames shown


@dataclass(frozen=True, slots=True)
class Passage:
    """Frames in time order, reduced to what is needed of them."""

    rows: list[np.ndarray]  # W 3: the middle row of each
    columns: list[np.ndarray]  # H 3
    small: list[np.ndarray]
    changes: list[float]
    shown: list[np.ndarray]


def write_slices(footage: Path, name: str, seconds: float, rival: str, folder: Path) -> Long:
    """Extend the whole clip by `seconds`; write NAME-xt.png, NAME-yt.png and NAME-strip.png."""
    clip = open_clip(footage, name, 0)
    rate = clip.reader.rate
    count = round(seconds * rate)
    take = _take(clip, rival, count)
    kept = clip.cut - take.remade_frames
    start = max(0, min(kept - 2, clip.cut - round(REAL_S * rate)))
    before = _passage(rgb_frames(clip.reader, start, clip.cut), {kept - start - 1})
    last = before.shown[0]
    total = take.remade_frames + count
    wanted = {round(part * (total - 1)) for part in PARTS}
    made = _passage(take.frames(), wanted, last)
    folder.mkdir(parents=True, exist_ok=True)
    _write_slice(folder / f"{name}-xt.png", before.rows[: kept - start], made.rows, down=True)
    _write_slice(
        folder / f"{name}-yt.png", before.columns[: kept - start], made.columns, down=False
    )
    offsets = [f"+{at / float(rate):.2f} s" for at in sorted(wanted)]
    tiles = [tile(last, f"{name}, last real", TILE)]
    tiles += [tile(frame, text, TILE) for frame, text in zip(made.shown, offsets, strict=True)]
    write_png(folder / f"{name}-strip.png", np.hstack(tiles))
    second = max(2, round(rate))
    usual = max(float(np.mean(before.changes[-second:])), LEAST_CHANGE)
    lag, likeness = _repeat(made.small, second)
    return Long(
        clip=name,
        model=take.model,
        seconds=seconds,
        motion_at_start=float(np.mean(made.changes[:second])) / usual,
        motion_at_end=float(np.mean(made.changes[-second:])) / usual,
        largest_step=max(made.changes) / max([*before.changes, LEAST_CHANGE]),
        repeat_s=lag / float(rate),
        repeat=likeness,
        repeat_real=_repeat(before.small, second)[1],
    )


def _take(clip: BenchClip, rival: str, count: int) -> EngineTake:
    if rival == AUTO:
        return default_take(clip, count)
    backend = next(b for b in extenders() if b.info.name == rival)
    return backend_take(backend, clip.reader, count)


def _passage(frames, wanted: set[int], before: np.ndarray | None = None) -> Passage:
    passage = Passage([], [], [], [], [])
    for number, frame in enumerate(frames):
        height, width = frame.shape[:2]
        passage.rows.append(frame[height // 2].copy())
        passage.columns.append(frame[:, width // 2].copy())
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        passage.small.append(cv2.resize(grey, SMALL, interpolation=cv2.INTER_AREA))
        if before is not None:
            passage.changes.append(change(before, frame))
        if number in wanted:
            passage.shown.append(frame)
        before = frame
    return passage


def _write_slice(path: Path, before: list, made: list, *, down: bool) -> None:
    """One line of each frame side by side, a red line at the join; time runs down or across."""
    mark = np.full((2, *before[0].shape), MARK, np.uint8)
    whole = np.concatenate([np.stack(before), mark, np.stack(made)])
    write_png(path, whole if down else np.ascontiguousarray(whole.transpose(1, 0, 2)))


def _repeat(small: list[np.ndarray], second: int) -> tuple[int, float]:
    """The lag at which frames most come back to what they were, and how near they come."""
    frames = np.stack(small).astype(np.float32)
    lags = range(1, len(frames) - second)
    apart = np.array([np.abs(frames[lag:] - frames[:-lag]).mean() for lag in lags])
    first = max(1, second // 2)
    if len(apart) <= first:
        return 0, 1.0
    back = apart / np.maximum(np.maximum.accumulate(apart), 1e-3)
    best = first + int(np.argmin(back[first:]))
    return lags[best], float(back[best])
