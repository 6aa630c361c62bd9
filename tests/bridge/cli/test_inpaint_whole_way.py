"""`longtake inpaint` through the daemon and a worker to real files, with the backends there are."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest
from longtake_engine.media.info import SoundFormat
from longtake_engine.media.pixel import describe
from longtake_engine.media.probe import probe
from longtake_engine.media.still import write_png
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import MediaWriter
from longtake_engine.picture import Color
from longtake_engine.testing.media import described
from longtake_engine.testing.picture import crossing
from opentimelineio.opentime import RationalTime, TimeRange

Ask = Callable[..., tuple[int, dict]]
SIZE, SQUARE, STEP, COUNT, RATE = (112, 64), 16, 3, 20, Fraction(25)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A square goes by over a still background: 20 frames at 25 fps, with sound."""
    path = tmp_path_factory.mktemp("clips") / "clip.mkv"
    format = describe("yuv420p", *SIZE, Color("tv", "bt709", "bt709", "bt709"))
    sound = SoundFormat(48000, "mono", 1, np.dtype(np.int16), 16)
    with MediaWriter(
        path,
        job_id="clip",
        source=described(format, RATE),
        format=format,
        rate=RATE,
        codec="ffv1",
        start_frame=0,
        sound=(sound,),
    ) as writer:
        for picture in crossing(format, COUNT, STEP, SQUARE):
            writer.write_picture(picture)
        writer.write_sound(0, np.arange(COUNT * 1920, dtype=np.int16)[None])
        writer.commit()
    return path


def box(frame: int) -> str:
    """The square on a frame, as it is typed."""
    left, top = 16 + STEP * frame, (SIZE[1] - SQUARE) // 2
    return f"{left - 2},{top - 2},{SQUARE + 4},{SQUARE + 4}@{frame}"


def lumas(path: Path) -> list[np.ndarray]:
    return [picture.luma for picture in VideoReader(probe(path)).frames()]


def test_a_box_its_matte_and_the_matte_given_back(ask: Ask, clip: Path, tmp_path: Path) -> None:
    out, matte, seen = tmp_path / "out.mkv", tmp_path / "matte.mkv", tmp_path / "seen.png"
    code, value = ask(
        *("inpaint", clip, "--box", box(8), "-o", out, "--codec", "ffv1"),
        *("--matte-out", matte, "--seen-out", seen),
    )
    assert code == 0, value
    (take,) = value["takes"]
    assert (take["media"], take["duration_frames"], take["start_frame"]) == (str(out), COUNT, 0)
    assert len(take["fillings"][0]["seen"]) == len(take["fillings"][0]["filled"])
    assert seen.read_bytes().startswith(b"\x89PNG")
    made, own, mattes = lumas(out), lumas(clip), lumas(matte)
    for picture, source, hidden in zip(made, own, mattes, strict=True):
        assert np.array_equal(picture[hidden == 0], source[hidden == 0])
    changed = [not np.array_equal(a, b) for a, b in zip(made, own, strict=True)]
    assert sum(changed) >= COUNT - 2
    _, media = ask("probe", out)
    assert len(media["audio_streams"]) == 1
    again = tmp_path / "again.mkv"
    code, value = ask("inpaint", clip, "--mask", matte, "-o", again, "--codec", "ffv1")
    assert code == 0, value
    assert all(np.array_equal(a, b) for a, b in zip(lumas(again), made, strict=True))


def test_on_a_timeline_only_what_is_shown_is_made(ask: Ask, clip: Path, tmp_path: Path) -> None:
    def span(start: int, count: int) -> TimeRange:
        return TimeRange(RationalTime(start, 25), RationalTime(count, 25))

    shown = otio.schema.Clip(
        "Walk", otio.schema.ExternalReference(clip.as_uri(), span(0, COUNT)), span(10, 5)
    )
    timeline = otio.schema.Timeline("edit")
    timeline.tracks.append(otio.schema.Track("V1", [shown], kind="Video"))
    edit, out = tmp_path / "edit.otio", tmp_path / "out.otio"
    otio.adapters.write_to_file(timeline, str(edit))
    code, value = ask("inpaint", edit, "--clip", "Walk", "--box", box(12), "-o", out)
    assert code == 0, value
    (take,) = value["takes"]
    assert (take["start_frame"], take["duration_frames"]) == (2, 18)
    written = otio.adapters.read_from_file(str(out))
    (filled,) = written.video_tracks()[0]
    assert filled.source_range == span(8, 5)
    made = Path(value["takes"][0]["media"])
    assert probe(made).video.frame_count == 18


def test_what_it_would_cost_and_what_cannot_be(ask: Ask, clip: Path, tmp_path: Path) -> None:
    code, value = ask("inpaint", clip, "--box", box(0), "--dry-run")
    assert code == 0, value
    assert value["estimates"][0]["total_frames"] == COUNT
    wrong = tmp_path / "wrong.png"
    write_png(wrong, np.zeros((20, 30, 3), np.uint8))
    out = ("-o", tmp_path / "no.mov")
    for arguments, expected, words in (
        (("--mask", wrong), 3, "is 30×20 and the clip 112×64"),
        (("--mask", tmp_path / "missing.png"), 3, "missing.png"),
        (("--box", "200,0,5,5"), 2, "lies outside the picture"),
        (("--box", "0,0,112,64"), 2, "covers the whole picture"),
        (("--box", box(0), "--prompt", "a dog"), 4, "longtake models install wan-vace"),
        (("--box", box(0), "--model", "motion"), 2, 'No model "motion" can inpaint here'),
    ):
        code, value = ask("inpaint", clip, *arguments, *out)
        assert code == expected, value
        assert words in value["error"]["message"]
    assert list(tmp_path.iterdir()) == [wrong]
