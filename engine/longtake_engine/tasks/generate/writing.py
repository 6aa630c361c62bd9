"""A shot as it goes into its file."""

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from longtake_engine.cancel import CancelToken
from longtake_engine.media.still import encode_jpeg
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture
from longtake_engine.tasks.ahead import work_ahead
from longtake_engine.tasks.generate.shape import Shape
from longtake_engine.work import Progress, Spec

PREVIEW_S = 0.5  # between two preview pictures


def open_writer(spec: Spec, shape: Shape, path: Path, job_id: str) -> MediaWriter:
    """What writes a take of the shot to `path`; a context manager."""
    return MediaWriter(
        path,
        job_id=job_id,
        source=shape.source,
        format=shape.format,
        rate=shape.rate,
        codec=spec.output.codec,
        start_frame=0,
        sound=(),
    )


def write(
    writer: MediaWriter,
    pictures: Iterator[Picture],
    *,
    phase: str,
    done: int,
    total: int,
    cancel: CancelToken,
) -> Iterator[Progress]:
    """Progress by frame as every one of `pictures` is written: `done` of `total` came before."""
    shown_at = 0.0
    with closing(work_ahead(pictures, cancel.check)) as ahead:
        for number, picture in enumerate(ahead, 1):
            writer.write_picture(picture)
            preview = b""
            if time.monotonic() - shown_at > PREVIEW_S:
                preview = encode_jpeg(picture)
                shown_at = time.monotonic()
            yield Progress(phase, done + number, total, preview_jpeg=preview)
