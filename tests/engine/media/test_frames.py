"""Frame k is frame k, whatever the container and codec do."""

import os
import tracemalloc
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import psutil
import pytest
from longtake_engine.errors import BadInput
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.testing.media import LONG_GOP, Sound, make_clip

OPEN_GOP = {"x264-params": "open-gop=1:keyint=12:bframes=3:b-adapt=0:scenecut=0"}
SHORT_GOP = {"x264-params": "keyint=12:bframes=3:b-adapt=0:scenecut=0"}
HEVC_OPEN = {
    "x265-params": "log-level=error:pools=none:frame-threads=1:keyint=12:open-gop=1:bframes=3"
}
HALVES = {"bf": "2", "g": "12"}

# Containers and codecs that each hide their frames in another way.
PLACES = [
    ("long.mp4", {"codec": "libx264", "options": LONG_GOP}),
    ("open.mp4", {"codec": "libx264", "options": OPEN_GOP}),
    ("open.mkv", {"codec": "libx264", "options": OPEN_GOP}),
    ("short.mov", {"codec": "libx264", "options": SHORT_GOP}),
    ("hevc.mp4", {"codec": "libx265", "options": HEVC_OPEN, "size": (128, 96)}),
    ("intra.mov", {"codec": "prores_aw", "pixel_format": "yuv422p10le"}),
    ("late.mp4", {"codec": "libx264", "options": SHORT_GOP, "shift_frames": 7}),
    ("late.mkv", {"codec": "libx264", "options": SHORT_GOP, "shift_frames": 7}),
    ("stream.ts", {"codec": "libx264", "options": SHORT_GOP}),
    ("stream.mpg", {"codec": "mpeg2video", "options": HALVES}),
    ("stream.flv", {"codec": "libx264", "options": SHORT_GOP}),
    ("raw.264", {"codec": "libx264", "options": SHORT_GOP}),  # no times at all
    ("no_times.avi", {"codec": "libx264", "options": SHORT_GOP}),
    ("packed.avi", {"codec": "mpeg4", "options": HALVES}),
    ("fragments.mp4", {"codec": "libx264", "options": SHORT_GOP,
                       "container_options": {"movflags": "frag_keyframe+empty_moov"}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "made"), PLACES, ids=[name for name, _ in PLACES])
def test_any_run_of_frames_is_exact(name: str, made: dict, tmp_path: Path, numbers) -> None:
    info = probe(make_clip(tmp_path / name, frames=70, **made))
    assert info.video.frame_count == 70
    assert numbers(info) == list(range(70))
    for start, stop in ((0, 1), (1, 9), (11, 13), (30, 41), (58, 64), (69, 70)):
        assert numbers(info, start, stop) == list(range(start, stop))
    assert numbers(info, 60) == list(range(60, 70))


def test_a_run_entered_in_the_middle_has_the_same_pixels(tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / "open.mp4", codec="libx264", options=OPEN_GOP, frames=70))
    reader = VideoReader(info)
    whole = list(reader.frames())
    for start in (26, 37, 49, 61):
        for number, picture in enumerate(reader.frames(start), start=start):
            for plane, known in zip(picture.planes, whole[number].planes, strict=True):
                assert (plane == known).all(), number


def test_ranges_are_cut_to_what_there_is(tmp_path: Path, numbers) -> None:
    info = probe(make_clip(tmp_path / "a.mkv", frames=5))
    assert numbers(info, -3, 2) == [0, 1]
    assert numbers(info, 4, 99) == [4]
    assert numbers(info, 5) == numbers(info, 3, 3) == numbers(info, 4, 2) == []


def test_two_runs_go_on_beside_one_another(tmp_path: Path) -> None:
    reader = VideoReader(probe(make_clip(tmp_path / "a.mkv", frames=6)))
    pairs = list(zip(reader.frames(0, 4), reader.frames(0, 4), strict=True))
    assert len(pairs) == 4
    assert all((a.luma == b.luma).all() for a, b in pairs)


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_what_an_edit_list_cuts_off_does_not_count(suffix: str, tmp_path: Path, numbers) -> None:
    path = make_clip(
        tmp_path / f"cut{suffix}",
        codec="libx264",
        options=LONG_GOP,
        frames=40,
        shift_frames=-5,
        container_options={"avoid_negative_ts": "disabled"},
    )
    info = probe(path)
    assert info.video.frame_count == 35
    assert numbers(info) == list(range(5, 40))
    assert numbers(info, 30) == list(range(35, 40))


@pytest.mark.parametrize("suffix", [".mp4", ".mkv"])
def test_a_variable_rate_shows_what_is_on_screen(suffix: str, tmp_path: Path, numbers) -> None:
    stays = (1, 1, 2, 1, 3)
    path = make_clip(
        tmp_path / f"vfr{suffix}", codec="libx264", options=LONG_GOP, frames=41, durations=stays
    )
    info = probe(path)
    shown = [number for number in range(41) for _ in range(stays[number % 5])]
    assert info.video.variable_rate
    assert info.video.rate == 25
    assert info.video.frame_count == len(shown)
    assert numbers(info) == shown
    assert numbers(info, 47, 61) == shown[47:61]


def test_rates_that_matroska_rounds_to_milliseconds_are_still_constant(
    tmp_path: Path, numbers
) -> None:
    rate = Fraction(60000, 1001)
    info = probe(make_clip(tmp_path / "a.mkv", frames=100, rate=rate, size=(64, 36)))
    assert (info.video.rate, info.video.variable_rate) == (rate, False)
    assert numbers(info) == list(range(100))


