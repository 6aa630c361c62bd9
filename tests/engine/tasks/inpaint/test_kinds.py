"""Clips of other kinds: interlaced, HDR, grainy, of images, with flashes; and plain stills."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from longtake_engine.errors import BadInput
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Color, Picture
from longtake_engine.tasks.inpaint.grain import lacking
from longtake_engine.tasks.inpaint.shots import find_shots
from longtake_engine.testing.media import make_clip, make_images
from longtake_engine.testing.picture import crossing, format_of, textured


@pytest.fixture
def corner(tmp_path):
    """A mask image over a corner of a picture of 128×72."""
    mask = np.zeros((72, 128), np.uint8)
    mask[50:62, 100:118] = 255
    path = tmp_path / "corner.png"
    assert cv2.imwrite(str(path), mask)
    return path


def test_an_interlaced_clip_is_refused_unless_asked_for(tmp_path, fill, corner):
    clip = make_clip(
        tmp_path / "fields.mov",
        frames=6,
        codec="prores_ks",
        pixel_format="yuv422p10le",
        field_order="tt",
        fields=True,
    )
    with pytest.raises(BadInput, match=r"interlaced; add --deinterlace"):
        fill(clip, corner)
    done = fill(clip, corner, deinterlace=True)
    assert done.take.duration_frames == 6
    assert probe(done.take.media_path).video.interlaced is False


def test_hdr_keeps_its_tags_and_its_depth(tmp_path, fill, corner):
    color = Color("tv", "bt2020nc", "bt2020", "smpte2084")
    clip = make_clip(tmp_path / "hdr.mkv", frames=4, pixel_format="yuv420p10le", color=color)
    video = probe(fill(clip, corner).take.media_path).video
    assert (video.color, video.pixel_format) == (color, "yuv420p10le")


def test_a_sequence_of_images_and_a_still(tmp_path, fill, corner, out):
    folder = make_images(tmp_path / "shots", frames=4)
    done = fill(folder, corner, sequence_rate=Fraction(25))
    assert (done.take.duration_frames, done.take.rate) == (4, Fraction(25))
    still = make_images(tmp_path / "one", frames=1)
    take = fill(still, corner, path=out.with_name("still.mkv")).take
    assert take.duration_frames == 1
    assert take.fillings[0].seen_share == (0.0,)
    assert any("no room beside the hole" in note for note in take.notes) or take.score.ssim > 0


def test_a_flash_parts_no_shot_and_a_cut_does(write):
    format = format_of("gray", 96, 64)
    pictures = crossing(format, 30, 2, 16)
    bright = Picture((np.full_like(pictures[0].luma, 250),), format)
    other = [textured(format, 0, 0, seed=7)] * 15
    clip = write([*pictures[:12], bright, *pictures[13:], *other])
    reader = VideoReader(probe(clip))
    shots = [shot for shot in find_shots(reader, range(45)) if shot is not None]
    assert shots == [range(30), range(30, 45)]
    part = [shot for shot in find_shots(reader, range(5, 40)) if shot is not None]
    assert part == [range(5, 30), range(30, 40)]


def test_cuts_of_a_long_clip_are_all_found(write):
    format = format_of("gray", 64, 48)
    scenes = [crossing(format, 50, 0, 16), [textured(format, 0, 0, seed=3)] * 160]
    clip = write([*scenes[0], *scenes[1], *scenes[0]])
    shots = [s for s in find_shots(VideoReader(probe(clip)), range(260)) if s is not None]
    assert shots == [range(50), range(50, 210), range(210, 260)]


def grainy(luma: np.ndarray, strength: float, seed: int) -> np.ndarray:
    noise = np.random.default_rng(seed).normal(0, strength, luma.shape)
    return np.clip(luma + noise, 0, 255).astype(np.uint8)


def test_a_smooth_filling_of_a_grainy_picture_lacks_grain_and_a_grainy_one_does_not():
    matte = np.zeros((144, 256), np.uint8)
    matte[40:100, 60:160] = 255
    plain = cv2.GaussianBlur(textured(format_of("gray", 256, 144)).luma, (0, 0), 6)
    noisy = grainy(plain, 5, 1)
    smooth = np.where(matte > 0, plain, noisy)
    half = np.where(matte > 0, grainy(plain, 2.5, 2), noisy)
    assert lacking(smooth, matte) > 0.9
    assert 0.6 < lacking(half, matte) < 0.95
    assert lacking(noisy, matte) == 0
    assert lacking(smooth, np.zeros_like(matte)) == 0


def test_what_fills_a_grainy_clip_is_grainy(write, mask_video, fill):
    format = format_of("gray", 256, 144)
    plain = cv2.GaussianBlur(textured(format).luma, (0, 0), 6)
    own = [Picture((grainy(plain, 5, number),), format) for number in range(12)]
    mask = np.zeros((144, 256), np.uint8)
    mask[40:100, 60:160] = 255
    done = fill(write(own), mask_video([mask] * 12))
    made = done.pictures()
    inner = np.s_[50:90, 70:150]
    assert any("grainy" in note for note in done.take.notes)
    # No frame shows what lies there, so the backend leaves plain paint: all of this is grain.
    assert 3.5 < np.mean([picture.luma[inner].std() for picture in made]) < 7
    apart = made[3].luma[inner].astype(int) - made[4].luma[inner]
    assert apart.std() > 5  # and each frame has its own
