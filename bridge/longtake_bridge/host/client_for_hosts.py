"""Speaks with `longtake host` from inside an editor: standard library only, Python 3.6 and later.

`longtake plugins install` copies this file into every plugin. Nothing here waits: a plugin calls
`poll` from a timer of its editor, on the main thread, and hears what has come in since.

    longtake = Longtake.start(command_beside(__file__), host="blender", host_version="5.0")
    edit = longtake.ask("start", task="extend", context={...}, settings={"tail": "2s"})
    # in a timer, ten times a second:
    for answer in longtake.poll():
        if answer["type"] == "result" and answer["id"] == edit: ...
    # at the end:
    longtake.close()

`edits_for_hosts.py` is that for one edit at a time, and is what most plugins want.
"""

import collections
import itertools
import json
import os
import subprocess
import sys
import threading

VERSION = 1
MISSING = (
    "Longtake is not where this plugin remembers it ({0}); "
    "run `longtake plugins install {1}` once more."
)
GONE = "Longtake ended unexpectedly{0}; try again, or run `longtake doctor`."


def command_beside(path):
    """The command that starts Longtake, as the file longtake.json beside a plugin says it.

    `path` is any file of the plugin. LONGTAKE_COMMAND, a JSON list, goes first.
    """
    given = os.environ.get("LONGTAKE_COMMAND")
    if given:
        return [str(word) for word in json.loads(given)]
    note = os.path.join(os.path.dirname(os.path.abspath(path)), "longtake.json")
    try:
        with open(note, encoding="utf-8") as file:
            command = json.load(file)["command"]
    except (OSError, ValueError, KeyError):
        return ["longtake"]
    return [str(word) for word in command]


class Longtake(object):
    """One `longtake host` process, and the answers that have come from it.

    Attributes:
        alive: False once the process has ended; start another one then.
    """

    def __init__(self, process, problem=""):
        self.alive = process is not None
        self._process = process
        self._answers = collections.deque()
        self._last_words = collections.deque(maxlen=5)
        self._open = []  # ids that wait for their last answer
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._problem = problem
        self._outbox = collections.deque()
        self._has_mail = threading.Event()
        self._closing = False
        if process is not None:
            self._words_end = self._start_thread(self._read_words)
            self._start_thread(self._read_answers)
            self._start_thread(self._write_requests)

    @classmethod
    def start(cls, command, host, host_version="", preview="path", on_close="cancel"):
        """A session that has said hello; where Longtake cannot be started, every `ask` says why."""
        try:
            process = subprocess.Popen(
                list(command) + ["host"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=_clean_environment(),
                **_quiet_flags(),
            )
        except (OSError, ValueError):
            return cls(None, MISSING.format(command[0] if command else "nothing", host))
        session = cls(process)
        session.ask(
            "hello",
            version=VERSION,
            host=host,
            host_version=host_version,
            preview=preview,
            on_close=on_close,
        )
        return session

    def ask(self, type, **fields):
        """Send a request; returns the id that its answers will carry. Never waits."""
        name = "{0}-{1}".format(type, next(self._numbers))
        self._send(dict(fields, type=type, id=name))
        return name

    def cancel(self, edit):
        """End an edit; it answers with an error whose reason is CANCELLED."""
        if edit in self._open:
            self._send({"type": "cancel", "id": edit})

    def poll(self):
        """All answers that have come since the last call, as dicts, in order. Never waits."""
        answers = []
        while self._answers:
            answers.append(self._answers.popleft())
        return answers

    @property
    def waits(self):
        """Whether an answer is still to come, or to be polled."""
        return bool(self._open) or bool(self._answers)

    def close(self, timeout_s=0.0):
        """Let the session end, and with it what runs; waits up to `timeout_s` for that."""
        self.alive = False
        self._closing = True
        self._has_mail.set()
        if self._process is None:
            return
        if timeout_s > 0:
            try:
                self._process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self._process.terminate()

    def _start_thread(self, work):
        thread = threading.Thread(target=work)
        thread.daemon = True
        thread.start()
        return thread

    def _send(self, message):
        with self._lock:
            reached = self._process is not None and self.alive
            if reached and message["type"] != "cancel":
                self._open.append(message["id"])
        if not reached:
            self._fail(message["id"], self._problem or GONE.format(""))
            return
        self._outbox.append(message)
        self._has_mail.set()

    def _write_requests(self):
        pipe = self._process.stdin
        try:
            while True:
                self._has_mail.wait()
                self._has_mail.clear()
                while self._outbox:
                    line = json.dumps(self._outbox.popleft()) + "\n"
                    pipe.write(line.encode("ascii"))
                pipe.flush()
                if self._closing:
                    break
        except (OSError, ValueError):
            pass  # it has ended: whoever reads its answers says so
        try:
            pipe.close()
        except OSError:
            pass

    def _read_answers(self):
        for line in iter(self._process.stdout.readline, b""):
            try:
                answer = json.loads(line.decode("utf-8"))
            except ValueError:
                continue  # not ours: something in between has printed
            self._answers.append(answer)
            with self._lock:
                ends = answer.get("type") not in ("planned", "progress")
                if ends and answer.get("id") in self._open:
                    self._open.remove(answer["id"])
        self._process.wait()
        self._process.stdout.close()
        self._words_end.join(1.0)  # not for ever: a child of it may hold the pipe open
        words = " ".join(list(self._last_words)).strip()
        if not self._closing:
            self._problem = GONE.format(" ({0})".format(words[-200:]) if words else "")
        else:
            self._problem = "Longtake was closed."
        with self._lock:
            self.alive = False
            left = list(self._open)
        self._closing = True
        self._has_mail.set()
        for name in left:
            self._fail(name, self._problem)

    def _read_words(self):
        for line in iter(self._process.stderr.readline, b""):
            self._last_words.append(line.decode("utf-8", "replace").strip())
        self._process.stderr.close()

    def _fail(self, name, sentence):
        self._answers.append(
            {"type": "error", "id": name, "reason": "ENGINE_DOWN", "message": sentence}
        )
        with self._lock:
            if name in self._open:
                self._open.remove(name)


def _clean_environment():
    """The environment without what the editor has set for its own Python and its own libraries."""
    environment = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "PYTHONSTARTUP", "LD_PRELOAD"):
        environment.pop(name, None)
    # Packed editors (AppImage, Flatpak, Steam) keep what was there before under such a name.
    for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
        kept = environment.pop(name + "_ORIG", None)
        environment.pop(name, None)
        if kept:
            environment[name] = kept
    return environment


def _quiet_flags():
    """What keeps a console window from opening on Windows; nothing elsewhere."""
    if sys.platform == "win32":
        return {"creationflags": 0x08000000}  # CREATE_NO_WINDOW, which Python 3.6 does not name
    return {}
