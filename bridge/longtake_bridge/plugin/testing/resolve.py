"""DaVinci Resolve's scripting interface as Blackmagic's README tells it, with its traps; for tests.

What is asked for and is not there answers None instead of raising, failures are None or False, what
would overlap is dropped without a word, `endFrame` is the first frame that is not shown, a
duplicated timeline becomes the current one, and media goes into the bin that happens to be open.
Names and capitals are Blackmagic's.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class Remote:
    """An object on the other side: what it does not know is None, and calling that fails."""

    _ids = itertools.count(1)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return None

    def GetUniqueId(self) -> str:
        """A name of its own."""
        if not hasattr(self, "_id"):
            self._id = f"id-{next(Remote._ids)}"
        return self._id


class PoolItem(Remote):
    """A clip of the media pool."""

    def __init__(self, path: str, rate: float, frames: int) -> None:
        self.path, self.rate, self.frames = path, rate, frames

    def GetName(self) -> str:
        return Path(self.path).name

    def GetClipProperty(self, name: str) -> Any:
        return {"File Path": self.path, "FPS": self.rate, "Start TC": "01:00:00:00"}.get(name, "")


class TimelineItem(Remote):
    """A clip on a timeline."""

    def __init__(
        self,
        timeline: "Timeline",
        pool_item: PoolItem | None,
        first: float,
        start: int,
        frames: int,
    ) -> None:
        self.timeline, self.pool_item = timeline, pool_item
        self.first = first  # media frame
        self.start, self.frames = start, frames
        self.enabled, self.name, self.speed = True, pool_item.GetName() if pool_item else "", 1.0
        self.markers: list[tuple[Any, ...]] = []
        self.takes: list[tuple[PoolItem, int, int]] = []
        self.grade = ""

    def on(self, timeline: "Timeline") -> "TimelineItem":
        """The same on a copy of its timeline."""
        copy = TimelineItem(timeline, self.pool_item, self.first, self.start, self.frames)
        copy.enabled, copy.name, copy.speed = self.enabled, self.name, self.speed
        copy.grade, copy.takes = self.grade, list(self.takes)
        return copy

    def GetName(self) -> str:
        return self.name

    def GetStart(self, subframe_precision: bool = False) -> int:
        return self.start

    def GetEnd(self, subframe_precision: bool = False) -> int:
        return self.start + self.frames

    def GetDuration(self, subframe_precision: bool = False) -> int:
        return self.frames

    def GetLeftOffset(self, subframe_precision: bool = False) -> float:
        rate = self.pool_item.rate if self.pool_item else self.timeline.rate
        return self.first / rate * self.timeline.rate  # in timeline frames

    def GetSourceStartFrame(self) -> int:
        return int(self.first)

    def GetSourceEndFrame(self) -> int:
        rate = self.pool_item.rate if self.pool_item else self.timeline.rate
        # The last one shown: one off where one had expected an end.
        return round(self.first + self.frames / self.timeline.rate * rate * self.speed) - 1

    def GetMediaPoolItem(self) -> PoolItem | None:
        return self.pool_item

    def GetClipEnabled(self) -> bool:
        return self.enabled

    def SetClipEnabled(self, enabled: bool) -> bool:
        self.enabled = enabled
        return True

    def CopyGrades(self, items: list["TimelineItem"]) -> bool:
        for item in items:
            item.grade = self.grade
        return True

    def AddMarker(self, *marker: Any) -> bool:
        self.markers.append(marker)
        return True

    def AddTake(self, pool_item: PoolItem, first: int, end: int) -> bool:
        assert self.pool_item is not None
        if not self.takes:
            self.takes.append((self.pool_item, first, end))
        self.takes.append((pool_item, first, end))
        return True

    def SelectTakeByIndex(self, index: int) -> bool:
        self.pool_item = self.takes[index - 1][0]
        return 1 <= index <= len(self.takes)


@dataclass
class Timeline(Remote):
    """A timeline; tracks are counted from 1."""

    project: "Project"
    name: str
    rate: float
    start_frame: int = 86400
    tracks: dict[str, list[list[TimelineItem]]] = field(
        default_factory=lambda: {"video": [[]], "audio": [[]]}
    )
    locked: set[tuple[str, int]] = field(default_factory=set)
    current: TimelineItem | None = None
    timecode: str = "01:00:00:00"

    def GetName(self) -> str:
        return self.name

    def GetStartFrame(self) -> int:
        return self.start_frame

    def GetSetting(self, name: str) -> Any:
        return f"{self.rate:.3f}".rstrip("0").rstrip(".") if name == "timelineFrameRate" else ""

    def GetTrackCount(self, kind: str) -> int:
        return len(self.tracks.get(kind, []))

    def GetItemListInTrack(self, kind: str, index: int) -> list[TimelineItem] | None:
        if not 1 <= index <= self.GetTrackCount(kind):
            return None
        return sorted(self.tracks[kind][index - 1], key=lambda item: item.start)

    def GetCurrentVideoItem(self) -> TimelineItem | None:
        return self.current

    def GetCurrentTimecode(self) -> str:
        return self.timecode

    def AddTrack(self, kind: str, options: Any = None) -> bool:
        self.tracks[kind].append([])
        return True

    def DeleteTrack(self, kind: str, index: int) -> bool:
        if not 1 <= index <= self.GetTrackCount(kind):
            return False
        del self.tracks[kind][index - 1]
        return True

    def DeleteClips(self, items: list[TimelineItem], ripple: bool = False) -> bool:
        for lanes in self.tracks.values():
            for lane in lanes:
                lane[:] = [item for item in lane if item not in items]
        return True

    def DuplicateTimeline(self, name: str) -> "Timeline | None":
        tracks = {
            kind: [[item.on(self) for item in lane] for lane in lanes]
            for kind, lanes in self.tracks.items()
        }
        copy = Timeline(self.project, name, self.rate, self.start_frame, tracks)
        self.project.timelines.append(copy)
        self.project.current = copy
        return copy


class Folder(Remote):
    """A bin."""

    def __init__(self, name: str) -> None:
        self.name, self.clips, self.folders = name, [], []

    def GetName(self) -> str:
        return self.name

    def GetClipList(self) -> list[PoolItem]:
        return self.clips

    def GetSubFolderList(self) -> list["Folder"]:
        return self.folders


class MediaPool(Remote):
    """The media pool of a project."""

    def __init__(self, project: "Project") -> None:
        self.project, self.root = project, Folder("Master")
        self.current = self.root

    def GetRootFolder(self) -> Folder:
        return self.root

    def GetCurrentFolder(self) -> Folder:
        return self.current

    def SetCurrentFolder(self, folder: Folder) -> bool:
        self.current = folder
        return True

    def AddSubFolder(self, folder: Folder, name: str) -> Folder:
        folder.folders.append(Folder(name))
        return folder.folders[-1]

    def ImportMedia(self, paths: list[str]) -> list[PoolItem] | None:
        if not all(Path(path).is_file() for path in paths):
            return None
        made = [PoolItem(path, self.project.rate_of(path), 1 << 30) for path in paths]
        self.current.clips.extend(made)
        return made

    def AppendToTimeline(self, infos: list[dict[str, Any]]) -> list[TimelineItem | None] | None:
        timeline = self.project.current
        made: list[TimelineItem | None] = []
        for info in infos:
            kind = {1: "video", 2: "audio"}[info["mediaType"]]
            if (kind, info["trackIndex"]) in timeline.locked:
                return None
            pool_item, first = info["mediaPoolItem"], info["startFrame"]
            shown_s = (info["endFrame"] - first) / pool_item.rate
            frames, record = round(shown_s * timeline.rate), info["recordFrame"]
            lane = timeline.tracks[kind][info["trackIndex"] - 1]
            if any(one.start < record + frames and one.GetEnd() > record for one in lane):
                made.append(None)  # what was there first stays, and nothing is said
                continue
            item = TimelineItem(timeline, pool_item, first, record, frames)
            lane.append(item)
            made.append(item)
        return made


class Project(Remote):
    """A project, its timelines and its media pool."""

    def __init__(self, rate: float, rate_of: Callable[[str], float]) -> None:
        self.rate_of = rate_of
        self.current = Timeline(self, "Cut", rate)
        self.timelines = [self.current]
        self.pool = MediaPool(self)

    def GetCurrentTimeline(self) -> Timeline | None:
        return self.current

    def SetCurrentTimeline(self, timeline: Timeline) -> bool:
        self.current = timeline
        return True

    def GetTimelineCount(self) -> int:
        return len(self.timelines)

    def GetTimelineByIndex(self, index: int) -> Timeline:
        return self.timelines[index - 1]

    def GetMediaPool(self) -> MediaPool:
        return self.pool


class Resolve(Remote):
    """The program."""

    def __init__(
        self, rate: float = 25.0, rate_of: Callable[[str], float] = lambda _: 25.0
    ) -> None:
        self.project: Project | None = Project(rate, rate_of)

    def GetProjectManager(self) -> Any:
        return SimpleNamespace(GetCurrentProject=lambda: self.project)

    def GetVersionString(self) -> str:
        return "20.3.2"

    def lay(
        self, path: Path, start: int, frames: int, first: float = 0, *, sound: bool = True
    ) -> TimelineItem:
        """A clip of the user's, on the lowest tracks; `start` from the start of the timeline."""
        assert self.project is not None
        timeline = self.project.current
        pool_item = PoolItem(str(path), self.project.rate_of(str(path)), 1 << 30)
        record = timeline.start_frame + start
        made = [TimelineItem(timeline, pool_item, first, record, frames) for _ in range(2)]
        timeline.tracks["video"][0].append(made[0])
        if sound:
            timeline.tracks["audio"][0].append(made[1])
        return made[0]

    def select(self, item: TimelineItem) -> TimelineItem:
        """The item, on which the playhead stands from now on."""
        assert self.project is not None
        self.project.current.current = item
        return item

    def laid(self, kind: str, track: int = 1) -> list[tuple[int, int, int]]:
        """Start, length and first media frame of all that lies on a track."""
        assert self.project is not None
        timeline = self.project.current
        return [
            (item.start - timeline.start_frame, item.frames, int(item.first))
            for item in timeline.GetItemListInTrack(kind, track) or []
        ]
