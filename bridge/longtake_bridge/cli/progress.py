"""How a job goes, as it goes: a bar on a terminal, plain lines elsewhere."""

import contextlib
import os
import re
import time
from collections.abc import Callable, Iterator
from typing import TextIO

from longtake.v1 import job_pb2
from tqdm import tqdm

_LINE_EVERY_S = 3.0
_BAR_EVERY_S = 0.1
_AT_FRAME = re.compile(r" \(frame \d+\)")  # in a phase: how far it is, where that is all it knows
_BAR_FORMAT = "{desc:<24.24} {percentage:3.0f}% |{bar}| {n_fmt}/{total_fmt}{postfix}"

OnChange = Callable[[job_pb2.Job], None]


@contextlib.contextmanager
def show_progress(stream: TextIO, *, silent: bool = False) -> Iterator[OnChange]:
    """What to tell of each change of a job, for as long as the context lasts."""
    if silent:
        yield lambda job: None
    elif stream.isatty():
        bar = _Bar(stream)
        try:
            yield bar.show
        finally:
            bar.close()
    else:
        yield _Lines(stream).show


class _Bar:
    """A bar that goes away when the work is done."""

    def __init__(self, stream: TextIO) -> None:
        self._bar = tqdm(
            file=stream,
            total=0,
            leave=False,
            bar_format=_BAR_FORMAT,
            # Some terminals do not know their size, and tqdm would show nothing there.
            ncols=None if knows_its_width(stream) else 80,
            nrows=None if knows_its_width(stream) else 24,
            dynamic_ncols=knows_its_width(stream),
        )
        self._phase = ""
        self._shown_at_s = 0.0

    def show(self, job: job_pb2.Job) -> None:
        """Show how `job` stands now, unless it has just been shown."""
        phase, now_s = phase_of(job), time.monotonic()
        if phase == self._phase and now_s - self._shown_at_s < _BAR_EVERY_S:
            return
        self._phase, self._shown_at_s = phase, now_s
        self._bar.set_description_str(phase, refresh=False)
        self._bar.set_postfix_str(_time_left(job), refresh=False)
        self._bar.total = job.progress.total_frames
        self._bar.n = job.progress.done_frames
        self._bar.refresh()

    def close(self) -> None:
        """Take the bar off the terminal."""
        self._bar.close()


class _Lines:
    """A line at each new phase and every few seconds."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._kind = ""
        self._said_at_s = 0.0

    def show(self, job: job_pb2.Job) -> None:
        """Say how `job` stands where there is news; its end is for the command to tell."""
        if job.state not in (job_pb2.JOB_STATE_QUEUED, job_pb2.JOB_STATE_RUNNING):
            return
        phase = phase_of(job)
        now_s = time.monotonic()
        kind = _AT_FRAME.sub("", phase)
        if kind == self._kind and now_s - self._said_at_s < _LINE_EVERY_S:
            return
        self._kind, self._said_at_s = kind, now_s
        total = job.progress.total_frames
        count = f" {job.progress.done_frames}/{total} frames" if total else ""
        left = _time_left(job)
        print(f"{phase}{count}{f', {left}' if left else ''}", file=self._stream, flush=True)


def phase_of(job: job_pb2.Job) -> str:
    """What is happening to `job`, in a few words."""
    if job.state == job_pb2.JOB_STATE_QUEUED:
        return "waiting for its turn"
    if job.state == job_pb2.JOB_STATE_RUNNING:
        return job.progress.phase or "starting"
    return job_pb2.JobState.Name(job.state).removeprefix("JOB_STATE_").lower()


def _time_left(job: job_pb2.Job) -> str:
    left_s = job.progress.remaining_s
    if job.state != job_pb2.JOB_STATE_RUNNING or left_s < 0 or not job.progress.total_frames:
        return ""
    return f"{time_text(left_s)} left"


def knows_its_width(stream: TextIO) -> bool:
    """Whether a terminal says how wide it is."""
    try:
        return os.get_terminal_size(stream.fileno()).columns > 0
    except (OSError, ValueError):
        return False


def time_text(seconds: float) -> str:
    """A length of time for a person: "8 s", "3 min 20 s", "2 h 5 min"."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
