"""Sound that goes on past a join: the room without its words, its hum in phase, its music ending.

Sounds are C S float32, channels by samples, -1 to 1. All channels are treated alike and at the same
moments, so that the stereo image stays and what was silent is silent. Places count in samples from
the join: sound after a clip has 0, 1, 2, ..., sound before it ..., -2, -1. Any stretch of it can be
had alone and is the same as in the whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from longtake_engine.splice.sound.bed import learn_bed
from longtake_engine.splice.sound.fade import rise
from longtake_engine.splice.sound.finding import Finding, spread_ticks
from longtake_engine.splice.sound.grain import Grains
from longtake_engine.splice.sound.level import measure_levels
from longtake_engine.splice.sound.pad import Pad, hold_chord
from longtake_engine.splice.sound.piece_search import PieceSearch
from longtake_engine.splice.sound.ringing import ring_on
from longtake_engine.splice.sound.spectrum import TICKS_PER_S, decibel, tick_samples
from longtake_engine.splice.sound.tone import Tones

Music = Literal["fade", "hold"]

HISTORY_S = 12.0  # seconds of known sound beside the join that are made use of
JOIN_S = 0.08  # in which the known sound rings out
FADE_S = 1.0  # in which music does
BLOCK_S = 0.5
ENOUGH_S = 2.5  # of the room alone, under which pieces of it would come again too soon
BESIDE_TICKS = 20  # that say how loud music is at the join
FARTHEST_DB = 9.0  # that a chord is brought to that level
SOME_S = 0.3  # of the room alone, under which nothing can be learnt from it


class Layer(Protocol):
    """Endless sound."""

    def render(self, start: int, stop: int) -> np.ndarray:
        """Samples `start` to `stop`, C S float32."""
        ...


@dataclass(frozen=True, slots=True)
class Continuation:
    """Sound on one side of a join.

    Attributes:
        speech: Whether words were heard beside the join; none are in the new sound.
        music: Whether music was; it fades or is held.
    """

    channels: int
    sample_rate: int
    forward: bool
    speech: bool = False
    music: bool = False
    room: Layer | None = None  # None for silence
    tones: Tones | None = None
    ringing: np.ndarray | None = None  # C S: beside the join, in the order of time
    pad: Pad | None = None
    fade: bool = True  # the pad; else it is held

    def blocks(self, start: int, stop: int) -> Iterator[np.ndarray]:
        """Samples `start` to `stop` in blocks of half a second or less."""
        size = int(BLOCK_S * self.sample_rate)
        for first in range(start, stop, size):
            yield self.render(first, min(first + size, stop))

    def render(self, start: int, stop: int) -> np.ndarray:
        """Samples `start` to `stop`, C S float32."""
        if self.room is None:
            return np.zeros((self.channels, stop - start), np.float32)
        place = np.arange(start, stop)
        distance = place if self.forward else -1 - place
        if self.pad is None:
            made = self.room.render(start, stop)
        elif self.fade:
            made = self._faded(start, stop, distance)
        else:
            made = self.pad.render(start, stop)
        self._join(made, start, distance)
        if self.tones is not None:
            made += self.tones.render(start, stop, int(JOIN_S * self.sample_rate))
        return made

    def _faded(self, start: int, stop: int, distance: np.ndarray) -> np.ndarray:
        assert self.room is not None
        made = self.room.render(start, stop)
        part = (distance + 0.5) / (FADE_S * self.sample_rate)
        if self.pad is not None and part.min(initial=1) < 1:
            made = made * rise(part) + self.pad.render(start, stop) * rise(1 - part)
        return made

    def _join(self, made: np.ndarray, start: int, distance: np.ndarray) -> None:
        """Fade `made` in from what rings on beside the join, at equal power."""
        if self.ringing is None:
            return
        length = self.ringing.shape[1]
        near = np.flatnonzero(distance < length)
        if len(near):
            part = (distance[near] + 0.5) / length
            at = near + start + (0 if self.forward else length)
            made[:, near] = made[:, near] * rise(part) + self.ringing[:, at] * rise(1 - part)


def plan_continuation(
    known: np.ndarray,
    sample_rate: int,
    count: int,
    *,
    forward: bool = True,
    seed: int = 0,
    music: Music = "fade",
) -> Continuation:
    """What goes on after `known` (`forward`), or leads up to it.

    Args:
        known: C S float32, the sound beside the join, best `HISTORY_S` of it.
        sample_rate: Samples a second.
        count: Samples that will be asked for; the nearer ones do not depend on it.
        forward: True for sound after `known`, False for sound before it.
        seed: The same seed gives the same sound.
        music: What becomes of music: it fades within `FADE_S`, or its last chord is held.
    """
    channels = len(known)
    if known.shape[1] < 16 or known.shape[1] < tick_samples(sample_rate) or not known.any():
        return Continuation(channels, sample_rate, forward)
    heard = Finding.listen(known, sample_rate, forward=forward)
    if heard.silent:
        return Continuation(channels, sample_rate, forward)
    return Continuation(
        channels,
        sample_rate,
        forward,
        speech=bool(heard.speech.any()),
        music=heard.music,
        room=_room(heard, sample_rate, count, seed, forward=forward),
        tones=heard.tones,
        ringing=_ringing(heard.left, sample_rate, forward=forward),
        pad=_pad(heard, sample_rate, seed, forward=forward) if heard.chord else None,
        fade=music == "fade",
    )


def _room(heard: Finding, sample_rate: int, count: int, seed: int, *, forward: bool) -> Layer:
    """The room alone: pieces of it where there is enough, else noise that is like it."""
    free = heard.free
    if not heard.music and np.count_nonzero(free) >= ENOUGH_S * TICKS_PER_S:
        levels = measure_levels(heard.powers, free, forward=forward)
        random = np.random.default_rng(seed)
        search = PieceSearch(free, levels.life, random, forward=forward)
        if search.possible:
            return Grains.plan(heard.left, sample_rate, search, levels, count)
    learnt = None
    if not heard.music and np.count_nonzero(free) >= min(SOME_S * TICKS_PER_S, len(free) / 2):
        learnt = spread_ticks(free, tick_samples(sample_rate), heard.left.shape[1])
    return learn_bed(heard.left, sample_rate, learnt, seed, music=heard.music)


def _pad(heard: Finding, sample_rate: int, seed: int, *, forward: bool) -> Pad:
    """The chord, as loud as the music is beside the join where no one speaks there."""
    assert heard.chord is not None
    tick = tick_samples(sample_rate)
    sound = heard.left[:, heard.chord]
    levels = decibel(heard.powers.sum(axis=0))
    near = np.flatnonzero(~heard.padding)
    near = near[-BESIDE_TICKS:] if forward else near[:BESIDE_TICKS]
    if not heard.speech[near].any():
        chord = levels[heard.chord.start // tick : heard.chord.stop // tick]
        gain_db = np.median(levels[near]) - np.median(chord)
        sound = sound * np.float32(10 ** (np.clip(gain_db, -FARTHEST_DB, FARTHEST_DB) / 20))
    return hold_chord(sound, sample_rate, seed)


def _ringing(left: np.ndarray, sample_rate: int, *, forward: bool) -> np.ndarray:
    count = int(JOIN_S * sample_rate)
    if forward:
        return ring_on(left, count, sample_rate)
    return ring_on(left[:, ::-1], count, sample_rate)[:, ::-1]
