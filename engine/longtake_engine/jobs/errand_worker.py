"""The process that runs one errand for the store of weights, and ends.

The errand comes as a line on stdin, events go as lines on stdout (`errand_message.py`); what
libraries print goes to stderr, which the daemon sends to a log. It ends at once when stdin closes:
a download keeps what has come, wherever it is ended.
"""

import argparse
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from longtake_engine.jobs.errand_message import (
    Ended,
    Errand,
    ErrandEvent,
    ImportErrand,
    InstallErrand,
    LoraErrand,
    Settled,
    Unusable,
    VerifyErrand,
    errand_line,
    read_errand,
)
from longtake_engine.jobs.fault import fault_of
from longtake_engine.weights.adoption import AdoptOptions, Unused, adopt
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.install import InstallOptions, install
from longtake_engine.weights.lora import LoraShelf, Wanted
from longtake_engine.weights.progress import StoreProgress, Tell
from longtake_engine.weights.store import ModelStore
from longtake_engine.weights.verification import verify

_TELL_EVERY_S = 0.2


def main() -> None:
    """Run the errand on stdin."""
    parser = argparse.ArgumentParser(prog="longtake_engine.jobs.errand_worker")
    parser.add_argument("--home", type=Path, required=True, help="the engine's home")
    parser.add_argument("--log", type=Path, required=True, help="where stderr goes, to tell people")
    arguments = parser.parse_args()
    events = _take_stdout()
    errand = read_errand(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_stdin, daemon=True).start()
    say = _Saying(events)
    try:
        for event in _run(errand, ModelStore(arguments.home), say.progress):
            say.say(event)
        end = Ended()
    except Exception as error:  # whatever it is, the daemon hears of it
        end = Ended(fault_of(error, arguments.log))
        if end.fault is not None and end.fault.reason == "INTERNAL":
            traceback.print_exception(error)
    say.say(end)


def _run(errand: Errand, store: ModelStore, tell: Tell) -> Iterator[ErrandEvent]:
    match errand:
        case InstallErrand():
            options = InstallOptions(
                errand.accept_license, errand.to_folder, errand.revision, errand.dry_run
            )
            done = install(Catalogue().find(errand.name), store, options, tell)
            yield Settled(errand.name, done.folder, done.downloaded_bytes)
        case ImportErrand():
            wanted = AdoptOptions(errand.folder, errand.name, errand.accept_license)
            for found in adopt(Catalogue(), store, wanted, tell):
                if isinstance(found, Unused):
                    yield Unusable(found.sentence)
                else:
                    yield Settled(found.name, found.folder)
        case LoraErrand():
            entry = Catalogue().find(errand.name)
            wanted_lora = Wanted(errand.path, entry, errand.camera, errand.strength)
            taken = LoraShelf(store).take(wanted_lora, tell)
            yield Settled(errand.name, taken.path)
        case VerifyErrand(names):
            for name in names:
                verify(name, store, tell)
                yield Settled(name)


class _Saying:
    """Sends events; of progress only so much as a person can read."""

    def __init__(self, events: BinaryIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._events = events
        self._clock = clock
        self._last = ("", "")  # phase and file
        self._said_s = 0.0

    def progress(self, progress: StoreProgress) -> None:
        """Send it where it is another file's or the end, or the last one is some time ago."""
        now_s, this = self._clock(), (progress.phase, progress.file)
        whole = 0 < progress.total_bytes == progress.done_bytes
        if whole or this != self._last or now_s - self._said_s >= _TELL_EVERY_S:
            self._last, self._said_s = this, now_s
            self.say(progress)

    def say(self, event: ErrandEvent) -> None:
        """Send it."""
        try:
            self._events.write(errand_line(event))
            self._events.flush()
        except BrokenPipeError:
            os._exit(1)  # nobody listens any more


def _take_stdout() -> BinaryIO:
    """The stdout that was; what libraries print goes to stderr from now on."""
    events = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    sys.stdout = sys.stderr
    return events


def _end_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
