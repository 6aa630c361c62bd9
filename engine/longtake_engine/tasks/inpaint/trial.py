"""How well a backend fills a hole of this very clip: the hole is moved to where the truth is known,
filled there, and compared.

Both the true hole and the moved ones are hidden; the moved ones keep its shape and its course.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.luma import luma8
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.backend import VideoBackend
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import TRIAL_RATE, UNKNOWN, confidence, shrink
from longtake_engine.tasks.inpaint.hiding import hide
from longtake_engine.tasks.inpaint.likeness import region_change, region_psnr_db, region_ssim
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.work import Guidance, Score

WIDTH = 256
TRIED = 6  # frames that are filled
MOST_BESIDE = 36  # frames shown on each side of them
SCORED = 3  # of the tried ones, evenly spread
MASKS = 2  # moved holes
MOST_HIDDEN = 0.3  # of the picture, by the true hole and the moved ones together
USABLE = 0.5  # of a moved hole's area: in the picture, and not in the true hole
STILL = 0.5  # 8-bit levels from frame to frame, under which nothing lives there
SMEAR_RADIUS = 3  # pixels, of Telea's method
# Where holes are moved to, in widths and heights of the picture, the first that fit.
MOVES = (
    (0.26, 0.0),
    (-0.26, 0.0),
    (0.0, 0.3),
    (0.0, -0.3),
    (0.4, 0.2),
    (-0.4, 0.2),
    (0.4, -0.2),
    (-0.4, -0.2),
    (0.5, 0.0),
    (-0.5, 0.0),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """Small frames of a shot, and what is hidden of them."""

    pictures: dict[int, Picture]  # in time order, the tried ones amid them
    hidden: dict[int, np.ndarray]  # H W uint8: the true hole and the moved ones
    asked: dict[int, np.ndarray]  # H W bool: the moved ones alone, of the tried frames
    tried: range
    # What backends see of it: the same objects for all, so that they may share what they measure.
    known: dict[int, Known] = field(init=False)

    def __post_init__(self) -> None:
        known = {
            frame: hide(picture, self.hidden[frame]) if self.hidden[frame].any() else Known(picture)
            for frame, picture in self.pictures.items()
        }
        object.__setattr__(self, "known", known)

    @property
    def canvas(self) -> Canvas:
        """That a backend is tried on."""
        format = self.pictures[self.tried.start].format
        return Canvas(format, TRIAL_RATE, self.known, self.tried)


def plan_trial(
    reader: VideoReader, mattes: Mattes, run: range, shot: range, check: Callable[[], None]
) -> Trial | None:
    """A trial on frames amid `run`, in which holes are; None where no moved hole fits beside them.

    Args:
        reader: Of the clip.
        mattes: What is hidden of its frames.
        run: Frames of one shot, all of which may be tried.
        shot: Frames of the whole shot.
        check: Called between pictures; raises to stop.
    """
    start = max(run.start, (run.start + run.stop - TRIED) // 2)
    tried = range(start, min(start + TRIED, run.stop))
    shown = range(
        max(shot.start, tried.start - MOST_BESIDE), min(shot.stop, tried.stop + MOST_BESIDE)
    )
    pictures: dict[int, Picture] = {}
    holes: dict[int, np.ndarray] = {}
    for frame, picture in zip(shown, reader.frames(shown.start, shown.stop), strict=True):
        check()
        pictures[frame] = small = shrink(picture, WIDTH)
        size = (small.format.width, small.format.height)
        hole = cv2.resize(mattes.matte(frame), size, interpolation=cv2.INTER_AREA)
        holes[frame] = np.where(hole > 0, np.uint8(255), np.uint8(0))
    moves = _choose_moves([holes[frame] for frame in tried])
    if not moves:
        return None
    hidden, asked = {}, {}
    for frame, hole in holes.items():
        moved = np.zeros_like(hole)
        for move in moves:
            moved |= _moved(hole, move)
        hidden[frame] = hole | moved
        asked[frame] = (moved > 0) & (hole == 0)
    return Trial(pictures, hidden, {frame: asked[frame] for frame in tried}, tried)


def try_backend(backend: VideoBackend, trial: Trial | None, cancel: CancelToken) -> Score:
    """How well `backend` fills the moved holes of `trial`; `UNKNOWN` where there is none."""
    if trial is None:
        return UNKNOWN
    made = [luma8(one.picture) for one in backend.complete(trial.canvas, Guidance(), cancel)]
    true = [luma8(trial.pictures[frame]) for frame in trial.tried]
    regions = [trial.asked[frame] for frame in trial.tried]
    step = max(1, len(made) // SCORED)
    numbers = [n for n in range(step // 2, len(made), step) if regions[n].any()]
    if not numbers:
        return UNKNOWN
    psnr = float(np.mean([region_psnr_db(made[n], true[n], regions[n]) for n in numbers]))
    ssim = float(np.mean([region_ssim(made[n], true[n], regions[n]) for n in numbers]))
    smears = [_smear(true[n], trial.hidden[trial.tried[n]]) for n in numbers]
    smear = [region_psnr_db(s, true[n], regions[n]) for s, n in zip(smears, numbers, strict=True)]
    life = _liveliness(made, true, regions)
    sure = confidence(psnr, float(np.mean(smear)), ssim, life)
    return Score(sure, psnr, float(np.mean(smear)), ssim, life)


def _choose_moves(holes: list[np.ndarray]) -> list[tuple[int, int]]:
    """The moves (across, down) that leave most of the hole in the picture and beside itself."""
    height, width = holes[0].shape
    area = sum(int((hole > 0).sum()) for hole in holes)
    hidden = area / (len(holes) * height * width)
    chosen: list[tuple[int, int]] = []
    taken = [hole > 0 for hole in holes]
    for across, down in MOVES:
        if len(chosen) == MASKS or (len(chosen) + 2) * hidden > MOST_HIDDEN:
            break
        move = (round(across * width), round(down * height))
        moved = [_moved(hole, move) > 0 for hole in holes]
        free = sum(int((m & ~t).sum()) for m, t in zip(moved, taken, strict=True))
        if area and free >= USABLE * area:
            chosen.append(move)
            taken = [m | t for m, t in zip(moved, taken, strict=True)]
    return chosen


def _moved(hole: np.ndarray, move: tuple[int, int]) -> np.ndarray:
    """`hole` as it lies after `move` (across, down); what leaves the picture is gone."""
    height, width = hole.shape
    across, down = move
    moved = np.zeros_like(hole)
    rows = slice(max(0, down), min(height, height + down))
    columns = slice(max(0, across), min(width, width + across))
    source_rows = slice(max(0, -down), min(height, height - down))
    source_columns = slice(max(0, -across), min(width, width - across))
    moved[rows, columns] = hole[source_rows, source_columns]
    return moved


def _smear(luma: np.ndarray, hidden: np.ndarray) -> np.ndarray:
    return cv2.inpaint(luma, hidden, SMEAR_RADIUS, cv2.INPAINT_TELEA)


def _liveliness(made: list[np.ndarray], true: list[np.ndarray], regions: list[np.ndarray]) -> float:
    """Frame-to-frame change of what was made over that of the truth; 1 where neither changes."""
    own, real = [], []
    for n in range(1, len(made)):
        both = regions[n] & regions[n - 1]
        if both.any():
            own.append(region_change(made[n], made[n - 1], both))
            real.append(region_change(true[n], true[n - 1], both))
    if not real or float(np.mean(real)) < STILL:
        return 1.0
    return float(np.mean(own) / np.mean(real))
