"""`longtake host`: the session that an editor's plugin speaks with."""

import io
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click

from longtake_bridge.cli.option import connect_option, verbose_option

_AGAIN_S = 0.2


@click.command("host", short_help="Serve an editor's plugin, in JSON lines on stdin and stdout.")
@connect_option
@verbose_option
def host_command(connect: str | None, verbose: bool) -> None:
    """Serve an editor's plugin: requests on stdin, answers on stdout, one JSON object a line.

    Plugins start this by themselves (see `longtake plugins`). The words are written down in
    longtake_bridge/host/PROTOCOL.md. When stdin ends, what still runs is cancelled.
    """
    from longtake_bridge.host.session import Session

    if sys.stdin.isatty():
        click.echo("This speaks with plugins, not with people; Ctrl-D ends it.", err=True)
    answers = _take_stdout()
    lock = threading.Lock()

    def write(line: str) -> None:
        with lock:
            answers.write(line.encode("ascii") + b"\n")
            answers.flush()

    requests = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="replace")
    with _ended_by_signal():
        Session(write, connect=connect).serve(requests)


def _take_stdout() -> io.BufferedWriter:
    """The pipe to the host, for answers alone: whatever else is printed goes to stderr."""
    sys.stdout.flush()
    own = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(own, "wb")


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """SIGTERM leads out of the reading of stdin, by way of the session's own end.

    Python's handlers run in the main thread alone, which does not hear of a signal that comes to
    another thread, or just before it waits for stdin: then it is told again until it has heard.
    """
    heard = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once: the session's end takes its time
        heard.set()
        raise SystemExit(0)

    def tell_again(arrivals: int) -> None:
        os.read(arrivals, 1)
        while not heard.wait(_AGAIN_S):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    if sys.platform == "win32":  # where nobody ends a process with a word
        yield
        return
    arrivals, arrives = os.pipe()
    os.set_blocking(arrives, False)
    before = signal.set_wakeup_fd(arrives, warn_on_full_buffer=False)
    threading.Thread(target=tell_again, args=(arrivals,), daemon=True).start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
