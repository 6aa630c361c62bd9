"""Tasks that do as the input file says, for tests of the queue: the worker takes them with --tasks.

The input is a text file of one step a line:

    progress DONE TOTAL      say how far it is
    say TEXT                 how far it is between two frames
    touch PATH               let a test know
    wait PATH                until that file is there, noticing a cancel
    hang                     for ever, deaf to a cancel
    partial                  half-write the output
    print TEXT               on the process's own stdout, as C libraries do
    die                      as by the system when memory runs out
    die_once PATH            the same, but not when PATH is there; it is then
    raise KIND SENTENCE      an EngineError, MemoryError, OSError (a full disk) or ValueError
    size BYTES               of the files that the takes are written to

Whatever ends without an error writes its takes.
"""

import errno
import os
import signal
import threading
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from longtake_engine import errors
from longtake_engine.cancel import CancelToken
from longtake_engine.work import (
    Estimate,
    Extend,
    FrameRange,
    Progress,
    Score,
    SeamReport,
    Spec,
    Take,
)

_POLL_S = 0.01


def run(spec: Spec, *, job_id: str, cancel: CancelToken) -> Iterator[Progress | Take]:
    """What the steps yield, then one take for each that was asked for."""
    size_bytes = 4
    for line in _script(spec):
        match line.split():
            case ["progress", done, total]:
                yield Progress("making", int(done), int(total), preview_jpeg=b"\xff\xd8preview")
            case ["partial"]:
                _partial(spec.output.path, job_id).write_bytes(b"half")
            case ["size", count]:
                size_bytes = int(count)
            case words:
                _step(words, cancel)
    for number in range(1, spec.take_count + 1):
        yield _take(spec, number, job_id, b"x" * size_bytes)


def estimate(spec: Spec) -> Estimate:
    """A fixed estimate, after the steps."""
    for line in _script(spec):
        _step(line.split(), CancelToken())
    return Estimate("fake", 48, 148, 2.5, 1_000_000, 2_000_000, 3_000_000)


def _script(spec: Spec) -> list[str]:
    assert isinstance(spec.work, Extend)
    return spec.work.input_path.read_text().splitlines()


def _step(words: list[str], cancel: CancelToken) -> None:
    match words:
        case ["say", *text]:
            cancel.say(" ".join(text), 2.5)
        case ["touch", path]:
            Path(path).touch()
        case ["wait", path]:
            while not Path(path).exists():
                cancel.check()
                time.sleep(_POLL_S)
        case ["hang"]:
            threading.Event().wait()
        case ["print", *text]:
            os.write(1, " ".join(text).encode() + b"\n")
            print(*text)
        case ["die_once", path] if Path(path).exists():
            pass
        case ["die_once", path]:
            Path(path).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        case ["die"]:
            os.kill(os.getpid(), signal.SIGKILL)
        case ["raise", kind, *sentence]:
            _fail(kind, " ".join(sentence))
        case ["progress" | "partial" | "size", *_]:
            pass  # of no meaning here
        case _:
            raise ValueError(f"no such step: {words}")


def _fail(kind: str, sentence: str) -> None:
    if kind == "MemoryError":
        raise MemoryError
    if kind == "OSError":
        raise OSError(errno.ENOSPC, "No space left on device")
    if kind == "ValueError":
        raise ValueError(sentence)
    raise getattr(errors, kind)(sentence)


def _partial(path: Path, job_id: str) -> Path:
    return path.parent / f".{path.stem}.{job_id}.part{path.suffix}"


def _take(spec: Spec, number: int, job_id: str, content: bytes) -> Take:
    path = spec.output.path
    if number > 1:
        path = path.with_name(f"{path.stem}-{number}{path.suffix}")
    partial = _partial(path, job_id)
    partial.write_bytes(content)
    partial.replace(path)
    return Take(
        media_path=path,
        start_frame=0,
        duration_frames=148,
        rate=Fraction(24000, 1001),
        made_ranges=(FrameRange(100, 48),),
        model="fake",
        score=Score(0.5, 30.0, 20.0, 0.9, 1.0),
        seams=(SeamReport(100, 1.0, 1.0, 1.0, 1.0),),
        seconds=0.25,
        notes=("A note.",),
    )
