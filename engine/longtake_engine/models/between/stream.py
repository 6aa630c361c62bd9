"""In-between pictures of a whole clip, pair by pair, on all cores."""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from longtake_engine.models.between.device import ON_PROCESSOR, Fusion
from longtake_engine.models.between.motion import Between, Made
from longtake_engine.models.between.network.refiner import Refiner
from longtake_engine.models.between.preset import PRESETS
from longtake_engine.models.between.source import DenseSearch, FlowSource
from longtake_engine.picture import Picture
from longtake_engine.work import Quality

WORKERS = 2  # threads; more would hold more pictures at once


@dataclass(frozen=True, slots=True)
class Pair:
    """Two neighbouring pictures of one shot and the moments between them that are wanted."""

    first: Picture
    second: Picture
    times: tuple[float, ...]  # over 0 (the first) and under 1 (the second)
    follows: bool  # its first is the second of the pair before, in the same shot, at the same step
    refiner: Refiner | None = None  # betters the ways along which they are mixed


@dataclass(frozen=True, slots=True)
class _Measured:
    pair: Pair
    between: Future[Between]


def make_between(
    pairs: Iterable[Pair],
    quality: Quality = "standard",
    source: FlowSource | None = None,
    workers: int = WORKERS,
    fusion: Fusion = ON_PROCESSOR,
) -> Generator[tuple[Made, ...], None, None]:
    """For each pair in order its pictures, those after it being worked on meanwhile.

    Pairs that follow one another bend each other's paths, which a pair alone cannot know of. Holds
    as many pairs as `workers` and three more. A caller that stops early waits for what is under
    way and no longer.

    Args:
        pairs: In order; read no further ahead than is worked on.
        quality: What is spent.
        source: Measures motion where another than OpenCV's search is to.
        workers: Threads.
        fusion: Mixes the pictures.
    """
    source = source or DenseSearch(PRESETS[quality])
    with ThreadPoolExecutor(workers, thread_name_prefix="between") as pool:
        made: deque[Future[tuple[Made, ...]]] = deque()
        recent: deque[_Measured | None] = deque([None, None], maxlen=3)
        try:
            for pair in pairs:
                measured = pool.submit(Between.measure, pair.first, pair.second, quality, source)
                recent.append(_Measured(pair, measured))
                _submit(pool, recent, made, fusion)
                while len(made) > workers + 1:
                    yield made.popleft().result()
            recent.append(None)
            _submit(pool, recent, made, fusion)
            while made:
                yield made.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _submit(
    pool: ThreadPoolExecutor,
    recent: deque[_Measured | None],
    made: deque[Future[tuple[Made, ...]]],
    fusion: Fusion,
) -> None:
    """Have the middle one of three pairs made; what it waits for was asked for before it."""
    before, here, after = recent
    if here is None:
        return
    before = before if here.pair.follows else None
    after = after if after and after.pair.follows else None
    made.append(pool.submit(_make, before, here, after, fusion))


def _make(
    before: _Measured | None, here: _Measured, after: _Measured | None, fusion: Fusion
) -> tuple[Made, ...]:
    if not here.pair.times:
        return ()
    beside = [one and one.between.result() for one in (before, after)]
    between = here.between.result().beside(beside[0], beside[1])
    return tuple(between.make(time, fusion, here.pair.refiner) for time in here.pair.times)
