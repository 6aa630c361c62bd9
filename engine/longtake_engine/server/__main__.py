"""The daemon: `python -m longtake_engine.server --home DIR`."""

import argparse
import logging
import logging.handlers
import os
import signal
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from longtake_engine.errors import EngineError
from longtake_engine.roots import Roots
from longtake_engine.server.app import Engine, Settings
from longtake_engine.server.endpoint import (
    Endpoint,
    SocketPlace,
    new_token,
    read_endpoint,
    remove_endpoint,
    write_endpoint,
)

_LOG_BYTES = 1_000_000
_HANDOVER_S = 5.0  # for another daemon that is just going down
_TICK_S = 1.0
_log = logging.getLogger("longtake_engine.server")


def main() -> int:
    """Serve until told to stop or long idle; the exit status."""
    arguments = _parser().parse_args()
    home: Path = arguments.home.expanduser().absolute()
    lock = FileLock(home / "daemon.lock")
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        acquired = _acquire(lock, home)
    except OSError as error:
        print(
            f"error: The engine cannot keep its state in {home} ({error.strerror}); "
            "set LONGTAKE_HOME to a folder that can be written.",
            file=sys.stderr,
        )
        return 1
    if not acquired:
        endpoint = read_endpoint(home)
        who = f" (process {endpoint.pid}, {endpoint.address})" if endpoint else ""
        print(f"An engine serves {home} already{who}.", file=sys.stderr)
        return 0
    os.environ["LONGTAKE_HOME"] = str(home)  # workers find the installed models by it
    _write_log(home / "daemon.log")
    try:
        _serve(arguments, home)
    except EngineError as error:
        _log.error("%s", error.sentence)
        print(f"error: {error.sentence}", file=sys.stderr)
        return 1
    except Exception:  # the log is where people are told to look
        _log.exception("the engine broke")
        raise
    finally:
        lock.release()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="longtake_engine.server", description="Longtake's engine, serving until it is idle."
    )
    parser.add_argument("--home", type=Path, required=True, help="folder of the queue and the logs")
    parser.add_argument(
        "--idle", type=float, default=900, metavar="SECONDS", help="stop after that; 0 for never"
    )
    parser.add_argument(
        "--root",
        type=Path,
        action="append",
        default=[],
        metavar="DIR",
        help="read and write only under this folder (may be repeated)",
    )
    parser.add_argument(
        "--tcp", action="store_true", help="listen on loopback TCP instead of a unix socket"
    )
    parser.add_argument("--tasks", default="longtake_engine.tasks.run", help=argparse.SUPPRESS)
    return parser


def _acquire(lock: FileLock, home: Path) -> bool:
    """Whether this process is now the only daemon of `home`.

    While another one holds the lock without an endpoint it is coming up or going down; that is
    waited for, since whoever started this one wants an engine at the end.
    """
    deadline_s = time.monotonic() + _HANDOVER_S
    while True:
        try:
            lock.acquire(timeout=0.2)
            return True
        except Timeout:
            if read_endpoint(home) is not None or time.monotonic() > deadline_s:
                return False


def _serve(arguments: argparse.Namespace, home: Path) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    token = new_token()
    settings = Settings(home=home, token=token, roots=Roots(arguments.root), tasks=arguments.tasks)
    engine = Engine(settings)
    place = None if arguments.tcp or sys.platform == "win32" else SocketPlace(home)
    try:
        address = _open_door(engine, place)
        write_endpoint(home, Endpoint(address, token, os.getpid(), version("longtake")))
        _log.info("serving %s at %s, process %d", home, address, os.getpid())
        _wait(engine, stop, arguments.idle)
    finally:
        remove_endpoint(home)
        engine.stop()
        if place is not None:
            place.remove()
        _log.info("stopped")


def _open_door(engine: Engine, place: SocketPlace | None) -> str:
    if place is None:
        return f"127.0.0.1:{engine.serve('127.0.0.1:0')}"
    address = f"unix:{place.path}"
    engine.serve(address)
    return address


def _wait(engine: Engine, stop: threading.Event, idle_s: float) -> None:
    # In ticks, for Windows hears no Ctrl-C in an endless wait.
    while not stop.wait(_TICK_S if idle_s <= 0 else min(_TICK_S, idle_s / 4)):
        if 0 < idle_s <= engine.idleness.idle_s(working=engine.working):
            _log.info("nobody wanted anything for %g s", idle_s)
            return


def _write_log(path: Path) -> None:
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=_LOG_BYTES, backupCount=1)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


if __name__ == "__main__":
    sys.exit(main())
