"""Lets a test drive Pitivi: a socket that takes one JSON object a line. Never installed."""

import json
import os
import socket

from gi.repository import GES, GLib, GObject, Gst, Peas
from pitivi.utils.timeline import SELECT

_TYPES = {"video": GES.TrackType.VIDEO, "audio": GES.TrackType.AUDIO}


class LongtakeDriver(GObject.Object, Peas.Activatable):
    __gtype_name__ = "LongtakeDriver"
    object = GObject.Property(type=GObject.Object)

    def do_activate(self):
        self._app, self._ticks, self._rate = self.object.app, 0, 25
        self._project = None
        GLib.timeout_add(20, self._tick)
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(os.environ["LONGTAKE_DRIVER"])
        self._server.listen(1)
        GLib.io_add_watch(self._server.fileno(), GLib.IO_IN, self._accept)

    def do_deactivate(self):
        self._server.close()

    def _tick(self):
        self._ticks += 1
        return True

    def _accept(self, *_):
        self._peer = self._server.accept()[0]
        self._link = self._peer.makefile("rw")
        GLib.io_add_watch(self._peer.fileno(), GLib.IO_IN, self._hear)
        return True

    def _hear(self, *_):
        line = self._link.readline()
        if not line:
            return False
        asked = json.loads(line)
        try:
            answer = {"is": getattr(self, "on_" + asked.pop("do"))(**asked)}
        except Exception as error:
            answer = {"error": repr(error)}
        self._link.write(json.dumps(answer) + "\n")
        self._link.flush()
        return True

    @property
    def _plugin(self):
        return self._app.plugin_manager.get_extension("longtake_pitivi")

    @property
    def _edits(self):
        return self._plugin.edits

    @property
    def _layers(self):
        layers = self._app.project_manager.current_project.ges_timeline.get_layers()
        return sorted(layers, key=lambda one: one.get_priority())

    def on_open(self, project, rate, clips):
        # Closing a project can wait for its pipeline for ever: one is emptied instead.
        made = self._project or self._app.project_manager.new_blank_project()
        self._project, self._rate = made, rate
        made.videorate = Gst.Fraction(rate, 1)
        made.set_modification_state(False)
        timeline = made.ges_timeline
        for layer in timeline.get_layers():
            for clip in layer.get_clips():
                layer.remove_clip(clip)
        count = max(one["track"] for one in clips) + 1
        while len(timeline.get_layers()) < count:
            timeline.append_layer()
        for one in clips:
            twins = [
                other
                for other in clips
                if all(one[key] == other[key] for key in one if key != "kind")
            ]
            if one is not twins[0]:
                continue
            types = 0
            for other in twins:
                types |= _TYPES[other["kind"]]
            layer = self._layers[-1 - one["track"]]
            times = [one[key] * Gst.SECOND // rate for key in ("start", "source_start", "frames")]
            gone = not os.path.exists(one["media"])
            if gone:
                _make_clip(one["media"])
            asset = GES.UriClipAsset.request_sync(Gst.filename_to_uri(one["media"]))
            clip = layer.add_asset(asset, *times, GES.TrackType(types))
            clip.set_name(one["name"])
            clip.set_string("driver-name", one["name"])  # Pitivi's undo forgets names
            if gone:  # not while Pitivi has it open: it waits for it for ever
                made.pipeline.set_state(Gst.State.NULL)
                os.unlink(one["media"])
        made.uri = Gst.filename_to_uri(project)
        made.pipeline.commit_timeline()
        self.on_seek(0)  # nothing plays on from what was there
        self._app.action_log.undo_stacks = []
        return self.on_laid()

    def on_press(self, task, clip, settings):
        chosen = self._find(clip)
        self._app.gui.editor.timeline_ui.timeline.selection.set_selection([chosen], SELECT)
        self._edits.start(task, settings)

    def on_state(self):
        edits = self._edits
        return {
            "busy": edits.busy,
            "share": edits.share,
            "said": edits.said,
            "failed": edits.failed,
            "ticks": self._ticks,
            "steps": len(self._app.action_log.undo_stacks) if self._app.action_log else 0,
            "layers": len(self._layers) if self._project else 0,
        }

    def on_seek(self, frame):
        """The playhead, as Pitivi moves it; where it stands afterwards is to be asked for."""
        self._project.pipeline.pause()
        self._project.pipeline.simple_seek(frame * Gst.SECOND // self._rate)

    def on_playhead(self):
        position = self._project.pipeline.get_position(fails=False)
        return (position * self._rate + Gst.SECOND // 2) // Gst.SECOND

    def on_cancel(self):
        self._edits.cancel()

    def on_undo(self):
        self._app.action_log.undo()

    def on_take(self, clip, number):
        self._edits.show_take(self._find(clip), number)

    def on_click(self, task, clip=None, **fields):
        """As a user does it: the panel's own fields and button; without `clip` none is selected."""
        for name, text in fields.items():
            getattr(self._plugin, "_" + name).set_text(text)
        chosen = [self._find(clip)] if clip is not None else []
        self._app.gui.editor.timeline_ui.timeline.selection.set_selection(chosen, SELECT)
        next(button for name, button in self._plugin._buttons if name == task).clicked()

    def on_panel(self):
        self._app.gui.show_perspective(self._app.gui.editor)
        self._plugin._button.set_active(True)

    def on_save(self, path):
        project = self._app.project_manager.current_project
        return project.save(project.ges_timeline, Gst.filename_to_uri(path), None, True)

    def on_laid(self):
        found = []
        count = len(self._layers)
        for layer in self._layers:
            for clip in layer.get_clips():
                if not isinstance(clip, GES.UriClip):
                    continue
                for kind, kind_type in _TYPES.items():
                    parts = clip.find_track_elements(None, kind_type, GES.Source)
                    if parts and all(one.props.active for one in parts):
                        found.append(self._laid(clip, kind, count - 1 - layer.get_priority()))
        return found

    def _laid(self, clip, kind, track):
        frame = lambda time: (time * self._rate + Gst.SECOND // 2) // Gst.SECOND  # noqa: E731
        start = frame(clip.props.start)
        return {
            "name": self._name(clip),
            "kind": kind,
            "track": track,
            "start": start,
            "frames": frame(clip.props.start + clip.props.duration) - start,
            "media": Gst.uri_get_location(clip.props.uri),
            "source_start": frame(clip.props.in_point),
        }

    def _find(self, name):
        clips = [clip for layer in self._layers for clip in layer.get_clips()]
        return next(
            one for one in clips if isinstance(one, GES.UriClip) and self._name(one) == name
        )

    @staticmethod
    def _name(clip):
        name = clip.get_string("driver-name") or clip.get_name()
        if name.startswith("uriclip"):
            return os.path.basename(Gst.uri_get_location(clip.props.uri))
        return name


def _make_clip(path):
    """A file that Pitivi can read; it is taken away from it afterwards."""
    pipeline = Gst.parse_launch(
        "videotestsrc num-buffers=50 ! video/x-raw,framerate=25/1 ! jpegenc ! matroskamux ! "
        "filesink name=file"
    )
    pipeline.get_by_name("file").props.location = path
    pipeline.set_state(Gst.State.PLAYING)
    pipeline.get_bus().timed_pop_filtered(20 * Gst.SECOND, Gst.MessageType.EOS)
    pipeline.set_state(Gst.State.NULL)
