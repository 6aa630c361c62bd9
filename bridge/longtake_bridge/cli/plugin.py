"""`longtake plugins`: into editors, and out of them again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import json_option, print_json, verbose_option

if TYPE_CHECKING:
    from longtake_bridge.plugin.installation import Installation
    from longtake_bridge.plugin.kind import HostKind

_into_option = click.option(
    "--into",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder in which the editor looks for plugins, where it is an odd one.",
)


@click.group("plugins", short_help="Put Longtake into editors, and take it out again.")
def plugins_command() -> None:
    """Put Longtake into editors, and take it out again."""


@plugins_command.command("list")
@json_option
@verbose_option
def list_command(as_json: bool, verbose: bool) -> None:
    """List the editors: which are on this machine, and which have Longtake in them."""
    from longtake_bridge.home import find_home
    from longtake_bridge.plugin.installation import find_installations
    from longtake_bridge.plugin.kind import host_kinds
    from longtake_bridge.plugin.machine import this_machine

    installed = find_installations(this_machine(), find_home())
    rows = [
        _row(kind, [one for one in installed if one.host == kind.name]) for kind in host_kinds()
    ]
    if as_json:
        print_json({"hosts": rows})
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        click.echo(f"{row['name'].ljust(width)}  {_said(row)}")


@plugins_command.command("install")
@click.argument("host", metavar="HOST")
@_into_option
@json_option
@verbose_option
def install_command(host: str, into: Path | None, as_json: bool, verbose: bool) -> None:
    """Put Longtake into the editor HOST, and say what to click next.

    Run it again after Longtake was moved or updated. The plugin remembers this `longtake`.
    """
    from longtake_bridge.home import find_home
    from longtake_bridge.plugin.installation import find_kind, install
    from longtake_bridge.plugin.machine import this_machine

    kind = find_kind(host)
    done = install(kind, this_machine(), find_home(), into=into)
    if as_json:
        print_json({"installed": [_as_json(one) for one in done], "next": kind.next_step})
        return
    for one in done:
        click.echo(f"Longtake for {kind.title} is in {one.folder}.")
    click.echo(kind.next_step)


@plugins_command.command("uninstall")
@click.argument("host", metavar="HOST")
@_into_option
@json_option
@verbose_option
def uninstall_command(host: str, into: Path | None, as_json: bool, verbose: bool) -> None:
    """Take Longtake out of the editor HOST: what was put there, and nothing else."""
    from longtake_bridge.home import find_home
    from longtake_bridge.plugin.installation import find_installations, find_kind, uninstall
    from longtake_bridge.plugin.machine import this_machine

    kind = find_kind(host)
    found = [
        one
        for one in find_installations(this_machine(), find_home())
        if one.host == kind.name and (into is None or into.absolute() in one.folder.parents)
    ]
    left = [path for one in found for path in uninstall(one, find_home())]
    if as_json:
        removed = [str(one.folder) for one in found]
        print_json({"removed": removed, "left": [str(path) for path in left]})
        return
    for one in found:
        click.echo(f"Longtake for {kind.title} is no longer in {one.folder}.")
    for path in left:
        click.echo(f"{path} was changed by somebody and is left there.")
    if not found:
        click.echo(f"Longtake was not in {kind.title}.")


@plugins_command.command("pack")
@click.argument("host", metavar="HOST")
@click.option(
    "-o", "--output", metavar="FILE", required=True, type=click.Path(path_type=Path, dir_okay=False)
)
@verbose_option
def pack_command(host: str, output: Path, verbose: bool) -> None:
    """Write the plugin for the editor HOST as a zip, which that editor can install by itself."""
    from longtake_bridge.plugin.archive import pack
    from longtake_bridge.plugin.installation import find_kind

    click.echo(f"{pack(find_kind(host), output)} is written.")


def _row(kind: HostKind, installed: list[Installation]) -> dict[str, Any]:
    from longtake_bridge.plugin.installation import find_host, is_built
    from longtake_bridge.plugin.machine import this_machine

    found = find_host(kind, this_machine())
    return {
        "name": kind.name,
        "title": kind.title,
        "built": is_built(kind),
        "found": str(found) if found is not None else None,
        "installed": [_as_json(one) for one in installed],
    }


def _as_json(one: Installation) -> dict[str, Any]:
    return {
        "folder": str(one.folder),
        "command": list(one.command),
        "command_exists": one.has_command,
        "longtake": one.version,
    }


def _said(row: dict[str, Any]) -> str:
    where = f"at {row['found']}" if row["found"] else "not found on this machine"
    if not row["built"]:
        return f"{row['title']}: {where}; its plugin is not built yet"
    if not row["installed"]:
        return f"{row['title']}: {where}; `longtake plugins install {row['name']}` puts it in"
    folders = ", ".join(one["folder"] for one in row["installed"])
    if all(one["command_exists"] for one in row["installed"]):
        return f"{row['title']}: {where}; Longtake is in {folders}"
    return (
        f"{row['title']}: {where}; Longtake is in {folders}, but the `longtake` that it starts is "
        f"gone: `longtake plugins install {row['name']}` once more"
    )