def test_one_frame_is_a_clip(tmp_path: Path, numbers) -> None:
    info = probe(make_clip(tmp_path / "one.mp4", frames=1, codec="libx264"))
    assert (info.video.frame_count, info.video.rate) == (1, 25)
    assert numbers(info) == [0]


@pytest.mark.parametrize(
    ("name", "made", "scan"),
    [
        ("a.mov", {"codec": "mpeg2video", "field_order": "tt"}, "top_first"),
        ("a.mkv", {"codec": "ffv1", "field_order": "bb"}, "bottom_first"),
        (
            "a.mp4",
            {"codec": "libx264", "field_order": "tt", "options": {"x264-params": "tff=1"}},
            "top_first",
        ),
    ],
)
def test_interlaced_clips_are_refused_or_deinterlaced(
    name: str, made: dict, scan: str, tmp_path: Path, numbers
) -> None:
    info = probe(make_clip(tmp_path / name, frames=30, size=(128, 96), **made))
    assert info.video.scan == scan
    with pytest.raises(BadInput, match="--deinterlace"):
        VideoReader(info)
    assert numbers(info, deinterlace=True) == list(range(30))
    assert numbers(info, 27, 30, deinterlace=True) == [27, 28, 29]


def test_deinterlacing_mends_combs(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "a.mkv", frames=6, size=(128, 96), fields=True, field_order="tt")
    info = probe(path)
    stored = list(
        VideoReader(replace(info, video_streams=(replace(info.video, scan=""),))).frames()
    )
    whole = list(VideoReader(info, deinterlace=True).frames())
    for combed, mended in zip(stored[1:-1], whole[1:-1], strict=True):
        assert _combing(combed.luma) > 2 * _combing(mended.luma)


def _combing(luma: np.ndarray) -> float:
    """How much lines differ from the mean of their neighbours, below the barcode."""
    lines = luma[luma.shape[0] // 4 :].astype(float)
    return float(np.abs(lines[1:-1] - (lines[:-2] + lines[2:]) / 2).mean())


def test_several_video_streams_leave_the_first_and_a_note(tmp_path: Path, numbers) -> None:
    info = probe(make_clip(tmp_path / "two.mkv", frames=5, video_streams=2))
    assert numbers(info) == list(range(5))
    assert [stream.index for stream in info.video_streams] == [0, 1]
    assert any("2 video streams" in note for note in info.notes)


def test_subtitles_leave_a_note_and_covers_nothing(tmp_path: Path, numbers) -> None:
    made = {"codec": "mpeg4", "frames": 5}
    info = probe(make_clip(tmp_path / "a.mp4", subtitles=True, cover=True, timecode="01:00:00:00",
                           **made))  # fmt: skip
    assert info.notes == ("Subtitles are not carried on.",)
    assert len(info.video_streams) == 1
    assert info.video.start_timecode == "01:00:00:00"
    assert numbers(info) == list(range(5))


def test_reading_does_not_grow_with_the_clip(tmp_path: Path) -> None:
    size = (640, 360)
    path = make_clip(tmp_path / "long.mkv", frames=90, size=size, codec="mjpeg",
                     pixel_format="yuvj420p")  # fmt: skip
    reader = VideoReader(probe(path))
    process = psutil.Process(os.getpid())
    marks = []
    tracemalloc.start()
    for number, _ in enumerate(reader.frames()):
        if number in (20, 89):
            marks.append((process.memory_info().rss, tracemalloc.get_traced_memory()[0]))
    tracemalloc.stop()
    picture = reader.format.size_bytes
    assert marks[1][1] - marks[0][1] < 4 * picture
    assert marks[1][0] - marks[0][0] < 35 * picture  # of 69 frames in between


def test_a_file_cut_off_behind_its_index_says_so(tmp_path: Path) -> None:
    path = make_clip(
        tmp_path / "cut.mp4",
        codec="libx264",
        options=SHORT_GOP,
        frames=60,
        container_options={"movflags": "faststart"},
    )
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    with pytest.raises(BadInput, match="cut off"):
        probe(path)


def test_a_stream_cut_off_in_the_middle_of_a_picture_counts_what_is_left(
    tmp_path: Path, numbers
) -> None:
    path = make_clip(tmp_path / "cut.mkv", frames=40)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    info = probe(path)
    read = numbers(info)
    assert 5 < info.video.frame_count < 40
    assert len(read) == info.video.frame_count
    assert read[:-2] == list(range(len(read) - 2))


def test_a_hole_of_seconds_is_damage_and_one_of_a_picture_is_bridged(
    tmp_path: Path, numbers
) -> None:
    path = make_clip(
        tmp_path / "hole.mov", frames=60, codec="prores_aw", pixel_format="yuv422p10le"
    )
    size = path.stat().st_size
    whole = path.read_bytes()
    info = probe(path)
    one = size * 20 // 60
    path.write_bytes(whole[:one] + bytes(700) + whole[one + 700 :])
    read = numbers(info)
    assert len(read) == 60
    assert sum(a != b for a, b in zip(read, range(60), strict=True)) <= 2
    path.write_bytes(whole[:one] + bytes(size // 2) + whole[one + size // 2 :])
    with pytest.raises(BadInput, match="damaged: frames"):
        numbers(info)


def test_stamps_and_sound_of_the_same_file_agree(tmp_path: Path) -> None:
    info = probe(make_clip(tmp_path / "a.mov", frames=10, audio=(Sound(),), codec="mjpeg",
                           pixel_format="yuvj420p"))  # fmt: skip
    assert info.audio_streams[0].start_s == 0
    assert info.audio_streams[0].duration_s == pytest.approx(10 / 25)
