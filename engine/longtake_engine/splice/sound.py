"""Sound that goes on: the ambience of the last seconds laid out anew, joined at equal power.

Blocks are C S float32, channels by samples, -1 to 1. All channels are cut at the same places, so
that the stereo image stays.
"""

from collections.abc import Iterator

import numpy as np

GRAIN_S = 0.25  # long enough to keep the room's colour, short enough not to keep words
JOIN_S = 0.06
HISTORY_S = 12.0  # seconds of known sound beside the join that are made use of
QUIET = (
    0.7  # share of the grains, quietest first, that count as ambience where the level varies much
)


def continue_sound(
    history: np.ndarray, sample_count: int, sample_rate: int, seed: int
) -> Iterator[np.ndarray]:
    """`sample_count` samples that go on after `history`, in blocks.

    Overlapping grains of the history, power-complementary windows, taken in random order from
    places as loud as the ambience usually is. The join fades from the history played on backwards,
    which has no step in it, to the grains. For sound before a head, reverse the history and what
    comes of it.

    Args:
        history: C S float32, the known sound up to the join; silence goes on as silence.
        sample_count: Samples to make, 0 or more.
        sample_rate: Samples a second.
        seed: The same seed gives the same sound.
    """
    channels, known = history.shape
    grain = min(int(GRAIN_S * sample_rate), known // 3) // 2 * 2
    if sample_count <= 0:
        return
    if grain < 16 or not history.any():
        yield np.zeros((channels, sample_count), np.float32)
        return
    starts = _ambient_starts(history, grain)
    mirror = _mirror(history, min(int(JOIN_S * sample_rate), known, sample_count))
    made = 0
    for block in _grains(history, starts, grain, np.random.default_rng(seed)):
        yield _join(block[:, : sample_count - made], mirror, made)
        made += block.shape[1]
        if made >= sample_count:
            return


def _ambient_starts(history: np.ndarray, grain: int) -> np.ndarray:
    """Where grains may begin: at the places as loud as the sound beside the join and the quieter
    ones usually are."""
    starts = np.arange(0, history.shape[1] - grain + 1, grain // 4)
    power = np.array([np.mean(history[:, s : s + grain] ** 2) for s in starts])
    level = 10 * np.log10(power + 1e-10)
    ambient = level <= np.quantile(level, QUIET)
    near = np.abs(level - np.median(level[ambient])) < 4  # dB: a level that does not flutter
    chosen = starts[near & ambient]
    return chosen if len(chosen) >= 4 else starts


def _grains(
    history: np.ndarray, starts: np.ndarray, grain: int, random: np.random.Generator
) -> Iterator[np.ndarray]:
    """Endless blocks of half a grain, each the sum of two grains' halves at equal power."""
    half = grain // 2
    window = np.sin(np.pi * (np.arange(grain) + 0.5) / grain).astype(np.float32)
    order = random.permutation(starts)
    tail = history[:, order[0] + half : order[0] + grain] * window[half:]
    turn = 1
    while True:
        if turn % len(order) == 0:  # every grain once before any comes again
            order = random.permutation(starts)
        start = order[turn % len(order)]
        fresh = history[:, start : start + grain] * window
        yield tail + fresh[:, :half]
        tail = fresh[:, half:]
        turn += 1


def _mirror(history: np.ndarray, length: int) -> np.ndarray:
    return history[:, ::-1][:, :length]


def _join(block: np.ndarray, mirror: np.ndarray, made: int) -> np.ndarray:
    """`block`, which begins `made` samples after the join, faded in from the mirrored history at
    equal power."""
    length = mirror.shape[1]
    overlap = min(length - made, block.shape[1])
    if overlap <= 0:
        return block
    angle = (np.arange(made, made + overlap, dtype=np.float32) + 0.5) / length * (np.pi / 2)
    joined = block.copy()
    joined[:, :overlap] *= np.sin(angle)
    joined[:, :overlap] += mirror[:, made : made + overlap] * np.cos(angle)
    return joined
