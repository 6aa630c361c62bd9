"""How well a backend foretells frames of the clip itself: frames it has are hidden, made, and
compared.

Measured on small pictures and at two cuts: a single cut chooses worse than a fixed default does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import cv2
import msgspec
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.backend import VideoBackend
from longtake_engine.picture import Picture
from longtake_engine.tasks.aliveness import STILL, measure_aliveness, measure_promise
from longtake_engine.tasks.ending import Ending, known_pictures, whole_clip
from longtake_engine.tasks.likeness import ssim_map
from longtake_engine.work import Guidance, Score

WIDTH = 320
HIDDEN = 12  # frames hidden at each cut
CONTEXT = 120  # frames shown, for backends that make use of so many
REACH = 24  # frames that are as sure as the hidden ones
CUTS = (12, 24)  # frames before the end

TRIAL_RATE = Fraction(25)  # back-tests compare backends with each other, at one rate for all clips
UNKNOWN = Score(0.0, 0.0, 0.0, 0.0, 0.0)  # of a clip too short to hide anything of
HELD = Score(1.0, 50.0, 50.0, 1.0, 1.0)  # of a picture that stands still and is held on


@dataclass(frozen=True, slots=True)
class Trial:
    """Frames of the clip, the last `hidden` of which a backend has to foretell; small, nearest the
    join last."""

    shown: tuple[Picture, ...]
    hidden: tuple[Picture, ...]


def plan_trials(
    reader: VideoReader, *, forward: bool, new_frames: int, ending: Ending | None = None
) -> tuple[Trial, ...]:
    """Trials beside one end of a clip; none where it is too short. For a head, time runs backwards
    in them.

    `ending` is what that end is like: no trial leaves its shot, nor sees what is left out of it.
    None takes all of the clip for one even shot.
    """
    ending = ending or whole_clip(reader, forward=forward)
    known = known_pictures(reader, ending, CONTEXT + max(CUTS))
    frames = [shrink(picture, WIDTH) for picture in known]
    if not forward:
        frames.reverse()
    hidden = min(HIDDEN, max(2, new_frames))
    trials = []
    for cut in CUTS:
        start = len(frames) - cut
        if start >= 4:
            stop = min(start + hidden, len(frames))
            shown = frames[max(0, start - CONTEXT) : start]
            trials.append(Trial(tuple(shown), tuple(frames[start:stop])))
    return tuple(trials)


def back_test(
    backend: VideoBackend, trials: Sequence[Trial], cancel: CancelToken, *, new_frames: int = HIDDEN
) -> Score:
    """The backend's mean score over `trials`; `UNKNOWN` of none.

    What foretells is the less to be trusted the farther it has to go: half of what it foretold
    counts at four times `REACH`. What keeps alive, or stretches, is as good for any length.
    """
    reach = min(1.0, (REACH / max(new_frames, 1)) ** 0.5)
    scores = []
    for trial in trials:
        if backend.info.remakes_known_frames:
            scores.append(_score_between(backend, trial, cancel))
        else:
            scores.append(_score_beyond(backend, trial, reach, cancel))
    if not scores:
        return UNKNOWN
    means = [
        float(np.mean([getattr(score, name) for score in scores]))
        for name in Score.__struct_fields__
    ]
    return Score(*means)


def _score_beyond(backend: VideoBackend, trial: Trial, reach: float, cancel: CancelToken) -> Score:
    """Of a backend that makes frames after the shown ones."""
    count, new = len(trial.shown), len(trial.hidden)
    shown = trial.shown[-backend.context_frames(new) :]
    promise = 1.0 if backend.info.foretells else measure_promise(trial.hidden, shown)
    if not promise:  # not worth making: scored as the still that it could at best be
        still = score_made([shown[-1]] * new, trial.hidden, shown[-1])
        return msgspec.structs.replace(still, confidence=0.0)
    known = {count - len(shown) + n: Known(picture) for n, picture in enumerate(shown)}
    canvas = Canvas(shown[-1].format, TRIAL_RATE, known, range(count, count + new))
    made = [c.picture for c in backend.complete(canvas, Guidance(), cancel)]
    score = score_made(made, trial.hidden, shown[-1], reach=reach)
    if backend.info.foretells:
        return score
    alive = promise * measure_aliveness(made, trial.hidden, shown)
    return msgspec.structs.replace(score, confidence=alive)


def _score_between(backend: VideoBackend, trial: Trial, cancel: CancelToken) -> Score:
    """Of a backend that spreads known frames: every second frame is hidden from it, and made again.

    It adds nothing but in-betweens, so they are what can go wrong.
    """
    frames = (*trial.shown, *trial.hidden)[-2 * HIDDEN - 1 :]
    kept, hidden = frames[::2], frames[1::2]
    made = []
    for before, after in pairwise(kept):
        known = {0: Known(before), 2: Known(after)}
        canvas = Canvas(before.format, TRIAL_RATE, known, range(1, 2))
        made.append(next(iter(backend.complete(canvas, Guidance(), cancel))).picture)
    count = len(made)
    return score_made(made, hidden[:count], kept[0], references=kept[:count])


def score_made(
    made: Sequence[Picture],
    hidden: Sequence[Picture],
    last: Picture,
    references: Sequence[Picture] = (),
    reach: float = 1.0,
) -> Score:
    """The score of `made` pictures against the `hidden` ones that they stand for.

    Args:
        made: As many as `hidden`.
        hidden: The real ones, in time order.
        last: The known picture before them.
        references: What a frozen picture would show at each; `last` where empty.
        reach: The share of what was foretold that will hold as far as is asked for.
    """
    references = references or [last] * len(hidden)
    psnr = float(np.mean([_psnr(a, b) for a, b in zip(made, hidden, strict=True)]))
    freeze = float(np.mean([_psnr(a, b) for a, b in zip(references, hidden, strict=True)]))
    ssim = float(np.mean([_ssim(a, b) for a, b in zip(made, hidden, strict=True)]))
    life, ours = _change(hidden, last), _change(made, last)
    liveliness = ours / life if life >= STILL else 1.0  # nothing to keep alive
    # Where it lives, what comes to rest on the way is less alive the longer it goes on.
    lasting = liveliness * reach if life >= STILL else liveliness
    sure = confidence(psnr, freeze, ssim, lasting, reach)
    return Score(sure, psnr, freeze, ssim, liveliness)


def confidence(
    psnr_db: float, freeze_psnr_db: float, ssim: float, liveliness: float, reach: float = 1.0
) -> float:
    """0 to 1 for a person: how far made frames can be taken for the clip's own.

    What a frozen picture gets wrong is what there was to foretell: the share of that error which is
    gone counts (3 dB are half of it), unless hardly anything was wrong (all is well from 42 dB on).
    Structure that is gone takes up to half of it away (SSIM, all of it at 0.5), and a little
    more a picture that hardly moves where the clip did, or boils. `reach` is the share of what was
    foretold that will hold as far as is asked for.
    """
    foretold = reach * np.clip(1 - 10 ** ((freeze_psnr_db - psnr_db) / 10), 0, 1)
    unseen = np.clip((psnr_db - 28) / 14, 0, 1)
    structure = np.clip((ssim - 0.5) / 0.4, 0, 1)
    life = np.clip(min(liveliness, 1 / max(liveliness, 1e-3)) / 0.5, 0, 1)
    sure = 1 - (1 - foretold) * (1 - unseen)
    return float(sure * (0.5 + 0.5 * structure) * (0.4 + 0.6 * life))


def shrink(picture: Picture, width: int) -> Picture:
    """The picture at most `width` wide, its planes made smaller by area; sizes stay multiples of
    the chroma's."""
    format = picture.format
    if format.width <= width:
        return picture
    step_x, step_y = 1 << format.chroma_shift_x, 1 << format.chroma_shift_y
    new_width = width // step_x * step_x
    new_height = max(16, round(format.height * width / format.width) // step_y * step_y)
    small = replace(format, width=new_width, height=new_height)
    planes = [
        cv2.resize(plane, small.plane_size(number)[::-1], interpolation=cv2.INTER_AREA)
        for number, plane in enumerate(picture.planes)
    ]
    return Picture(tuple(planes), small)


def _psnr(first: Picture, second: Picture) -> float:
    """dB over the color planes, each weighted by its pixels; 50 at most."""
    scale = 255 / first.format.max_value
    count = len(first.planes) - first.format.has_alpha
    squares = pixels = 0.0
    for a, b in zip(first.planes[:count], second.planes[:count], strict=True):
        squares += float(((a.astype(np.float32) - b) ** 2).sum()) * scale * scale
        pixels += a.size
    return float(min(50.0, 10 * np.log10(255**2 / max(squares / pixels, 1e-6))))


def _ssim(first: Picture, second: Picture) -> float:
    """Mean structural similarity of the luma."""
    scale = np.float32(255 / first.format.max_value)
    return float(ssim_map(first.luma * scale, second.luma * scale).mean())


def _change(pictures: Sequence[Picture], before: Picture) -> float:
    """Mean frame-to-frame change of the luma, 8-bit levels."""
    scale = 255 / before.format.max_value
    run = [before, *pictures]
    steps = [cv2.absdiff(a.luma, b.luma).mean() for a, b in pairwise(run)]
    return float(np.mean(steps)) * scale
