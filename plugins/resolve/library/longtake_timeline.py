"""A Resolve timeline, read for Longtake and edited as Longtake says.

Resolve's scripting can append and delete, but neither trim nor move; it says nothing about failures
but None, drops what would overlap without a word, and has no undo of its own. So:
- the timeline is duplicated before its first edit;
- real frames go beside a clip as a piece of its own (a through edit, graded alike);
- what would be trimmed is covered instead, from the next free track above;
- what would be removed is disabled;
- every append is checked, and where one has failed all of them are taken back.
"""

import re

from longtake_edits import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Optional, Tuple

    from fusionscript import MediaPoolItem, Project, Resolve, Timeline, TimelineItem

BIN = "Longtake"
BEFORE = " (before Longtake)"
_MARKER = "Purple"
_VIDEO_ONLY, _AUDIO_ONLY = 1, 2
_SEQUENCE = re.compile(r"\[(\d+)-\d+\]")  # shot.[0001-0100].dpx


class Spread(object):
    """The timeline as it lay when it was read: the context, and the items in its order."""

    def __init__(self, resolve: "Resolve") -> None:
        self.project = _current_project(resolve)
        timeline = self.project.GetCurrentTimeline()
        if not timeline:
            raise Problem("No timeline is open; open one and try again.")
        self.timeline: "Timeline" = timeline
        self.rate = _rate(timeline.GetSetting("timelineFrameRate"))
        self.items: "List[TimelineItem]" = [item for item, _, _ in self._lying()]
        self._said = self._read()

    def context(self) -> "Dict[str, Any]":
        """What `start` wants to know; the selected clip, or else the one at the playhead."""
        context: "Dict[str, Any]" = {
            "rate": self.rate,
            "items": self._said,
            "start_frame": int(self.timeline.GetStartFrame()),
        }
        clip = self._selected()
        if clip is not None:
            context["clip"] = clip
        context["at"] = self._playhead()
        return context

    def place(self, answer: "Dict[str, Any]") -> "List[str]":
        """Do what Longtake says; returns what the user should know.

        Raises Problem where Resolve did not do it; the timeline is then as it was.
        """
        changes = answer["changes"]
        if self._read() != self._said:
            raise Problem(
                "The timeline was changed in the meantime; start again (what was made is kept, "
                "so that it goes quickly)."
            )
        _keep_copy(self.project, self.timeline)
        work = _Work(self)
        try:
            covers = any(_takes_away(change) for change in changes)
            for change in changes:
                if change["do"] == "set":
                    work.extend(change)
                elif change["do"] == "remove":
                    work.disable(change["item"])
                elif change["copy_of"] is None:  # the rest of what is covered is still there
                    work.put(change, covers)
        except Exception:
            work.take_back()
            raise
        return ["Done."] + work.notes

    def said(self, item: int) -> "Dict[str, Any]":
        """What was said of an item."""
        return self._said[item]

    def _lying(self) -> "Iterator[Tuple[TimelineItem, str, int]]":
        """All items by kind and track, each with these."""
        for kind in ("video", "audio"):
            for index in range(1, int(self.timeline.GetTrackCount(kind) or 0) + 1):
                for item in self.timeline.GetItemListInTrack(kind, index) or []:
                    yield item, kind, index

    def _read(self) -> "List[Dict[str, Any]]":
        return [self._describe(*one) for one in self._lying()]

    def _describe(self, item: "TimelineItem", kind: str, index: int) -> "Dict[str, Any]":
        frames = int(item.GetDuration(False))
        told: "Dict[str, Any]" = {
            "track": {"kind": kind, "index": index - 1},
            "name": item.GetName() or "",
            "record_start": int(item.GetStart(False)),
            "record_frames": max(frames, 1),
        }
        pool_item = item.GetMediaPoolItem()
        path = _media_path(pool_item) if pool_item else None
        if path is None or not pool_item:
            return told  # a title, a generator, a compound clip: it takes up room
        told["media"] = path
        # Counted in timeline frames, even of media of another rate (seen in Resolve 21).
        told["source_start"] = max(int(round(item.GetLeftOffset(False) or 0)), 0)
        told["speed"] = self._speed(item, pool_item, frames)
        if kind == "video" and item.GetClipEnabled() is False:
            told["enabled"] = False
        return told

    def _speed(self, item: "TimelineItem", pool_item: "MediaPoolItem", frames: int) -> float:
        """How fast an item runs; known to two frames, for one end or the other is often one off."""
        first, last = item.GetSourceStartFrame(), item.GetSourceEndFrame()
        rate = _media_rate(pool_item)
        if first is None or last is None or rate is None or not frames:
            return 1.0
        shown_s, takes_s = (last - first) / rate, frames / self.rate
        if abs(shown_s - takes_s) <= 2.0 / min(rate, self.rate):
            return 1.0
        return shown_s / takes_s

    def _selected(self) -> "Optional[int]":
        """The place of the only selected clip with a picture, or of the one at the playhead."""
        ask: "Any" = getattr(self.timeline, "GetSelectedClips", None)  # not in every Resolve
        chosen: "List[Any]" = []
        if callable(ask):
            chosen = list(ask() or [])  # pyright: ignore - declared nowhere
        if not chosen:
            current = self.timeline.GetCurrentVideoItem()
            chosen = [current] if current else []
        ids = {item.GetUniqueId() for item in chosen}
        found = [
            place
            for place, item in enumerate(self.items)
            if item.GetUniqueId() in ids and self._said[place]["track"]["kind"] == "video"
        ]
        if len(found) > 1:
            raise Problem("Several clips are selected; select one.")
        return found[0] if found else None

    def _playhead(self) -> int:
        return _frame(self.timeline.GetCurrentTimecode() or "", self.rate)


