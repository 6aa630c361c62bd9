"""The clip whose picture takes another shape, checked against how it is to be written."""

from dataclasses import dataclass
from fractions import Fraction

from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import check_output
from longtake_engine.tasks.inpaint.clip import BESIDE
from longtake_engine.tasks.inpaint.place import stored_box, stored_point
from longtake_engine.tasks.outpaint.layout import Layout, plan_layout
from longtake_engine.tasks.shown import shown_frames
from longtake_engine.work import Box, Outpaint, Point, Spec


@dataclass(frozen=True, slots=True)
class Clip:
    """The clip, and the shape it takes. Frames are those of the source."""

    info: MediaInfo
    reader: VideoReader
    layout: Layout
    output: range  # that the made file holds
    seen: range  # that are looked at at all
    boxes: tuple[Box, ...]  # round the subject, on the stored picture
    points: tuple[Point, ...]

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.reader.rate


def open_clip(spec: Spec) -> Clip:
    """The clip that `spec` speaks of.

    Raises:
        EngineError: It cannot be read, not take such a shape, or not be written so.
    """
    work = spec.work
    assert isinstance(work, Outpaint)
    info = probe(work.input_path, spec.sequence_rate)
    reader = VideoReader(info, deinterlace=spec.deinterlace)
    layout = plan_layout(work, info.video, reader.format)
    check_output(spec.output.path, spec.output.codec, layout.format, info)
    output = shown_frames(info, work.output_range)
    boxes = tuple(stored_box(box, info.video) for box in work.boxes)
    points = tuple(stored_point(point, info.video) for point in work.points)
    needed = [output.start, output.stop - 1, *(one.frame for one in (*boxes, *points))]
    seen = range(max(0, min(needed) - BESIDE), min(reader.frame_count, max(needed) + 1 + BESIDE))
    return Clip(info, reader, layout, output, seen, boxes, points)
