"""Numbers of pictures: bit-exact where nothing need change, rightly rounded where it must."""

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from longtake_engine.errors import NotPossible
from longtake_engine.media.convert import to_frame
from longtake_engine.media.pixel import describe, unpack
from longtake_engine.media.probe import probe
from longtake_engine.media.still import encode_jpeg, to_rgb8, write_png
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Color, Picture, PictureFormat
from longtake_engine.testing.media import make_clip

LOSSLESS = [
    "gray",
    "gray10le",
    "gray12le",
    "gray16le",
    "yuv420p",
    "yuv422p",
    "yuv444p",
    "yuv411p",
    "yuv440p",
    "yuv420p10le",
    "yuv422p10le",
    "yuv444p10le",
    "yuv420p12le",
    "yuv444p12le",
    "yuv420p16le",
    "yuv422p16le",
    "yuv444p16le",
    "yuva420p",
    "yuva422p",
    "yuva444p",
    "yuva444p10le",
    "yuva444p12le",
    "yuva444p16le",
    "gbrp",
    "gbrap",
    "gbrp10le",
    "gbrp12le",
    "gbrp16le",
    "gbrap10le",
    "gbrap12le",
    "gbrap16le",
    "yuv444p9le",
    "gbrp14le",
]
# What cameras and screens store side by side in one plane, and the planes it unpacks to.
PACKED = {
    "rgb24": "gbrp",
    "bgr24": "gbrp",
    "rgba": "gbrap",
    "bgra": "gbrap",
    "argb": "gbrap",
    "abgr": "gbrap",
    "rgb0": "gbrp",
    "0rgb": "gbrp",
    "rgb48le": "gbrp16le",
    "rgb48be": "gbrp16le",
    "rgba64le": "gbrap16le",
    "rgba64be": "gbrap16le",
    "bgra64le": "gbrap16le",
    "gray16be": "gray16le",
    "yuv422p10be": "yuv422p10le",
    "nv12": "yuv420p",
    "nv21": "yuv420p",
    "nv16": "yuv422p",
    "nv24": "yuv444p",
    "p010le": "yuv420p10le",
    "p016le": "yuv420p16le",
    "p210le": "yuv422p10le",
    "p410le": "yuv444p10le",
    "yuyv422": "yuv422p",
    "uyvy422": "yuv422p",
    "yvyu422": "yuv422p",
    "y210le": "yuv422p10le",
    "vuya": "yuva444p",
    "ayuv64le": "yuva444p16le",
    "yuvj420p": "yuv420p",
}


def noise(format: PictureFormat, seed: int) -> Picture:
    random = np.random.default_rng(seed)
    sizes = [format.plane_size(plane) for plane in range(format.plane_count)]
    return Picture(
        tuple(random.integers(0, format.max_value + 1, s).astype(format.dtype) for s in sizes),
        format,
    )


def flat(pixel_format: str, numbers: tuple[int, ...], color: Color) -> Picture:
    format = describe(pixel_format, 64, 36, color)
    sizes = [format.plane_size(plane) for plane in range(format.plane_count)]
    planes = [np.full(s, n, format.dtype) for s, n in zip(sizes, numbers, strict=True)]
    return Picture(tuple(planes), format)


@pytest.mark.parametrize("size", [(64, 36), (61, 35)], ids=str)
@pytest.mark.parametrize("pixel_format", LOSSLESS)
def test_ffv1_keeps_every_number(
    pixel_format: str, size: tuple[int, int], tmp_path: Path, write_pictures
) -> None:
    format = describe(pixel_format, *size, Color("tv", "bt709", "bt709", "bt709"))
    made = [noise(format, seed) for seed in range(3)]
    info = write_pictures(tmp_path / "a.mkv", "ffv1", made)
    reader = VideoReader(info)
    assert reader.format.pixel_format == pixel_format
    for picture, known in zip(reader.frames(), made, strict=True):
        for plane, truth in zip(picture.planes, known.planes, strict=True):
            assert plane.flags.c_contiguous
            assert plane.dtype == truth.dtype
            assert np.array_equal(plane, truth)


