"""Shotcut's saved projects: which were open last, which clips lie in one, and the new one shown.

Shotcut has no interface for other programs. So the project is saved by hand, the clip is chosen
from a list, and the new project is opened in a Shotcut of its own; the running one stays as it is.
"""

import os
import re
import shutil
import subprocess
from xml.etree import ElementTree

from longtake_desk import Problem
from longtake_mlt import property_of, rate_of, timecode_of

_SETTINGS = (
    os.path.join(os.environ.get("XDG_CONFIG_HOME") or "~/.config", "Meltytech/Shotcut.conf"),
    "~/.var/app/org.shotcut.Shotcut/config/Meltytech/Shotcut.conf",  # Flatpak
)
_PROGRAMS = (["shotcut"], ["flatpak", "run", "org.shotcut.Shotcut"])


class Shotcut(object):
    """Shotcut, as far as its files tell; `open_project` starts it with a path."""

    name, title, selects = "shotcut", "Shotcut", False

    def __init__(self, open_project=None):
        self._open_project = open_project or start

    def projects(self):
        """The projects that Shotcut remembers, the newest first, as far as they exist."""
        found = []
        for path in _SETTINGS:
            found += [one for one in _recent(os.path.expanduser(path)) if os.path.isfile(one)]
        return list(dict.fromkeys(found))

    def clips(self, project):
        """What lies on the video tracks: (what a person reads, V1@125f)."""
        try:
            return list(read_clips(ElementTree.parse(project).getroot()))
        except (OSError, ElementTree.ParseError, ValueError):
            return []

    def take(self, project=None):
        """The project as it was saved last.

        Raises Problem where there is none.
        """
        projects = [project] if project else self.projects()
        if not projects:
            raise Problem("Shotcut remembers no project; save it there, or name it (--project).")
        if not os.path.isfile(projects[0]):
            raise Problem("{0} is not there; save the project in Shotcut.".format(projects[0]))
        return os.path.abspath(projects[0]), None

    def playhead(self, project):
        """None: its projects do not say."""

    def place(self, project, made):
        """Open the new project in Shotcut; the old one stays as it is."""
        if self._open_project(made):
            return "Done. {0} is open in a Shotcut of its own.".format(os.path.basename(made))
        return "Done. Open {0} in Shotcut.".format(made)


def read_clips(mlt):
    """What lies on the video tracks of a project's XML: (what a person reads, V1@125f)."""
    rate = rate_of(mlt)
    by_id = {one.get("id"): one for one in mlt.iter() if one.get("id")}
    main = next(
        (one for one in mlt.findall("tractor") if property_of(one, "shotcut") is not None), None
    )
    number = 0
    for track in main.findall("track") if main is not None else ():
        playlist = by_id.get(track.get("producer"))
        if playlist is None or property_of(playlist, "shotcut:video") is None:
            continue
        number += 1
        at = 0
        for one in playlist:
            if one.tag == "blank":
                at += _frames(one.get("length"), rate)
            elif one.tag == "entry":
                shown = by_id.get(one.get("producer"))
                if shown is not None and shown.tag != "tractor":  # which is a transition
                    label = "V{0}  {1}  {2}".format(number, timecode_of(at, rate), _name(shown))
                    yield label, "V{0}@{1}f".format(number, at)
                at += _frames(one.get("out"), rate) - _frames(one.get("in") or "0", rate) + 1


def start(path):
    """Shotcut with a project; False where it is not found."""
    for program in _PROGRAMS:
        if shutil.which(program[0]):
            subprocess.Popen(
                program + [path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            return True
    return False


def _recent(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(r"^recent=(.*)$", file.read(), re.M)
    except OSError:
        return []
    names = [one.strip().strip('"') for one in found.group(1).split(", ")] if found else []
    return [os.path.expanduser(one) for one in names if one.endswith(".mlt")]


def _name(producer):
    path = property_of(producer, "resource") or "?"
    return property_of(producer, "shotcut:caption") or os.path.basename(path)


def _frames(time, rate):
    """Frames of MLT's "00:00:02.360", or of a plain count."""
    if ":" not in time:
        return int(time)
    hours, minutes, seconds = time.replace(",", ".").split(":")
    return int(round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * rate))
