"""What `longtake doctor` finds of editors and of the plugins in them."""

from collections.abc import Iterator

from longtake_bridge.check import Check
from longtake_bridge.daemon import own_version
from longtake_bridge.home import Home
from longtake_bridge.plugin.installation import (
    Installation,
    find_host,
    find_installations,
    find_kind,
    is_built,
    is_current,
)
from longtake_bridge.plugin.kind import HostKind, host_kinds
from longtake_bridge.plugin.machine import Machine


def check_plugins(machine: Machine, home: Home) -> Iterator[Check]:
    """One check for every editor that is here, and one for every plugin that is in one."""
    installed = find_installations(machine, home)
    hosts = {one.host for one in installed}
    for kind in host_kinds():
        found = find_host(kind, machine)
        if found is not None and kind.name not in hosts:
            yield _check_host(kind, str(found))
    for one in installed:
        yield _check_installation(one)


def _check_host(kind: HostKind, found: str) -> Check:
    if not is_built(kind):
        return Check(kind.title, "ok", f"at {found}; there is no plugin for it yet")
    remedy = f"longtake plugins install {kind.name}, if you cut with it"
    return Check(kind.title, "optional", f"at {found}, without Longtake in it", remedy)


def _check_installation(one: Installation) -> Check:
    title = f"Longtake in {find_kind(one.host).title}"
    remedy = f"longtake plugins install {one.host}"
    if not one.has_command:
        starts = one.command[0] if one.command else "nothing"
        return Check(title, "fault", f"in {one.folder}, and starts {starts}, which is gone", remedy)
    if not is_current(one):
        found = f"in {one.folder}, of Longtake {one.version}; this is {own_version()}"
        return Check(title, "fault", f"{found}, and its files are others", remedy)
    return Check(title, "ok", f"in {one.folder}, starts {one.command[0]}")
