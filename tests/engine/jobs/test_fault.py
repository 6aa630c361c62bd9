import errno
from pathlib import Path

import pytest
from longtake_engine import errors
from longtake_engine.jobs.fault import fault_of, to_error

LOG = Path("/home/worker.log")
KINDS = [
    errors.WrongCall,
    errors.BadInput,
    errors.MissingInput,
    errors.NotPossible,
    errors.OutOfSpace,
    errors.OutOfMemory,
    errors.PathRefused,
    errors.WorkerDied,
    errors.Cancelled,
]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_of_ours_comes_back_as_it_was(kind):
    error = to_error(fault_of(kind("A sentence.", reason="SPECIAL"), LOG))
    assert (type(error), error.reason, error.sentence) == (kind, "SPECIAL", "A sentence.")


def test_a_kind_of_another_room_counts_as_the_nearest_known_one():
    class NoVideo(errors.BadInput):
        reason = "NO_VIDEO"

    error = to_error(fault_of(NoVideo("No video."), LOG))
    assert (type(error), error.reason) == (errors.BadInput, "NO_VIDEO")


@pytest.mark.parametrize(
    ("error", "kind", "word"),
    [
        (MemoryError(), errors.OutOfMemory, "memory"),
        (OSError(errno.ENOSPC, "No space"), errors.OutOfSpace, "disk is full"),
        (OSError(errno.EDQUOT, "Quota"), errors.OutOfSpace, "disk is full"),
        (ZeroDivisionError("by zero"), errors.EngineError, "worker.log"),
        (OSError(errno.EIO, "I/O"), errors.EngineError, "OSError"),
    ],
)
def test_what_nobody_foresaw_becomes_a_sentence_too(error, kind, word):
    back = to_error(fault_of(error, LOG))
    assert type(back) is kind
    assert back.reason == kind.reason
    assert word in back.sentence


def test_opencv_out_of_memory_is_out_of_memory():
    cv2 = pytest.importorskip("cv2")
    error = cv2.error("Insufficient memory")
    error.code = cv2.Error.STS_NO_MEM if hasattr(cv2, "Error") else -4
    assert fault_of(error, LOG).reason == "OUT_OF_MEMORY"
