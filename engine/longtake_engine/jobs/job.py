"""One job and how it stands, as values that are stored and sent as they are."""

import secrets
import time

import msgspec

from longtake_engine.jobs.fault import Fault
from longtake_engine.work import Progress, Spec, Take

# Crockford's base 32 in lower case: sorts as its numbers do, and nobody reads 1 for l or 0 for o.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_EPOCH_MS = 1_735_689_600_000  # 2025-01-01; eight digits of milliseconds last until 2059


class Queued(msgspec.Struct, frozen=True, tag="queued"):
    """Waits for its turn."""


class Running(msgspec.Struct, frozen=True, tag="running"):
    """Is at work."""

    start_time: float  # Unix seconds


class Succeeded(msgspec.Struct, frozen=True, tag="succeeded"):
    """Has ended; its takes are on disk, best first."""

    start_time: float  # Unix seconds
    end_time: float  # Unix seconds
    takes: tuple[Take, ...]


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """Has ended without a result."""

    start_time: float | None  # Unix seconds; None where it never began
    end_time: float  # Unix seconds
    fault: Fault


class Cancelled(msgspec.Struct, frozen=True, tag="cancelled"):
    """Has ended on request; nothing is left on disk."""

    start_time: float | None  # Unix seconds; None where it never began
    end_time: float  # Unix seconds


State = Queued | Running | Succeeded | Failed | Cancelled


class Job(msgspec.Struct, frozen=True):
    """One piece of work and how it stands."""

    id: str
    spec: Spec
    create_time: float  # Unix seconds
    fingerprint: str  # equal for equal requests on unchanged inputs
    state: State = Queued()
    progress: Progress = Progress(phase="queued")
    attempt: int = 0  # how often it was begun

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return not isinstance(self.state, Queued | Running)

    @property
    def start_time(self) -> float | None:
        """When it began, in Unix seconds; None before."""
        return None if isinstance(self.state, Queued) else self.state.start_time


class MadeFile(msgspec.Struct, frozen=True):
    """A file as a job left it, to be recognised later."""

    path: str
    size_bytes: int
    mtime_ns: int


def new_id(after: str = "") -> str:
    """A name for a job, such as `0v7k2m9q-x4t`, that sorts after `after`.

    It holds chance as well as time, so that engines with different homes name no two jobs alike.
    """
    now_ms = time.time_ns() // 1_000_000 - _EPOCH_MS
    if after:
        now_ms = max(now_ms, _number(after.partition("-")[0]) + 1)
    chance = "".join(secrets.choice(_DIGITS) for _ in range(3))
    return f"{_text(now_ms)}-{chance}"


def _text(number: int) -> str:
    return "".join(_DIGITS[(number >> shift) & 31] for shift in range(35, -1, -5))


def _number(text: str) -> int:
    number = 0
    for digit in text:
        number = number * 32 + _DIGITS.index(digit)
    return number
