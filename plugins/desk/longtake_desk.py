"""Longtake beside an editor that has no place for plugins: it works on the project's file.

A small window where Tk is to be had, else plain lines; the standard library alone. An editor is an
object with these parts (`Shotcut` and `Kdenlive` beside this file's copies):

    name, title       "kdenlive", "Kdenlive"
    selects           whether it knows which clip is selected, so that none is chosen in the window
    projects()        paths of the projects that may be meant, the likeliest first
    clips(project)    [(label, clip's name for Longtake)], where it does not know the selection
    take(project)     the project's path and the selected clip or None, saved and ready
    place(project, made)  what was made is put before the user; returns a sentence about it
"""

import argparse
import os
import signal
import subprocess
import sys
import time

from longtake_client import Longtake, command_beside

TASKS = (
    ("extend", "tail", "Extend tail"),
    ("extend", "head", "Extend head"),
    ("fill_gap", None, "Fill gaps"),
    ("smooth_jump_cut", None, "Smooth jump cuts"),
)
_TICK_S = 0.1
_NOTES_BUS = "org.freedesktop.Notifications"
_NO_ANSWER = "{0} does not answer; does it show a question?"
_LATE = ("Timeout was reached", "NoReply", "Did not receive a reply")


class Problem(Exception):
    """What cannot be done, as one sentence that says what to do."""


class Edits(object):
    """A session with Longtake, and the one edit that is under way in it.

    Attributes:
        said: The newest sentence for the user.
        share: How far the edit is, 0 to 1.
        failed: Whether the last edit has ended in an error.
    """

    def __init__(self, editor, command=None):
        self.said, self.share, self.failed = "", 0.0, False
        self._editor = editor
        self._command = command or command_beside(__file__)
        self._session = None
        self._edit = self._project = ""

    @property
    def busy(self):
        """Whether an edit is under way."""
        return bool(self._edit)

    def start(self, task, settings, project=None, clip=None):
        """Begin an edit of a project's file; `tick` hears of it."""
        self.share, self.failed = 0.0, False
        try:
            self._project, selected = self._editor.take(project)
            clip = clip or selected
            if task == "extend" and not clip:
                raise Problem(
                    "Select one clip on {0}'s timeline and press again.".format(self._editor.title)
                )
        except Problem as problem:
            self.said, self.failed = str(problem), True
            return
        folder = os.path.splitext(self._project)[0] + " Media"
        context = {"timeline": self._project, "media_folder": folder}
        if task == "extend":
            context["clip_name"] = clip
        settings = dict(settings, output=new_name(self._project, "Longtake"))
        if self._session is None or not self._session.alive:
            self._session = Longtake.start(self._command, host=self._editor.name, preview="none")
        self.said = "Looking at {0}".format(os.path.basename(self._project))
        self._edit = self._session.ask("start", task=task, context=context, settings=settings)

    def cancel(self):
        """End the edit."""
        if self.busy:
            self._session.cancel(self._edit)

    def tick(self):
        """Hear what Longtake has said since; call it about ten times a second. Never waits."""
        for answer in self._session.poll() if self._session is not None else []:
            if answer["id"] == self._edit:
                self._hear(answer)
            elif answer["type"] == "error":
                self.said, self.failed = answer["message"], True

    def wait(self, tell):
        """Until the edit has ended; `tell` hears every new sentence."""
        told = ""
        while self.busy:
            self.tick()
            if self.said != told:
                told = self.said
                tell(told)
            time.sleep(_TICK_S)
        if self.said != told:
            tell(self.said)

    def close(self):
        """End the session, and what runs in it."""
        if self._session is not None:
            self._session.close(timeout_s=20.0)

    def _hear(self, answer):
        if answer["type"] == "planned":
            made = "Making {0} frames".format(answer["new_frames"])
            self.said = " ".join(answer["notes"]) or made
        elif answer["type"] == "progress":
            self.said = _progress_text(answer)
            if answer["total_frames"]:
                part = float(answer["done_frames"]) / answer["total_frames"]
                self.share = (answer["step"] - 1 + part) / answer["steps"]
        elif answer["type"] == "error":
            self._edit, self.failed = "", answer["reason"] != "CANCELLED"
            self.said = answer["message"] if self.failed else "Cancelled."
        elif answer["type"] == "result":
            self._edit = ""
            self._place(answer)

    def _place(self, answer):
        try:
            done = self._editor.place(self._project, answer["timeline"])
        except Problem as problem:
            self.said, self.failed = str(problem), True
            return
        self.share = 1.0
        self.said = " ".join([done] + answer["notes"])


def main(editor, words=None):
    """What is asked for on the command line; without a task, the window. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Longtake for " + editor.title)
    names = sorted({name for name, _, _ in TASKS})
    parser.add_argument("task", nargs="?", choices=names, help="left out: a window")
    parser.add_argument("--head", metavar="T", help="extend: how much before the clip (2s, 48f)")
    parser.add_argument("--tail", metavar="T", help="extend: how much after it")
    parser.add_argument("--follow", choices=("gap", "ripple", "overwrite"), default="gap")
    parser.add_argument("--project", metavar="FILE", help="the newest where left out")
    parser.add_argument("--clip", metavar="NAME", help="NAME, NAME@2 or V1@125f")
    asked = parser.parse_args(words)
    edits = Edits(editor)
    stopped = []
    try:
        if asked.task is None:
            if _show(editor, edits):
                return 0
            parser.error("Python has no Tk here (python3-tk); name a task instead of a window")
        settings = {"head": asked.head, "tail": asked.tail} if asked.task == "extend" else {}
        if asked.task == "extend":
            settings["follow"] = asked.follow
        signal.signal(signal.SIGINT, lambda *_: (stopped.append(1), edits.cancel()))
        given = {key: value for key, value in settings.items() if value is not None}
        edits.start(asked.task, given, asked.project, asked.clip)
        edits.wait(lambda sentence: print(sentence, flush=True))
        notify(edits.said)
        return 130 if stopped else int(edits.failed)
    finally:
        edits.close()


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
    """A path beside the project that is free: "film (Longtake).mlt", "film (Longtake 2).mlt"."""
    stem, suffix = os.path.splitext(project)
    number, path = 1, "{0} ({1}){2}".format(stem, word, suffix)
    while os.path.exists(path):
        number += 1
        path = "{0} ({1} {2}){3}".format(stem, word, number, suffix)
    return path


def _progress_text(answer):
    if not answer["total_frames"]:
        return answer["phase"]
    left = answer["remaining_s"]
    more = ", {0:.0f} s left".format(left) if left is not None else ""
    return "{0}: {1} of {2} frames{3}".format(
        answer["phase"], answer["done_frames"], answer["total_frames"], more
    )


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
