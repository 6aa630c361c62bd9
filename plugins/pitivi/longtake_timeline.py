"""Pitivi's timeline (GStreamer Editing Services), read for Longtake and edited as Longtake says.

One GES clip holds a picture and its sound; Longtake speaks of each by itself. Changes that are the
same for both are done once on the clip; where only one of them changes, they are parted first.
"""

import json
import re

from gi.repository import GES, Gst
from longtake_edits import Problem
from pitivi.undo.timeline import CommitTimelineFinalizingAction
from pitivi.undo.undo import UndoableAction

TAKES = "longtake-takes"  # on a made clip: the paths of all takes, as a JSON list
_KINDS = (("video", GES.TrackType.VIDEO), ("audio", GES.TrackType.AUDIO))
_MEANTIME = (
    "The timeline was changed in the meantime; press again (what was made is kept, so that it goes "
    "quickly)."
)
_TIME_EFFECTS = ("videorate", "pitch")


class Spread(object):
    """The timeline as it lay when it was read: the context, and the clips in its order."""

    def __init__(self, app, at_playhead=False):
        """`at_playhead`: what is edited begins there, whatever is selected."""
        project = app.project_manager.current_project
        if project is None or project.ges_timeline is None:
            raise Problem("No project is open; open one and press again.")
        self._app, self._project, self._at_playhead = app, project, at_playhead
        self._timeline = project.ges_timeline
        rate = project.videorate
        self._rate = (int(rate.num), int(rate.denom))
        self._layers = sorted(self._timeline.get_layers(), key=lambda one: one.get_priority())
        self._clips = []  # of each item
        self._items = []
        for layer in self._layers:
            self._read(layer)

    def context(self):
        """What `start` wants to know: of the selected clip, or of what begins at the playhead.

        Raises Problem where not exactly one clip is selected, or where there is none at all.
        """
        context = {
            "rate": "{0}/{1}".format(*self._rate),
            "items": self._items,
            "at": _frame(self._project.pipeline.get_position(fails=False) or 0, self._rate),
        }
        if not self._at_playhead:
            context["clip"] = self._selected()
        elif not self._items:
            raise Problem("The timeline is empty; put your clips on it and press again.")
        uri = self._project.uri
        if uri and uri.startswith("file://"):
            context["project"] = Gst.uri_get_location(uri)
        return context

    def place(self, answer):
        """Do what Longtake says, as one step for undo.

        Raises Problem where the timeline has been edited in the meantime, or Pitivi refuses.
        """
        changes = answer["changes"]
        # Beforehand: Pitivi goes on drawing and listening while it looks into files.
        assets = {one["media"]: _asset(one["media"]) for one in changes if one["do"] == "put"}
        if Spread(self._app).said() != self.said():
            raise Problem(_MEANTIME)
        snaps = self._timeline.get_snapping_distance()
        add_layer = self._app.gui.editor.timeline_ui.timeline.create_layer
        work = _Work(self._layers, add_layer, self._clips, self._items, self._rate, assets)
        try:
            with self._one_step("edit by Longtake"):
                # Or edges jump to others nearby: now, and when it is undone and done again.
                self._app.action_log.push(_Snapping(self._timeline, 0, snaps))
                self._timeline.set_snapping_distance(0)
                work.do(changes)
                self._app.action_log.push(_Snapping(self._timeline, snaps, 0))
        finally:
            self._timeline.set_snapping_distance(snaps)
        self._project.pipeline.commit_timeline()

    def said(self):
        """All items, as they were sent."""
        return self._items

    def switch_take(self, clip, number):
        """Show another take of a made clip, 0 being the best, as one step for undo."""
        paths = takes_of(clip)
        layer, start = clip.get_layer(), clip.props.start
        inpoint, duration = clip.props.in_point, clip.props.duration
        types = clip.get_supported_formats()
        asset = _asset(paths[number % len(paths)])
        with self._one_step("switch take"):
            effects = list(clip.get_top_effects())
            name = clip.get_name()
            layer.remove_clip(clip)
            new = layer.add_asset(asset, start, inpoint, duration, types)
            if new is None:
                raise Problem("Pitivi refused the take; the old one is in the media library.")
            new.set_name(name)
            new.set_string(TAKES, json.dumps(paths))
            _dress(new, effects)
        self._project.pipeline.commit_timeline()
        return new

    def _selected(self):
        selected = set(self._app.gui.editor.timeline_ui.timeline.selection)
        places = [
            place
            for place, clip in enumerate(self._clips)
            if clip in selected and self._items[place]["track"]["kind"] == "video"
        ]
        if len(places) != 1:
            raise Problem("Select one clip with a picture, and press again.")
        return places[0]

    def _one_step(self, name):
        finish = CommitTimelineFinalizingAction(self._project.pipeline)
        return self._app.action_log.started(name, finalizing_action=finish, toplevel=True)

    def _read(self, layer):
        clips = layer.get_clips()
        fades = [one for one in clips if isinstance(one, GES.TransitionClip)]
        index = len(self._layers) - 1 - layer.get_priority()
        for clip in clips:
            if isinstance(clip, GES.TransitionClip):
                continue
            elements = clip.find_track_elements(None, GES.TrackType.UNKNOWN, GES.Source)
            for kind, track_type in _KINDS:
                sources = [one for one in elements if one.get_track_type() == track_type]
                if sources:
                    self._clips.append(clip)
                    item = self._describe(clip, kind, index, fades)
                    if not all(one.props.active for one in sources):
                        item["enabled"] = False
                    self._items.append(item)

    def _describe(self, clip, kind, index, fades):
        start = _frame(clip.props.start, self._rate)
        end = _frame(clip.props.start + clip.props.duration, self._rate)
        item = {
            "track": {"kind": kind, "index": index},
            "name": _name(clip),
            "record_start": start,
            "record_frames": max(end - start, 1),
            "head_transition": any(one.props.start == clip.props.start for one in fades),
            "tail_transition": any(
                one.props.start + one.props.duration == clip.props.start + clip.props.duration
                for one in fades
            ),
        }
        if isinstance(clip, GES.UriClip) and not clip.props.is_image:
            item["media"] = Gst.uri_get_location(clip.props.uri)
            item["source_start"] = _frame(clip.props.in_point, self._rate)
            item["speed"] = _speed(clip)
        return item


