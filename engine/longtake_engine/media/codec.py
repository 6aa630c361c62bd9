"""Which encoder writes which pictures into which container, and how."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import av

from longtake_engine.errors import NotPossible, WrongCall
from longtake_engine.media.info import MediaInfo, VideoInfo
from longtake_engine.picture import PictureFormat

CodecChoice = Literal["prores", "dnxhr", "ffv1", "h264", "source"]

_SUFFIXES: dict[str, tuple[str, ...]] = {
    "prores": (".mov", ".mkv"),
    "dnxhr": (".mov", ".mkv"),
    "ffv1": (".mkv",),  # .mov takes no FFV1, .avi loses colour tags and timecode
    "h264": (".mp4", ".mov", ".mkv"),
}
_NAMES = {"prores": "ProRes", "dnxhr": "DNxHR", "ffv1": "FFV1", "h264": "H.264"}
_DNXHR_MIN_SIZE = (256, 120)  # width, height

# A quantiser of 2 in FFmpeg's unit of 118: near the least loss that these codecs can do.
_FINEST = {"flags": "+qscale", "global_quality": "236"}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How FFmpeg is to encode pictures."""

    encoder: str
    pixel_format: str
    options: dict[str, str] = field(default_factory=dict)
    full_range: bool = False  # whether the numbers written are full range


@dataclass(frozen=True, slots=True)
class _SameCodec:
    """How to write the codec that a source came in."""

    encoder: str
    suffixes: tuple[str, ...]
    options: dict[str, str] = field(default_factory=dict)


def default_suffix(codec: CodecChoice) -> str:
    """The suffix of a file that holds `codec`."""
    return _SUFFIXES.get(codec, (".mov",))[0]


def check_output(path: Path, codec: CodecChoice, format: PictureFormat, source: MediaInfo) -> None:
    """Raise a sentence where `codec` in the container that `path` names cannot hold such pictures.

    Raises:
        WrongCall: The suffix does not go with the codec.
        NotPossible: The codec cannot hold them.
    """
    choose_encoding(codec, format, source)
    if codec == "source":
        name, taken = source.video.codec, _same_codec(source.video).suffixes
    else:
        name, taken = _NAMES[codec], _SUFFIXES[codec]
    if path.suffix.lower() not in taken:
        raise WrongCall(f"{path.name} cannot hold {name}; end its name in {' or '.join(taken)}.")


def choose_encoding(codec: CodecChoice, format: PictureFormat, source: MediaInfo) -> Encoding:
    """The encoder, its pixel format and options for pictures of `format`.

    Raises:
        NotPossible: The codec cannot hold them.
    """
    if codec == "prores":
        return _prores(format)
    if codec == "dnxhr":
        return _dnxhr(format)
    if codec == "ffv1":
        return Encoding("ffv1", _ffv1_pixels(format), _ffv1_options(format), _is_full(format))
    if codec == "h264":
        return _h264(format)
    return _as_source(format, source.video)


def _is_full(format: PictureFormat) -> bool:
    return format.color.range == "pc" or format.family == "rgb"


def _is_444(format: PictureFormat) -> bool:
    return format.family == "rgb" or (
        format.family == "yuv" and not format.chroma_shift_x and not format.chroma_shift_y
    )


def _prores(format: PictureFormat) -> Encoding:
    # prores_aw is three times as fast as prores_ks on two cores, and loses less; but it takes
    # even widths only.
    encoder = "prores_ks" if format.width % 2 else "prores_aw"
    if format.has_alpha:
        return Encoding(encoder, "yuva444p10le", {"profile": "4"})
    if _is_444(format):
        return Encoding(encoder, "yuv444p10le", {"profile": "4"})
    return Encoding(encoder, "yuv422p10le", {"profile": "3"})


def _dnxhr(format: PictureFormat) -> Encoding:
    _refuse_alpha(format, "DNxHR")
    width, height = _DNXHR_MIN_SIZE
    if format.width < width or format.height < height:
        raise NotPossible(
            f"DNxHR begins at {width}×{height} and this clip has {format.width}×{format.height};"
            " use --codec prores."
        )
    if _is_444(format):
        return Encoding("dnxhd", "yuv444p10le", {"profile": "dnxhr_444"})
    if format.bit_depth > 8:
        return Encoding("dnxhd", "yuv422p10le", {"profile": "dnxhr_hqx"})
    return Encoding("dnxhd", "yuv422p", {"profile": "dnxhr_hq"})


def _ffv1_pixels(format: PictureFormat) -> str:
    name = {"gbrp": "bgr0", "gbrap": "bgra"}.get(format.pixel_format, format.pixel_format)
    if name not in _pixel_formats("ffv1"):
        raise NotPossible(f"FFV1 cannot hold {name} pictures; use --codec prores.")
    return name


