"""What the sound under an extension promises an editor, before a clip as well as after it."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from longtake_engine.splice.sound import finding
from longtake_engine.splice.sound.continuation import Continuation, plan_continuation
from longtake_engine.testing.sound import RATE, hum, knock, melody, room

BOTH = pytest.mark.parametrize("forward", [True, False], ids=["tail", "head"])


def go_on(known: np.ndarray, seconds: float, *, forward: bool = True, **options) -> SimpleNamespace:
    count = int(seconds * RATE)
    plan = plan_continuation(known, RATE, count, forward=forward, seed=1, **options)
    span = (0, count) if forward else (-count, 0)
    made = np.concatenate(list(plan.blocks(*span)), axis=1)
    whole = np.concatenate([known, made] if forward else [made, known], axis=1)
    join = known.shape[1] if forward else count
    return SimpleNamespace(plan=plan, made=made, whole=whole, join=join)


def away(made: np.ndarray, first_s: float, last_s: float, *, forward: bool) -> np.ndarray:
    """The part of made sound from `first_s` to `last_s` from the join."""
    first, last = int(first_s * RATE), int(last_s * RATE)
    return made[:, first:last] if forward else made[:, made.shape[1] - last : -first or None]


def level_db(sound: np.ndarray, than: np.ndarray) -> float:
    return float(20 * np.log10(sound.std() / than.std()))


def bands_db(sound: np.ndarray) -> np.ndarray:
    """Power in octaves from 62 Hz to 16 kHz."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2 / len(sound)
    edges = 62 * 2 ** np.arange(9) * len(sound) // RATE
    return np.array([10 * np.log10(power[a:b].mean()) for a, b in pairwise(edges)])


