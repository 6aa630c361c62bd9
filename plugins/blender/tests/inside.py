"""Runs inside Blender, with whatever Python that has: does what `BlenderEditor` asks for.

Requests and answers are JSON lines on a socket whose port is the last argument. With a window,
Blender's own timer looks for requests; without one, this loop does, and calls the plugin's timer
as Blender would.
"""

import json
import os
import select
import socket
import sys
import time
import types

import bpy

# Frames of a test count from 0 and Blender's from 1; a channel for each track of each kind.
FIRST_FRAME = 1


class Seen:
    """The context as a panel of the sequencer has it, also where there is no window."""

    region = types.SimpleNamespace(width=300)

    def __getattr__(self, name):
        return getattr(bpy.context, name)


class Place:
    """A layout that notes what is drawn, and takes only what this Blender's own layout takes."""

    def __init__(self, drawn):
        self.drawn = drawn

    def __setattr__(self, name, value):
        assert name == "drawn" or name in bpy.types.UILayout.bl_rna.properties, name
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        function = bpy.types.UILayout.bl_rna.functions.get(name)
        if function is None:
            raise AttributeError(name)
        taken = function.parameters.keys()

        def draw(*values, **given):
            assert {*given} <= {*taken}, (name, given)
            if "icon" in given:
                assert given["icon"] in function.parameters["icon"].enum_items, given
            return self.note(name, values, given)

        return draw

    def note(self, name, values, given):
        if name == "prop":
            assert values[1] in values[0].bl_rna.properties, values[1]
            self.drawn.append("prop {0}".format(values[1]))
        elif name == "operator":
            self.drawn.append(" ".join(["operator", values[0], given.get("text", "")]).strip())
            group, short = values[0].split(".")
            return Button(getattr(getattr(bpy.ops, group), short).get_rna_type())
        elif name in ("label", "menu", "progress"):
            self.drawn.append("{0} {1}".format(name, given.get("text") or values))
        return Place(self.drawn)


class Button:
    """The properties of an operator's button; it takes those that the operator has."""

    def __init__(self, kind):
        object.__setattr__(self, "kind", kind)

    def __setattr__(self, name, value):
        assert name in self.kind.properties, name


