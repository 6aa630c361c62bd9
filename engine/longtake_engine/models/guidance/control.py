"""Control videos: boxes over time, strokes and camera moves, drawn as models that take one know
them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from longtake_engine.canvas import Canvas
from longtake_engine.errors import BadInput
from longtake_engine.models.diffusion.wish import Draw
from longtake_engine.models.guidance.camera_flow import camera_flow
from longtake_engine.models.guidance.course import BoxCourse, Place
from longtake_engine.models.guidance.flow_color import color_flow
from longtake_engine.work import Guidance, Stroke

LINE = 2  # pixels, on the model's own grid


def control_of(guidance: Guidance, canvas: Canvas) -> Draw | None:
    """What draws the control video of a canvas; None where there is nothing to draw.

    Boxes alone are drawn as a layout: black frames on white. Strokes and camera moves are drawn as
    motion in the colours of flow, and boxes beside them as what moves there. Both are among the
    control videos that Wan VACE was trained with (Jiang et al. 2025). A camera that stands draws
    nothing: it would say that nothing in the shot moves either.

    Raises:
        BadInput: A stroke's region cannot be read.
    """
    if any(frame in canvas.known for frame in canvas.wanted):
        return None  # what is known in parts shows its own motion
    camera = guidance.camera if guidance.camera and guidance.camera.kind != "static" else None
    if not (camera or guidance.strokes or guidance.box_paths):
        return None
    format = canvas.format
    sheet = _Sheet(
        guidance=guidance,
        courses=tuple(BoxCourse(path) for path in guidance.box_paths),
        regions=tuple(_read_region(s, format.height, format.width) for s in guidance.strokes),
        shot=canvas.wanted,
        rate=float(canvas.rate),
        source=(format.height, format.width),
    )
    if camera is None and not guidance.strokes:
        return sheet.layout
    return sheet.flow


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What is drawn, in the pixels and frames of a canvas."""

    guidance: Guidance
    courses: tuple[BoxCourse, ...]
    regions: tuple[np.ndarray, ...]  # H W float32, 1 where it flows
    shot: range
    rate: float
    source: tuple[int, int]  # height, width

    def layout(self, frames: Sequence[float], size: tuple[int, int]) -> np.ndarray:
        """Boxes as black frames on white, T H W 3."""
        drawn = np.full((len(frames), *size, 3), 255, np.uint8)
        for picture, frame in zip(drawn, frames, strict=True):
            for course in self.courses:
                left, top, right, bottom = self._corners(course.at(frame), size)
                cv2.rectangle(picture, (left, top), (right, bottom), (0, 0, 0), LINE)
        return drawn.astype(np.float32) / 255

    def flow(self, frames: Sequence[float], size: tuple[int, int]) -> np.ndarray:
        """Motion in the colours of flow, T H W 3."""
        regions = [cv2.resize(r, size[::-1], interpolation=cv2.INTER_AREA) for r in self.regions]
        return np.stack([color_flow(self._motion(frame, size, regions)) for frame in frames])

    def _motion(
        self, frame: float, size: tuple[int, int], regions: Sequence[np.ndarray]
    ) -> np.ndarray:
        """Pixels a second, H W 2."""
        height, width = size
        motion = np.zeros((height, width, 2), np.float32)
        if self.guidance.camera is not None:
            seconds = len(self.shot) / self.rate
            at_s = (frame - self.shot.start) / self.rate
            seed = self.guidance.seed
            motion += camera_flow(self.guidance.camera, seconds, at_s, size, seed)
        scale = width / self.source[1], height / self.source[0]
        for stroke, region in zip(self.guidance.strokes, regions, strict=True):
            speed = np.array([stroke.dx * scale[0], stroke.dy * scale[1]], np.float32)
            motion += region[..., None] * speed
        for course in self.courses:
            self._move_box(motion, course, frame, size)
        return motion

    def _move_box(
        self, motion: np.ndarray, course: BoxCourse, frame: float, size: tuple[int, int]
    ) -> None:
        """Put in what moves with a box: the thing goes its own way whatever the camera does."""
        before, after = course.at(frame - 0.5), course.at(frame + 0.5)
        left, top, right, bottom = self._corners(course.at(frame), size)
        rows = slice(max(0, top), max(0, bottom))
        columns = slice(max(0, left), max(0, right))
        part = motion[rows, columns]
        if not part.size:
            return
        scale = size[1] / self.source[1], size[0] / self.source[0]
        x = (np.arange(columns.start, columns.start + part.shape[1]) + 0.5) / scale[0]
        y = (np.arange(rows.start, rows.start + part.shape[0]) + 0.5) / scale[1]
        part[..., 0] = (
            self.rate * scale[0] * _across(before.x, before.width, after.x, after.width, x)
        )
        speed = _across(before.y, before.height, after.y, after.height, y)
        part[..., 1] = (self.rate * scale[1] * speed)[:, None]

    def _corners(self, place: Place, size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Left, top, right and bottom on the grid."""
        across, down = size[1] / self.source[1], size[0] / self.source[0]
        return (
            round(place.x * across),
            round(place.y * down),
            round((place.x + place.width) * across),
            round((place.y + place.height) * down),
        )


def _across(
    start: float, length: float, later: float, later_length: float, at: np.ndarray
) -> np.ndarray:
    """How far each place of an edge goes when it moves and grows."""
    return later - start + (at - (start + later) / 2) * (later_length / length - 1)


def _read_region(stroke: Stroke, height: int, width: int) -> np.ndarray:
    """H W float32: 1 where the stroke flows."""
    if stroke.region_path is None:
        region = np.zeros((height, width), np.float32)
        if (box := stroke.box) is not None:
            rows = slice(max(0, box.y), max(0, box.y + box.height))
            region[rows, max(0, box.x) : max(0, box.x + box.width)] = 1
        return region
    return _read_image(stroke.region_path, height, width)


def _read_image(path: Path, height: int, width: int) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise BadInput(
            f"{path} is no picture that can be read; give a PNG that is white where it flows."
        )
    region = image.astype(np.float32) / 255
    if region.shape != (height, width):
        region = cv2.resize(region, (width, height), interpolation=cv2.INTER_AREA)
    return region
