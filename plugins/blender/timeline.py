"""Blender's side of a timeline: what lies on it, told to Longtake, and what Longtake wants, done.

The interface for strips moved in Blender 4.4 (`sequences` became `strips`), 5.0 (`sequences` went,
the sequencer may show another scene) and 5.1 (new names for edges). What depends on that is in
`lying_in`, `strips_all` and `sequencer_scene`, and in the class `Edges`.
"""

import json
import os
import re
from fractions import Fraction

import bpy

from .choice import Problem, pattern_of

TAKES = "longtake"  # custom property of a made strip: JSON of the takes that fit there
TRANSITIONS = {"CROSS", "GAMMA_CROSS", "WIPE"}
# Of a strip that another one is dressed as: what says where and of what file it is.
_OWN = re.compile(
    r"name|filepath|directory|channel|type|frame_|animation_|content_|(left|right)_handle|duration|"
    r"select|sound$|sound_offset|stream|use_proxy|lock|views_|use_multiview|use_reverse|speed_|"
    r"show_retiming|rna_type|fps|alpha_mode"
)


def sequencer_scene(context):
    """The scene that the sequencer shows; from 5.0 on not always the one of the window."""
    return getattr(context, "sequencer_scene", None) or context.scene


def lying_in(owner):
    """The strips that lie in a sequence editor, or in a meta strip."""
    found = getattr(owner, "strips", None)
    return owner.sequences if found is None else found


def strips_all(editor):
    found = getattr(editor, "strips_all", None)
    return editor.sequences_all if found is None else found


def scene_rate(scene):
    """Frames a second, exactly."""
    fps, base = scene.render.fps, scene.render.fps_base
    if abs(base - 1.001) < 1e-5:
        return Fraction(fps * 1000, 1001)
    return fps / Fraction(base).limit_denominator(10000)


def spare_channel(strips):
    """A channel on which nothing lies."""
    used = {strip.channel for strip in strips}
    for channel in range(120, 0, -1):
        if channel not in used:
            return channel
    raise Problem("All channels are in use; free one and start again.")


class Edges:
    """Where a strip lies; the old names go in Blender 6, the new ones came in 5.1."""

    NEW = "left_handle"

    def __init__(self, strip):
        self.strip = strip
        self.new = hasattr(strip, self.NEW)

    @property
    def start(self):
        return int(self.strip.left_handle if self.new else self.strip.frame_final_start)

    @property
    def end(self):
        return int(self.strip.right_handle if self.new else self.strip.frame_final_end)

    @property
    def content(self):
        """The frame on which the first frame of the file lies, whether shown or not."""
        value = self.strip.content_start if self.new else self.strip.frame_start
        return int(round(value)) - int(self.trimmed)

    @property
    def whole(self):
        """How long all of its file is on the timeline."""
        strip = self.strip
        names = (
            "left_handle_offset",
            "right_handle_offset",
            "content_trim_start",
            "content_trim_end",
        )
        if not self.new:
            names = (
                "frame_offset_start",
                "frame_offset_end",
                "animation_offset_start",
                "animation_offset_end",
            )
        return self.end - self.start + sum(int(round(getattr(strip, name, 0))) for name in names)

    @property
    def trimmed(self):
        """Frames of the file before what Blender counts as its content ("hard trim")."""
        name = "content_trim_start" if self.new else "animation_offset_start"
        return getattr(self.strip, name, 0)

    def lay(self, content, start, end):
        """Move the file to `content`, then show it from `start` to before `end`."""
        strip = self.strip
        if self.new:
            strip.content_start = content + self.trimmed
            strip.left_handle, strip.right_handle = start, end
            strip.left_handle = start  # a handle cannot be laid past the other one
        else:
            strip.frame_start = content + self.trimmed
            strip.frame_final_start, strip.frame_final_end = start, end
            strip.frame_final_start = start
        if (self.start, self.end, self.content) != (start, end, content):
            raise Problem(
                'Blender laid "{0}" at {1} to {2} and not at {3} to {4}.'.format(
                    strip.name, self.start, self.end, start, end
                )
            )


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

    def context(self, scene):
        """What `start` wants to know; the selected strip, or else the place of the playhead."""
        said = {
            "rate": str(self.rate),
            "items": self.said,
            "start_frame": min([scene.frame_start] + [item["record_start"] for item in self.said]),
            "shared_tracks": True,
        }
        if bpy.data.filepath:
            said["project"] = os.path.abspath(bpy.data.filepath)
        if self.clip is not None:
            said["clip"] = self.clip
        else:
            said["at"] = scene.frame_current
        return said

    def apply(self, changes):
        """Do what Longtake says. Raises Problem where Blender does not; all is then as it was."""
        scene = bpy.data.scenes[self.scene_name] if self.owner() else None
        work = _Work(self, scene)
        try:
            for change in changes:
                getattr(work, change["do"])(change)
        except Exception:
            work.take_back()
            raise
        work.settle()

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