class Desk:
    """Where requests come in."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.buffer = b""
        self.ticks = 0
        self.done = False
        self.plugin = None

    def turn(self):
        self.ticks += 1
        while select.select([self.socket], [], [], 0)[0]:
            data = self.socket.recv(1 << 16)
            if not data:
                self.done = True
                break
            self.buffer += data
            while b"\n" in self.buffer:
                line, self.buffer = self.buffer.split(b"\n", 1)
                self.answer(json.loads(line.decode()))

    def answer(self, request):
        name = request.pop("do")
        try:
            with override():
                value = {"value": getattr(self, name)(**request)}
        except Exception as error:
            value = {"error": "{0}: {1}".format(type(error).__name__, error)}
        self.socket.sendall(json.dumps(value).encode() + b"\n")

    def enable(self, module):
        import addon_utils  # noqa: PLC0415 - Blender as a module only has it once bpy is there

        assert addon_utils.enable(module, default_set=True) is not None, "cannot be enabled"
        self.plugin = sys.modules[module + ".interface"]

    def disable(self, module):
        """What is left of the plugin once it is switched off."""
        import addon_utils  # noqa: PLC0415 - as above

        timer = self.plugin.edits._timer
        addon_utils.disable(module, default_set=True)
        left = [name for name in dir(bpy.types) if "longtake" in name.lower()]
        left += [name for name in dir(bpy.ops.longtake)]
        left += ["timer"] * bpy.app.timers.is_registered(timer)
        for name in dir(bpy.app.handlers):
            functions = getattr(bpy.app.handlers, name)
            for function in functions if isinstance(functions, list) else ():
                left += [name] * ("longtake" in getattr(function, "__module__", ""))
        left += ["property"] * hasattr(bpy.types.WindowManager, "longtake")
        for menu in (bpy.types.SEQUENCER_MT_strip, bpy.types.SEQUENCER_HT_header):
            functions = getattr(menu.draw, "_draw_funcs", ())
            left += [menu.__name__] * any("longtake" in one.__module__ for one in functions)
        return left

    def open(self, project, rate, clips):
        scene = bpy.context.scene
        scene.render.fps, scene.render.fps_base = rate, 1.0
        scene.render.resolution_x, scene.render.resolution_y = 128, 72
        scene.frame_set(FIRST_FRAME)
        scene.sequence_editor_clear()  # another project was open before, perhaps
        editor = scene.sequence_editor_create()
        strips = strips_of(editor)
        for one in clips:
            self.lay(strips, **one)
        bpy.ops.wm.save_as_mainfile(filepath=project)
        bpy.ops.ed.undo_push(message="Open")

    def lay(self, strips, *, name, kind, track, start, frames, media, source_start):
        channel = track * 2 + (2 if kind == "video" else 1)
        make = strips.new_movie if kind == "video" else strips.new_sound
        first = start + FIRST_FRAME
        strip = make(name + ("" if kind == "video" else ".sound"), media, 60, first - source_start)
        strip.frame_final_start = first
        strip.frame_final_end = first + frames
        strip.channel = channel

    def press(self, task, clip, settings):
        editor = bpy.context.scene.sequence_editor
        for strip in strips_of(editor):
            strip.select = strip.name == clip
        editor.active_strip = strips_of(editor)[clip]
        bpy.ops.longtake.edit(task=task, settings=json.dumps(settings))

    def state(self):
        edits = self.plugin.edits
        return {
            "busy": edits.busy,
            "share": edits.share,
            "said": edits.said,
            "failed": edits.failed,
            "ticks": self.ticks,
            "tasks": edits.tasks,
        }

    def cancel(self):
        bpy.ops.longtake.cancel()

    def laid(self):
        found = []
        for strip in strips_of(bpy.context.scene.sequence_editor):
            if strip.type not in ("MOVIE", "SOUND") or strip.mute:
                continue
            sound = strip.type == "SOUND"
            shown = strip.frame_offset_start + strip.animation_offset_start
            found.append(
                {
                    "name": strip.name,
                    "kind": "audio" if sound else "video",
                    "track": (strip.channel - 1) // 2,
                    "start": strip.frame_final_start - FIRST_FRAME,
                    "frames": strip.frame_final_duration,
                    "media": path_of(strip.sound if sound else strip),
                    "source_start": int(round(shown)),
                }
            )
        return found

    def undo(self):
        bpy.ops.ed.undo()

    def switch_take(self, clip, number):
        editor = bpy.context.scene.sequence_editor
        editor.active_strip = strips_of(editor)[clip]
        bpy.ops.longtake.take("EXEC_DEFAULT", True, number=number + 1)

    def save_and_reopen(self):
        bpy.ops.wm.save_mainfile()
        bpy.ops.wm.open_mainfile(filepath=bpy.data.filepath)

    def render(self, folder, frames):
        """The timeline's pictures, one PNG each; returns their paths."""
        scene, paths = bpy.context.scene, []
        scene.view_settings.view_transform = "Standard"
        scene.render.image_settings.file_format = "PNG"
        for frame in frames:
            scene.frame_set(frame + FIRST_FRAME)
            scene.render.filepath = os.path.join(folder, "{0:04d}.png".format(frame))
            bpy.ops.render.render(write_still=True)
            paths.append(scene.render.filepath)
        return paths

    def draw(self, name, polls=False):
        """What a panel or menu draws, line by line; or whether an operator can be called."""
        kind = getattr(bpy.types, name)
        if polls:
            return not hasattr(kind, "poll") or bool(kind.poll(bpy.context))
        place = Place([])
        kind.draw(types.SimpleNamespace(layout=place), Seen())
        return place.drawn

    def show_panel(self):
        """The video sequencer over the whole window, with the plugin's tab open."""
        window = bpy.context.window_manager.windows[0]
        area = max(window.screen.areas, key=lambda one: one.width * one.height)
        area.type = "SEQUENCE_EDITOR"
        area.spaces.active.show_region_ui = True
        for region in area.regions:
            if region.type == "WINDOW":
                with bpy.context.temp_override(window=window, area=area, region=region):
                    bpy.ops.sequencer.view_all()

    def run(self, code):
        """Anything else."""
        names = {"bpy": bpy, "desk": self, "strips_of": strips_of}
        exec(code, names)
        return names.get("value")


def strips_of(editor):
    found = getattr(editor, "strips", None)
    return editor.sequences if found is None else found


def path_of(owner):
    return os.path.abspath(bpy.path.abspath(owner.filepath))


def override():
    windows = bpy.context.window_manager.windows
    return bpy.context.temp_override(**({"window": windows[0]} if len(windows) else {}))


def main():
    desk = Desk(int(sys.argv[-1]))
    if not bpy.app.background:

        def look():
            desk.turn()
            if desk.done:
                bpy.ops.wm.quit_blender()
            return 0.02

        bpy.app.timers.register(look, persistent=True)
        return
    due_s = 0.0
    while not desk.done:
        desk.turn()
        timer = desk.plugin.edits._timer if desk.plugin is not None else None
        if timer is not None and bpy.app.timers.is_registered(timer) and time.time() > due_s:
            wait_s = timer()
            due_s = time.time() + (wait_s or 0.0)
            if wait_s is None:
                bpy.app.timers.unregister(timer)
        time.sleep(0.01)


main()
