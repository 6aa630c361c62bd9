"""Renders a project of Pitivi without a screen, as Pitivi does: `python3 render.py XGES MKV`.

Run by the Python that Pitivi runs in; pictures are kept without loss (FFV1). Never installed.
"""

import os
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GES", "1.0")
gi.require_version("GstPbutils", "1.0")
from gi.repository import GES, GLib, Gst, GstPbutils  # noqa: E402 - the versions come first

_PATIENCE_S = 180


def load(path):
    """The timeline of a project, as soon as all of its media has been looked into."""
    loop, failed = GLib.MainLoop(), []
    project = GES.Project.new(Gst.filename_to_uri(path))
    project.connect("loaded", lambda *_: loop.quit())
    project.connect("error-loading", lambda *words: (failed.append(words), loop.quit()))
    timeline = project.extract()
    GLib.timeout_add_seconds(_PATIENCE_S, lambda: (failed.append("late"), loop.quit()))
    loop.run()
    if failed:
        raise SystemExit("the project is not loaded: {0}".format(failed))
    return timeline


def render(timeline, path):
    """Writes what a timeline shows into a Matroska file."""
    caps = Gst.Caps.from_string
    profile = GstPbutils.EncodingContainerProfile.new(None, None, caps("video/x-matroska"), None)
    video = GstPbutils.EncodingVideoProfile.new(caps("video/x-ffv,ffvversion=1"), None, None, 0)
    profile.add_profile(video)
    for track in timeline.get_tracks():
        if track.props.track_type != GES.TrackType.VIDEO:
            timeline.remove_track(track)
    pipeline = GES.Pipeline()
    pipeline.set_timeline(timeline)
    pipeline.set_render_settings(Gst.filename_to_uri(os.path.abspath(path)), profile)
    pipeline.set_mode(GES.PipelineFlags.RENDER)
    pipeline.set_state(Gst.State.PLAYING)
    kinds = Gst.MessageType.EOS | Gst.MessageType.ERROR
    message = pipeline.get_bus().timed_pop_filtered(_PATIENCE_S * Gst.SECOND, kinds)
    pipeline.set_state(Gst.State.NULL)
    if message is None or message.type == Gst.MessageType.ERROR:
        raise SystemExit("not rendered: {0}".format(message and message.parse_error()))


if __name__ == "__main__":
    Gst.init(None)
    GES.init()
    render(load(os.path.abspath(sys.argv[1])), sys.argv[2])