class _Work(object):
    """What has been done to a timeline, so that it can be taken back."""

    def __init__(self, spread: "Spread") -> None:
        self.notes: "List[str]" = []
        self._spread = spread
        self._timeline = spread.timeline
        self._pool = spread.project.GetMediaPool()
        self._made: "List[TimelineItem]" = []
        self._disabled: "List[TimelineItem]" = []
        self._tracks: "List[Any]" = []  # that were added

    def extend(self, change: "Dict[str, Any]") -> None:
        """Real frames beside a clip, as pieces of their own."""
        if change["moved_frames"]:
            raise Problem("Resolve cannot push clips along by script; make room and try again.")
        number = change["item"]
        said, item = self._spread.said(number), self._spread.items[number]
        end = said["record_start"] + said["record_frames"]
        pieces = []
        if change["tail_frames"] > 0:
            pieces.append(
                (said["source_start"] + said["record_frames"], end, change["tail_frames"])
            )
        if change["head_frames"] > 0:
            frames = change["head_frames"]
            pieces.append((said["source_start"] - frames, said["record_start"] - frames, frames))
        for source, record, frames in pieces:
            pool_item = item.GetMediaPoolItem()
            ratio = (_media_rate(pool_item) or self._spread.rate) / self._spread.rate
            first, count = int(round(source * ratio)), int(round(frames * ratio))
            made = self._append(pool_item, first, count, said["track"], record, frames)
            if said["track"]["kind"] == "video":
                item.CopyGrades([made])

    def disable(self, number: int) -> None:
        """What is replaced stays where it is, unseen and unheard."""
        item = self._spread.items[number]
        if not item.SetClipEnabled(False):
            raise Problem('Resolve would not disable "{0}".'.format(item.GetName()))
        self._disabled.append(item)

    def put(self, change: "Dict[str, Any]", covers: bool) -> None:
        """A made clip and its takes."""
        track = change["track"]
        if covers and track["kind"] == "audio" and not self._disabled:
            self.notes.append("The sound of what is covered stays; Resolve cannot cover sound.")
            return
        if covers:
            track = self._free_track(track, change["record_start"], change["record_frames"])
        while track["index"] >= int(self._timeline.GetTrackCount(track["kind"]) or 0):
            self._add_track(track["kind"])
        first, count = change["source_start"], change["source_frames"]
        pool_items = self._import(change["takes"])
        record, frames = change["record_start"], change["record_frames"]
        made = self._append(pool_items[0], first, count, track, record, frames)
        if track["kind"] == "video":
            dresser = change["dressed_as"]
            if dresser is not None:
                self._spread.items[dresser].CopyGrades([made])
            made.AddMarker(0, _MARKER, "Longtake", change["name"], 1, "longtake")
            for other in pool_items[1:]:
                made.AddTake(other, first, first + count)
            if len(pool_items) > 1:
                made.SelectTakeByIndex(1)

    def take_back(self) -> None:
        """The timeline as it was; what was imported stays in its bin."""
        for item in self._disabled:
            item.SetClipEnabled(True)
        if self._made:
            self._timeline.DeleteClips(self._made, False)
        for kind, index in reversed(self._tracks):
            self._timeline.DeleteTrack(kind, index)

    def _append(
        self,
        pool_item: "MediaPoolItem",
        first: int,
        count: int,
        track: "Dict[str, Any]",
        record: int,
        frames: int,
    ) -> "TimelineItem":
        """A piece of a file on the timeline; Resolve is asked whether it is there."""
        kind, index = track["kind"], track["index"] + 1
        before = len(self._timeline.GetItemListInTrack(kind, index) or [])
        appended = self._pool.AppendToTimeline(
            [
                {
                    "mediaPoolItem": pool_item,
                    "startFrame": first,
                    "endFrame": first + count,  # the first frame that is no longer shown
                    "mediaType": _VIDEO_ONLY if kind == "video" else _AUDIO_ONLY,
                    "trackIndex": index,
                    "recordFrame": record,
                }
            ]
        )
        items = [item for item in appended or [] if item]
        self._made.extend(items)
        after = len(self._timeline.GetItemListInTrack(kind, index) or [])
        if len(items) != 1 or after != before + 1:
            raise Problem(
                "Resolve did not put {0} on {1} track {2}; is the track locked, or something in "
                "its way?".format(pool_item.GetName(), kind, index)
            )
        start, length = int(items[0].GetStart(False)), int(items[0].GetDuration(False))
        if start != record or abs(length - frames) > 1:
            raise Problem(
                "Resolve put {0} at frame {1} for {2} frames, not at {3} for {4}.".format(
                    pool_item.GetName(), start, length, record, frames
                )
            )
        return items[0]

    def _free_track(self, track: "Dict[str, Any]", record: int, frames: int) -> "Dict[str, Any]":
        """The next track of that kind on which nothing lies there, or else a new one."""
        kind, count = track["kind"], int(self._timeline.GetTrackCount(track["kind"]) or 0)
        for index in range(track["index"] + 2, count + 1):
            lying = self._timeline.GetItemListInTrack(kind, index) or []
            if all(
                int(item.GetStart(False)) >= record + frames
                or int(item.GetStart(False)) + int(item.GetDuration(False)) <= record
                for item in lying
            ):
                return {"kind": kind, "index": index - 1}
        self._add_track(kind)
        return {"kind": kind, "index": count}

    def _add_track(self, kind: "Any") -> None:
        """One more track of that kind, above the others."""
        if kind == "audio":
            added = self._timeline.AddTrack("audio", "stereo")
        else:
            added = self._timeline.AddTrack("video")  # pyright: ignore - the second is optional
        if not added:
            raise Problem("Resolve would not add a {0} track.".format(kind))
        self._tracks.append((kind, int(self._timeline.GetTrackCount(kind) or 0)))

    def _import(self, paths: "List[str]") -> "List[MediaPoolItem]":
        """The files in Longtake's own bin; the user's bin is open again afterwards."""
        folder = self._pool.GetCurrentFolder()
        own = _own_bin(self._pool)
        known = {_media_path(item): item for item in own.GetClipList() or []}
        found: "List[MediaPoolItem]" = []
        self._pool.SetCurrentFolder(own)
        try:
            for path in paths:
                items = [known[path]] if path in known else self._pool.ImportMedia([path]) or []
                if not items:
                    raise Problem("Resolve could not import {0}.".format(path))
                found.append(items[0])
        finally:
            if folder:
                self._pool.SetCurrentFolder(folder)
        return found


