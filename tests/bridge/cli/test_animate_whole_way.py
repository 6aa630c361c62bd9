"""`longtake animate` through the daemon and a worker to real files."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import opentimelineio as otio
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.still import write_png
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.testing.picture import format_of, textured
from opentimelineio.opentime import RationalTime, TimeRange

Ask = Callable[..., tuple[int, dict]]
WIDTH, HEIGHT = 160, 96


@pytest.fixture
def still(tmp_path: Path) -> Path:
    green, blue, red = textured(format_of("gbrp", WIDTH, HEIGHT)).planes
    write_png(tmp_path / "still.png", np.dstack([red, green, blue]))
    return tmp_path / "still.png"


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    painted = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    painted[20:76, 40:140] = 255
    write_png(tmp_path / "mask.png", painted)
    return tmp_path / "mask.png"


def test_a_still_flows_into_a_file(ask: Ask, still: Path, mask: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.mkv"
    code, value = ask(
        *("animate", still, "--region", mask, "--direction", "20,0", "--duration", "1s"),
        *("--rate", "29.97", "--loop", "-o", out, "--codec", "ffv1"),
    )
    assert code == 0, value
    (take,) = value["takes"]
    assert (take["duration_frames"], take["rate"]) == (30, "30000/1001")
    video = probe(out).video
    assert (video.frame_count, video.rate) == (30, Fraction(30000, 1001))
    made = list(VideoReader(probe(out)).frames())
    own = textured(format_of("gbrp", WIDTH, HEIGHT))
    assert np.array_equal(made[15].luma[:20], own.luma[:20])
    assert not np.array_equal(made[15].luma[30:60, 60:120], own.luma[30:60, 60:120])


def test_a_mask_of_another_size_is_a_sentence(ask: Ask, still: Path, tmp_path: Path) -> None:
    write_png(tmp_path / "small.png", np.full((9, 9, 3), 255, np.uint8))
    code, value = ask(
        *("animate", still, "--region", tmp_path / "small.png", "--direction", "20,0"),
        *("--duration", "1s", "-o", tmp_path / "out.mov"),
    )
    assert code == 3
    assert "small.png is 9×9 and the clip 160×96" in value["error"]["message"]
    assert not (tmp_path / "out.mov").exists()


def test_a_still_on_a_timeline_moves_in_its_place(
    ask: Ask, still: Path, mask: Path, tmp_path: Path
) -> None:
    shown = TimeRange(RationalTime(0, 25), RationalTime(12, 25))
    reference = otio.schema.ExternalReference(still.as_uri())
    clip = otio.schema.Clip("Beach", reference, shown)
    track = otio.schema.Track("V1", [clip], kind=otio.schema.TrackKind.Video)
    timeline = otio.schema.Timeline("edit")
    timeline.tracks.append(track)
    otio.adapters.write_to_file(timeline, str(tmp_path / "edit.otio"))
    out = tmp_path / "out.otio"
    code, value = ask(
        *("animate", tmp_path / "edit.otio", "--clip", "Beach", "-o", out),
        *("--region", mask, "--direction", "20,0"),
    )
    assert code == 0, value
    (take,) = value["takes"]
    assert (take["duration_frames"], take["rate"]) == (12, "25/1")
    (made,) = otio.adapters.read_from_file(str(out)).video_tracks()[0]
    assert made.source_range == shown
    assert set(made.media_references()) == {otio.schema.Clip.DEFAULT_MEDIA_KEY, "original"}