def _ffv1_options(format: PictureFormat) -> dict[str, str]:
    if format.chroma_shift_x > 1 and format.width % 8:
        # FFmpeg's slices lose the last chroma column of 4:1:1 and 4:1:0 at such widths, and it
        # makes no slices up to level 1. Seen with FFmpeg 8.1; may go when it no longer happens.
        return {"level": "1"}
    return {"level": "3", "slicecrc": "1"}


def _h264(format: PictureFormat) -> Encoding:
    _refuse_alpha(format, "H.264")
    # Few players take 4:4:4, so what is finer than 4:2:0 becomes 4:2:2.
    sampling = "420" if format.family == "gray" or format.chroma_shift_y else "422"
    if format.width % 2 or (format.height % 2 and sampling == "420"):
        raise NotPossible(
            f"H.264 needs even sizes and this clip has {format.width}×{format.height};"
            " use --codec prores."
        )
    depth = "p10le" if format.bit_depth > 8 else "p"
    # A short look-ahead bounds the pictures that the encoder keeps; here it costs little.
    options = {"crf": "15", "preset": "fast", "rc-lookahead": "20"}
    full = _is_full(format) and format.family != "rgb"
    return Encoding("libx264", f"yuv{sampling}{depth}", options, full)


def _refuse_alpha(format: PictureFormat, name: str) -> None:
    if format.has_alpha:
        raise NotPossible(
            f"{name} cannot hold transparency; use --codec prores or ffv1, which keep it."
        )


# x265 is known to hang now and then at its end when it encodes several frames at a time.
_X265 = "log-level=error:frame-threads=1"


def _same_codec(video: VideoInfo) -> _SameCodec:
    clip, any_, lossless = (".mp4", ".mov", ".mkv"), (".mov", ".mkv", ".avi"), {}
    same = {
        "prores": _SameCodec("prores_aw", (".mov", ".mkv")),
        "dnxhd": _SameCodec("dnxhd", (".mov", ".mkv")),
        "h264": _SameCodec("libx264", clip, {"crf": "14", "preset": "fast"}),
        "hevc": _SameCodec("libx265", clip, {"crf": "14", "preset": "fast", "x265-params": _X265}),
        "vp9": _SameCodec(
            "libvpx-vp9", (".mkv", ".webm", ".mp4"), {"crf": "15", "b": "0", "cpu-used": "4"}
        ),
        "av1": _SameCodec("libsvtav1", (".mp4", ".mkv", ".webm"), {"crf": "18", "preset": "8"}),
        "mpeg2video": _SameCodec("mpeg2video", (".mov", ".mkv", ".mp4"), _FINEST),
        "mpeg4": _SameCodec("mpeg4", (".mp4", ".mov", ".mkv", ".avi"), _FINEST),
        "mjpeg": _SameCodec("mjpeg", any_, {**_FINEST, "strict": "unofficial"}),
        "ffv1": _SameCodec("ffv1", (".mkv",), {"level": "3", "slicecrc": "1"}),
        "ffvhuff": _SameCodec("ffvhuff", (".avi", ".mkv"), lossless),
        "huffyuv": _SameCodec("huffyuv", (".avi", ".mkv"), lossless),
        "utvideo": _SameCodec("utvideo", (".avi", ".mkv", ".mov"), lossless),
        "v210": _SameCodec("v210", (".mov", ".mkv", ".avi"), lossless),
        "qtrle": _SameCodec("qtrle", (".mov", ".mkv"), lossless),
        "png": _SameCodec("png", (".mov", ".mkv", ".avi"), lossless),
    }.get(video.codec)
    if same is None:
        raise NotPossible(
            f"There is no encoder for {video.codec} here; use --codec prores, or ffv1 for no loss."
        )
    return same


def _as_source(format: PictureFormat, video: VideoInfo) -> Encoding:
    if video.codec == "prores":
        return _prores_like(format, video.profile)
    if video.codec == "dnxhd":
        return _dnxhr(format)
    same = _same_codec(video)
    stored = video.pixel_format
    wanted = (stored, format.pixel_format, {"gbrp": "bgr0", "gbrap": "bgra"}.get(stored, stored))
    taken = _pixel_formats(same.encoder)
    name = next((w.replace("yuvj", "yuv") for w in wanted if w.replace("yuvj", "yuv") in taken), "")
    if not name:
        raise NotPossible(
            f"The {video.codec} encoder here cannot write {stored} pictures; use --codec prores,"
            " or ffv1 for no loss."
        )
    return Encoding(same.encoder, name, same.options, _is_full(format))


def _prores_like(format: PictureFormat, profile: str) -> Encoding:
    number = {"Proxy": 0, "LT": 1, "Standard": 2, "HQ": 3, "4444": 4, "XQ": 5}.get(profile, 3)
    made = _prores(format)
    if (number >= 4) != (made.pixel_format != "yuv422p10le"):
        return made
    return Encoding(made.encoder, made.pixel_format, {"profile": str(number)})


def _pixel_formats(encoder: str) -> set[str]:
    return {format.name for format in av.Codec(encoder, "w").video_formats or ()}
