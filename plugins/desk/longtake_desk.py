"""Longtake beside an editor that has no place for plugins: it works on the project's file.

A small window where Tk is to be had, else plain lines; the standard library alone. An editor is an
object with these parts (`Shotcut` and `Kdenlive` beside this file's copies):

    name, title       "kdenlive", "Kdenlive"
    selects           whether it knows which clip is selected, so that none is chosen in the window
    projects()        paths of the projects that may be meant, the likeliest first
    clips(project)    [(label, clip's name for Longtake)], where it does not know the selection
    take(project)     the project's path and the selected clip or None, saved and ready
    playhead(project) the timecode where its playhead stands as saved, None where that is not known
    place(project, made)  what was made is put before the user; returns a sentence about it
"""

import argparse
import os
import re
import signal
import subprocess
import sys

import longtake_edits
from longtake_client import Longtake, command_beside
from longtake_edits import Problem, settings_for

TASKS = (
    ("extend", "tail", "Extend tail"),
    ("extend", "head", "Extend head"),
    ("fill_gap", None, "Fill gaps"),
    ("smooth_jump_cut", None, "Smooth jump cuts"),
    ("slow_motion", None, "Slow motion"),
    ("remove", None, "Remove object"),
    ("outpaint", None, "Out-paint"),
    ("generate", None, "Generate B-roll"),
)
OF_ONE_CLIP = ("extend", "slow_motion", "remove", "outpaint")
WHAT_GOES = "logo, dust, scratches, spots, a box X,Y,W,H, a point X,Y or a mask's path"
WHAT_SHOWS = "a still's path, or words; where empty, what markers broll: ... say"
_NOTES_BUS = "org.freedesktop.Notifications"
_NO_ANSWER = "{0} does not answer; does it show a question?"
_LATE = ("Timeout was reached", "NoReply", "Did not receive a reply")


class Edits(longtake_edits.Edits):
    """As the class of that name says, for edits of a project's file."""

    def __init__(self, editor, command=None):
        command = command or command_beside(__file__)
        super(Edits, self).__init__(Longtake, editor.name, command, preview="none")
        self._editor = editor

    def start(self, task, settings, project=None, clip=None, playhead=None):
        """Begin an edit; says whether it has begun.

        `playhead` is a timecode, for an editor that does not know its own.
        """
        try:
            file = _File(self._editor, task, project, clip, playhead)
        except Problem as problem:
            self.fail(str(problem))
            return False
        settings = dict(settings, output=new_name(file.project, "Longtake"))
        return super(Edits, self).start(task, settings, lambda: file)


class _File(object):
    """A project's file as it was saved for an edit."""

    def __init__(self, editor, task, project, clip, playhead):
        self._editor = editor
        self.project, selected = editor.take(project)
        self._playhead = playhead or editor.playhead(self.project)
        self._clip = (clip or selected) if task in OF_ONE_CLIP else None
        if task in OF_ONE_CLIP and not self._clip:
            wanted = "Select one clip on {0}'s timeline" if editor.selects else "Choose one clip"
            raise Problem(wanted.format(editor.title) + " and press again.")

    def context(self):
        folder = os.path.splitext(self.project)[0] + " Media"
        said = {"timeline": self.project, "media_folder": folder}
        said.update({"clip_name": self._clip} if self._clip else {})
        said.update({"at_timecode": self._playhead} if self._playhead else {})
        return said

    def place(self, answer):
        return [self._editor.place(self.project, answer["timeline"])]


def main(editor, words=None):
    """What is asked for on the command line; without a task, the window. Returns the exit code."""
    parser = _parser(editor)
    asked = parser.parse_args(words)
    edits = Edits(editor)
    stopped = []
    try:
        if asked.task is None:
            if _show(editor, edits):
                return 0
            parser.error("Python has no Tk here (python3-tk); name a task instead of a window")
        signal.signal(signal.SIGINT, lambda *_: (stopped.append(1), edits.cancel()))
        settings = _settings_of(asked)
        edits.start(asked.task, settings, asked.project, asked.clip, asked.playhead)
        edits.wait(lambda sentence: print(sentence, flush=True))
        notify(edits.said)
        return 130 if stopped else int(edits.failed)
    finally:
        edits.close(timeout_s=20.0)


