"""One edit at a time, from the press of a button to the changed timeline. Nothing here waits."""

import bpy

from .choice import Problem
from .longtake_client import Longtake, command_beside
from .timeline import Spread

_TICK_S = 0.1


class Edits:
    """A session with Longtake and the edit that is under way in it.

    Attributes:
        tasks: What can be done here, once Longtake has said so: {name: title}; else None.
        models: What may make it: dicts of `name`, `description`, `takes_prompt`.
        takes_prompt: Whether any model listens to a prompt.
        said: The newest sentence for the user.
        failed: Whether that sentence tells of something that went wrong.
        share: How far the edit is, 0 to 1.
    """

    def __init__(self):
        self.tasks, self.models, self.takes_prompt = None, [], False
        self.said, self.failed, self.share = "", False, 0.0
        self.tell = None  # called with a sentence where something went wrong
        self.redraw = None  # called when there is something new to be seen
        self.command = ()  # chosen by the user; else what the installation has noted
        self._session, self._open, self._edit, self._spread = None, set(), "", None
        self._result = None
        self._timer = self.tick  # Blender knows a timer by the very object

    @property
    def busy(self):
        """Whether an edit is under way."""
        return bool(self._edit) or self._result is not None

    def wake(self):
        """Start Longtake and ask what it can do, unless that has been done."""
        if self._session is not None and self._session.alive:
            return
        command = list(self.command) or command_beside(__file__)
        self._session = Longtake.start(
            command, host="blender", host_version=bpy.app.version_string, preview="none"
        )
        self._open = {self._session.ask("capabilities"), self._session.ask("models")}
        self._watch()

    def start(self, task, settings, scene):
        """Begin an edit of what the sequencer shows. Raises Problem."""
        if self.busy:
            raise Problem("Wait for the edit that is under way, or cancel it.")
        self._spread = Spread(scene)
        context = self._spread.context(scene)
        self.wake()
        self.share, self.failed, self.said = 0.0, False, "Looking at the timeline"
        self._edit = self._session.ask("start", task=task, context=context, settings=settings)
        self._open.add(self._edit)
        self._watch()

    def cancel(self):
        """End the edit."""
        self._result = None
        if self._session is not None and self._edit:
            self._session.cancel(self._edit)

    def close(self):
        """End the session, and what runs in it."""
        if bpy.app.timers.is_registered(self._timer):
            bpy.app.timers.unregister(self._timer)
        if self._session is not None:
            self._session.close(timeout_s=5.0)
        self._session, self._edit, self._result = None, "", None

    def tick(self):
        """Hear what has come in; called by Blender's timer as long as an answer is awaited."""
        for answer in self._session.poll() if self._session is not None else []:
            self._hear(answer)
        if self._result is not None and not _interrupts():
            self._place()
        if self.redraw is not None:
            self.redraw()
        return _TICK_S if self._open or self._result is not None else None

    def place(self):
        """Put what was made on the timeline; called by the operator that undo knows of."""
        answer, self._result = self._result, None
        made = [take["media"] for take in answer["takes"]]
        try:
            self._spread.apply(answer["changes"])
        except Problem as problem:
            where = " The new frames are in {0}.".format(made[0]) if made else ""
            raise Problem("{0}{1}".format(problem, where)) from None
        self.share, self.said = 1.0, " ".join(["Done."] + answer["notes"])

    def fail(self, sentence):
        """Say what went wrong."""
        self.said, self.failed = sentence, True
        if self.tell is not None:
            self.tell(sentence)

    def _watch(self):
        if not bpy.app.timers.is_registered(self._timer):
            bpy.app.timers.register(self._timer, first_interval=_TICK_S, persistent=True)

    def _hear(self, answer):
        kind, name = answer["type"], answer.get("id")
        if kind not in ("planned", "progress"):
            self._open.discard(name)
        if kind == "capabilities":
            able = [task for task in answer["tasks"] if task["available"]]
            self.tasks = {task["name"]: task["title"] for task in able}
            self.takes_prompt = answer["takes_prompt"]
        elif kind == "models":
            self.models = answer["models"]
        elif kind == "planned":
            self.said = " ".join(answer["notes"]) or "{0} frames to make".format(
                answer["new_frames"]
            )
        elif kind == "progress":
            self._show_progress(answer)
        elif kind == "result" and name == self._edit:
            self._edit, self._result = "", answer
        elif kind == "error":
            self._hear_error(answer)

    def _hear_error(self, answer):
        if answer["id"] == self._edit:
            self._edit = ""
            if answer["reason"] == "CANCELLED":
                self.said, self.failed = "Cancelled.", False
            else:
                self.fail(answer["message"])
        elif not self._edit:  # else the edit will say the same
            self.said, self.failed = answer["message"], True

    def _show_progress(self, answer):
        self.said, total = answer["phase"], answer["total_frames"]
        if total:
            steps = max(answer["steps"], 1)
            done = float(answer["done_frames"]) / total
            self.share = (answer["step"] - 1 + done) / steps
            self.said += ": {0} of {1} frames".format(answer["done_frames"], total)
        if answer["remaining_s"] is not None:
            self.said += ", {0:.0f} s left".format(answer["remaining_s"])

    def _place(self):
        with window_of(self._spread.scene_name):
            try:
                bpy.ops.longtake.place("EXEC_DEFAULT", True)  # True: one step for undo
            except RuntimeError as error:  # it says why it did not
                self._result = None
                if not self.failed:
                    self.fail(str(error))


def window_of(scene_name):
    """A context in which operators can be called from a timer: a window that shows the scene."""
    windows = list(bpy.context.window_manager.windows)
    windows.sort(key=lambda window: window.scene.name != scene_name)
    return bpy.context.temp_override(**({"window": windows[0]} if windows else {}))


def _interrupts():
    """Whether the user is in the middle of something that a changed timeline would disturb."""
    if bpy.app.is_job_running("RENDER"):
        return True
    windows = bpy.context.window_manager.windows
    running = [one for window in windows for one in getattr(window, "modal_operators", ())]
    return any(one.bl_idname.startswith(("TRANSFORM_OT", "SEQUENCER_OT")) for one in running)
