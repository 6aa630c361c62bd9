"""What is measured: simple continuations that need no engine, its backends, and its own choice."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from clips import BenchClip
from longtake_engine.cancel import CancelToken
from longtake_engine.media.still import to_rgb8
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.catalog import built_in
from longtake_engine.tasks.extend.draft import Clip, Draft, draft_takes, finish_drafts, survey_clip
from longtake_engine.tasks.extend.side import Side, plan_side
from longtake_engine.work import Extend, Guidance, Length, Output, Spec

Array = np.ndarray
SIMPLE = ("freeze", "ping-pong", "flow")
AUTO = "auto"


def rival_names() -> tuple[str, ...]:
    """All that can be asked for, in the order of the tables."""
    return (*SIMPLE, *(backend.info.name for backend in extenders()), AUTO)


def extenders() -> list[VideoBackend]:
    """The engine's own backends that extend."""
    return [backend for backend in built_in() if "extend" in backend.info.tasks]


def rgb_frames(reader: VideoReader, start: int, stop: int) -> Iterator[Array]:
    """Frames as H W 3 uint8 at their own size."""
    return (to_rgb8(picture) for picture in reader.frames(start, stop))


def simple_frames(name: str, clip: BenchClip) -> Iterator[Array]:
    """What a rival of `SIMPLE` makes of the hidden frames."""
    cut, count = clip.cut, clip.hidden_frames
    if name == "freeze":
        last = next(rgb_frames(clip.reader, cut - 1, cut))
        return iter([last] * count)
    if name == "ping-pong":
        back = list(rgb_frames(clip.reader, max(0, cut - 1 - count), cut - 1))[::-1]
        return (back[number % len(back)] for number in range(count))
    before, last = rgb_frames(clip.reader, cut - 2, cut)
    return flow_frames(before, last, count)


def flow_frames(before: Array, last: Array, count: int) -> Iterator[Array]:
    """Plain flow extrapolation: every pixel of the last frame keeps its last velocity for good.

    DIS flow between the last two frames (medium preset), what both directions do not agree on
    filled from around, the last frame warped once by the whole way, the faster on top. Independent
    of the engine, so that it stays the same while the engine changes.
    """
    velocity = _velocity(before, last)
    height, width = last.shape[:2]
    grid = _grid(height, width)
    for step in range(1, count + 1):
        way = cv2.resize(_carried(velocity * step), (width, height)) * 2
        source = grid - way
        yield cv2.remap(
            last, source[..., 0], source[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )


def _grid(height: int, width: int) -> Array:
    columns, rows = np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
    return np.dstack(np.meshgrid(columns, rows))


def _velocity(before: Array, last: Array) -> Array:
    """Pixels a frame at half size, where they are in the last frame."""
    search = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    a, b = (cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in (before, last))
    # The stubs do not know that None asks for a new field; a field given would be the first guess.
    back, forth = search.calc(b, a, None), search.calc(a, b, None)  # pyright: ignore
    at = _grid(*back.shape[:2]) + back
    again = cv2.remap(forth, at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    off, size = ((back + again) ** 2).sum(-1), (back**2).sum(-1) + (again**2).sum(-1)
    sure = (off < 0.01 * size + 0.5).astype(np.float32)
    half = (-(-back.shape[1] // 2), -(-back.shape[0] // 2))
    field = cv2.resize(-back * sure[..., None], half, interpolation=cv2.INTER_AREA)
    filled = _fill(field, cv2.resize(sure, half, interpolation=cv2.INTER_AREA))
    return cv2.GaussianBlur(filled, (0, 0), 1.0) / 2


def _carried(way: Array) -> Array:
    """`way` where its pixels come to lie, the longest way on top, holes filled from around."""
    height, width = way.shape[:2]
    to = np.rint(_grid(height, width) + way).astype(np.int32).reshape(-1, 2)
    inside = ((to >= 0) & (to < (width, height))).all(-1)
    order = np.argsort((way**2).sum(-1).reshape(-1)[inside], kind="stable")
    to, values = to[inside][order], way.reshape(-1, 2)[inside][order]
    carried, known = np.zeros_like(way), np.zeros((height, width), np.float32)
    carried[to[:, 1], to[:, 0]] = values
    known[to[:, 1], to[:, 0]] = 1
    return _fill(carried, known)


def _fill(weighted: Array, weight: Array) -> Array:
    """A field whose unknown places (weight 0) are means of the nearest known ones."""
    if min(weight.shape) <= 2 or weight.min() > 0.99:
        return weighted / np.maximum(weight, 1e-6)[..., None]
    size = (-(-weight.shape[1] // 2), -(-weight.shape[0] // 2))
    smaller = [
        cv2.resize(image, size, interpolation=cv2.INTER_AREA) for image in (weighted, weight)
    ]
    around = cv2.resize(_fill(smaller[0], smaller[1]), weight.shape[::-1])
    return weighted + around * (1 - weight)[..., None]


@dataclass(frozen=True, slots=True)
class EngineTake:
    """What the engine makes after the cut."""

    side: Side
    model: str
    confidence: float | None  # of its back-test; None where none was made

    @property
    def remade_frames(self) -> int:
        """Real frames before the cut that it replaces."""
        return self.side.remade_frames

    def frames(self) -> Iterator[Array]:
        """Its frames in order, the remade ones first."""
        made = self.side.pictures(Guidance(), CancelToken())
        return (to_rgb8(picture) for picture in made)


def backend_take(backend: VideoBackend, reader: VideoReader, new_frames: int) -> EngineTake:
    """One backend, as `--model` asks for it."""
    side = plan_side(reader, backend, forward=True, new_frames=new_frames)
    return EngineTake(side, backend.info.name, None)


def default_take(clip: BenchClip, new_frames: int) -> EngineTake:
    """The first take that the engine offers where the editor chooses nothing."""
    draft = _first_draft(clip, new_frames)
    return EngineTake(draft.tail, draft.backend.info.name, draft.score.confidence)


def _first_draft(clip: BenchClip, new_frames: int) -> Draft:
    """The engine's own choice, made on the truncated clip; nothing is written."""
    work = Extend(clip.info.path, tail=Length(frames=new_frames))
    spec = Spec(work, Output(Path("unwritten.mov")))
    shown = Clip(clip.info, clip.reader, head_frames=0, tail_frames=new_frames)
    survey = survey_clip(shown, CancelToken())
    drafts = list(draft_takes(spec, shown, survey, CancelToken()))
    return finish_drafts(spec, shown, drafts)[0]
