"""What can go wrong in the engine, each as one sentence that says what to do.

Everything the engine raises on purpose is an `EngineError`. `server/` alone knows how its kinds
map to gRPC status codes; `reason` is the machine-readable word that goes out with it.
"""


class EngineError(Exception):
    """The root of all that the engine raises on purpose.

    Attributes:
        sentence: For a person: what is wrong and what to do.
        reason: UPPER_SNAKE_CASE, for programs; never changes once published.
    """

    reason = "INTERNAL"

    def __init__(self, sentence: str, *, reason: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        if reason is not None:
            self.reason = reason


class WrongCall(EngineError):
    """The request contradicts itself or asks for something that cannot mean anything."""

    reason = "WRONG_CALL"


class BadInput(EngineError):
    """A file or its content cannot be used as it is."""

    reason = "BAD_INPUT"


class MissingInput(BadInput):
    """A file is not there or may not be read."""

    reason = "MISSING_INPUT"


class NotPossible(EngineError):
    """Right as asked, but this engine or machine cannot do it; the sentence names what is
    missing."""

    reason = "NOT_POSSIBLE"


class OutOfSpace(NotPossible):
    """The disk is full, or would be."""

    reason = "OUT_OF_SPACE"


class OutOfMemory(NotPossible):
    """The work does not fit the memory."""

    reason = "OUT_OF_MEMORY"


class NoNetwork(NotPossible):
    """What must be downloaded cannot be reached."""

    reason = "NO_NETWORK"


class AccessRefused(NotPossible):
    """What must be downloaded is shown to some accounts only."""

    reason = "ACCESS_REFUSED"


class LicenseNotAccepted(EngineError):
    """The licence of a model must be accepted first."""

    reason = "LICENSE_NOT_ACCEPTED"


class PathRefused(EngineError):
    """A path lies outside the folders that the engine was given."""

    reason = "PATH_REFUSED"


class UnknownJob(EngineError):
    """No job has this name."""

    reason = "UNKNOWN_JOB"


class WorkerDied(EngineError):
    """The worker process ended in the middle of a job, more than once."""

    reason = "WORKER_DIED"


class Cancelled(EngineError):
    """The job was cancelled; raised where the work notices it."""

    reason = "CANCELLED"


class Unauthenticated(EngineError):
    """The caller did not show the engine's token."""

    reason = "UNAUTHENTICATED"


class Busy(EngineError):
    """The engine serves as many callers as it can."""

    reason = "BUSY"


class Stopping(EngineError):
    """The engine is going down; its jobs go on at the next start."""

    reason = "STOPPING"