class _Work:
    """What has been done to a timeline, so that it can be taken back."""

    def __init__(self, spread, scene):
        self._spread, self._scene = spread, scene
        self._owner = spread.owner()
        self._strips = lying_in(self._owner)
        self._end = max((Edges(strip).end for strip in self._strips), default=0)
        self._made = []
        self._undone = []  # (strip, channel, content, start, end), in the order of what was done
        self._gone = []

    def remove(self, change):
        strip = self._unlocked(self._spread.find(change["item"]))
        self._remember(strip)
        strip.channel = spare_channel(self._strips)
        self._gone.append(strip)

    def set(self, change):
        strip = self._unlocked(self._spread.find(change["item"]))
        if getattr(strip, "input_count", 0):
            return  # an effect goes where its strip goes
        edges = Edges(strip)
        start, content = change["record_start"], edges.content + change["moved_frames"]
        self._remember(strip)
        self._lay(strip, strip.channel, content, start, start + change["record_frames"])

    def put(self, change):
        start, channel = change["record_start"], change["track"]["index"]
        self._check_channel(channel)
        rate, source_rate = self._spread.rate, Fraction(change["source_rate"])
        content = start - int(round(change["source_start"] * rate / source_rate))
        spare = spare_channel(
            self._strips
        )  # laid aside first: Blender shoves what lies over another strip
        path = _kept(change["media"])
        if change["track"]["kind"] == "audio":
            strip = self._strips.new_sound(change["name"], path, spare, content)
        elif abs(source_rate / rate - 1) < 1e-3:
            strip = self._strips.new_movie(change["name"], path, spare, content)
        else:
            strip = self._add_in_time(change["name"], path, spare, content)
        self._made.append(strip)
        self._lay(strip, channel, content, start, start + change["record_frames"])
        source = change["dressed_as"] if change["dressed_as"] is not None else change["copy_of"]
        if source is not None:
            _dress(strip, self._strips.get(self._spread.names[source]))
        if change["copy_of"] is None:
            takes = [_kept(take) for take in change["takes"]]
            strip[TAKES] = json.dumps({"takes": takes, "shown": 0})

    def _add_in_time(self, name, path, channel, content):
        """A film of another rate, whose time is kept: only the sequencer's operator does that."""
        before = {strip.name for strip in self._strips}
        add = bpy.ops.sequencer.movie_strip_add
        # Since 5.0 a new strip would hang on the mouse.
        still = {"move_strips": False} if "move_strips" in add.get_rna_type().properties else {}
        for window in bpy.context.window_manager.windows:
            for area in window.screen.areas:
                regions = [one for one in area.regions if one.type == "WINDOW"]
                if area.type != "SEQUENCE_EDITOR" or not regions:
                    continue
                with bpy.context.temp_override(window=window, area=area, region=regions[0]):
                    if sequencer_scene(bpy.context) != self._scene:
                        continue
                    add(
                        filepath=path,
                        channel=channel,
                        frame_start=content,
                        fit_method="ORIGINAL",
                        sound=False,
                        use_framerate=False,
                        adjust_playback_rate=True,
                        set_view_transform=False,
                        **still,
                    )
                (strip,) = [one for one in self._strips if one.name not in before]
                strip.name = name
                return strip
        raise Problem(
            "The clip's rate is not the scene's, which needs the sequencer to be open; open it and "
            "start again."
        )

    def settle(self):
        """The last of it, which cannot be taken back: what is replaced goes."""
        for strip in self._gone:
            self._strips.remove(strip)
        if self._made:
            for strip in self._strips:
                strip.select = strip in self._made
            pictures = [strip for strip in self._made if strip.type != "SOUND"]
            self._scene.sequence_editor.active_strip = (pictures or self._made)[0]
        if not self._spread.metas:
            end = max((Edges(strip).end for strip in self._strips), default=0)
            if self._scene.frame_end == self._end - 1:  # all of the timeline was rendered
                self._scene.frame_end = max(end - 1, self._scene.frame_start)

    def take_back(self):
        for strip in self._made:
            self._strips.remove(strip)
        for strip, channel, content, start, end in reversed(self._undone):
            strip.channel = spare_channel(self._strips)
            Edges(strip).lay(content, start, end)
            strip.channel = channel

    def _lay(self, strip, channel, content, start, end):
        strip.channel = spare_channel(self._strips)
        Edges(strip).lay(content, start, end)
        strip.channel = channel
        if strip.channel != channel:
            raise Problem(
                "Something lies in the way on channel {0} at frame {1} by now; make room and "
                "start again.".format(channel, start)
            )

    def _remember(self, strip):
        edges = Edges(strip)
        self._undone.append((strip, strip.channel, edges.content, edges.start, edges.end))

    def _unlocked(self, strip):
        if strip.lock:
            raise Problem('"{0}" is locked; unlock it and start again.'.format(strip.name))
        self._check_channel(strip.channel)
        return strip

    def _check_channel(self, channel):
        channels = getattr(self._owner, "channels", ())
        if channel < len(channels) and channels[channel].lock:
            raise Problem("Channel {0} is locked; unlock it and start again.".format(channel))


