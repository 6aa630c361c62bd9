"""`longtake host`: the session that an editor's plugin speaks with."""

import io
import os
import signal
import sys
import threading
from types import FrameType

import click

from longtake_bridge.cli.option import connect_option, verbose_option


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
    signal.signal(signal.SIGTERM, _end)
    Session(write, connect=connect).serve(requests)


def _take_stdout() -> io.BufferedWriter:
    """The pipe to the host, for answers alone: whatever else is printed goes to stderr."""
    sys.stdout.flush()
    own = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(own, "wb")


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)  # out of the reading of stdin, by way of the session's own end
