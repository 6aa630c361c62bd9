"""Which encoder writes which pictures into which container, and how."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from longtake_engine.errors import NotPossible, WrongCall
from longtake_engine.media.info import MediaInfo
from longtake_engine.picture import PictureFormat

CodecChoice = Literal["prores", "dnxhr", "ffv1", "h264", "source"]

_SUFFIXES: dict[str, tuple[str, ...]] = {
    "prores": (".mov", ".mkv"),
    "dnxhr": (".mov", ".mkv"),
    "ffv1": (".mkv", ".mov", ".avi"),
    "h264": (".mp4", ".mov", ".mkv"),
}


@dataclass(frozen=True, slots=True)
class Encoding:
    """How FFmpeg is to encode pictures."""

    encoder: str
    pixel_format: str
    options: dict[str, str] = field(default_factory=dict)
    full_range: bool = False


def default_suffix(codec: CodecChoice) -> str:
    """The suffix of a file that holds `codec`."""
    return {"prores": ".mov", "dnxhr": ".mov", "ffv1": ".mkv", "h264": ".mp4"}.get(codec, ".mov")


def check_output(path: Path, codec: CodecChoice, format: PictureFormat, source: MediaInfo) -> None:
    """Raise a sentence where `codec` in the container that `path` names cannot hold such pictures.

    Raises:
        WrongCall: The suffix does not go with the codec.
        NotPossible: The codec cannot hold them.
    """
    choose_encoding(codec, format, source)
    taken = _SUFFIXES.get(codec, (".mov", ".mkv", ".mp4"))
    if path.suffix.lower() not in taken:
        raise WrongCall(
            f"{path.name} cannot hold {codec}; give a name that ends in {' or '.join(taken)}."
        )


def choose_encoding(codec: CodecChoice, format: PictureFormat, source: MediaInfo) -> Encoding:
    """The encoder, its pixel format and options for pictures of `format`."""
    full = format.color.range == "pc"
    if codec == "prores":
        if format.has_alpha:
            return Encoding("prores_ks", "yuva444p10le", {"profile": "4444"})
        if format.family == "rgb" or (format.family == "yuv" and not format.chroma_shift_x):
            return Encoding("prores_ks", "yuv444p10le", {"profile": "4444"})
        return Encoding("prores_ks", "yuv422p10le", {"profile": "hq"})
    if codec == "ffv1":
        name = {"gbrp": "bgr0", "gbrap": "bgra"}.get(format.pixel_format, format.pixel_format)
        return Encoding("ffv1", name, {"level": "3", "slicecrc": "1"}, full)
    if format.has_alpha:
        raise NotPossible(f"{codec} cannot hold transparency; use --codec prores.")
    if codec == "h264":
        return Encoding("libx264", "yuv420p", {"crf": "15", "preset": "fast"}, full)
    raise NotPossible(f"{codec} is not there yet; use --codec prores.")
