"""An error as a value, so that it can cross the pipe from a worker and lie in the store."""

import errno
from pathlib import Path

import msgspec

from longtake_engine import errors

_KINDS = {
    kind.reason: kind
    for kind in (
        errors.WrongCall,
        errors.BadInput,
        errors.MissingInput,
        errors.NotPossible,
        errors.OutOfSpace,
        errors.OutOfMemory,
        errors.NoNetwork,
        errors.AccessRefused,
        errors.LicenseNotAccepted,
        errors.Busy,
        errors.PathRefused,
        errors.WorkerDied,
        errors.Cancelled,
    )
}
_CV_NO_MEMORY = -4  # cv2.error.code of "Insufficient memory"


class Fault(msgspec.Struct, frozen=True):
    """What went wrong."""

    kind: str  # reason of the class in errors.py, which decides the status code
    reason: str  # machine-readable; mostly the same word
    sentence: str  # for a person


def fault_of(error: Exception, log: Path) -> Fault:
    """What `error` comes to for a person; errors that nobody foresaw are sent to `log`."""
    if isinstance(error, errors.EngineError):
        kind = next(k for k in type(error).__mro__ if k.__module__ == errors.__name__)
        return Fault(kind=kind.reason, reason=error.reason, sentence=error.sentence)
    if isinstance(error, MemoryError) or getattr(error, "code", None) == _CV_NO_MEMORY:
        return _fault(
            errors.OutOfMemory,
            "The memory ran out; close other programs, or use a shorter or smaller clip.",
        )
    if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
        return _fault(
            errors.OutOfSpace,
            "The disk is full; make room on it or choose another -o on a larger one.",
        )
    return _fault(
        errors.EngineError,
        f"Something broke inside the engine ({type(error).__name__}: {error}); "
        f"please report it with the end of {log}.",
    )


def to_error(fault: Fault) -> errors.EngineError:
    """The error that `fault` was made of, to be raised again."""
    kind = _KINDS.get(fault.kind, errors.EngineError)
    return kind(fault.sentence, reason=fault.reason)


def _fault(kind: type[errors.EngineError], sentence: str) -> Fault:
    return Fault(kind=kind.reason, reason=kind.reason, sentence=sentence)
