"""What is heard in the sound beside a join: silence, words, music, single events, the room."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from longtake_engine.splice.sound.event import find_events
from longtake_engine.splice.sound.music import tonality
from longtake_engine.splice.sound.spectrum import (
    TICKS_PER_S,
    decibel,
    tick_powers,
    tick_samples,
)
from longtake_engine.splice.sound.speech import find_speech, runs
from longtake_engine.splice.sound.tone import Tones, no_tones, take_out_tones

PADDING_S = 0.25  # silence at an end that is no longer than this is the file's, not the room's
MUSICAL = 0.03  # measured: rooms, streets and water up to .005, music from .06
MAINS_HZ = (50.0, 60.0)
CHORD_S = 0.42  # of music without words that a chord is held from
FARTHER_DB = 4.0  # that a stretch must be the more level for each second that it is farther away
INAUDIBLE = 1e-5  # -100 dB


@dataclass(frozen=True, slots=True)
class Finding:
    """What is heard. Masks are over ticks of 10 ms."""

    silent: bool  # beside the join, and so to go on
    speech: np.ndarray
    events: np.ndarray
    padding: np.ndarray  # the file's own silence at its ends
    music: bool
    tones: Tones
    left: np.ndarray  # C S: the sound without its steady tones
    powers: np.ndarray  # B T: of what is left
    chord: slice | None  # samples of the music to hold, the nearest that has no words in it

    @property
    def free(self) -> np.ndarray:
        """Where nothing but the room is heard."""
        return ~(self.speech | self.events | self.padding)

    @classmethod
    def listen(cls, known: np.ndarray, sample_rate: int, *, forward: bool) -> Self:
        """What is heard in `known`, C S float32 of one tick or more, the sound before (`forward`)
        or after the join."""
        tick = tick_samples(sample_rate)
        ticks = known.shape[1] // tick
        padding, silent = _padding(known, tick, forward=forward)
        if silent:
            none = np.zeros(ticks, bool)
            tones, empty = no_tones(len(known)), np.zeros((1, ticks))
            return cls(True, none, none, padding, False, tones, known, empty, None)
        speech = find_speech(known, sample_rate)
        speech = speech | _missed_words(speech, tick_powers(known, sample_rate))
        worded = spread_ticks(speech, tick, known.shape[1])
        weight = (~worded & ~spread_ticks(padding, tick, known.shape[1])).astype(float)
        tones, left = take_out_tones(known, sample_rate, weight, forward=forward)
        music = tonality(left, sample_rate, worded) > MUSICAL
        if music and len(tones.turns):  # long notes end with the music, the mains hum on
            tones, left = take_out_tones(
                known, sample_rate, weight, forward=forward, multiples_of_hz=MAINS_HZ
            )
        powers = tick_powers(left, sample_rate)
        events = find_events(powers)
        chord = _chord(speech | padding, powers, tick, forward=forward) if music else None
        return cls(False, speech, events, padding, music, tones, left, powers, chord)


def spread_ticks(mask: np.ndarray, tick: int, count: int) -> np.ndarray:
    """A mask over ticks of `tick` samples as one over `count` samples."""
    samples = np.repeat(mask, tick)
    return np.pad(samples, (0, count - len(samples)), mode="edge")


def _padding(known: np.ndarray, tick: int, *, forward: bool) -> tuple[np.ndarray, bool]:
    """Where a file has put silence at the ends, over ticks, and whether the sound beside the join
    is silent for longer than that."""
    count = known.shape[1] // tick
    peaks = np.abs(known[:, : count * tick]).max(axis=0).reshape(count, tick).max(axis=1)
    mask = np.zeros(count, bool)
    longest = PADDING_S * TICKS_PER_S
    for start, stop in runs(peaks < INAUDIBLE):
        if stop - start <= longest and (start == 0 or stop == count):
            mask[start:stop] = True
        elif stop == count if forward else start == 0:
            return mask, True
    return mask, bool(mask.all())


def _missed_words(speech: np.ndarray, powers: np.ndarray) -> np.ndarray:
    """Ticks as loud as the words are: words too, though nobody heard them begin."""
    if not speech.any():
        return speech
    around = np.ones(min(30, len(speech)))
    level = decibel(np.convolve(powers.sum(axis=0), around / len(around), mode="same"))
    return level > np.median(level[speech])


def _chord(apart: np.ndarray, powers: np.ndarray, tick: int, *, forward: bool) -> slice | None:
    """The samples of music, out of those not `apart`, that are near the join and level: no blow
    and no note begins in them."""
    wide = int(CHORD_S * TICKS_PER_S)
    if len(apart) < wide:
        return None
    levels = decibel(powers)
    levels = np.maximum(levels, levels.max(axis=1, keepdims=True) - 50).mean(axis=0)
    windows = np.lib.stride_tricks.sliding_window_view(levels, wide)
    rise = windows.max(axis=1) - np.median(windows, axis=1)
    distance_s = np.arange(len(windows)) / TICKS_PER_S
    cost = rise + FARTHER_DB * (distance_s[::-1] if forward else distance_s)
    cost[np.lib.stride_tricks.sliding_window_view(apart, wide).any(axis=1)] = np.inf
    best = int(np.argmin(cost))
    return slice(best * tick, (best + wide) * tick) if np.isfinite(cost[best]) else None
