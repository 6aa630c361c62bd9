"""The editors that Longtake has, or will have, a plugin for, and where each looks for it.

Where they look was read in their manuals and sources, and for Blender and Pitivi seen in the
running program (Debian 12: Blender 3.4, Pitivi 2022.06).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from longtake_bridge.plugin.machine import Machine

_BY_FILE = "on this system run `longtake extend PROJECT.{0} --clip NAME --tail T -o NEW.{0}`"
_EXTENSIONS_SINCE = (4, 2)  # the version of Blender that first reads extensions


@dataclass(frozen=True, slots=True)
class Part:
    """Files of a plugin that go to one place."""

    source: str  # folder under the plugin's own; "" for the plugin's own
    folder: str  # name of the folder that is made for them there
    places: Callable[[Machine], tuple[Path, ...]]  # where the editor looks; none where it is not
    is_home: bool = True  # whether the client and the note about `longtake` lie with these


@dataclass(frozen=True, slots=True)
class HostKind:
    """One editor."""

    name: str
    title: str
    parts: tuple[Part, ...]
    next_step: str  # what to click once the plugin is there
    programs: tuple[str, ...]  # on the search path
    apps: tuple[str, ...] = ()  # where installers put it; ~ is the user's home
    takes_zip: bool = False  # whether it installs a plugin from a zip
    not_there: str = ""  # what to do where the editor has no folder yet


def host_kinds() -> tuple[HostKind, ...]:
    """All of them."""
    return (_blender(), _kdenlive(), _shotcut(), _pitivi(), _resolve())


def _blender() -> HostKind:
    return HostKind(
        name="blender",
        title="Blender",
        parts=(Part("", "longtake", _blender_places),),
        next_step=(
            "In Blender: Edit ▸ Preferences ▸ Add-ons, tick Longtake; then in the Video Sequencer "
            "press N and open the tab Longtake."
        ),
        programs=("blender",),
        apps=("/Applications/Blender.app", "C:/Program Files/Blender Foundation"),
        takes_zip=True,
        not_there="start Blender once and close it, so that it makes its folders",
    )


def _kdenlive() -> HostKind:
    return HostKind(
        name="kdenlive",
        title="Kdenlive",
        parts=_beside("kdenlive"),
        next_step=(
            "Select a clip in Kdenlive, then start Longtake for Kdenlive from the desktop's menu."
        ),
        programs=("kdenlive",),
        apps=("/Applications/kdenlive.app", "C:/Program Files/kdenlive"),
        not_there=_BY_FILE.format("kdenlive"),
    )


def _shotcut() -> HostKind:
    return HostKind(
        name="shotcut",
        title="Shotcut",
        parts=_beside("shotcut"),
        next_step=(
            "Save the project in Shotcut, then start Longtake for Shotcut from the desktop's menu."
        ),
        programs=("shotcut",),
        apps=("/Applications/Shotcut.app", "C:/Program Files/Shotcut"),
        not_there=_BY_FILE.format("mlt"),
    )


def _beside(name: str) -> tuple[Part, ...]:
    """A program beside an editor that takes no plugins, with its entry in the desktop's menu."""
    return (
        Part("library", name, _desktop_places),
        Part("../desk", name, _desktop_places, is_home=False),  # what such programs share
        Part("menu", "applications", _menu_places, is_home=False),
    )


def _pitivi() -> HostKind:
    return HostKind(
        name="pitivi",
        title="Pitivi",
        parts=(Part("", "longtake", _pitivi_places),),
        next_step="In Pitivi: Preferences ▸ Plugins, switch Longtake on.",
        programs=("pitivi",),
    )


def _resolve() -> HostKind:
    return HostKind(
        name="resolve",
        title="DaVinci Resolve",
        parts=(
            Part("library", "resolve", _own_places),
            # Every script in the menu's folder becomes an entry: the library lies elsewhere.
            Part("menu", "Longtake", _resolve_places, is_home=False),
        ),
        next_step="In DaVinci Resolve: Workspace ▸ Scripts ▸ Longtake.",
        programs=("resolve", "/opt/resolve/bin/resolve"),
        apps=(
            "/Applications/DaVinci Resolve",
            "C:/Program Files/Blackmagic Design/DaVinci Resolve",
            "/opt/resolve",
        ),
    )


def _own_places(machine: Machine) -> tuple[Path, ...]:
    return (machine.data() / "longtake" / "plugins",)


def _desktop_places(machine: Machine) -> tuple[Path, ...]:
    return _own_places(machine) if machine.system == "linux" else ()


def _menu_places(machine: Machine) -> tuple[Path, ...]:
    return (machine.data(),) if machine.system == "linux" else ()


def _blender_places(machine: Machine) -> tuple[Path, ...]:
    """The add-on folder of every version that has been started."""
    given = machine.environment.get("BLENDER_USER_RESOURCES")
    if given:
        return (Path(given) / "extensions" / "user_default",)
    vendor = "Blender Foundation/Blender" if machine.system == "windows" else "Blender"
    folder = machine.config() / (vendor.lower() if machine.system == "linux" else vendor)
    found: list[tuple[tuple[int, int], Path]] = []
    for one in folder.iterdir() if folder.is_dir() else ():
        match = re.fullmatch(r"(\d+)\.(\d+)", one.name)
        if match is not None and one.is_dir():
            found.append(((int(match[1]), int(match[2])), one))
    return tuple(
        one / ("extensions/user_default" if version >= _EXTENSIONS_SINCE else "scripts/addons")
        for version, one in sorted(found)
    )


def _pitivi_places(machine: Machine) -> tuple[Path, ...]:
    return (machine.data() / "pitivi" / "plugins",) if machine.system == "linux" else ()


def _resolve_places(machine: Machine) -> tuple[Path, ...]:
    inside = "Fusion/Scripts/Utility"
    if machine.system == "windows":
        base = machine.config() / "Blackmagic Design/DaVinci Resolve/Support"
    elif machine.system == "macos":
        base = machine.data() / "Blackmagic Design/DaVinci Resolve"
    else:
        base = machine.data() / "DaVinciResolve"
    return (base / inside,)
