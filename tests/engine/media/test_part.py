"""A part of a clip read alone, in another clip's size and kind."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.media.conform import conform, fit_within
from longtake_engine.media.info import SoundFormat
from longtake_engine.media.probe import probe
from longtake_engine.media.resample import resampled
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Color, Picture
from longtake_engine.testing.media import LONG_GOP, Sound, known_samples, make_clip, read_number
from longtake_engine.testing.picture import format_of, psnr_db, textured

RATE = Fraction(30000, 1001)


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("part") / "clip.mp4"
    options = {"codec": "libx264", "options": LONG_GOP}
    return make_clip(path, frames=40, rate=RATE, audio=(Sound(codec="aac"),), **options)


def test_a_part_is_numbered_anew(clip):
    reader = VideoReader(probe(clip), shown=range(12, 30))
    assert reader.frame_count == 18
    assert [read_number(picture) for picture in reader.frames()] == list(range(12, 30))
    assert [read_number(picture) for picture in reader.frames(3, 5)] == [15, 16]
    assert [read_number(picture) for picture in reader.frames(-4, 1)] == [12]
    assert list(reader.frames(18, 40)) == []
    last = VideoReader(probe(clip), shown=range(39, 40))
    assert [read_number(picture) for picture in last.frames()] == [39]


def test_the_sound_of_a_part_begins_with_its_first_frame(tmp_path):
    sound = Sound()
    path = make_clip(tmp_path / "clip.mkv", frames=40, rate=RATE, audio=(sound,))
    reader = SoundReader(probe(path), shown=range(10, 30))
    begin = round(10 * 48000 / RATE)
    assert reader.sample_count == round(20 * 48000 / RATE)
    samples = np.concatenate(list(reader.blocks()), axis=1)
    assert np.array_equal(samples, known_samples(sound, begin, begin + reader.sample_count))
    assert np.array_equal(
        np.concatenate(list(reader.blocks(500, 900)), axis=1), samples[:, 500:900]
    )


def test_pictures_come_in_the_format_that_is_asked_for(clip):
    target = format_of("yuv422p10le", 64, 36, Color("tv", "bt709", "bt709", "bt709"))
    reader = VideoReader(probe(clip), target=target)
    assert reader.format == target
    (picture,) = reader.frames(7, 8)
    assert picture.format == target
    assert [plane.shape for plane in picture.planes] == [(36, 64), (36, 32), (36, 32)]
    assert read_number(picture) == 7


@pytest.mark.parametrize("name", ["yuv420p", "yuv444p10le", "gbrp", "gray", "yuva444p12le"])
def test_a_picture_comes_back_from_another_kind_as_it_was(name):
    picture = textured(format_of("yuv444p10le", 96, 64, Color("tv", "bt709")))
    flat = tuple(np.full_like(plane, 512) for plane in picture.planes[1:])
    picture = Picture((picture.luma, *flat), picture.format)
    other = format_of(name, 96, 64, Color("pc" if name == "gray" else "tv", "bt709"))
    back = conform(conform(picture, other), picture.format)
    assert psnr_db(back, picture) > 40


def test_range_and_matrix_are_minded():
    limited = format_of("yuv420p", 64, 48, Color("tv", "smpte170m"))
    full = format_of("yuv420p", 64, 48, Color("pc", "smpte170m"))
    white = Picture(
        tuple(np.full(limited.plane_size(n), (235, 128, 128)[n], np.uint8) for n in range(3)),
        limited,
    )
    assert conform(white, full).luma.mean() == pytest.approx(255, abs=1)
    red = Picture(
        tuple(np.full(limited.plane_size(n), (81, 90, 240)[n], np.uint8) for n in range(3)), limited
    )
    hd = conform(red, replace(limited, color=Color("tv", "bt709")))
    assert [round(float(p.mean())) for p in hd.planes] == pytest.approx([63, 102, 240], abs=2)


@pytest.mark.parametrize("name", ["yuv420p", "yuv444p10le", "gbrp", "gray", "yuva444p12le"])
@pytest.mark.parametrize("size", [(50, 48), (96, 30)])
def test_a_picture_within_another_has_black_around_it(name, size):
    target = format_of(name, 96, 48, Color("tv", "bt709"))
    picture = textured(replace(target, width=size[0], height=size[1]))
    made = conform(picture, target, inside=size)
    assert made.format == target
    black = {"gbrp": 0, "yuv444p10le": 64, "yuva444p12le": 256}.get(name, 16)
    left, top = (96 - size[0]) // 4 * 2, (48 - size[1]) // 4 * 2
    inner = np.s_[top : top + size[1], left : left + size[0]]
    assert np.array_equal(made.luma[inner], picture.luma)
    outer = made.luma.astype(int)
    outer[inner] = black
    assert (outer == black).all()
    if target.has_alpha:
        alpha = made.planes[-1].copy()
        alpha[inner] = target.max_value
        assert (alpha == target.max_value).all()


def test_the_largest_size_of_a_shape_within_another():
    wide = format_of("yuv420p", 1920, 1080)
    assert fit_within(4 / 3, wide, 16 / 9) == (1440, 1080)
    assert fit_within(2.4, wide, 16 / 9) == (1920, 800)
    assert fit_within(16 / 9, wide, 16 / 9) == (1920, 1080)


def test_the_same_numbers_are_not_touched():
    picture = textured(format_of("yuv420p", 96, 64, Color("tv", "bt709", "bt709", "bt709")))
    untagged = replace(picture.format, color=Color("", "bt709"))
    same = conform(picture, untagged)
    assert same.format == untagged
    assert all(a is b for a, b in zip(same.planes, picture.planes, strict=True))
    assert conform(picture, picture.format) is picture


def test_sound_at_another_rate_and_layout():
    source = SoundFormat(44100, "mono", 1, np.dtype(np.float32), 32)
    target = SoundFormat(48000, "stereo", 2, np.dtype(np.int16), 16)
    time = np.arange(44100) / 44100
    sine = 0.5 * np.sin(2 * np.pi * 440 * time)[None].astype(np.float32)
    blocks = (sine[:, at : at + 1000] for at in range(0, 44100, 1000))
    made = np.concatenate(list(resampled(blocks, source, target)), axis=1)
    assert made.shape[0] == 2
    assert made.shape[1] == pytest.approx(48000, abs=64)
    spectrum = np.abs(np.fft.rfft(made[0, :48000] * np.hanning(made[0, :48000].size)))
    assert spectrum.argmax() == pytest.approx(440, abs=1)
    same = list(resampled([sine], source, source))
    assert same[0] is sine
