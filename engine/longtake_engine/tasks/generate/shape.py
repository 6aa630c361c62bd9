"""What the pictures of a made shot are: their size, rate, kind and number, and whose tags they
carry."""

from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from longtake_engine.errors import WrongCall
from longtake_engine.media.info import MediaInfo, Timing, VideoInfo
from longtake_engine.media.pixel import describe
from longtake_engine.media.probe import probe
from longtake_engine.media.writer import check_output
from longtake_engine.picture import Color, PictureFormat
from longtake_engine.rate import count_frames
from longtake_engine.work import Generate, Spec

RATE = Fraction(24)  # where nothing says another
LARGEST = (3840, 2160)  # what a still's own size is held to
MOST_SIDE = 16384  # pixels
_PIXELS = "yuv422p10le"  # where nothing says others: those of ProRes 422
_PIXELS_WITH_ALPHA = "yuva444p10le"
_SIZE = (1280, 720)
_COLOR = Color("tv", "bt709", "bt709", "bt709")


@dataclass(frozen=True, slots=True)
class Shape:
    """What is to be written."""

    format: PictureFormat
    pixel_aspect: Fraction
    rate: Fraction
    frame_count: int
    source: MediaInfo  # whose tags the file carries, where they fit
    notes: tuple[str, ...] = ()


def shape_of(spec: Spec, first: MediaInfo | None, *, with_alpha: bool = False) -> Shape:
    """What a shot is written as that begins with `first`, a still or a clip; None of words.

    Args:
        spec: Whose work is Generate.
        first: What it is made from; its size counts where nobody says another.
        with_alpha: It shows through where nothing is.

    Raises:
        EngineError: The clip to match cannot be read, or the result not be written so.
    """
    work = spec.work
    assert isinstance(work, Generate)
    like = probe(work.like_path) if work.like_path is not None else None
    first = first or _nothing()
    model = like or first
    rate = work.frame_rate or _rate(work, first, like)
    size, notes = _size(work, model, is_like=like is not None)
    own_aspect = like is not None and work.size is None
    shape = Shape(
        format=_format(size, like, with_alpha=with_alpha and work.like_path is None),
        pixel_aspect=_upright_aspect(model) if own_aspect else Fraction(1),
        rate=rate,
        frame_count=_count(work, first, rate),
        source=model,
        notes=notes,
    )
    shape = replace(shape, source=_tags(shape))
    check_output(spec.output.path, spec.output.codec, shape.format, shape.source)
    return shape


def upright_size(info: MediaInfo) -> tuple[int, int]:
    """Width and height in pixels as it is shown, rotation minded."""
    video = info.video
    turned = video.rotation_degrees in (90, 270)
    return (video.height, video.width) if turned else (video.width, video.height)


def _upright_aspect(info: MediaInfo) -> Fraction:
    video = info.video
    return 1 / video.pixel_aspect if video.rotation_degrees in (90, 270) else video.pixel_aspect


def _rate(work: Generate, first: MediaInfo, like: MediaInfo | None) -> Fraction:
    if like is not None:
        return like.video.rate
    return first.video.rate if work.input_path is not None else RATE


def _count(work: Generate, first: MediaInfo, rate: Fraction) -> int:
    if work.duration is not None:
        return count_frames(work.duration, rate)
    if work.input_path is None:
        raise WrongCall("A shot has a length; give --duration, such as --duration 4s.")
    video = first.video
    return max(1, round(video.frame_count * rate / video.rate))


def _size(
    work: Generate, model: MediaInfo, *, is_like: bool
) -> tuple[tuple[int, int], tuple[str, ...]]:
    if work.size is not None:
        if max(work.size) > MOST_SIDE:
            raise WrongCall(
                f"A picture of {work.size[0]}×{work.size[1]} cannot be made; give a --size of at"
                f" most {MOST_SIDE} pixels each way."
            )
        return work.size, ()
    width, height = upright_size(model)
    if is_like:
        return (width, height), ()
    aspect = _upright_aspect(model)
    share = min(1.0, float(LARGEST[0] / (width * aspect)), LARGEST[1] / height)
    made = _even(float(width * aspect) * share), _even(height * share)
    if share == 1.0:
        return made, ()
    return made, (
        f"{model.path.name} has {width}x{height} pixels; the shot is made at {made[0]}x{made[1]},"
        " --size asks for another.",
    )


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)


def _format(size: tuple[int, int], like: MediaInfo | None, *, with_alpha: bool) -> PictureFormat:
    if like is not None:
        video = like.video
        stored = describe(video.pixel_format, *size, video.color, opaque=True)
        if stored.family != "gray":
            return stored
        return describe(_PIXELS, *size, replace(video.color, matrix=""))
    return describe(_PIXELS_WITH_ALPHA if with_alpha else _PIXELS, *size, _COLOR)


def _nothing() -> MediaInfo:
    """What a shot of words takes its size and tags from, where there is no clip to match."""
    timing = Timing("counted", RATE, 0, 1 / RATE)
    video = VideoInfo(
        index=0,
        codec="",
        profile="",
        pixel_format=_PIXELS,
        width=_SIZE[0],
        height=_SIZE[1],
        pixel_aspect=Fraction(1),
        rotation_degrees=0,
        rate=RATE,
        variable_rate=False,
        frame_count=1,
        start_timecode="",
        bit_depth=10,
        has_alpha=False,
        color=_COLOR,
        scan="progressive",
        timing=timing,
    )
    return MediaInfo(Path(), "", 0, (video,), ())


def _tags(shape: Shape) -> MediaInfo:
    """`shape.source` as if it had the made pictures: upright, and with no timecode of its own."""
    video = replace(
        shape.source.video,
        width=shape.format.width,
        height=shape.format.height,
        pixel_aspect=shape.pixel_aspect,
        rotation_degrees=0,
        start_timecode="",
        rate=shape.rate,
        scan="progressive",
        color=shape.format.color,
    )
    return replace(shape.source, video_streams=(video,), audio_streams=())
