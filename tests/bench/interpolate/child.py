"""One clip converted, and what it cost, as JSON on stdout. Started by `costs.py`."""

import json
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter
from longtake_engine.models.between import make_between
from longtake_engine.picture import Picture
from measure.footage import IMAGE_RATE
from measure.minterpolate import MODES, minterpolate
from measure.process import peak_mb
from rivals import BLEND, blend, pairs, quality_of


def convert(path: Path, name: str, factor: int, frames: int) -> dict[str, object]:
    """Read, make and write as FFV1; the same reader and writer around every maker.

    Seconds are from opening the clip: an engine is started once, not for each clip.
    """
    began = time.monotonic()
    info = probe(path, IMAGE_RATE)
    reader = VideoReader(info)
    given = reader.frames(0, min(frames, reader.frame_count))
    written = 0
    with tempfile.TemporaryDirectory(prefix="longtake-bench-") as folder:
        writer = MediaWriter(
            Path(folder) / "made.mkv",
            job_id="bench",
            source=info,
            format=reader.format,
            rate=factor * reader.rate,
            codec="ffv1",
            start_frame=0,
            sound=(),
        )
        with writer:
            for picture in _made(given, reader, name, factor):
                writer.write_picture(picture)
                written += 1
            writer.commit()
    seconds = time.monotonic() - began
    return {"written": written, "seconds": seconds, "peak_mb": peak_mb()}


def _made(
    given: Iterable[Picture], reader: VideoReader, name: str, factor: int
) -> Iterator[Picture]:
    if name in MODES:
        yield from minterpolate(given, reader.format, factor, name)
        return
    kept: list[Picture] = []  # given out again beside what is made from them

    def seen() -> Iterator[Picture]:
        for picture in given:
            kept.append(picture)
            yield picture

    if name == BLEND:
        groups = (
            tuple(blend(pair.first, pair.second, time) for time in pair.times)
            for pair in pairs(seen(), factor)
        )
    else:
        made = make_between(pairs(seen(), factor), quality_of(name))
        groups = (tuple(one.picture for one in group) for group in made)
    yield from chain.from_iterable((kept.pop(0), *group) for group in groups)
    yield kept.pop()


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(json.dumps(convert(Path(asked["path"]), asked["name"], asked["factor"], asked["frames"])))
