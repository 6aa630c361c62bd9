"""Timelines built in code, and a probe that reads what the test says of a file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from longtake_bridge.timeline.choice import Choice, Chosen, choose
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.file_format import format_of
from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.media import MediaFacts
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import Clip, ExternalReference, Gap, Timeline, Track, Transition


@dataclass
class Edit:
    """Builds timelines at one rate; all counts are frames."""

    rate: Fraction = Fraction(25)
    folder: Path = Path("/media")
    start: int | None = None  # of the timeline, as timecode

    def time(self, frames: float, rate: Fraction | None = None) -> RationalTime:
        return RationalTime(frames, float(rate or self.rate))

    def range(self, start: float, duration: float, rate: Fraction | None = None) -> TimeRange:
        return TimeRange(self.time(start, rate), self.time(duration, rate))

    def clip(
        self,
        name: str,
        start: float,
        duration: float,
        *,
        available: tuple[int, int] | None = (0, 200),
        url: str | None = None,
        rate: Fraction | None = None,
    ) -> Clip:
        reference = ExternalReference(url or f"file://{self.folder}/{name}.mov")
        if available is not None:
            reference.available_range = self.range(*available, rate=rate)
        return Clip(name, reference, self.range(start, duration, rate))

    def gap(self, frames: int) -> Gap:
        return Gap(source_range=self.range(0, frames))

    def dissolve(self, before: int, after: int) -> Transition:
        return Transition(
            transition_type="SMPTE_Dissolve",
            in_offset=self.time(before),
            out_offset=self.time(after),
        )

    def video(self, *items: otio.core.Composable, name: str = "Video") -> Track:
        return Track(name, list(items), kind="Video")

    def audio(self, *items: otio.core.Composable, name: str = "Audio") -> Track:
        return Track(name, list(items), kind="Audio")

    def timeline(self, *tracks: Track, name: str = "Cut") -> Timeline:
        timeline = Timeline(name)
        timeline.tracks.extend(tracks)
        if self.start is not None:
            timeline.global_start_time = self.time(self.start)
        return timeline


@pytest.fixture
def edit() -> Edit:
    return Edit()


@pytest.fixture
def edit_at() -> Callable[..., Edit]:
    return Edit


@dataclass
class Probe:
    """Answers for files by name: frames, and how the rest differs from the defaults."""

    rate: Fraction = Fraction(25)
    frames: dict[str, int] = field(default_factory=dict)
    frame_count: int = 200
    start_frame: int = 0
    has_sound: bool = True
    asked: list[Path] = field(default_factory=list)

    def __call__(self, path: Path, sequence_rate: Fraction | None) -> MediaFacts:
        self.asked.append(path)
        frames = self.frames.get(path.stem, self.frame_count)
        return MediaFacts(path, self.rate, frames, self.start_frame, self.has_sound)


@pytest.fixture
def probe() -> Probe:
    return Probe()


@pytest.fixture
def probe_of() -> Callable[..., Probe]:
    return Probe


@pytest.fixture
def chosen() -> Callable[..., list[Chosen]]:
    """What is done about each gap or cut of a timeline."""

    def ask(
        timeline: Timeline, probe: Any, rate: Fraction = Fraction(25), **asked: Any
    ) -> list[Chosen]:
        path = Path("/edit/cut.otio")
        document = TimelineDocument(path, format_of(path), timeline, rate)
        return list(choose(Look(document, probe), Choice(**asked)))

    return ask


@pytest.fixture
def only(chosen: Callable[..., list[Chosen]]) -> Callable[..., Chosen]:
    """The same of a timeline with one of them."""

    def ask(timeline: Timeline, probe: Any, **asked: Any) -> Chosen:
        (one,) = chosen(timeline, probe, **asked)
        return one

    return ask