class _Snapping(UndoableAction):
    """How far edges jump to others, before and after this point of an edit."""

    def __init__(self, timeline, after, before):
        UndoableAction.__init__(self)
        self._timeline, self._after, self._before = timeline, after, before

    def do(self):
        self._timeline.set_snapping_distance(self._after)

    def undo(self):
        self._timeline.set_snapping_distance(self._before)


class _Work(object):
    """Changes, done in their order."""

    def __init__(self, layers, add_layer, clips, items, rate, assets):
        self._assets, self._add_layer = assets, add_layer
        self._layers, self._clips = list(layers), list(clips)  # layers from the topmost
        self._items, self._rate = items, rate
        self._effects = {place: list(clip.get_top_effects()) for place, clip in enumerate(clips)}
        self._done = set()  # items that were changed together with their other half

    def do(self, changes):
        self._part(changes)
        puts = [change for change in changes if change["do"] == "put"]
        for change in changes:
            if change["do"] == "put":
                continue
            place = change["item"]
            if place in self._done:
                continue
            self._done.update(self._halves(place))
            if change["do"] == "remove":
                self._clips[place].get_layer().remove_clip(self._clips[place])
            else:
                self._set(self._clips[place], change)
        while puts:
            first = puts.pop(0)
            twin = next((one for one in puts if _are_halves(first, one)), None)
            if twin is not None:
                puts.remove(twin)
            self._put(first, twin is not None)

    def _part(self, changes):
        """Picture and sound of a clip become two clips where not the same is done to both."""
        done = {one["item"]: _deed(one) for one in changes if one["do"] != "put"}
        for place in list(done):
            halves = self._halves(place)
            if len({json.dumps(done.get(one)) for one in halves}) == 1:
                continue
            # Not by GES's own way of parting them, which Pitivi does not undo in full.
            whole = self._clips[place]
            layer, asset = whole.get_layer(), whole.get_asset()
            times = whole.props.start, whole.props.in_point, whole.props.duration
            layer.remove_clip(whole)
            for one in halves:
                kind = dict(_KINDS)[self._items[one]["track"]["kind"]]
                self._clips[one] = layer.add_asset(asset, *times, kind)
                _check(self._clips[one], whole)
                _dress(self._clips[one], self._effects[one])

    def _halves(self, place):
        clip = self._clips[place]
        return [other for other, one in enumerate(self._clips) if one is clip]

    def _set(self, clip, change):
        start, end = self._edges(change)
        inpoint = _time(change["source_start"], self._rate)
        if change["moved_frames"]:
            moved = clip.props.start + _time(change["moved_frames"], self._rate)
            _check(clip.set_start(max(moved, 0)), clip)
        if change["head_frames"]:
            _check(clip.edit([], -1, GES.EditMode.EDIT_TRIM, GES.Edge.EDGE_START, start), clip)
        if change["tail_frames"]:
            longest = clip.get_duration_limit()
            wanted = end - clip.props.start
            frame = _time(1, self._rate)
            # Sound may end within a frame of the picture, and holds the clip.
            _check(clip.set_duration(min(wanted, longest)) and wanted - longest < frame, clip)
        if abs(clip.props.in_point - inpoint) > _time(1, self._rate):
            raise Problem('Pitivi did not trim "{0}" as asked.'.format(_name(clip)))

    def _put(self, change, both):
        layer = self._layer(change["track"])
        kind = dict(_KINDS)[change["track"]["kind"]]
        types = GES.TrackType.VIDEO | GES.TrackType.AUDIO if both else kind
        start, end = self._edges(change)
        rate = re.match(r"(\d+)(?:/(\d+))?$", str(change["source_rate"]))
        source_rate = (int(rate.group(1)), int(rate.group(2) or 1))
        inpoint = _time(change["source_start"], source_rate)
        clip = layer.add_asset(self._assets[change["media"]], start, inpoint, end - start, types)
        if clip is None:
            raise Problem("Pitivi refused {0}; undo and add it yourself.".format(change["media"]))
        clip.set_name(change["name"])  # which it keeps where nothing else is called so
        if len(change["takes"]) > 1:
            clip.set_string(TAKES, json.dumps(change["takes"]))
        dress = change["dressed_as"] if change["dressed_as"] is not None else change["copy_of"]
        if dress is not None:
            _dress(clip, self._effects[dress])

    def _layer(self, track):
        """The layer that is meant; new ones on top where there are not so many."""
        while len(self._layers) <= track["index"]:
            layer = self._add_layer(0)
            layer.set_meta("video::name", track["name"])
            self._layers.insert(0, layer)
        return self._layers[len(self._layers) - 1 - track["index"]]

    def _edges(self, change):
        start = change["record_start"]
        return _time(start, self._rate), _time(start + change["record_frames"], self._rate)