def _parser(editor):
    parser = argparse.ArgumentParser(description="Longtake for " + editor.title)
    names = sorted({name for name, _, _ in TASKS})
    parser.add_argument("task", nargs="?", choices=names, help="left out: a window")
    parser.add_argument("--head", metavar="T", help="extend: how much before the clip (2s, 48f)")
    parser.add_argument("--tail", metavar="T", help="extend: how much after it")
    parser.add_argument("--factor", default="2", help="slow_motion: how many times as long")
    parser.add_argument("--follow", choices=("gap", "ripple", "overwrite"), default="gap")
    parser.add_argument("--what", metavar="THIS", help="remove: what goes; " + WHAT_GOES)
    parser.add_argument("--size", metavar="WxH", help="outpaint: the new shape")
    parser.add_argument("--follow-subject", action="store_true", help="outpaint: go with it")
    parser.add_argument("--show", metavar="THIS", help="generate: " + WHAT_SHOWS)
    parser.add_argument("--duration", metavar="T", help="generate: how long")
    parser.add_argument("--playhead", metavar="TC", help="where it begins; the frame drawn on")
    parser.add_argument("--project", metavar="FILE", help="the newest where left out")
    parser.add_argument("--clip", metavar="NAME", help="NAME, NAME@2 or V1@125f")
    return parser


def _settings_of(asked):
    """The settings of a `start` that a command line asks for."""
    settings = settings_for(
        asked.task,
        what=asked.what,
        show=asked.show,
        duration=asked.duration,
        factor=asked.factor,
        follow=asked.follow,
        size=asked.size,
        follow_subject=asked.follow_subject or None,
    )
    if asked.task == "extend":
        sides = {"head": asked.head, "tail": asked.tail}
        settings.update((side, length) for side, length in sides.items() if length is not None)
    return settings


def notify(sentence):
    """A message of the desktop, where it has a place for such; says whether it could be sent."""
    arguments = ["Longtake", "0", "", "Longtake", sentence, "[]", "{}", "10000"]
    try:
        call_bus(_NOTES_BUS, "/org/freedesktop/Notifications", _NOTES_BUS + ".Notify", *arguments)
    except Problem:
        return False
    return True


def call_bus(service, path, method, *arguments, **options):
    """What a method on the session bus answers, as gdbus or qdbus print it.

    Raises Problem where there is no answer.
    """
    timeout_s = options.get("timeout_s", 10.0)
    gdbus = ["gdbus", "call", "--session", "--timeout", str(int(timeout_s)), "--dest", service]
    ways = [gdbus + ["--object-path", path, "--method", method]]
    ways += [[name, service, path, method] for name in ("qdbus", "qdbus6", "qdbus-qt5")]
    for way in ways:
        # After --, so that what begins with a dash is not taken for an option.
        mark = ["--"] if way[0] == "gdbus" and arguments else []
        try:
            done = subprocess.run(
                way + mark + list(arguments),
                check=False,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                timeout=timeout_s + 2,
            )
        except FileNotFoundError:
            continue
        except subprocess.TimeoutExpired:
            raise Problem(_NO_ANSWER.format(service)) from None
        if done.returncode:
            reason = done.stderr.decode("utf-8", "replace").strip()
            late = any(word in reason for word in _LATE)
            raise Problem(_NO_ANSWER.format(service) if late else reason)
        return done.stdout.decode("utf-8", "replace").strip()
    raise Problem("Neither gdbus nor qdbus is installed; install libglib2.0-bin or qdbus.")


def new_name(project, word):
    """A path beside the project that is free: "film (Longtake).mlt", then "film (Longtake 2).mlt",
    of either of these as of "film.mlt"."""
    stem, suffix = os.path.splitext(project)
    stem = re.sub(r" \({0}(?: \d+)?\)$".format(re.escape(word)), "", stem)
    number, path = 1, "{0} ({1}){2}".format(stem, word, suffix)
    while os.path.exists(path):
        number += 1
        path = "{0} ({1} {2}){3}".format(stem, word, number, suffix)
    return path


def _show(editor, edits):
    """The window, until it is closed; False where there is no Tk."""
    try:
        import longtake_desk_window  # noqa: PLC0415 - it needs Tk, which not every Python has
    except ImportError:
        return False
    longtake_desk_window.show(editor, edits)
    return True


if __name__ == "__main__":
    sys.exit("This is a part of Longtake's plugins; start the folder that it lies in.")
