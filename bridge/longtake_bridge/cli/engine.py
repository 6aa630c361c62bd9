"""`longtake serve`, `longtake status` and `longtake stop`: the engine itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import connect_option, json_option, print_json, verbose_option

if TYPE_CHECKING:
    from longtake_bridge.client import Engine


@click.command("serve", short_help="Run the engine in the foreground.")
@click.option(
    "--idle", type=click.FloatRange(min=0), metavar="S", help="End after S seconds without work."
)
@click.option(
    "--root",
    "roots",
    multiple=True,
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Read and write under DIR only; give it again for more folders.",
)
@click.option("--tcp", is_flag=True, help="Serve on loopback TCP with a token, not on a socket.")
@click.option(
    "--home",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep queue, log and address in DIR; LONGTAKE_HOME where left out.",
)
@verbose_option
def serve_command(
    idle: float | None, roots: tuple[Path, ...], tcp: bool, home: Path | None, verbose: bool
) -> int:
    """Run the engine in the foreground, until Ctrl-C or `longtake stop`.

    There is seldom need to: every command finds the engine, or starts it by itself.
    """
    from longtake_bridge.daemon import engine_command, require_engine
    from longtake_bridge.home import Home, find_home

    require_engine()
    where = Home(home.absolute()) if home is not None else find_home()
    where.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = engine_command("server", "--home", str(where.folder))
    if idle is not None:
        command += ["--idle", f"{idle:g}"]
    for root in roots:
        command += ["--root", str(root.absolute())]
    if tcp:
        command.append("--tcp")
    if sys.platform != "win32":
        os.execv(sys.executable, command)  # one process fewer, and signals reach the engine
    return subprocess.call(command)  # Windows would hand the terminal back at once


@click.command("status", short_help="Say whether the engine runs, and with what.")
@json_option
@connect_option
@verbose_option
def status_command(as_json: bool, connect: str | None, verbose: bool) -> None:
    """Say whether the engine runs, where, and how much work it has.

    Starts none where none is wanted; an engine that was killed is brought back, and goes on.
    """
    status = _read_status(connect)
    if as_json:
        print_json(status)
    elif not status["serving"]:
        click.echo("The engine is not running; the next command starts it.")
    else:
        if status["revived"]:
            click.echo("The engine had been killed and is back.")
        click.echo(
            f"{_engine_said(status)}\n"
            f"Jobs: {status['running']} running, {status['queued']} queued."
            + (f" Home: {status['home']}" if status["home"] else "")
        )


def _engine_said(status: dict[str, Any]) -> str:
    if not status["pid"]:  # named by --connect: it says where it is, and no more
        return f"The engine runs at {status['address']}."
    return f"The engine {status['version']} runs at {status['address']} (process {status['pid']})."


def _read_status(connect: str | None) -> dict[str, Any]:
    from longtake_bridge.client import Engine
    from longtake_bridge.daemon import find
    from longtake_bridge.home import find_home

    if connect is not None:
        with Engine.open(connect) as engine:
            return _status_of(engine, revived=False, home="")
    home = find_home()
    endpoint = find(home)
    was_killed = endpoint is None and home.endpoint_path.exists()  # a clean end removes it
    if endpoint is None and not was_killed:
        return {"serving": False, "home": str(home.folder)}
    with Engine.attach(endpoint) if endpoint is not None else Engine.open(home=home) as engine:
        return _status_of(engine, revived=was_killed, home=str(home.folder))


def _status_of(engine: Engine, *, revived: bool, home: str) -> dict[str, Any]:
    from longtake.v1 import job_pb2

    states = [job.state for job in engine.list_jobs()]
    endpoint = engine.endpoint
    return {
        "serving": True,
        "revived": revived,
        "address": endpoint.address,
        "pid": endpoint.pid or None,
        "version": endpoint.version or None,
        "home": home or None,
        "running": states.count(job_pb2.JOB_STATE_RUNNING),
        "queued": states.count(job_pb2.JOB_STATE_QUEUED),
    }


@click.command("stop", short_help="End the engine; its jobs go on later.")
@json_option
@connect_option
@verbose_option
def stop_command(as_json: bool, connect: str | None, verbose: bool) -> None:
    """End the engine and wait until it is down.

    Jobs that had not ended go on when it is next started.
    """
    from longtake_bridge.daemon import stop
    from longtake_bridge.home import find_home

    if connect is not None:
        _require_own(connect)
    was_running = stop(find_home())
    if as_json:
        print_json({"stopped": was_running})
    else:
        click.echo("The engine is down." if was_running else "The engine was not running.")


def _require_own(address: str) -> None:
    """Nothing, where the engine at an address is this user's own, which alone can be stopped.

    Raises:
        BridgeError: NOT_POSSIBLE; it is another one.
    """
    from longtake_bridge.endpoint import read_endpoint
    from longtake_bridge.errors import not_possible
    from longtake_bridge.home import find_home

    own = read_endpoint(find_home().endpoint_path)
    if own is None or own.address != address:
        raise not_possible(
            f"The engine at {address} is not this user's own and cannot be stopped from here; run "
            "`longtake stop` as whoever started it, with the LONGTAKE_HOME that it was given."
        )
