"""A running Kdenlive, by D-Bus: its project saved, its selection read, its project loaded again.

D-Bus has every action of Kdenlive's menus, but no word of the selection or the project's path:
- "Copy" puts the selected clips on the clipboard as XML, with their tracks and positions;
- after "Save", the project is the recent file of the window's name that has just been written;
- "Revert" loads it from its file, and asks nothing where nothing has changed since it was saved.
"""

import hashlib
import os
import re
import shutil
import threading
import time
from xml.etree import ElementTree

from longtake_desk import Problem, call_bus, new_name
from longtake_mlt import rate_of, timecode_of

_WINDOW = "/kdenlive/MainWindow_1"
_ACT = "org.kde.KMainWindow.activateAction"
_GET = "org.freedesktop.DBus.Properties.Get"
_WIDGET = "org.qtproject.Qt.QWidget"
_PATIENCE_S = 30.0
_LOADING_S = 300.0  # a long film, or a question that Kdenlive asks about it
_COPY_S = 3.0  # after Kdenlive has said that it has copied
_TICK_S = 0.1
_PLAYHEAD = "kdenlive:docproperties.position"
_SUBTITLES = (".srt", ".ass")
_SETTINGS = (
    os.path.join(os.environ.get("XDG_CONFIG_HOME") or "~/.config", "kdenliverc"),
    "~/.var/app/org.kde.kdenlive/config/kdenliverc",  # Flatpak
)


class Kdenlive(object):
    """The Kdenlive that runs; `read_clipboard(press)` is what lies there after `press()`."""

    name, title, selects = "kdenlive", "Kdenlive", True

    def __init__(self, read_clipboard=None):
        self._read_clipboard = read_clipboard or read_clipboard_by_tk
        self._service = ""
        self._digest = ""

    def projects(self):
        """As the window wants it: Kdenlive itself knows."""
        return []

    def clips(self, project):
        """As the window wants it: Kdenlive itself knows."""
        return []

    def take(self, project=None):
        """The open project, saved, and the selected clip as V1@125f; None where none is.

        Raises Problem where Kdenlive does not run, or has a project without a file.
        """
        self._service = find_service()
        begun_s = time.time()
        self._act("file_save")
        path = self._saved_since(begun_s - 2.0)  # coarse clocks of file systems
        if project and not os.path.samefile(project, path):
            raise Problem("Kdenlive has {0} open; open {1} in it.".format(path, project))
        self._digest = _digest(path)
        return path, self._selected(path)

    def playhead(self, project):
        """The timecode where its playhead stood when the project was saved."""
        return playhead_of(project)

    def place(self, project, made):
        """Put what was made in the project's place and load it; the old one is kept beside it."""
        changed = self._get("windowModified") == "true" or _digest(project) != self._digest
        if changed:
            return "The project was changed in the meantime: open {0}.".format(made)
        kept = new_name(project, "before Longtake")
        shutil.copy2(project, kept)
        take_subtitles(made, project, kept)
        os.replace(made, project)
        done = "The project from before is {0}.".format(os.path.basename(kept))
        try:
            self._act("file_revert", _LOADING_S)
        except Problem as problem:
            # The new project is in its place: saving the old one over it must not be next.
            return "{0} Load the project again by File > Revert. {1}".format(problem, done)
        return "Done. " + done

    def _saved_since(self, since_s):
        """The path of the project, once it has been written."""
        deadline_s = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline_s:
            title = self._get("windowTitle")
            paths = [path for path in recent_projects() if _is_called(path, title)]
            fresh = [path for path in paths if os.path.getmtime(path) >= since_s]
            if fresh and self._get("windowModified") != "true":
                return fresh[0]
            time.sleep(_TICK_S)
        raise Problem("Kdenlive did not save its project; save it there once, then press again.")

    def _selected(self, project):
        text = self._read_clipboard(lambda: self._act("edit_copy"))
        return clip_of_scene(text, document_id(project))

    def _act(self, action, timeout_s=_PATIENCE_S):
        call_bus(self._service, _WINDOW, _ACT, action, timeout_s=timeout_s)

    def _get(self, name):
        answer = call_bus(self._service, _WINDOW, _GET, _WIDGET, name, timeout_s=_PATIENCE_S)
        return _plain(answer)


def take_subtitles(made, project, kept):
    """What lies beside the new project as its subtitles becomes that of the old; that is kept."""
    folder, name = os.path.split(made)
    for entry in sorted(os.listdir(folder or ".")):
        rest = entry[len(name) :]
        if entry.startswith(name) and rest.lower().endswith(_SUBTITLES):
            if os.path.exists(project + rest):
                shutil.copy2(project + rest, kept + rest)
            os.replace(made + rest, project + rest)


