"""One edit at a time in Blender: heard by its timer, placed in a step that its undo knows of."""

import os
import shlex

import bpy

from . import longtake_edits
from .longtake_client import Longtake, command_beside


class Edits(longtake_edits.Edits):
    """As the class of that name says.

    Attributes:
        tell: Called with a sentence where something went wrong meanwhile.
        redraw: Called when there is something new to be seen.
    """

    def __init__(self):
        super().__init__(Longtake, "blender", [], bpy.app.version_string, preview="none")
        self.tell = self.redraw = None
        self._timer = self._turn  # Blender knows a timer by the very object

    def open(self):
        self.command = _chosen_command() or command_beside(__file__)
        super().open()
        if not bpy.app.timers.is_registered(self._timer):
            wait_s = longtake_edits.TICK_S
            bpy.app.timers.register(self._timer, first_interval=wait_s, persistent=True)

    def close(self, timeout_s=5.0):
        if bpy.app.timers.is_registered(self._timer):
            bpy.app.timers.unregister(self._timer)
        super().close(timeout_s)

    def may_place(self):
        """Not while the user is amid something that a changed timeline would disturb."""
        if bpy.app.is_job_running("RENDER"):
            return False
        windows = bpy.context.window_manager.windows
        running = [one for window in windows for one in getattr(window, "modal_operators", ())]
        disturbed = ("TRANSFORM_OT", "SEQUENCER_OT")
        return not any(one.bl_idname.startswith(disturbed) for one in running)

    def bring(self):
        with window_of(self._spread.scene_name):
            try:
                bpy.ops.longtake.place("EXEC_DEFAULT", True)  # True: one step for undo
            except RuntimeError as error:  # it says why it did not
                self._result = None
                if not self.failed:
                    self.fail(str(error))

    def fail(self, sentence):
        super().fail(sentence)
        if self.tell is not None:
            self.tell(sentence)

    def _turn(self):
        """Called by Blender as long as an answer is awaited."""
        self.tick()
        if self.redraw is not None:
            self.redraw()
        return longtake_edits.TICK_S if self.waits else None


def window_of(scene_name):
    """A context in which operators can be called from a timer: a window that shows the scene."""
    windows = list(bpy.context.window_manager.windows)
    windows.sort(key=lambda window: window.scene.name != scene_name)
    return bpy.context.temp_override(**({"window": windows[0]} if windows else {}))


def _chosen_command():
    """What the user has entered in the add-on's preferences, as words; empty where nothing."""
    addon = bpy.context.preferences.addons.get(__package__)
    text = addon.preferences.command if addon is not None and addon.preferences else ""
    return [text] if os.path.isfile(text) else shlex.split(text)
