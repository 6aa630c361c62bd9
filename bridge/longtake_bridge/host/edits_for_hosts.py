"""One edit at a time in an editor: standard library only, Python 3.6 and later.

`longtake plugins install` copies this file into every plugin. Nothing here waits: a plugin calls
`tick` from a timer of its editor, on the main thread, and hears what has come in since.

    edits = Edits(Longtake, "blender", command_beside(__file__), host_version="5.0")
    edits.start("extend", settings_for("extend", length="2s"), lambda: Spread(scene))
    # in a timer, ten times a second:
    edits.tick()
    show(edits.said, edits.share)
    # at the end:
    edits.close()
"""

import os
import time

TICK_S = 0.1  # between two looks for answers: Longtake speaks no faster
_SLIVER = 0.001  # of progress, so that even the first frame shows that work has begun
# What a panel offers beside what all tasks take, and whom it concerns.
_CONCERNS = {
    "follow": ("extend", "slow_motion"),
    "factor": ("slow_motion",),
    "quality": ("fill_gap", "smooth_jump_cut", "slow_motion"),
    "side": ("fill_gap", "smooth_jump_cut"),
    "size": ("outpaint",),
    "anchor": ("outpaint",),
    "fit": ("outpaint",),
    "follow_subject": ("outpaint",),
    "regions": ("animate",),
    "directions": ("animate",),
    "moves": ("animate",),
    "move_masks": ("animate",),
    "duration": ("generate",),
    "stills": ("generate",),
}

_DRAWN = ("animate",)  # on the picture: nothing that a button alone could ask for


class Problem(Exception):
    """What cannot be done, as one sentence for the user that says what to do."""


class Edits(object):
    """A session with Longtake, and the one edit that is under way in it. Only `wait` waits.

    Attributes:
        command: What starts Longtake.
        tasks: What can be done here, once Longtake has said so: {name: title}; else None.
        models: What may make it: dicts of `name`, `description`, `takes_prompt`.
        takes_prompt: Whether any model listens to a prompt.
        said: The newest sentence for the user.
        failed: Whether that tells of something that went wrong.
        share: How far the edit is, 0 to 1.
        preview: Path of the newest picture of it, or None.
    """

    def __init__(self, longtake, host, command, host_version="", preview="none"):
        """Nothing is started yet.

        `longtake` is the class `Longtake` of `longtake_client.py`: inside some editors plugins are
        packages and inside others they are not, so that this file cannot import it.
        """
        self._longtake = longtake
        self.command = command
        self.tasks, self.models, self.takes_prompt = None, [], False
        self.said, self.failed, self.share, self.preview = "", False, 0.0, None
        self._host = {"host": host, "host_version": host_version, "preview": preview}
        self._session = None
        self._edit, self._spread, self._result = "", None, None
        self._placing = False

    @property
    def busy(self):
        """Whether an edit is under way."""
        return bool(self._edit) or self._result is not None or self._placing

    @property
    def waits(self):
        """Whether there is anything that `tick` may hear of, or has yet to place."""
        heard = self._session is not None and self._session.waits
        return heard or self._result is not None

    @property
    def buttons(self):
        """What can be done here, a button each: (task, side, what stands on it)."""
        made = []
        for name, title in (self.tasks or {}).items():
            if name in _DRAWN:
                continue
            if name == "extend":
                made.extend(
                    (name, side, "{0} {1}".format(title, side)) for side in ("head", "tail")
                )
            else:
                made.append((name, "tail", title))
        return made

    def open(self):
        """Start Longtake and ask what it can do, unless it runs."""
        if self._session is None or not self._session.alive:
            self._session = self._longtake.start(self.command, **self._host)
            self._session.ask("capabilities")
            self._session.ask("models")

    def start(self, task, settings, read):
        """Begin an edit; returns whether it has begun, and where not, `said` says why.

        `read` returns the timeline as it lies now, an object with
            context()      what Longtake is told of it
            place(answer)  puts a `result` on it; returns sentences to be said instead of "Done."
        It and both of these may raise Problem.
        """
        if self.busy:
            self.said, self.failed = "Wait for the edit that is under way, or cancel it.", True
            return False
        self.share, self.failed, self.preview = 0.0, False, None
        try:
            self._spread = read()
            context = self._spread.context()
        except Problem as problem:
            self.said, self.failed = str(problem), True
            return False
        self.open()
        assert self._session is not None, "it is open"
        self.said = "Looking at the timeline"
        self._edit = self._session.ask("start", task=task, context=context, settings=settings)
        return True

    def cancel(self):
        """End the edit."""
        self._result = None
        if self._session is not None and self._edit:
            self._session.cancel(self._edit)

    def tick(self):
        """Hear what has come in, and place what is made; call it about ten times a second."""
        for answer in self._session.poll() if self._session is not None else []:
            self._hear(answer)
        if self._result is not None and self.may_place():
            self.bring()

    def wait(self, tell):
        """Until the edit has ended; `tell` hears every new sentence."""
        told = ""
        while self.busy:
            self.tick()
            if self.said != told:
                told = self.said
                tell(told)
            time.sleep(TICK_S)
        if self.said != told:
            tell(self.said)

    def close(self, timeout_s=5.0):
        """End the session, and what runs in it."""
        if self._session is not None:
            self._session.close(timeout_s)
        self._session, self._edit, self._result = None, "", None

    def may_place(self) -> bool:
        """Whether the timeline may be changed just now; for an editor to say."""
        return True

    def bring(self):
        """Have what was made placed; an editor may do that in a step that its undo knows of."""
        self.place()

    def place(self):
        """Put what was made on the timeline; returns whether that could be done."""
        answer, self._result = self._result, None
        assert self._spread is not None and answer is not None, "something is made"
        self._placing = True  # an editor may go on drawing, and calling `tick`, meanwhile
        try:
            done = self._spread.place(answer) or ["Done."]
        except Problem as problem:
            made = [take["media"] for take in answer["takes"]]
            where = " The new frames are in {0}.".format(made[0]) if made else ""
            self.fail("{0}{1}".format(problem, where))
            return False
        finally:
            self._placing = False
        self.share, self.said = 1.0, " ".join(done + answer["notes"])
        return True

    def fail(self, sentence):
        """Say what went wrong; called where nobody waits for it."""
        self.said, self.failed = sentence, True

    def _hear(self, answer):
        kind, is_edit = answer["type"], answer["id"] == self._edit
        if kind == "capabilities":
            able = [task for task in answer["tasks"] if task["available"]]
            self.tasks = {task["name"]: task["title"] for task in able}
            self.takes_prompt = answer["takes_prompt"]
        elif kind == "models":
            self.models = answer["models"]
        elif kind == "planned" and is_edit:
            made = "Making {0} frames".format(answer["new_frames"])
            self.said = " ".join(answer["notes"]) or made
        elif kind == "progress" and is_edit:
            self._show_progress(answer)
        elif kind == "result" and is_edit:
            self._edit, self._result = "", answer
        elif kind == "error":
            self._hear_error(answer, is_edit)

    def _hear_error(self, answer, is_edit):
        if not is_edit:
            if not self._edit:  # else the edit will say the same
                self.said, self.failed = answer["message"], True
            return
        self._edit = ""
        if answer["reason"] == "CANCELLED":
            self.said, self.failed = "Cancelled.", False
        else:
            self.fail(answer["message"])

    def _show_progress(self, answer):
        self.said, total = answer["phase"], answer["total_frames"]
        self.preview = answer["preview_path"] or self.preview
        if total:
            part = float(answer["done_frames"]) / total
            self.share = max((answer["step"] - 1 + part) / answer["steps"], _SLIVER)
            self.said += ": {0} of {1} frames".format(answer["done_frames"], total)
        if answer["remaining_s"] is not None:
            self.said += ", {0:.0f} s left".format(answer["remaining_s"])