@BOTH
@pytest.mark.parametrize("seconds", [1.2, 2.0, 8.0])
def test_a_room_goes_on_at_its_level_in_its_colour(seconds, forward):
    known = room(seconds, 2)
    done = go_on(known, 5, forward=forward)
    assert abs(level_db(done.made, known)) < 1
    assert np.abs(bands_db(done.made[0]) - bands_db(known[0])).max() < 2.5
    step = np.abs(np.diff(done.whole, axis=1))
    assert step[:, done.join - 2 : done.join + 1].max() <= step[:, : RATE // 2].max() * 1.25


@BOTH
def test_a_room_that_has_grown_loud_begins_as_loud(forward):
    known = room(8) * np.linspace(0.3, 2, 8 * RATE, dtype=np.float32) ** (1 if forward else -1)
    known = known / known.std() * 0.02
    beside = known[:, -RATE:] if forward else known[:, :RATE]
    made = go_on(known, 4, forward=forward).made
    assert abs(level_db(away(made, 0, 1, forward=forward), beside)) < 2.5


@BOTH
@pytest.mark.parametrize("hertz", [50.0, 50.13, 59.94])
def test_hum_goes_on_in_phase_and_without_beats(hertz, forward):
    known = hum(8, hertz, start_s=60) + room(8, level=0.002)
    made = go_on(known, 10, forward=forward).made[0]
    start_s = 68.0 if forward else 50.0
    expected = hum(10, hertz, start_s=start_s)[0]
    assert np.std(made - expected) < 0.15 * expected.std()
    tenths = (made - made.mean()).reshape(100, -1).std(axis=1)
    assert tenths.max() < 1.2 * tenths.min()


@BOTH
def test_a_knock_is_not_heard_again(forward):
    known = knock(room(8, 2, level=0.005), 5.0)
    made = go_on(known, 30, forward=forward).made
    assert np.abs(known).max() > 0.4
    assert np.abs(made).max() < 1.5 * np.abs(room(8, 2, level=0.005)).max()


def test_sound_before_a_clip_is_played_forwards():
    # Drops that sound at once and die away, too many to be events: reversed they would swell.
    known = room(8, level=0.001)
    random = np.random.default_rng(4)
    drop = (np.exp(-np.arange(1440) / 300) * random.normal(size=1440) * 0.1).astype(np.float32)
    for at in random.integers(0, 8 * RATE - 1440, 60):
        known[0, at : at + 1440] += drop
    made = go_on(known, 8, forward=False).made[0]
    size = np.abs(made).reshape(-1, 240).max(axis=1)
    steps = np.diff(size)
    known_steps = np.diff(np.abs(known[0]).reshape(-1, 240).max(axis=1))
    skew = (steps**3).mean() / (steps**2).mean() ** 1.5
    known_skew = (known_steps**3).mean() / (known_steps**2).mean() ** 1.5
    assert known_skew > 1  # it rises faster than it falls
    assert skew > 0.5 * known_skew


class TestMusic:
    @BOTH
    def test_it_fades_within_a_second_and_the_room_stays(self, forward):
        known = melody(8) + room(8, level=0.001)
        done = go_on(known, 5, forward=forward)
        assert done.plan.music
        assert not done.plan.speech
        early = away(done.made, 0, 0.3, forward=forward)
        late = away(done.made, 1.1, 5, forward=forward)
        assert level_db(early, known) > -10
        assert level_db(late, known) < -25
        assert abs(level_db(late, room(8, level=0.001))) < 7

    @BOTH
    def test_its_last_chord_is_held_by_choice(self, forward):
        known = melody(8, note_s=1.0)
        made = go_on(known, 20, forward=forward, music="hold").made
        chord = known[:, -int(0.2 * RATE) :] if forward else known[:, : int(0.2 * RATE)]
        for start in (1, 10, 18):
            part = away(made, start, start + 2, forward=forward)
            assert abs(level_db(part, chord)) < 4
            change = bands_db(part[0])[2:5] - bands_db(chord[0])[2:5]
            assert np.ptp(change) < 4  # of colour, from 250 Hz to 2 kHz

    @pytest.mark.parametrize("known", [room(8), room(8) + hum(8, 50)], ids=["room", "hum"])
    def test_a_room_is_none(self, known):
        plan = plan_continuation(known, RATE, RATE)
        assert not plan.music
        assert not plan.speech

    def test_fast_notes_are_music_too(self):
        assert plan_continuation(melody(8, note_s=0.2) + room(8), RATE, RATE).music


class TestChannels:
    """5.1: what is silent stays silent, what is wide stays wide."""

    @pytest.mark.parametrize("seconds", [1.0, 8.0], ids=["noise like it", "pieces of it"])
    @BOTH
    def test_image_and_silence_are_kept(self, seconds, forward):
        known = np.concatenate([room(seconds, 2), room(seconds, 4, level=0.01, seed=8)])
        known[1] = 0.8 * known[0] + 0.2 * known[1]
        known[3] = 0
        made = go_on(known, 4, forward=forward).made
        assert not made[3].any()
        heard = [0, 1, 2, 4, 5]
        for channel in heard:
            assert abs(level_db(made[channel], known[channel])) < 1.5
        likeness = np.corrcoef(made[heard]) - np.corrcoef(known[heard])
        assert np.abs(likeness).max() < 0.15


class TestWords:
    """With the detector replaced by one that says where the words are: its ears are its makers'."""

    @pytest.fixture
    def words(self, monkeypatch):
        def say(*spans_s: tuple[float, float]) -> None:
            def find(sound: np.ndarray, sample_rate: int) -> np.ndarray:
                found = np.zeros(sound.shape[1] // (sample_rate // 100), bool)
                for start, stop in spans_s:
                    found[int(start * 100) : int(stop * 100)] = True
                return found

            monkeypatch.setattr(finding, "find_speech", find)

        return say

    @staticmethod
    def spoken(seconds: float, *spans_s: tuple[float, float]) -> np.ndarray:
        """A room with something in it that no rule of loudness tells from speech: a hiss like the
        room's own, louder, with syllables."""
        sound = room(seconds, level=0.004)
        for start, stop in spans_s:
            first, last = int(start * RATE), int(stop * RATE)
            time = np.arange(last - first) / RATE
            syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * time)
            sound[0, first:last] += room(stop - start, level=0.03, seed=11)[0] * syllables
        return sound.astype(np.float32)

    @BOTH
    def test_the_room_between_them_is_used(self, words, forward):
        spans = ((1.0, 3.5), (5.0, 6.5))
        words(*spans)
        done = go_on(self.spoken(8, *spans), 10, forward=forward)
        assert done.plan.speech
        assert abs(level_db(done.made, room(8, level=0.004))) < 2

    @BOTH
    def test_where_they_never_pause_what_lies_under_them_is_used(self, words, forward):
        words((0, 6))
        known = self.spoken(6, (0.0, 6.0))
        done = go_on(known, 10, forward=forward)
        rest = away(done.made, 0.1, 10, forward=forward)
        assert level_db(rest, known) < -6
        # Nothing of their rhythm is left: four syllables a second.
        size = np.abs(rest[0, : 9 * RATE]).reshape(-1, 480).mean(axis=1)
        beat = np.abs(np.fft.rfft(size - size.mean()))
        assert beat[36] < 4 * np.median(beat[5:200])


@pytest.mark.parametrize("sound", [room(8, 2), melody(8), room(1, 2)], ids=["room", "music", "1 s"])
@BOTH
def test_any_stretch_alone_is_as_in_the_whole(sound, forward):
    count = 4 * RATE
    plan = plan_continuation(sound, RATE, count, forward=forward)
    start, stop = (0, count) if forward else (-count, 0)
    whole = plan.render(start, stop)
    random = np.random.default_rng(0)
    for first in random.integers(start, stop - 5000, 5):
        part = plan.render(int(first), int(first) + 5000)
        assert np.allclose(part, whole[:, first - start : first - start + 5000], atol=1e-6)


def test_a_longer_head_ends_as_a_shorter_one():
    known = room(5)
    long, short = (go_on(known, seconds, forward=False).made for seconds in (6, 2))
    assert np.array_equal(long[:, -2 * RATE :], short)


def test_a_minute_is_made_in_small_blocks():
    plan = plan_continuation(room(3, 2), RATE, 60 * RATE)
    sizes = [block.shape[1] for block in plan.blocks(0, 60 * RATE)]
    assert sum(sizes) == 60 * RATE
    assert max(sizes) <= RATE


@BOTH
def test_a_clip_that_ends_in_silence_goes_on_in_it(forward):
    known = room(6)
    silent = slice(-RATE, None) if forward else slice(0, RATE)
    known[:, silent] = 0
    plan: Continuation = plan_continuation(known, RATE, RATE, forward=forward)
    assert not plan.render(*((0, RATE) if forward else (-RATE, 0))).any()
