import numpy as np
import pytest
from longtake_engine.models.diffusion.color import from_rgb, to_rgb
from longtake_engine.picture import Color, Picture
from longtake_engine.testing.picture import format_of

FORMATS = ["yuv420p", "yuv422p10le", "yuv444p12le", "yuv411p", "gbrp", "gbrp10le", "gray16le"]


def plain(name: str, levels: tuple[int, ...], color: Color | None = None) -> Picture:
    format = format_of(name, 33, 17, color)
    planes = tuple(
        np.full(format.plane_size(n), level, format.dtype) for n, level in enumerate(levels)
    )
    return Picture(planes, format)


def smooth(name: str, color: Color | None = None) -> Picture:
    """Slopes in every plane, within colours that there are."""
    format = format_of(name, 64, 48, color)
    planes = []
    for number in range(format.plane_count):
        height, width = format.plane_size(number)
        slope = np.add.outer(np.arange(height) / height, np.arange(width) / width) / 2
        low, high = (0.4, 0.6) if format.is_chroma(number) else (0.3, 0.7)
        levels = (low + (high - low) * slope) * format.max_value
        planes.append(np.rint(levels).astype(format.dtype))
    return Picture(tuple(planes), format)


@pytest.mark.parametrize(
    ("picture", "rgb"),
    [
        # ITU-R BT.709's and BT.601's primaries in limited range, rounded to 8 bits
        (plain("yuv444p", (63, 102, 240), Color("tv", "bt709")), (1, 0, 0)),
        (plain("yuv420p", (82, 90, 240), Color("tv", "smpte170m")), (1, 0, 0)),
        (plain("yuv444p", (173, 42, 26), Color("tv", "bt709")), (0, 1, 0)),
        (plain("yuv444p10le", (940, 512, 512), Color("tv", "bt709")), (1, 1, 1)),
        (plain("yuv444p10le", (64, 512, 512), Color("tv", "bt2020nc")), (0, 0, 0)),
        (plain("yuv420p", (255, 128, 128), Color("pc", "bt709")), (1, 1, 1)),
        (plain("gbrp", (0, 0, 255)), (1, 0, 0)),
        (plain("gray", (255,)), (1, 1, 1)),
    ],
)
def test_numbers_mean_what_standards_say(picture, rgb):
    made = to_rgb(picture)
    assert made.dtype == np.float32
    assert np.abs(made - np.asarray(rgb)).max() < 0.012


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("color", [Color(), Color("pc", "bt709"), Color("tv", "bt2020nc")])
def test_there_and_back_is_the_same_picture(name, color):
    picture = smooth(name, color)
    again = from_rgb(to_rgb(picture), picture.format)
    for number, (one, two) in enumerate(zip(picture.planes, again.planes, strict=True)):
        assert two.dtype == one.dtype and two.shape == one.shape and two.flags.c_contiguous
        off = np.abs(one.astype(float) - two) / picture.format.max_value
        # Smaller planes are blurred a little where they slope: half an 8-bit level.
        assert off.max() < (0.6 / 255 if picture.format.is_chroma(number) else 1.2 / 255)


def test_alpha_is_kept_or_opaque():
    format = format_of("yuva444p10le", 16, 16)
    rgb = np.full((16, 16, 3), 0.5, np.float32)
    assert (from_rgb(rgb, format).planes[3] == 1023).all()
    alpha = np.full((16, 16), 7, np.uint16)
    assert (from_rgb(rgb, format, alpha).planes[3] == 7).all()
