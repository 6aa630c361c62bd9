"""What lies on Blender's timeline, told to Longtake."""

import os
from fractions import Fraction

import bpy

from .change import make_changes
from .choice import pattern_of
from .longtake_edits import Problem
from .strip import Edges, lying_in, spare_channel, strips_all

TRANSITIONS = {"CROSS", "GAMMA_CROSS", "WIPE"}


def scene_rate(scene):
    """Frames a second, exactly."""
    fps, base = scene.render.fps, scene.render.fps_base
    if abs(base - 1.001) < 1e-5:
        return Fraction(fps * 1000, 1001)
    return fps / Fraction(base).limit_denominator(10000)


class Spread:
    """What lies in the part of a sequencer that is open, as it was when an edit was asked for."""

    def __init__(self, scene):
        editor = scene.sequence_editor
        self.scene_name = scene.name
        self.metas = [meta.name for meta in editor.meta_stack]
        self.rate = scene_rate(scene)
        self.names = []
        self.said = []
        active = editor.active_strip
        self.clip = None
        retimed = _speed_effects(editor)
        strips = lying_in(self.owner())
        transitions = [strip for strip in strips if strip.type in TRANSITIONS]
        for strip in strips:
            if active is not None and active.select and strip.name == active.name:
                self.clip = len(self.names)
            self.names.append(strip.name)
            self.said.append(_describe(strip, transitions, self._speed(strip, retimed)))

    def _speed(self, strip, retimed):
        """How fast a strip runs; where effects or keys retime it, it is told as twice as fast."""
        factor = float(getattr(strip, "speed_factor", 1.0))  # 3.4 to 3.6
        if getattr(strip, "use_reverse_frames", False):
            factor = -1.0
        if abs(factor - 1.0) > 1e-4:
            return factor
        keys = len(getattr(strip, "retiming_keys", ()))  # since 4.0
        if strip.name in retimed or keys > 2:
            return 2.0
        if strip.type != "MOVIE" or not strip.fps:
            return 1.0
        rate = Fraction(strip.fps).limit_denominator(1001)
        if not keys and abs(rate / self.rate - 1) < 1e-3:
            return 1.0
        # Dropped on the timeline a film keeps its time; made by a script, each frame stays a frame.
        strips = lying_in(self.owner())
        whole = strips.new_movie("", strip.filepath, spare_channel(strips), 1)
        frames = Edges(whole).end - Edges(whole).start
        strips.remove(whole)
        lasts = Edges(strip).whole
        if not lasts or abs(lasts - frames * self.rate / rate) < 1.5:
            return 1.0
        return float(frames * self.rate / rate / lasts)

    def owner(self):
        """The sequence editor, or the meta strip that is open in it.

        Raises Problem where it is gone.
        """
        scene = bpy.data.scenes.get(self.scene_name)
        owner = scene.sequence_editor if scene is not None else None
        for name in self.metas:
            owner = lying_in(owner).get(name) if owner is not None else None
        if owner is None:
            raise Problem("The timeline that this edit was meant for is gone.")
        return owner

    def context(self):
        """What `start` wants to know; the selected strip, or else the place of the playhead."""
        scene = bpy.data.scenes[self.scene_name]
        said = {
            "rate": str(self.rate),
            "items": self.said,
            "start_frame": min([scene.frame_start] + [item["record_start"] for item in self.said]),
            "shared_tracks": True,
            "at": scene.frame_current,
        }
        if bpy.data.filepath:
            said["project"] = os.path.abspath(bpy.data.filepath)
        if self.clip is not None:
            said["clip"] = self.clip
        return said

    def place(self, answer):
        """Do what Longtake says. Raises Problem where Blender does not; all is then as it was."""
        self.owner()
        make_changes(self, answer["changes"])

    def find(self, number):
        """The strip of an item; Problem where it has been changed since."""
        strip = lying_in(self.owner()).get(self.names[number])
        said = self.said[number]
        if strip is not None:
            edges, track = Edges(strip), said["track"]["index"]
            there = (edges.start, edges.end - edges.start, strip.channel)
            if there == (said["record_start"], said["record_frames"], track):
                return strip
        raise Problem(
            '"{0}" was changed in the meantime; start again (what was made is kept, so that it '
            "goes quickly).".format(self.names[number])
        )


def _describe(strip, transitions, speed):
    """A strip as one of the context's items; frames of the scene throughout."""
    edges = Edges(strip)
    said = {
        "track": {
            "kind": "audio" if strip.type == "SOUND" else "video",
            "index": strip.channel,
        },
        "name": strip.name,
        "record_start": edges.start,
        "record_frames": max(edges.end - edges.start, 1),
        "enabled": not strip.mute,
    }
    for name, side in (("tail_transition", "input_1"), ("head_transition", "input_2")):
        said[name] = any(getattr(one, side) == strip for one in transitions)
    path = _media(strip)
    if path is not None:
        said["media"] = path
        said["source_start"] = edges.start - edges.content
        said["speed"] = speed
    return said


def _media(strip):
    """The original file of a strip, never its proxy; None for what is no plain clip of a file."""
    if strip.type == "SOUND":
        path = strip.sound.filepath if strip.sound is not None else ""
        packed = strip.sound is not None and strip.sound.packed_file is not None
        if packed:
            return None
    elif strip.type == "MOVIE":
        path = strip.filepath
    elif strip.type == "IMAGE":
        name = pattern_of([element.filename for element in strip.elements])
        path = strip.directory + name if name is not None else ""
    else:
        return None
    return os.path.abspath(bpy.path.abspath(path)) if path else None


def _speed_effects(editor):
    """Names of the strips that a speed effect retimes."""
    return {
        one.input_1.name
        for one in strips_all(editor)
        if one.type == "SPEED" and one.input_1 is not None
    }
