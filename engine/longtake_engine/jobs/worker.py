"""The worker process: does jobs and answers questions, one after another.

Commands come as JSON lines on stdin, events go as JSON lines on stdout (`message.py`). Everything
that libraries print goes to stderr, which the daemon sends to a log. It ends itself when stdin
closes, so that it never outlives its daemon, whatever killed that.
"""

import argparse
import importlib
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import msgspec
import psutil
from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.jobs.experience import Experience, compare
from longtake_engine.jobs.fault import Fault, fault_of
from longtake_engine.jobs.message import (
    Answer,
    AskEstimate,
    AskLikeness,
    AskModels,
    AskProbe,
    AskPrompt,
    AskSheet,
    Broken,
    Done,
    Event,
    Question,
    RunJob,
    StopJob,
    event_line,
    read_command,
)
from longtake_engine.work import Progress, Spec, to_json

_Work = tuple[RunJob, CancelToken] | Question


def main() -> None:
    """Work until stdin closes."""
    parser = argparse.ArgumentParser(prog="longtake_engine.jobs.worker", description=main.__doc__)
    parser.add_argument(
        "--tasks", default="longtake_engine.tasks.run", help="module that does jobs"
    )
    parser.add_argument("--log", type=Path, required=True, help="where stderr goes, to tell people")
    arguments = parser.parse_args()
    events = _take_stdout()
    _be_first_to_go()
    inbox: queue.SimpleQueue[_Work] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, inbox), daemon=True).start()
    worker = _Worker(arguments.tasks, arguments.log, lambda event: _say(events, event))
    while True:
        worker.do(inbox.get())


class _Worker:
    def __init__(self, tasks: str, log: Path, say: Callable[[Event], None]) -> None:
        self._tasks = tasks
        self._log = log
        self._say = say
        self._last = Progress("")

    def do(self, work: _Work) -> None:
        """Do it and say how it ended, whatever happens."""
        try:
            if isinstance(work, tuple):
                last = self._run(*work)
            else:
                last = Answer(msgspec.Raw(to_json(self._answer(work))))
        except Exception as error:  # whatever a job or a file does, the next one still has its turn
            last = Broken(self._fault(error))
        self._say(last)

    def _run(self, command: RunJob, cancel: CancelToken) -> Event:
        cancel.check()
        tasks = importlib.import_module(self._tasks)
        cancel.listen(self._tell)
        process, most_memory, began_s = psutil.Process(), 0, time.monotonic()
        for event in tasks.run(command.spec, job_id=command.job_id, cancel=cancel):
            if isinstance(event, Progress):
                self._last = event
            self._say(event)
            most_memory = max(most_memory, process.memory_info().rss)
        return Done(self._experience(command.spec, time.monotonic() - began_s, most_memory))

    def _experience(self, spec: Spec, took_s: float, most_memory: int) -> Experience | None:
        try:
            reckoned = importlib.import_module(self._tasks).estimate(spec)
        except Exception as error:  # the work is done, whatever becomes of its input now
            print(f"what the work took cannot be told: {error!r}")
            return None
        return compare(spec, reckoned, took_seconds=took_s, most_memory_bytes=most_memory)

    def _tell(self, words: str, remaining_s: float) -> None:
        """Say how far the work is between two frames; from any thread."""
        phase = f"{self._last.phase}, {words}" if self._last.phase else words
        self._say(replace(self._last, phase=phase, remaining_s=remaining_s, preview_jpeg=b""))

    def _answer(self, question: Question) -> object:
        match question:
            case AskProbe(path, sequence_rate):
                # Imported where they are needed, for a job may need none of them.
                from longtake_engine.media.probe import probe  # noqa: PLC0415 # heavy

                return probe(path, sequence_rate)
            case AskEstimate(spec):
                return importlib.import_module(self._tasks).estimate(spec)
            case AskPrompt(prompt, camera, shown):
                from longtake_engine.models.guidance.writing import (  # noqa: PLC0415 # heavy
                    write_out,
                )

                return write_out(prompt, camera, CancelToken(), shown=shown)
            case AskLikeness(wishes, texts):
                from longtake_engine.models.meaning.sentence import (  # noqa: PLC0415 # heavy
                    compare_texts,
                )

                return compare_texts(wishes, texts, CancelToken())
            case AskSheet(rows):
                from longtake_engine.media.sheet import draw_sheet  # noqa: PLC0415 # heavy

                return draw_sheet(rows)
            case AskModels():
                from longtake_engine.models.catalog import list_models  # noqa: PLC0415 # heavy

                return list_models()

    def _fault(self, error: Exception) -> Fault:
        fault = fault_of(error, self._log)
        if fault.reason == "INTERNAL":
            traceback.print_exception(error)
        return fault


def _take_stdout() -> BinaryIO:
    """The stdout that was; what C code and Python print goes to stderr from now on."""
    events = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return events


def _say(events: BinaryIO, event: Event) -> None:
    try:
        events.write(event_line(event))
        events.flush()
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more


def _listen(commands: BinaryIO, inbox: queue.SimpleQueue[_Work]) -> None:
    tokens: dict[str, CancelToken] = {}
    for line in commands:
        match command := read_command(line):
            case StopJob(job_id):
                tokens.setdefault(job_id, CancelToken()).cancel()
            case RunJob(job_id):
                tokens = {job_id: CancelToken()}  # jobs come one after another
                inbox.put((command, tokens[job_id]))
            case _:
                inbox.put(command)
    # The daemon is gone. Not sys.exit: the main thread may be deep in somebody's C code.
    os._exit(0)


def _be_first_to_go() -> None:
    """Let Linux, when memory runs out, choose this process rather than the daemon or the editor."""
    try:
        Path("/proc/self/oom_score_adj").write_text("500")
    except OSError:
        return  # another system, or one that does not allow it


if __name__ == "__main__":
    main()
