"""The two shots on both sides of a gap, opened and held against each other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from math import ceil, floor

from longtake_engine.errors import BadInput, NotPossible, WrongCall
from longtake_engine.media.conform import fit_within
from longtake_engine.media.info import MediaInfo, VideoInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import check_output
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.rate import count_frames
from longtake_engine.tasks.shown import shown_frames
from longtake_engine.work import FrameRange, Interpolate, Spec

_HDR = frozenset({"smpte2084", "arib-std-b67"})
_MOST_STRETCHED = 0.01  # of a picture's shape: less is a matter of rounding sizes


@dataclass(frozen=True, slots=True)
class Shot:
    """One side of the gap, as far as it is shown."""

    info: MediaInfo
    reader: VideoReader  # of the shown frames alone, 0 being the first of them
    shown: range  # frames of the file

    @property
    def name(self) -> str:
        """What people call it."""
        return self.info.path.name

    def last(self, count: int) -> list[Picture]:
        """Up to `count` pictures at its end, in time order."""
        frames = self.reader.frame_count
        return list(self.reader.frames(max(0, frames - count), frames))

    def first(self, count: int) -> list[Picture]:
        """Up to `count` pictures at its start, in time order."""
        return list(self.reader.frames(0, count))


@dataclass(frozen=True, slots=True)
class Shots:
    """Two shots and the gap between them, at the rate and in the format of the first."""

    before: Shot
    after: Shot
    gap_frames: int

    @property
    def format(self) -> PictureFormat:
        """Of every picture of both."""
        return self.before.reader.format

    @property
    def rate(self) -> Fraction:
        """Frames a second of the gap."""
        return self.before.reader.rate

    @property
    def same_rate(self) -> bool:
        """Whether the second runs at the rate of the gap."""
        return self.after.reader.rate == self.rate

    def frame_after(self, frame: int) -> int:
        """The frame of the second shot, below 0, that is due at frame `frame` of the gap."""
        left = (frame - self.gap_frames) * self.after.reader.rate / self.rate
        return floor(left)

    def frames_after(self, gap_frames: int) -> int:
        """Frames of the second shot that cover the last `gap_frames` of the gap."""
        return ceil(gap_frames * self.after.reader.rate / self.rate)

    def at_own_rate(self, pictures: Iterator[Picture], gap_frames: int) -> Iterator[Picture]:
        """What `pictures`, all that `frames_after` counts, show at the last `gap_frames` of the
        gap."""
        frame, picture = -self.frames_after(gap_frames) - 1, None
        for number in range(self.gap_frames - gap_frames, self.gap_frames):
            due = self.frame_after(number)
            if due > frame:
                picture = next(islice(pictures, due - frame - 1, None))
                frame = due
            assert picture is not None
            yield picture

    @property
    def notes(self) -> tuple[str, ...]:
        """What was done to the second to make it go with the first."""
        notes = []
        first, second = self.before.info.video, self.after.info.video
        name = self.after.name
        framed = _differ_in_shape(self.before.info, self.after.info)
        if (first.width, first.height) != (second.width, second.height):
            notes.append(
                f"{name} is scaled from {second.width}×{second.height} to"
                f" {first.width}×{first.height}, the size of {self.before.name}"
                + (", with black beside it." if framed else ".")
            )
        if not self.same_rate:
            notes.append(
                f"{name} runs at {float(second.rate):.6g} fps and the gap at"
                f" {float(first.rate):.6g}, the rate of {self.before.name}: it shows the frame that"
                " is due."
            )
        return tuple(notes)


def open_shots(spec: Spec) -> Shots:
    """The shots that `spec` speaks of, checked against each other and how the gap is to be written.

    Raises:
        EngineError: One cannot be read, they do not go together, or the gap cannot be written as
            asked.
    """
    work = spec.work
    assert isinstance(work, Interpolate) and len(work.input_paths) == 2
    ranges: Sequence[FrameRange | None] = work.input_ranges or (None, None)
    infos = [probe(path, spec.sequence_rate) for path in work.input_paths]
    before = _open(infos[0], ranges[0], spec)
    _check_alike(*infos)
    target = before.reader.format
    inside = None
    if _differ_in_shape(*infos):
        inside = fit_within(_shape(infos[1].video), target, _shape(infos[0].video))
    after = _open(infos[1], ranges[1], spec, target, inside)
    check_output(spec.output.path, spec.output.codec, before.reader.format, infos[0])
    if work.duration is None:
        raise WrongCall("Say how long the gap is with --duration, such as --duration 12f.")
    return Shots(before, after, count_frames(work.duration, before.reader.rate))


def _open(
    info: MediaInfo,
    shown: FrameRange | None,
    spec: Spec,
    target: PictureFormat | None = None,
    inside: tuple[int, int] | None = None,
) -> Shot:
    frames = shown_frames(info, shown)
    reader = VideoReader(
        info, deinterlace=spec.deinterlace, shown=frames, target=target, inside=inside
    )
    return Shot(info, reader, frames)


def _check_alike(one: MediaInfo, other: MediaInfo) -> None:
    """Raise a sentence where the second cannot be shown as the first is."""
    first, second = one.video, other.video
    names = f"{one.path.name} and {other.path.name}"
    if first.rotation_degrees != second.rotation_degrees:
        raise BadInput(f"{names} are turned differently; turn one of them upright first.")
    if (first.color.transfer in _HDR) != (second.color.transfer in _HDR):
        raise NotPossible(
            f"Of {names} one is HDR and the other is not; bring both to one of them first."
        )


def _differ_in_shape(one: MediaInfo, other: MediaInfo) -> bool:
    return abs(_shape(one.video) / _shape(other.video) - 1) > _MOST_STRETCHED


def _shape(video: VideoInfo) -> float:
    """Width over height as shown."""
    return float(video.pixel_aspect) * video.width / video.height
