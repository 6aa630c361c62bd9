"""A take whose parts move, written picture by picture."""

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from longtake_engine.cancel import CancelToken
from longtake_engine.media.still import encode_jpeg
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture
from longtake_engine.tasks.ahead import work_ahead
from longtake_engine.tasks.animate.source import Source
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.soundtrack import Soundtrack
from longtake_engine.work import FrameRange, Progress, Take

PREVIEW_S = 0.5  # between two preview pictures


@dataclass(frozen=True, slots=True)
class Target:
    """Where a take goes: its file, and the sound that goes with it."""

    writer: MediaWriter
    tracks: Sequence[Soundtrack]


def write_take(
    pictures: Iterator[Picture],
    target: Target,
    start: int,
    stack: ExitStack,
    cancel: CancelToken,
) -> Generator[Progress, None, float]:
    """Progress in frames of this take, and the seconds it took; the file is whole then, but not
    yet in its place. Its first frame is frame `start` of the clip. What has to end before the file
    does is laid on `stack`."""
    began = time.monotonic()
    shown_at = 0.0
    frames = stack.enter_context(closing(work_ahead(pictures, cancel.check)))
    for number, picture in enumerate(frames):
        target.writer.write_picture(picture)
        for stream, track in enumerate(target.tracks):
            for block in track.up_to(start + number + 1):
                target.writer.write_sound(stream, block)
        preview = b""
        if time.monotonic() - shown_at > PREVIEW_S:
            preview = encode_jpeg(picture)
            shown_at = time.monotonic()
        yield Progress("making", number + 1, preview_jpeg=preview)
    return time.monotonic() - began


def as_take(source: Source, path: Path, model: str, seconds: float, notes: tuple[str, ...]) -> Take:
    """What was made."""
    count = len(source.output)
    return Take(
        media_path=path,
        start_frame=source.output.start,
        duration_frames=count,
        rate=source.rate,
        made_ranges=(FrameRange(0, count),),
        model=model,
        score=UNKNOWN,
        seams=(),
        seconds=seconds,
        notes=notes,
    )
