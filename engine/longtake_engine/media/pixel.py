"""Pixel formats: which planar one a stored one unpacks to without loss, and its planes."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from av.video.format import VideoFormat
from av.video.frame import VideoFrame

from longtake_engine.errors import NotPossible
from longtake_engine.picture import Color, Picture, PictureFormat


@dataclass(frozen=True, slots=True)
class _Source:
    """Where one plane lies among the numbers of a stored one."""

    plane: int
    offset: int = 0  # numbers before the first of this component
    step: int = 1  # numbers from one to the next
    shift: int = 0  # unused low bits


@dataclass(frozen=True, slots=True)
class _Unpacking:
    planar: str
    sources: tuple[_Source, ...]


def _interleaved(planar: str, order: str, want: str) -> _Unpacking:
    """Components lying side by side in one plane in the order of letters `order`."""
    sources = tuple(_Source(0, order.index(letter), len(order)) for letter in want)
    return _Unpacking(planar, sources)


def _semi_planar(planar: str, shift: int = 0, swapped: bool = False) -> _Unpacking:
    u, v = (1, 0) if swapped else (0, 1)
    return _Unpacking(
        planar, (_Source(0, 0, 1, shift), _Source(1, u, 2, shift), _Source(1, v, 2, shift))
    )


def _packed_422(planar: str, y: int, u: int, v: int, shift: int = 0) -> _Unpacking:
    return _Unpacking(
        planar, (_Source(0, y, 2, shift), _Source(0, u, 4, shift), _Source(0, v, 4, shift))
    )


def _unpackings() -> dict[str, _Unpacking]:
    table = {
        "ya8": _interleaved("gbrap", "YA", "YYYA"),
        "ya16le": _interleaved("gbrap16le", "YA", "YYYA"),
        "nv12": _semi_planar("yuv420p"),
        "nv21": _semi_planar("yuv420p", swapped=True),
        "nv16": _semi_planar("yuv422p"),
        "nv24": _semi_planar("yuv444p"),
        "nv42": _semi_planar("yuv444p", swapped=True),
        "nv20le": _semi_planar("yuv422p10le"),
        "yuyv422": _packed_422("yuv422p", 0, 1, 3),
        "uyvy422": _packed_422("yuv422p", 1, 0, 2),
        "yvyu422": _packed_422("yuv422p", 0, 3, 1),
        "y210le": _packed_422("yuv422p10le", 0, 1, 3, 6),
        "y212le": _packed_422("yuv422p12le", 0, 1, 3, 4),
        "vuya": _interleaved("yuva444p", "VUYA", "YUVA"),
        "vuyx": _interleaved("yuv444p", "VUYX", "YUV"),
        "ayuv": _interleaved("yuva444p", "AYUV", "YUVA"),
        "uyva": _interleaved("yuva444p", "UYVA", "YUVA"),
        "vyu444": _interleaved("yuv444p", "VYU", "YUV"),
        "ayuv64le": _interleaved("yuva444p16le", "AYUV", "YUVA"),
        "rgb48le": _interleaved("gbrp16le", "RGB", "GBR"),
        "bgr48le": _interleaved("gbrp16le", "BGR", "GBR"),
        "rgba64le": _interleaved("gbrap16le", "RGBA", "GBRA"),
        "bgra64le": _interleaved("gbrap16le", "BGRA", "GBRA"),
    }
    for order in ("RGB", "BGR"):
        table[f"{order.lower()}24"] = _interleaved("gbrp", order, "GBR")
    for order in ("RGBX", "BGRX", "XRGB", "XBGR"):
        table[order.lower().replace("x", "0")] = _interleaved("gbrp", order, "GBR")
        with_alpha = order.replace("X", "A")
        table[with_alpha.lower()] = _interleaved("gbrap", with_alpha, "GBRA")
    for sampling, name in (("420", "p0"), ("422", "p2"), ("444", "p4")):
        for bits in (10, 12, 16):
            unpacking = _semi_planar(f"yuv{sampling}p{bits}le", 16 - bits)
            table[f"{name}{bits}le"] = unpacking
    return table


_UNPACKINGS = _unpackings()

# Formats whose numbers are not whole bytes. swscale widens them; no two numbers fall together.
_BY_SWSCALE = {
    "pal8": "gbrap",
    "monow": "gray",
    "monob": "gray",
    "rgb565le": "gbrp",
    "bgr565le": "gbrp",
    "rgb555le": "gbrp",
    "bgr555le": "gbrp",
    "rgb8": "gbrp",
    "bgr8": "gbrp",
    "rgb4_byte": "gbrp",
    "bgr4_byte": "gbrp",
    "x2rgb10le": "gbrp10le",
    "x2bgr10le": "gbrp10le",
    "gbrap9le": "gbrap10le",
}


def describe(
    pixel_format: str, width: int, height: int, color: Color, *, opaque: bool = False
) -> PictureFormat:
    """The planar format that pictures stored as `pixel_format` are worked on in.

    `opaque` leaves out an alpha that is known to say nothing.

    Raises:
        NotPossible: There is none: floating point, raw sensor data and the like.
    """
    name = planar_name(pixel_format)
    if opaque:
        name = name.replace("yuva", "yuv").replace("gbrap", "gbrp")
    format = VideoFormat(name, 32, 32)
    components = format.components
    bits = max(c.bits for c in components)
    color_parts = [c for c in components if not c.is_alpha]
    family = "rgb" if format.is_rgb else "gray" if len(color_parts) == 1 else "yuv"
    shift_x = shift_y = 0
    if family == "yuv":
        shift_x = (32 // components[1].width).bit_length() - 1
        shift_y = (32 // components[1].height).bit_length() - 1
    return PictureFormat(
        pixel_format=name,
        width=width,
        height=height,
        family=family,
        bit_depth=max(bits, 8),
        chroma_shift_x=shift_x,
        chroma_shift_y=shift_y,
        has_alpha=any(c.is_alpha for c in components),
        color=color,
    )


def planar_name(pixel_format: str) -> str:
    """FFmpeg's name of the planar little-endian format that `pixel_format` unpacks to without loss.

    Raises:
        NotPossible: There is none.
    """
    name = pixel_format
    if name.startswith("yuvj"):
        return name.replace("yuvj", "yuv", 1)
    if name.endswith("be"):
        name = name[:-2] + "le"
    if name in _UNPACKINGS:
        return _UNPACKINGS[name].planar
    if name in _BY_SWSCALE:
        return _BY_SWSCALE[name]
    format = VideoFormat(name, 32, 32)
    planes = {c.plane for c in format.components}
    takes = name.startswith(("yuv", "gbr", "gray")) and "f" not in name and "msb" not in name
    if not takes or len(planes) != len(format.components):
        raise NotPossible(
            f"Pictures stored as {pixel_format} cannot be worked on; convert the clip to ProRes"
            " 4444, or to 16-bit PNG or TIFF images."
        )
    return name


def is_opaque(frame: VideoFrame) -> bool:
    """Whether no pixel of a bgra or pal8 frame is transparent at all."""
    bgra = frame.reformat(format="bgra")
    return bool((_rows(bgra, 0, np.dtype(np.uint8))[:, 3 : frame.width * 4 : 4] == 255).all())


def unpack(frame: VideoFrame, format: PictureFormat) -> Picture:
    """The planes of a decoded frame, as copies of their own."""
    stored = frame.format.name
    little = stored[:-2] + "le" if stored.endswith("be") else stored
    if little in _BY_SWSCALE:
        frame = frame.reformat(format=format.pixel_format)
        stored = little = format.pixel_format
    unpacking = _UNPACKINGS.get(little)
    sources = unpacking.sources if unpacking else tuple(map(_Source, range(format.plane_count)))
    dtype = format.dtype.newbyteorder(">" if stored.endswith("be") else "<")
    planes = []
    for number, source in zip(range(format.plane_count), sources, strict=False):
        height, width = format.plane_size(number)
        rows = _rows(frame, source.plane, dtype)
        numbers = rows[:height, source.offset :: source.step][:, :width]
        plane = numbers.astype(format.dtype, order="C", copy=True)
        if source.shift:
            plane >>= source.shift
        planes.append(plane)
    return Picture(tuple(planes), format)


def pack(picture: Picture) -> VideoFrame:
    """An FFmpeg frame of the picture's own planar format, holding a copy of its planes."""
    format = picture.format
    frame = VideoFrame(format.width, format.height, format.pixel_format)
    for number, plane in enumerate(picture.planes):
        put_plane(frame, number, plane)
    return frame


def put_plane(frame: VideoFrame, number: int, plane: np.ndarray) -> None:
    """Copy a plane H W into a frame."""
    height, width = plane.shape
    _rows(frame, number, plane.dtype)[:height, :width] = plane


def _rows(frame: VideoFrame, number: int, dtype: np.dtype) -> np.ndarray:
    """The numbers of one stored plane, padding at the end of lines included."""
    plane = frame.planes[number]
    # A frame's plane is a buffer, though PyAV's types do not say so.
    numbers = np.frombuffer(cast(bytes, plane), dtype)
    return numbers.reshape(-1, abs(plane.line_size) // dtype.itemsize)