def find_service():
    """The bus name of the only Kdenlive that runs.

    Raises Problem where none or several do.
    """
    bus = "org.freedesktop.DBus"
    try:
        names = call_bus(bus, "/org/freedesktop/DBus", bus + ".ListNames")
    except Problem as problem:
        raise Problem("Kdenlive cannot be asked: {0}".format(problem)) from None
    found = sorted(set(re.findall(r"org\.kde\.kdenlive(?:-\d+)?(?![\w.-])", names)))
    if not found:
        raise Problem("Kdenlive does not run; start it, open a project and press again.")
    if len(found) > 1:
        raise Problem("Kdenlive runs several times; close all but one.")
    return found[0]


def recent_projects():
    """Paths of the projects that Kdenlive remembers, the newest first, as far as they exist."""
    found = []
    for path in _SETTINGS:
        try:
            with open(os.path.expanduser(path), encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        part = re.search(r"^\[Recent Files\]\n(.*?)(?=^\[|\Z)", text, re.M | re.S)
        for number, value in re.findall(
            r"^File(\d+)(?:\[\$e\])?=(.*)$", part.group(1) if part else "", re.M
        ):
            found.append((int(number), os.path.expandvars(value.strip())))
    return [path for _, path in sorted(found, reverse=True) if os.path.isfile(path)]


def clip_of_scene(text, document):
    """The selected clip as V1@125f, of what Kdenlive has put on the clipboard; None where none is.

    Raises Problem where several are selected, or those of another project.
    """
    if "<kdenlive-scene" not in text:
        return None
    try:
        scene = ElementTree.fromstring(text)
    except ElementTree.ParseError:
        return None
    if document and scene.get("documentid") not in (None, document):
        raise Problem("What is copied is of another project; select the clip and press again.")
    sounds = int(scene.get("audioTracks") or 0)
    found = [
        "V{0}@{1}f".format(int(clip.get("track")) - sounds + 1, int(clip.get("position")))
        for clip in scene.findall("clip")
        if clip.get("audioTrack") is None and int(clip.get("track")) >= sounds
    ]
    if len(found) > 1:
        raise Problem("Several clips are selected; select one.")
    return found[0] if found else None


def document_id(project):
    """The project's own number, which its clips carry on the clipboard; empty where it has none."""
    with open(project, encoding="utf-8", errors="replace") as file:
        found = re.search(r'name="kdenlive:docproperties\.documentid">(\d+)<', file.read())
    return found.group(1) if found else ""


def playhead_of(project):
    """The timecode where a saved project's playhead stands; None where it does not say."""
    mlt = ElementTree.parse(project).getroot()
    for one in mlt.iter("property"):
        if one.get("name") == _PLAYHEAD and (one.text or "").isdigit():
            return timecode_of(int(one.text), rate_of(mlt))
    return None


def read_clipboard_by_tk(press):
    """What lies on the clipboard after `press`; what lay there before is gone."""
    try:
        import tkinter  # noqa: PLC0415 - not every Python has it
    except ImportError:
        return ""
    try:
        root = tkinter.Tk()
    except tkinter.TclError:
        return ""
    try:
        root.withdraw()
        root.clipboard_clear()  # or what was copied long ago would be taken for the selection
        root.update()
        _do_beside(press, root.update)
        deadline_s, text = time.monotonic() + _COPY_S, ""
        while not text and time.monotonic() < deadline_s:
            root.update()
            text = _clipboard(root)
            time.sleep(0.05)
        return text
    finally:
        root.destroy()


def _do_beside(press, update):
    """`press` in a thread of its own; until it has ended, `update` answers for the clipboard.

    Kdenlive asks whose the clipboard is as soon as it changes hands, and waits for the answer: if
    nobody gave one, it would wait for us as we wait for it.
    """
    raised = []

    def run():
        try:
            press()
        except Problem as problem:
            raised.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        update()
        thread.join(0.01)
    if raised:
        raise raised[0]


def _clipboard(root):
    import tkinter  # noqa: PLC0415

    for kind in ("UTF8_STRING", "STRING"):
        try:
            return root.clipboard_get(type=kind)
        except tkinter.TclError:
            continue
    return ""


def _is_called(path, title):
    stem = os.path.splitext(os.path.basename(path))[0]
    rest = title[len(stem) :] if title.startswith(stem) else "x"
    return not rest or not rest.lstrip().startswith(tuple("abcdefghijklmnopqrstuvwxyz0123456789"))


def _plain(answer):
    """A property without what gdbus writes around it."""
    found = re.fullmatch(r"\(<(.*)>,\)", answer, re.S)
    inner = found.group(1) if found else answer
    return inner[1:-1] if found and inner[:1] in "'\"" else inner


def _digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
