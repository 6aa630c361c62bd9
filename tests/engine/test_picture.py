import numpy as np
import pytest
from longtake_engine.luma import luma8
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.testing.picture import format_of, textured


def planar(name, family, depth, shifts: tuple[int, int] = (0, 0), *, alpha=False):
    return PictureFormat(name, 97, 61, family, depth, *shifts, alpha)


@pytest.mark.parametrize(
    ("format", "planes", "chroma", "size_bytes"),
    [
        (planar("yuv420p", "yuv", 8, (1, 1)), 3, (31, 49), 97 * 61 + 2 * 49 * 31),
        (planar("yuv422p10le", "yuv", 10, (1, 0)), 3, (61, 49), 2 * (97 * 61 + 2 * 49 * 61)),
        (planar("yuv411p", "yuv", 8, (2, 0)), 3, (61, 25), 97 * 61 + 2 * 25 * 61),
        (planar("yuva444p12le", "yuv", 12, alpha=True), 4, (61, 97), 2 * 4 * 97 * 61),
        (planar("gbrp", "rgb", 8), 3, (61, 97), 3 * 97 * 61),
        (planar("gbrap16le", "rgb", 16, alpha=True), 4, (61, 97), 2 * 4 * 97 * 61),
    ],
)
def test_planes_of_a_format(format, planes, chroma, size_bytes):
    assert format.plane_count == planes
    assert format.plane_size(0) == (61, 97)
    assert format.plane_size(1) == format.plane_size(2) == chroma
    assert format.plane_size(planes - 1) == (chroma if planes == 3 else (61, 97))
    assert format.size_bytes == size_bytes


@pytest.mark.parametrize(
    ("depth", "dtype", "top"), [(8, "uint8", 255), (10, "uint16", 1023), (16, "uint16", 65535)]
)
def test_depth_decides_type_and_top(depth, dtype, top):
    format = planar("gray", "gray", depth)
    assert format.dtype == np.dtype(dtype)
    assert format.max_value == top
    assert format.plane_count == 1


def test_only_yuv_has_chroma():
    yuva, rgb = (
        planar("yuva420p", "yuv", 8, (1, 1), alpha=True),
        planar("gbrap", "rgb", 8, alpha=True),
    )
    assert [yuva.is_chroma(n) for n in range(4)] == [False, True, True, False]
    assert not any(rgb.is_chroma(n) for n in range(4))


@pytest.mark.parametrize(
    "name", ["yuv420p", "yuv411p", "yuv422p10le", "yuv444p12le", "gbrp", "gbrap16le", "gray10le"]
)
def test_formats_agree_with_ffmpegs_own(name):
    from av import VideoFrame

    format = format_of(name, 97, 61)
    frame = VideoFrame(97, 61, name)
    assert format.plane_count == len(frame.planes)
    for number, plane in enumerate(frame.planes):
        assert format.plane_size(number) == (plane.height, plane.width)


@pytest.mark.parametrize("name", ["gray", "yuv420p10le", "gbrp12le", "gray16le"])
def test_luma8_keeps_the_scale(name):
    format = format_of(name, 64, 48)
    flat = np.full((48, 64), format.max_value // 2, format.dtype)
    others = [np.zeros(format.plane_size(n), format.dtype) for n in range(1, format.plane_count)]
    luma = luma8(Picture((flat, *others), format))
    assert luma.dtype == np.uint8
    assert luma.shape == (48, 64)
    assert abs(int(luma[0, 0]) - 127) <= 1
    white = np.full_like(flat, format.max_value)
    assert luma8(Picture((white, *others), format)).min() == 255


def test_luma8_is_made_smaller_only_where_it_is_wider():
    picture = textured(format_of("yuv420p", 97, 61))
    assert luma8(picture, 97) is not None and luma8(picture, 200).shape == (61, 97)
    assert luma8(picture, 48).shape == (30, 48)
    assert abs(float(luma8(picture, 48).mean()) - float(picture.luma.mean())) < 2