def settings_for(task, side="tail", length=None, what=None, show=None, **chosen):
    """The settings of a `start`: of what was chosen in a panel, that which concerns the task.

    `length` is how much an extension gets at `side`, `what` the text that says what is to go:
    "logo", "dust", "scratches", "spots", a box "X,Y,W,H", a point "X,Y" or a mask's path, several
    parted by ";". `show` is what B-roll shows: a still's path, which begins as paths do, or words.
    The others are Settings by their names, and what is None or empty counts as not chosen.
    """
    settings = {side: length} if task == "extend" else {"side": side}
    settings.update(_marks(what or "") if task == "remove" else {})
    settings.update(_shown(show or "") if task == "generate" else {})
    settings.update((name, value) for name, value in chosen.items() if value not in (None, ""))
    return {
        name: value
        for name, value in settings.items()
        if value not in (None, "") and task in _CONCERNS.get(name, (task,))
    }


def _shown(show):
    """What B-roll shows, as the settings of `generate`."""
    path = os.path.expanduser(show.strip())
    return {"stills": [path]} if os.path.isabs(path) else {"prompt": path}


def _marks(what):
    """What is to go, as the settings of `remove`."""
    settings = {}
    for text in filter(None, (part.strip() for part in what.split(";"))):
        numbers = text.split("@")[0].split(",")
        if text in ("logo", "dust", "scratches", "spots"):
            settings.setdefault("defects", []).append(text)
        elif len(numbers) in (2, 4) and all(one.strip().lstrip("-").isdigit() for one in numbers):
            name = "boxes" if len(numbers) == 4 else "points"
            settings.setdefault(name, []).append(text.replace(" ", ""))
        else:
            settings["mask"] = text
    return settings