def _takes_away(change: "Dict[str, Any]") -> bool:
    shrinks = change["do"] == "set" and min(change["head_frames"], change["tail_frames"]) < 0
    return shrinks or change["do"] == "remove"


def _current_project(resolve: "Resolve") -> "Project":
    manager = resolve.GetProjectManager()
    project = manager.GetCurrentProject() if manager else None
    if not project:
        raise Problem("No project is open; open one and try again.")
    return project


def _keep_copy(project: "Project", timeline: "Timeline") -> None:
    """A copy of the timeline as it was before Longtake first touched it: Resolve has no undo."""
    wanted = timeline.GetName() + BEFORE
    for index in range(1, int(project.GetTimelineCount() or 0) + 1):
        if project.GetTimelineByIndex(index).GetName() == wanted:
            return
    copy = timeline.DuplicateTimeline(wanted)
    project.SetCurrentTimeline(timeline)  # the copy is the current one now
    if not copy:
        raise Problem("Resolve could not duplicate the timeline first, so nothing was changed.")


def _own_bin(pool):
    root = pool.GetRootFolder()
    for folder in root.GetSubFolderList() or []:
        if folder.GetName() == BIN:
            return folder
    made = pool.AddSubFolder(root, BIN)
    if not made:
        raise Problem("Resolve could not make the bin {0}.".format(BIN))
    return made


def _media_path(pool_item: "MediaPoolItem") -> "Optional[str]":
    """The file of a clip, the original and not its proxy; None for what has no file."""
    path = pool_item.GetClipProperty("File Path")
    if not path:
        return None
    return _SEQUENCE.sub(lambda found: "%0{0}d".format(len(found.group(1))), str(path))


def _media_rate(pool_item: "Optional[MediaPoolItem]") -> "Optional[float]":
    try:
        return _rate(pool_item.GetClipProperty("FPS")) if pool_item else None
    except Problem:
        return None


def _rate(text: "Any") -> float:
    """Frames a second as Resolve says them: "24", 23.976, "29.97 DF"."""
    found = re.match(r"\s*(\d+(?:\.\d+)?)", str(text))
    if not found or float(found.group(1)) <= 0:
        raise Problem("Resolve does not say the frame rate of the timeline ({0}).".format(text))
    rate = float(found.group(1))
    near = round(rate * 1.001) / 1.001  # 23.976 means 24000/1001
    return near if abs(near - rate) < 0.005 and rate != round(rate) else rate


def _frame(timecode: str, rate: float) -> int:
    """The frame that a timecode names; `;` before the frames is drop-frame."""
    found = re.match(r"(\d+):(\d+):(\d+)([:;])(\d+)$", timecode)
    if not found:
        raise Problem("Resolve does not say where the playhead is ({0}).".format(timecode))
    hours, minutes, seconds = (int(found.group(place)) for place in (1, 2, 3))
    nominal, minutes = int(round(rate)), hours * 60 + minutes
    frame = (minutes * 60 + seconds) * nominal + int(found.group(5))
    if found.group(4) == ";":
        frame -= nominal // 15 * (minutes - minutes // 10)
    return frame
