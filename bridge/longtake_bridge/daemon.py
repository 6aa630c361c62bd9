"""The engine on this machine: found where it serves, started where it does not, stopped."""

import contextlib
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import filelock

from longtake_bridge.endpoint import Endpoint, answers, read_endpoint
from longtake_bridge.errors import BridgeError, wrong_call
from longtake_bridge.home import Home

# What the extra `engine` installs, by import names. Looked for, never imported here.
ENGINE_MODULES = (
    "longtake_engine",
    "av",
    "cv2",
    "grpc_reflection",
    "msgspec",
    "numpy",
    "psutil",
    "timecode",
)
_START_TIMEOUT_S = 30.0  # cold caches on a busy machine; a daemon that dies is noticed at once
_STOP_TIMEOUT_S = 10.0
_LOCK_TIMEOUT_S = 60.0
_POLL_S = 0.05
_AGAIN_S = 0.5


def missing_modules() -> tuple[str, ...]:
    """What the engine lacks on this machine, by import names; empty where it can be started."""
    return tuple(name for name in ENGINE_MODULES if find_spec(name) is None)


def require_engine() -> None:
    """Return where the engine can be started.

    Raises:
        BridgeError: ENGINE_MISSING; it is not installed.
    """
    missing = missing_modules()
    if missing:
        raise BridgeError(
            f"The engine is not installed here ({', '.join(missing)} missing); "
            'run `pip install "longtake[engine]"`.',
            "ENGINE_MISSING",
        )


def engine_command(module: str, *arguments: str) -> list[str]:
    """The command that runs a module of the engine with this Python, whatever the folder holds."""
    return [sys.executable, "-P", "-m", f"longtake_engine.{module}", *arguments]


def find(home: Home) -> Endpoint | None:
    """The daemon that serves from `home`, or None."""
    endpoint = read_endpoint(home.endpoint_path)
    return endpoint if endpoint is not None and answers(endpoint) else None


def find_or_start(
    home: Home,
    *,
    is_idle: Callable[[Endpoint], bool] = lambda endpoint: False,
    arguments: Sequence[str] = (),
) -> Endpoint:
    """The daemon that serves from `home`, started with `arguments` where there is none.

    A daemon of another version is replaced where `is_idle` says that it has no work.

    Raises:
        BridgeError: ENGINE_MISSING; it is not installed. ENGINE_DOWN; it cannot be started, or
            it is of another version and at work.
    """
    endpoint = find(home)
    if endpoint is not None and _fits(endpoint):
        return endpoint
    require_engine()
    try:
        home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _no_home(home, error) from error
    with _start_lock(home):
        endpoint = find(home)  # another command may have started it while this one waited
        if endpoint is None:
            return _start(home, arguments)
        if _fits(endpoint):
            return endpoint
        if not is_idle(endpoint):
            raise BridgeError(
                f"The running engine is version {endpoint.version} and still at work, this is "
                f"{own_version()}; let it finish, or run `longtake stop` (its jobs go on later).",
                "ENGINE_DOWN",
            )
        _stop(home, endpoint)
        return _start(home, arguments)


def stop(home: Home) -> bool:
    """End the daemon and wait until it is down; False where there was none.

    Its queue is kept: a running job is taken up again by the next daemon.

    Raises:
        BridgeError: ENGINE_DOWN; it does not end.
    """
    if not home.folder.is_dir():
        return False
    with _start_lock(home):
        endpoint = read_endpoint(home.endpoint_path)
        if endpoint is None or not _is_alive(home, endpoint):
            return False
        _stop(home, endpoint)
        return True


def own_version() -> str:
    """The version of Longtake that this bridge belongs to."""
    return metadata.version("longtake")


def _fits(endpoint: Endpoint) -> bool:
    return endpoint.version == own_version()


@contextlib.contextmanager
def _start_lock(home: Home) -> Iterator[None]:
    lock = filelock.FileLock(home.start_lock_path, timeout=_LOCK_TIMEOUT_S)
    try:
        lock.acquire(poll_interval=_POLL_S)
    except filelock.Timeout as error:
        raise BridgeError(
            "Another command has been starting the engine for a minute; end it and try again.",
            "ENGINE_DOWN",
        ) from error
    except OSError as error:
        raise _no_home(home, error) from error
    try:
        yield
    finally:
        lock.release()


