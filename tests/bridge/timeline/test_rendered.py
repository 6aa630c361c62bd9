"""Five clips on a timeline, three of them extended by the real engine, read back and rendered."""

import json
from fractions import Fraction
from pathlib import Path
from urllib.parse import unquote

import opentimelineio as otio
import pytest
from longtake_bridge.cli.main import run
from longtake_bridge.timeline.screen import on_screen
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Picture
from longtake_engine.testing.barcode import read_number
from longtake_engine.testing.media import make_clip
from opentimelineio.opentime import RationalTime, TimeRange

RATE = Fraction(24000, 1001)
FPS = float(RATE)
# name: frames of its media, first frame shown, frames shown, gap after it
CLIPS = {
    "A": (40, 5, 15, 10),
    "B": (30, 0, 30, 12),
    "C": (20, 0, 20, 0),
    "D": (30, 0, 15, 0),
    "E": (30, 10, 10, 0),
}
MADE = "made"
NONE = "gap"
# What is on screen in the end, one word or media frame number a record frame.
EXPECTED = [
    *(("A", n) for n in range(5, 28)),  # 15 shown and 8 of its own handle
    *[NONE] * 2,
    *(("B", n) for n in range(30)),
    *[MADE] * 10,
    *[NONE] * 2,
    *(("C", n) for n in range(20)),
    *[MADE] * 6,  # rippled in
    *(("D", n) for n in range(15)),
    *(("E", n) for n in range(10, 20)),
]


@pytest.fixture
def edit(tmp_path: Path) -> Path:
    """The timeline before anything is extended."""
    track = otio.schema.Track(name="V1", kind=otio.schema.TrackKind.Video)
    for name, (length, start, shown, gap) in CLIPS.items():
        media = tmp_path / f"{name}.mkv"
        make_clip(media, frames=length, rate=RATE)
        reference = otio.schema.ExternalReference(media.as_uri(), _range(0, length))
        track.append(otio.schema.Clip(name, reference, _range(start, shown)))
        if gap:
            track.append(otio.schema.Gap(source_range=_range(0, gap)))
    timeline = otio.schema.Timeline("five")
    timeline.tracks.append(track)
    path = tmp_path / "five.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def _range(start: int, frames: int) -> TimeRange:
    return TimeRange(RationalTime(start, FPS), RationalTime(frames, FPS))


def test_five_clips_read_back_and_rendered(engine_home, edit, tmp_path, capsys):
    asked = [("A", "8f", ()), ("B", "10f", ()), ("C", "6f", ("--ripple",))]
    made = []
    for number, (clip, tail, follow) in enumerate(asked):
        out = tmp_path / f"step-{number}.otio"
        words = ["extend", edit, "--clip", clip, "--tail", tail, *follow, "-o", out, "--json"]
        assert run([str(word) for word in words]) == 0
        made.append(len(json.loads(capsys.readouterr().out)["takes"]))
        edit = out
    assert made == [0, 1, 1]  # A had handles enough

    timeline = otio.adapters.read_from_file(str(edit))
    assert isinstance(timeline, otio.schema.Timeline)
    rendered = _render(timeline.video_tracks()[0], edit.parent, tmp_path / "rendered.mkv")
    info = probe(rendered)
    assert info.video.rate == RATE
    pictures = list(VideoReader(info).frames())
    assert len(pictures) == len(EXPECTED)
    for frame, (picture, expected) in enumerate(zip(pictures, EXPECTED, strict=True)):
        if expected == NONE:
            assert picture.luma.max() <= 16, frame
        elif expected == MADE:
            assert picture.luma.std() > 5, frame
        else:
            assert read_number(picture) == expected[1], frame


def _render(track: otio.schema.Track, folder: Path, path: Path) -> Path:
    """What the track shows, frame by frame, as one file without loss; black in gaps."""
    duration = round(track.duration().to_seconds() * RATE)
    source = probe(folder / "A.mkv")
    format = VideoReader(source).format
    black = Picture(
        tuple(
            (p * 0 + (128 if format.is_chroma(n) else 16)).astype(p.dtype)
            for n, p in enumerate(next(VideoReader(source).frames()).planes)
        ),
        format,
    )
    with MediaWriter(
        path,
        job_id="render",
        source=source,
        format=format,
        rate=RATE,
        codec="ffv1",
        start_frame=0,
        sound=(),
    ) as writer:
        for frame in range(duration):
            shown = on_screen(track, frame, RATE)
            writer.write_picture(_shown(*shown, folder, black) if shown else black)
        writer.commit()
    return path


def _shown(url: str, source_s: Fraction, folder: Path, like: Picture) -> Picture:
    """The picture of a file at a source time, as 8-bit luma in the format of `like`."""
    path = Path(unquote(url.removeprefix("file://")))
    reader = VideoReader(probe(path if path.is_absolute() else folder / path))
    frame = round(source_s * RATE)
    picture = next(reader.frames(frame, frame + 1))
    if picture.format == like.format:
        return picture
    # Made media is 10-bit ProRes: its luma is what the numbers are read from.
    luma = (picture.luma >> (picture.format.bit_depth - 8)).astype(like.luma.dtype)
    return Picture((luma, *like.planes[1:]), like.format)
