"""What can go wrong on the timeline's side, each as one sentence and an exit code."""

# Reasons come from the engine (google.rpc.ErrorInfo) or from the bridge itself.
# Any other is a bug: exit 1.
EXIT_CODES = {
    "WRONG_CALL": 2,
    "PATH_REFUSED": 2,
    "UNKNOWN_JOB": 2,
    "BAD_INPUT": 3,
    "MISSING_INPUT": 3,
    "NOT_POSSIBLE": 4,
    "OUT_OF_SPACE": 4,
    "OUT_OF_MEMORY": 4,
    "NO_NETWORK": 4,
    "ACCESS_REFUSED": 4,  # a gated repository of weights
    "LICENSE_NOT_ACCEPTED": 2,
    "ENGINE_MISSING": 4,  # not installed on this machine
    "UNAUTHENTICATED": 2,
    "BUSY": 4,
    "STOPPING": 4,
    "ENGINE_DOWN": 4,  # cannot be started or does not answer
    "CANCELLED": 130,
}


class BridgeError(Exception):
    """The root of all that the bridge raises on purpose.

    Attributes:
        sentence: For a person: what is wrong and what to do.
        reason: UPPER_SNAKE_CASE, for programs; the engine's own where the error came from there.
        exit_code: What a command ends with: 2 wrong call, 3 bad input, 4 not possible here,
            130 cancelled, 1 a bug.
    """

    def __init__(
        self, sentence: str, reason: str = "INTERNAL", exit_code: int | None = None
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.reason = reason
        self.exit_code = EXIT_CODES.get(reason, 1) if exit_code is None else exit_code


def wrong_call(sentence: str) -> BridgeError:
    """The error of a request that cannot mean anything: exit 2."""
    return BridgeError(sentence, "WRONG_CALL")


def bad_input(sentence: str) -> BridgeError:
    """The error of a file that cannot be used as it is: exit 3."""
    return BridgeError(sentence, "BAD_INPUT")


def not_possible(sentence: str) -> BridgeError:
    """The error of what this machine or format cannot do: exit 4."""
    return BridgeError(sentence, "NOT_POSSIBLE")