@pytest.mark.parametrize("stored", PACKED)
def test_unpacking_loses_nothing(stored: str) -> None:
    # swscale, told to change the layout only, is the second opinion.
    format = describe(stored, 62, 34, Color("pc" if "j" in stored else "tv"))
    assert format.pixel_format == PACKED[stored]
    frame = av.VideoFrame(62, 34, stored)
    random = np.random.default_rng(1)
    for plane in frame.planes:
        plane.update(random.integers(0, 256, plane.buffer_size, np.uint8).tobytes())
    if stored == "yuv422p10be":  # numbers over 1023 are no pictures
        for plane in frame.planes:
            numbers = random.integers(0, 1024, plane.buffer_size // 2).astype(">u2")
            plane.update(numbers.tobytes())
    picture = unpack(frame, format)
    truth = unpack(frame.reformat(format=format.pixel_format), format)
    if "j" in stored:
        truth = unpack(frame, describe("yuv420p", 62, 34, Color("pc")))
    for plane, known in zip(picture.planes, truth.planes, strict=True):
        assert np.array_equal(plane, known)


@pytest.mark.parametrize("name", ["gbrpf32le", "bayer_rggb8", "grayf32le", "xyz12le"])
def test_pictures_that_are_no_numbers_of_light_are_refused(name: str) -> None:
    with pytest.raises(NotPossible, match=name):
        describe(name, 64, 36, Color())


FULL = Color("pc", "bt709", "bt709", "bt709")
LIMITED = Color("tv", "bt709", "bt709", "bt709")
CONVERSIONS = [
    # stored, numbers, tags, written, full range there, numbers there
    ("yuv420p", (0, 128, 128), FULL, "yuv422p10le", False, (64, 512, 512)),
    ("yuv420p", (255, 255, 0), FULL, "yuv422p10le", False, (940, 957, 62)),
    ("yuv420p", (77, 128, 128), LIMITED, "yuv422p10le", False, (308, 512, 512)),
    ("yuv420p", (255, 128, 128), FULL, "yuv422p", False, (235, 128, 128)),
    ("yuv422p10le", (1023, 512, 512), FULL, "yuv422p10le", False, (940, 512, 512)),
    ("yuv422p16le", (60160, 32768, 32768), LIMITED, "yuv422p10le", False, (940, 512, 512)),
    ("yuv420p", (255, 128, 128), FULL, "yuv420p", True, (255, 128, 128)),
    ("gray", (255,), FULL, "yuv422p10le", False, (940, 512, 512)),
    ("gray", (235,), LIMITED, "yuv422p10le", False, (940, 512, 512)),
    ("gbrp", (255, 255, 255), FULL, "yuv444p10le", False, (940, 512, 512)),
    ("gbrp16le", (0, 0, 0), FULL, "yuv444p10le", False, (64, 512, 512)),
    ("gbrap", (255, 255, 255, 255), FULL, "yuva444p10le", False, (940, 512, 512, 1023)),
    ("yuva420p", (235, 128, 128, 255), LIMITED, "yuva444p10le", False, (940, 512, 512, 1023)),
]


@pytest.mark.parametrize("case", CONVERSIONS, ids=lambda case: f"{case[0]}_{case[2].range}")
def test_depth_and_range_are_changed_rightly(case) -> None:
    stored, numbers, color, written, full_range, expected = case
    frame = to_frame(flat(stored, numbers, color), written, full_range=full_range)
    made = unpack(frame, describe(written, 64, 36, color))
    assert [round(plane.mean()) for plane in made.planes] == pytest.approx(expected, abs=1)
    assert made.planes[0].min() == made.planes[0].max()


@pytest.mark.parametrize(
    ("pixel_format", "color", "numbers"),
    [
        ("yuv420p", LIMITED, (63, 102, 240)),
        ("yuv420p", Color("tv", "smpte170m"), (81, 90, 240)),
        ("yuv444p10le", Color("tv", "bt2020nc", "bt2020"), (298, 388, 960)),
        ("yuv444p", Color("pc", "smpte170m"), (76, 85, 255)),
        ("gbrp", Color("", "rgb"), (0, 0, 255)),
        ("gbrap12le", Color("", "rgb"), (0, 0, 4095, 4095)),
    ],
)
def test_red_is_red_for_people(pixel_format: str, color: Color, numbers) -> None:
    picture = flat(pixel_format, numbers, color)
    assert to_rgb8(picture)[10, 10].tolist() == pytest.approx([255, 0, 0], abs=2)
    assert to_rgb8(picture, 18).shape == (18, 32, 3)


def test_previews_are_small_jpegs(tmp_path: Path) -> None:
    picture = flat("yuv422p10le", (500, 512, 512), LIMITED)
    with av.open(io.BytesIO(encode_jpeg(picture, 32)), "r") as container:
        frame = next(container.decode(video=0))
    assert (frame.width, frame.height) == (32, 18)
    write_png(tmp_path / "a.png", to_rgb8(picture))
    still = probe(tmp_path / "a.png").video
    assert (still.codec, still.width, still.height, still.frame_count) == ("png", 64, 36, 1)


def test_a_gif_is_opaque_unless_it_is_not(tmp_path: Path, numbers) -> None:
    info = probe(make_clip(tmp_path / "a.gif", codec="gif", pixel_format="rgb8", rate=Fraction(10)))
    assert (info.video.pixel_format, info.video.has_alpha) == ("bgra", False)
    assert VideoReader(info).format.pixel_format == "gbrp"
    assert numbers(info) == list(range(24))
