"""What the daemon asks of the store's process, and what that says: one JSON object a line."""

from pathlib import Path

import msgspec

from longtake_engine.jobs.fault import Fault
from longtake_engine.weights.progress import StoreProgress
from longtake_engine.work import CameraKind, from_json, to_json


class InstallErrand(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Download a model."""

    name: str
    accept_license: bool
    to_folder: Path | None
    revision: str
    dry_run: bool


class ImportErrand(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Take weights into use that are here."""

    folder: Path
    name: str
    accept_license: bool


class LoraErrand(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Take a camera move into use that was taught beside a model."""

    path: Path
    name: str  # of the model
    camera: CameraKind
    strength: float


class VerifyErrand(msgspec.Struct, frozen=True, tag=True):
    """Look into the files of models."""

    names: tuple[str, ...]


Errand = InstallErrand | ImportErrand | LoraErrand | VerifyErrand


class Settled(msgspec.Struct, frozen=True, tag=True):
    """One model is as it was to be: installed, imported or looked through."""

    name: str
    folder: Path | None = None
    downloaded_bytes: int = 0


class Unusable(msgspec.Struct, frozen=True, tag=True):
    """Something in an imported folder that cannot be used, in a sentence."""

    sentence: str


class Ended(msgspec.Struct, frozen=True, tag=True):
    """The errand is over; `fault` says what ended it, None where it was done."""

    fault: Fault | None = None


ErrandEvent = StoreProgress | Settled | Unusable | Ended


def errand_line(message: Errand | ErrandEvent) -> bytes:
    """A message as the pipe carries it."""
    return to_json(message) + b"\n"


def read_errand(line: bytes) -> Errand:
    """The errand of a line; raises msgspec.MsgspecError where it holds none."""
    return from_json(line, Errand)  # type: ignore[arg-type] - a union of types


def read_errand_event(line: bytes) -> ErrandEvent:
    """The event of a line; raises msgspec.MsgspecError where it holds none."""
    return from_json(line, ErrandEvent)  # type: ignore[arg-type] - a union of types