def takes_of(clip):
    """Paths of all takes of a made clip; empty for others."""
    text = clip.get_string(TAKES)
    return json.loads(text) if text else []


def _deed(change):
    return {key: value for key, value in change.items() if key != "item"}


def _are_halves(one, other):
    same = ("record_start", "record_frames", "media", "source_start", "source_frames")
    return (
        all(one[key] == other[key] for key in same)
        and one["track"]["index"] == other["track"]["index"]
        and one["track"]["kind"] != other["track"]["kind"]
    )


def _asset(path):
    try:
        asset = GES.UriClipAsset.request_sync(Gst.filename_to_uri(path))
    except Exception as error:
        raise Problem("Pitivi cannot read {0}: {1}".format(path, error)) from None
    # What its media library looks for.
    asset.error = asset.proxying_error = None
    asset.ready, asset.creation_progress, asset.force_proxying = True, 100, False
    return asset


def _dress(clip, effects):
    """The effects of another clip on this one, but for those that change its time."""
    for effect in effects:
        words = effect.props.bin_description
        if words.split(" ")[0] in _TIME_EFFECTS:
            continue
        new = GES.Effect.new(words)
        if new is None or not clip.add(new):
            continue
        for spec in effect.list_children_properties():
            found, value = effect.get_child_property(spec.name)
            if found:
                new.set_child_property(spec.name, value)


def _speed(clip):
    for effect in clip.get_top_effects():
        if effect.props.bin_description.split(" ")[0] in _TIME_EFFECTS:
            for name in ("rate", "tempo"):
                found, value = effect.get_child_property(name)
                if found and value != 1:
                    return float(value)
    return 1.0


def _name(clip):
    name = clip.get_name() or ""
    if isinstance(clip, GES.UriClip) and re.match(r"uriclip\d+$", name):
        return Gst.uri_get_location(clip.props.uri).rsplit("/", 1)[-1]
    return name


def _check(done, clip):
    if not done:
        raise Problem(
            'Pitivi refused to trim or move "{0}"; nothing was changed.'.format(_name(clip))
        )


def _frame(time, rate):
    return (time * rate[0] + Gst.SECOND * rate[1] // 2) // (Gst.SECOND * rate[1])


def _time(frame, rate):
    return (frame * Gst.SECOND * rate[1] + rate[0] // 2) // rate[0]