def _kept(path):
    """A path as the user wants paths to be kept: beside the project, so that both can be moved."""
    if not bpy.data.filepath or not bpy.context.preferences.filepaths.use_relative_paths:
        return path
    try:
        return bpy.path.relpath(path)
    except ValueError:
        return path  # on another drive


def takes_of(strip):
    """The takes of a made strip and which of them is shown; ([], 0) of any other strip."""
    try:
        kept = json.loads(strip.get(TAKES, ""))
        return list(kept["takes"]), int(kept["shown"])
    except (ValueError, TypeError, KeyError, AttributeError):
        return [], 0


def show_take(editor, strip, number):
    """Show another take in a strip and in those that hold the same ones, as its sound does.

    Raises Problem where its file is gone.
    """
    takes, _ = takes_of(strip)
    if not os.path.isfile(bpy.path.abspath(takes[number])):
        raise Problem(
            "The take {0} is not there any more; make it again with the same settings.".format(
                takes[number]
            )
        )
    for one in strips_all(editor):
        if takes_of(one)[0] != takes:
            continue
        edges = Edges(one)
        content, start, end = edges.content, edges.start, edges.end
        if one.type == "SOUND":
            one.sound = bpy.data.sounds.load(takes[number], check_existing=True)
        else:
            one.filepath = takes[number]
        edges.lay(content, start, end)
        one[TAKES] = json.dumps({"takes": takes, "shown": number})


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


def _dress(strip, other):
    """Give a strip the looks of another one: its place in the picture, its colours, modifiers."""
    if other is None:
        return
    for prop in other.bl_rna.properties:
        name = prop.identifier
        if prop.is_readonly or _OWN.match(name) or not hasattr(strip, name):
            continue
        setattr(strip, name, getattr(other, name))
    for name in ("transform", "crop", "colorspace_settings"):
        _copy(getattr(other, name, None), getattr(strip, name, None))
    for modifier in getattr(other, "modifiers", ()):
        made = strip.modifiers.new(modifier.name, modifier.type)
        _copy(modifier, made)


def _copy(source, target):
    """All that can be set, and what lies in it."""
    if source is None or target is None:
        return
    for prop in source.bl_rna.properties:
        value = getattr(source, prop.identifier, None)
        if prop.identifier in ("rna_type", "name", "type"):
            continue
        if not prop.is_readonly:
            try:
                setattr(target, prop.identifier, value)
            except (AttributeError, TypeError):
                continue  # depends on another one that is set differently
        elif prop.identifier == "color_balance":
            _copy(value, getattr(target, prop.identifier, None))
