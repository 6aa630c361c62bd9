"""The clip that holes are filled in, checked against how it is to be written."""

from dataclasses import dataclass
from fractions import Fraction

from longtake_engine.errors import WrongCall
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import check_output
from longtake_engine.rate import count_frames, timecode_to_frame
from longtake_engine.tasks.inpaint.mask import Mask, open_mask
from longtake_engine.tasks.inpaint.matte_out import check_matte_out
from longtake_engine.tasks.inpaint.place import stored_box, stored_point
from longtake_engine.tasks.shown import shown_frames
from longtake_engine.work import Box, Inpaint, Length, Point, Spec

BESIDE = 150  # frames on each side of those that are asked for, in which the place may be seen


@dataclass(frozen=True, slots=True)
class Clip:
    """The clip, what of it is made, and what is to be hidden. Frames are those of the source."""

    info: MediaInfo
    reader: VideoReader
    output: range  # that the made file holds
    hidden: range  # in which anything may be hidden
    seen: range  # that are looked at at all
    mask: Mask | None
    boxes: tuple[Box, ...]  # on the stored picture
    points: tuple[Point, ...]

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.reader.rate


def open_clip(spec: Spec) -> Clip:
    """The clip that `spec` speaks of.

    Raises:
        EngineError: It cannot be read, not be filled as asked, or not be written so.
    """
    work = spec.work
    assert isinstance(work, Inpaint)
    info = probe(work.input_path, spec.sequence_rate)
    reader = VideoReader(info, deinterlace=spec.deinterlace)
    check_output(spec.output.path, spec.output.codec, reader.format, info)
    check_matte_out(work.matte_path, reader.format, info)
    between = _between(work, info)
    output = shown_frames(info, work.output_range)
    boxes = tuple(stored_box(box, info.video) for box in work.boxes)
    points = tuple(stored_point(point, info.video) for point in work.points)
    _check_drawn(boxes, points, between)
    # A thing is followed from where it was drawn to where it is shown.
    needed = [output.start, output.stop - 1, *(one.frame for one in (*boxes, *points))]
    seen = range(max(0, min(needed) - BESIDE), min(reader.frame_count, max(needed) + 1 + BESIDE))
    return Clip(info, reader, output, between, seen, open_mask(spec, info), boxes, points)


def _between(work: Inpaint, info: MediaInfo) -> range:
    start = _frame(work.between_start, info) if work.between_start else 0
    stop = _frame(work.between_end, info) if work.between_end else info.video.frame_count
    if start >= info.video.frame_count or start >= stop:
        raise WrongCall(
            f"--between names frames {start} to {stop} of a clip that has"
            f" {info.video.frame_count}; give a start and a later end within it."
        )
    return range(start, min(stop, info.video.frame_count))


def _frame(length: Length, info: MediaInfo) -> int:
    """The frame that lies `length` after the first, or that the clip's own timecode names."""
    video = info.video
    if length.timecode is not None and video.start_timecode:
        first = timecode_to_frame(video.start_timecode, video.rate)
        frame = timecode_to_frame(length.timecode, video.rate)
        if frame >= first:
            return frame - first
    return count_frames(length, video.rate)


def _check_drawn(boxes: tuple[Box, ...], points: tuple[Point, ...], between: range) -> None:
    for what, marks in (("box", boxes), ("point", points)):
        for mark in marks:
            if mark.frame not in between:
                raise WrongCall(
                    f"A {what} is drawn on frame {mark.frame}, outside --between, which is frames"
                    f" {between.start} to {between.stop}; draw it within."
                )
