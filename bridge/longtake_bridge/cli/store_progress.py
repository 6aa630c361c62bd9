"""How far the store of weights is, as it goes on: a bar on a terminal, plain lines elsewhere."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from longtake.v1 import model_pb2
from tqdm import tqdm

from longtake_bridge.cli.estimate import size_text
from longtake_bridge.cli.progress import knows_its_width, time_text

_LINE_EVERY_S = 3.0
_BAR_FORMAT = "{desc:<44.44} {percentage:3.0f}% |{bar}| "

Show = Callable[[model_pb2.StoreProgress], None]


@contextlib.contextmanager
def show_store_progress(stream: TextIO, *, silent: bool = False) -> Iterator[Show]:
    """What to tell of each step of the store, for as long as the context lasts."""
    if silent:
        yield _nothing
    elif stream.isatty():
        wide = knows_its_width(stream)
        with tqdm(
            file=stream,
            total=0,
            leave=False,
            bar_format=_BAR_FORMAT,
            ncols=None if wide else 80,
            nrows=None if wide else 24,
            dynamic_ncols=wide,
        ) as bar:
            yield _Bar(bar).show
    else:
        yield _Lines(stream).show


def _nothing(progress: model_pb2.StoreProgress) -> None:
    pass


class _Bar:
    """A bar that goes away when the work is done."""

    def __init__(self, bar: tqdm) -> None:
        self._bar = bar

    def show(self, progress: model_pb2.StoreProgress) -> None:
        """Show how far it is."""
        said = f"{progress.phase} {progress.file}".strip()
        self._bar.set_description_str(said, refresh=False)
        self._bar.bar_format = _BAR_FORMAT + _counts(progress)
        self._bar.total = progress.total_bytes
        self._bar.n = progress.done_bytes
        self._bar.refresh()


class _Lines:
    """A line at each new phase and every few seconds."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._phase = ""
        self._said_at_s = 0.0

    def show(self, progress: model_pb2.StoreProgress) -> None:
        """Say how far it is, where that is news."""
        now_s = time.monotonic()
        if progress.phase == self._phase and now_s - self._said_at_s < _LINE_EVERY_S:
            return
        self._phase, self._said_at_s = progress.phase, now_s
        print(f"{progress.phase} {_counts(progress)}".strip(), file=self._stream, flush=True)


def _counts(progress: model_pb2.StoreProgress) -> str:
    if not progress.total_bytes:
        return ""
    left = f", {time_text(progress.remaining_s)} left" if progress.remaining_s >= 0 else ""
    return f"{size_text(progress.done_bytes)} of {size_text(progress.total_bytes)}{left}"
