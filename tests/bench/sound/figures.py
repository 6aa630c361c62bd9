"""What a continuation is measured by, beside what the clip differs from itself by."""

from dataclasses import dataclass

import numpy as np
from longtake_engine.splice.sound.continuation import (
    HISTORY_S,
    Continuation,
    Music,
    plan_continuation,
)
from longtake_engine.splice.sound.spectrum import decibel, tick_powers

AUDIBLE_DB = 55.0  # bands this far under the loudest are left out
STEP_S = 0.05
REPEAT_S = (0.2, 6.0)  # delays at which a loop would be heard
LONG_S = 10  # in which one is looked for


@dataclass(frozen=True, slots=True)
class Figures:
    """One continuation against the hidden end of its clip, music held rather than faded.

    "own": the known sound just before the hidden end, as long as that, in the place of the
    continuation. Where people speak, only the quietest tenth of either is compared with.
    """

    heard: str
    made_by: str
    level_db: float  # over the hidden end
    own_level_db: float
    spectrum_db: float  # root mean square difference of the bands' mean levels
    own_spectrum_db: float
    step_db: float  # loudness across the join, over the known sound's usual step
    life: float  # fluctuation of the loudness, dB, over that of the hidden end
    own_life: float
    repeat: float  # most likeness of a second to another up to 6 s later, over 10 s; 1 is a copy
    own_repeat: float
    after_fade_db: float  # music: what is left after it has faded, over the hidden end


def continue_clip(
    sound: np.ndarray, rate: int, hidden: int, count: int, music: Music
) -> tuple[Continuation, np.ndarray]:
    """What `count` samples after the known part would be."""
    known = sound[:, : sound.shape[1] - hidden]
    plan = plan_continuation(known[:, -int(HISTORY_S * rate) :], rate, count, seed=1, music=music)
    return plan, np.concatenate(list(plan.blocks(0, count)), axis=1)


def measure(sound: np.ndarray, rate: int, hidden: int) -> Figures:
    """The figures of a continuation as long as the hidden end."""
    known, truth = sound[:, : sound.shape[1] - hidden], sound[:, sound.shape[1] - hidden :]
    plan, longer = continue_clip(sound, rate, hidden, LONG_S * rate, "hold")
    made, own = longer[:, :hidden], known[:, -hidden:]
    _, faded = continue_clip(sound, rate, hidden, 3 * rate, "fade")
    kinds = [name for name in ("speech", "music") if getattr(plan, name)]
    powers = [
        _powers(made, rate),
        *(_powers(part, rate, worded=plan.speech) for part in (own, truth)),
    ]
    levels = [float(decibel(power.sum())) for power in powers]
    return Figures(
        heard="+".join(kinds) or ("room" if plan.room is not None else "silence"),
        made_by=_maker(plan),
        level_db=levels[0] - levels[2],
        own_level_db=levels[1] - levels[2],
        spectrum_db=_distance(powers[0], powers[2]),
        own_spectrum_db=_distance(powers[1], powers[2]),
        step_db=_step(known, made, rate),
        life=_life(made, rate) / max(_life(truth, rate), 1e-3),
        own_life=_life(own, rate) / max(_life(truth, rate), 1e-3),
        repeat=_repeat(longer, rate),
        own_repeat=_repeat(known, rate),
        after_fade_db=_level(faded[:, 2 * rate :]) - _level(truth) if plan.music else 0.0,
    )


def _maker(plan: Continuation) -> str:
    layer = plan.pad or plan.room
    return type(layer).__name__.lower() if layer is not None else "-"


def _powers(sound: np.ndarray, rate: int, *, worded: bool = False) -> np.ndarray:
    """Mean power of each band; where there are words, of the quietest tenth of the time."""
    powers = tick_powers(sound, rate)
    if worded:
        quietest = np.argsort(powers.sum(axis=0))[: max(1, powers.shape[1] // 10)]
        powers = powers[:, quietest]
    return powers.mean(axis=1)


def _level(sound: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(sound.astype(np.float64) ** 2) + 1e-12))


def _distance(one: np.ndarray, other: np.ndarray) -> float:
    levels = decibel(one), decibel(other)
    heard = levels[1] > levels[1].max() - AUDIBLE_DB
    return float(np.sqrt(np.mean((levels[0] - levels[1])[heard] ** 2)))


def _steps(sound: np.ndarray, rate: int) -> np.ndarray:
    """Loudness, dB, of every twentieth of a second."""
    size = int(STEP_S * rate)
    count = sound.shape[1] // size
    parts = sound[:, : count * size].reshape(len(sound), count, size)
    return decibel((parts.astype(np.float64) ** 2).mean(axis=(0, 2)))


def _step(known: np.ndarray, made: np.ndarray, rate: int) -> float:
    usual = np.abs(np.diff(_steps(known, rate))).mean()
    size = int(STEP_S * rate)
    across = _level(made[:, :size]) - _level(known[:, -size:])
    return float(abs(across) / max(usual, 1e-3)) if made.any() else 0.0


def _life(sound: np.ndarray, rate: int) -> float:
    steps = _steps(sound, rate)
    time = np.arange(len(steps))
    return float(np.std(steps - np.polyval(np.polyfit(time, steps, 1), time)))


def _repeat(sound: np.ndarray, rate: int) -> float:
    """The highest correlation of the bands' levels over a second with those of another second, the
    slow changes left out: a stretch that comes again stands out."""
    levels = decibel(tick_powers(sound, rate))[:, ::2]
    levels = levels[levels.mean(axis=1) > levels.mean(axis=1).max() - AUDIBLE_DB]
    second = np.ones(50)
    if levels.shape[1] <= len(second):
        return 0.0
    share = np.convolve(np.ones(levels.shape[1]), second, mode="same")
    levels = levels - [np.convolve(band, second, mode="same") / share for band in levels]
    best = 0.0
    for delay in range(int(REPEAT_S[0] * 50), int(REPEAT_S[1] * 50)):
        a, b = levels[:, :-delay], levels[:, delay:]
        if a.shape[1] <= len(second):
            break
        cross, left, right = (
            np.convolve(part.sum(axis=0), second, mode="valid") for part in (a * b, a * a, b * b)
        )
        best = max(best, float((cross / np.sqrt(left * right + 1e-9)).max()))
    return best
