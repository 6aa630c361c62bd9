"""What Longtake wants done on Blender's timeline, done; or taken back where that fails."""

from fractions import Fraction

import bpy

from .dress import dress
from .longtake_edits import Problem
from .strip import Edges, lying_in, sequencer_scene, spare_channel
from .take import keep_takes


def make_changes(spread, changes):
    """Do them in their order. Raises Problem where Blender does not; all is then as it was."""
    work = _Work(spread, bpy.data.scenes[spread.scene_name])
    try:
        for change in changes:
            getattr(work, change["do"])(change)
    except Exception:
        work.take_back()
        raise
    work.settle()


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
        # Laid aside first: Blender shoves what lies over another strip.
        spare = spare_channel(self._strips)
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
            dress(strip, self._strips.get(self._spread.names[source]))
        if change["copy_of"] is None:
            takes = [_kept(take) for take in change["takes"]]
            keep_takes(strip, takes, 0)

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
