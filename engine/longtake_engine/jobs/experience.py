"""What work really took on this machine, so that estimates of the next come true."""

from collections.abc import Sequence
from statistics import median

import msgspec
from msgspec.structs import replace

from longtake_engine.work import Estimate, Spec

REMEMBERED = 9  # of the newest pieces of work, whose median counts
_FURTHEST = 20.0  # times an estimate that a correction goes: beyond it something else was wrong


class Experience(msgspec.Struct, frozen=True):
    """One piece of work, against what had been reckoned for it."""

    kind: str  # of work and model: "extend/loop"
    seconds_ratio: float  # took over reckoned
    memory_ratio: float


def kind_of(spec: Spec, model: str) -> str:
    """What work is told from other work by; `model` is the one it is reckoned for."""
    quality = getattr(spec.work, "quality", "")
    return "/".join(part for part in (type(spec.work).__name__.lower(), model, quality) if part)


def compare(
    spec: Spec, reckoned: Estimate, *, took_seconds: float, most_memory_bytes: int
) -> Experience:
    """What work took against what had been `reckoned` for it, uncorrected."""
    return Experience(
        kind_of(spec, reckoned.model),
        took_seconds / max(reckoned.seconds, 0.1),
        most_memory_bytes / max(reckoned.memory_bytes, 1),
    )


def correct(estimate: Estimate, known: Sequence[Experience]) -> Estimate:
    """The estimate, as earlier work of its kind has turned out; itself where there was none."""
    if not known:
        return estimate
    return replace(
        estimate,
        seconds=estimate.seconds * _within(median(one.seconds_ratio for one in known)),
        memory_bytes=round(
            estimate.memory_bytes * _within(median(one.memory_ratio for one in known))
        ),
        measured=True,
    )


def _within(ratio: float) -> float:
    return min(max(ratio, 1 / _FURTHEST), _FURTHEST)