def _no_home(home: Home, error: OSError) -> BridgeError:
    return BridgeError(
        f"The engine cannot keep its state in {home.folder} ({error.strerror}); "
        "set LONGTAKE_HOME to a folder that can be written.",
        "ENGINE_DOWN",
    )


def _start(home: Home, arguments: Sequence[str]) -> Endpoint:
    """Start the daemon and wait until it serves; the caller holds the start lock."""
    if _try_daemon_lock(home, timeout_s=0):
        # Left behind by one that was killed. It must not be taken for the word of its successor,
        # who serves on the same socket with another token.
        home.endpoint_path.unlink(missing_ok=True)
    process = _spawn(home, arguments)
    deadline = time.monotonic() + _START_TIMEOUT_S
    while time.monotonic() < deadline:
        endpoint = read_endpoint(home.endpoint_path)
        if endpoint is not None and answers(endpoint):
            return endpoint
        code = process.poll()
        if code == 0:  # another daemon held the lock: one that is coming up, or going down
            time.sleep(_AGAIN_S)
            process = _spawn(home, arguments)
        elif code is not None:
            raise BridgeError(
                f"The engine could not start: {_last_line(home)} (more in {home.start_log_path}); "
                "run `longtake doctor`.",
                "ENGINE_DOWN",
            )
        time.sleep(_POLL_S)
    raise BridgeError(
        f"The engine did not answer within {_START_TIMEOUT_S:g} seconds; run `longtake stop` and "
        f"try again, or see {home.log_path}.",
        "ENGINE_DOWN",
    )


def _spawn(home: Home, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """A daemon in a session of its own, so that Ctrl-C and a closed terminal pass it by."""
    command = engine_command("server", "--home", str(home.folder))
    command += [*_idle_arguments(), *arguments]
    with home.start_log_path.open("wb") as log:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=home.folder,  # not the user's folder, which could then not be removed on Windows
            start_new_session=sys.platform != "win32",
            creationflags=_detached_flags(),
        )


def _detached_flags() -> int:
    """Windows' words for: no console, and no Ctrl-C from the caller's; 0 elsewhere."""
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
    return 0


def _idle_arguments() -> list[str]:
    idle = os.environ.get("LONGTAKE_IDLE_S")
    if not idle:
        return []
    try:
        idle_s = float(idle)
    except ValueError:
        idle_s = -1.0
    if not 0 <= idle_s < math.inf:
        raise wrong_call(
            f'LONGTAKE_IDLE_S is "{idle}"; set it to seconds without work, such as 600.'
        )
    return ["--idle", f"{idle_s:g}"]


def _last_line(home: Home) -> str:
    for path in (home.start_log_path, home.log_path):
        lines = [line.strip() for line in _read_tail(path).splitlines() if line.strip()]
        if lines:
            return lines[-1].rstrip(".")
    return "it ended without a word"


def _read_tail(path: Path, size_bytes: int = 4096) -> str:
    try:
        return path.read_bytes()[-size_bytes:].decode("utf-8", "replace")
    except OSError:
        return ""


def _is_alive(home: Home, endpoint: Endpoint) -> bool:
    """Whether that daemon runs, even where it does not answer: then it still holds its lock."""
    return answers(endpoint) or not _try_daemon_lock(home, timeout_s=0)


def _stop(home: Home, endpoint: Endpoint) -> None:
    """End a living daemon, with force where it does not listen; jobs survive either way."""
    for word in (signal.SIGTERM, getattr(signal, "SIGKILL", signal.SIGTERM)):
        with contextlib.suppress(OSError):  # gone already, or not ours: the lock tells
            os.kill(endpoint.pid, word)
        if _try_daemon_lock(home, timeout_s=_STOP_TIMEOUT_S):
            return
    raise BridgeError(
        f"The engine (process {endpoint.pid}) does not end; end that process yourself.",
        "ENGINE_DOWN",
    )


def _try_daemon_lock(home: Home, timeout_s: float) -> bool:
    """Whether no daemon holds its lock within `timeout_s`; asks only, does not keep it."""
    lock = filelock.FileLock(home.daemon_lock_path, timeout=timeout_s)
    try:
        with lock.acquire(poll_interval=_POLL_S):
            return True
    except filelock.Timeout:
        return False
