"""One piece of work and what it cost, as JSON on stdout. Started by `costs.py`."""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # `measure` lies there

import cv2
from longtake_engine.cancel import CancelToken
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.pixel import describe
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.tasks.run import run
from longtake_engine.work import Extend, Length, Output, Progress, Spec, Take
from measure.minterpolate import minterpolate
from measure.process import peak_mb

Answer = dict[str, object]
RESIZED_FRAMES = 60  # enough for every backend to look back at


def extend(work: dict) -> Answer:
    """The new frames alone of an extension, from opening the clip to a finished ProRes file."""
    with tempfile.TemporaryDirectory(prefix="longtake-bench-") as folder:
        length = Length(seconds=Fraction(work["seconds"]))
        spec = Spec(
            Extend(Path(work["path"]), tail=length, contents="new_only"),
            Output(Path(folder) / "made.mov"),
            model=work["model"],
        )
        began = time.monotonic()
        first_s = preview_s = frames = 0.0
        model = ""
        for event in run(spec, job_id="bench", cancel=CancelToken()):
            now = time.monotonic() - began
            if isinstance(event, Take):
                model, frames = event.model, sum(r.duration_frames for r in event.made_ranges)
            elif isinstance(event, Progress):
                if event.done_frames:
                    first_s = first_s or now
                if event.preview_jpeg:
                    preview_s = preview_s or now
        seconds = time.monotonic() - began
    return _answer(frames, seconds, first_s, preview_s=preview_s, model=model)


def double(work: dict) -> Answer:
    """ffmpeg's minterpolate, as it is by default, doubling the clip's last seconds; the engine's
    own reader and writer around it, so that nothing but the making differs."""
    info = probe(Path(work["path"]))
    reader = VideoReader(info)
    given = reader.frames(reader.frame_count - round(work["seconds"] * reader.rate) - 1)
    with tempfile.TemporaryDirectory(prefix="longtake-bench-") as folder:
        began = time.monotonic()
        first_s = 0.0
        written = 0
        with _writer(Path(folder) / "made.mov", info, reader.format, 2 * reader.rate) as writer:
            for picture in minterpolate(given, reader.format, 2, "minterpolate"):
                writer.write_picture(picture)
                written += 1
                first_s = first_s or time.monotonic() - began
            writer.commit()
        seconds = time.monotonic() - began
    return _answer(written // 2, seconds, first_s)  # every second one is a real one


def resize(work: dict) -> Answer:
    """The last frames of a clip at another size, as ProRes."""
    info = probe(Path(work["path"]))
    reader = VideoReader(info)
    old, height = reader.format, work["height"]
    width = round(old.width * height / old.height / 2) * 2
    new = describe(old.pixel_format, width, height, old.color, opaque=not old.has_alpha)
    began = time.monotonic()
    with _writer(Path(work["to"]), info, new, reader.rate) as writer:
        for picture in reader.frames(reader.frame_count - RESIZED_FRAMES):
            planes = [
                cv2.resize(plane, new.plane_size(number)[::-1], interpolation=cv2.INTER_CUBIC)
                for number, plane in enumerate(picture.planes)
            ]
            writer.write_picture(Picture(tuple(planes), new))
        writer.commit()
    return _answer(RESIZED_FRAMES, time.monotonic() - began, 0.0)


def _writer(path: Path, info: MediaInfo, format: PictureFormat, rate: Fraction) -> MediaWriter:
    return MediaWriter(
        path,
        job_id="bench",
        source=info,
        format=format,
        rate=rate,
        codec="prores",
        start_frame=0,
        sound=(),
    )


def _answer(frames: float, seconds: float, first_s: float, **more: object) -> Answer:
    made = {"frames": frames, "seconds": seconds, "first_s": first_s}
    return {**made, "peak_mb": peak_mb(), **more}


WORKS: dict[str, Callable[[dict], Answer]] = {
    "extend": extend,
    "minterpolate": double,
    "resize": resize,
}

if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(json.dumps(WORKS[asked["work"]](asked)))
