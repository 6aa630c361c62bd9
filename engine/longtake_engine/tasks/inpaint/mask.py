"""A mask that was given: an image, images or a video, read into mattes."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

import cv2
import numpy as np

from longtake_engine.errors import BadInput, WrongCall
from longtake_engine.media.convert import LIMITED, range_of
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.place import ALL, check_size, stored, upright_size
from longtake_engine.work import Inpaint, MaskHides, Spec

SAMPLES = 9  # pictures that tell what of a mask is hidden
WAVER = 8 / 255  # lossy codecs let black and white waver by about so much
EXACT = frozenset(  # codecs that do not, by FFmpeg's names
    [
        "ffv1",
        "ffvhuff",
        "huffyuv",
        "utvideo",
        "qtrle",
        "png",
        "tiff",
        "bmp",
        "dpx",
        "exr",
        "targa",
        "sgi",
        "ppm",
        "pgm",
        "pbm",
        "v210",
    ]
)
FULL = 0.9  # of white: a mask that nowhere comes so near it is stretched to it
FAINT = 0.1  # of white: what is fainter is noise, but in images, whose 0 and 1 may be all there is
HALF = 0.5
HARD = 0.3  # pixels hidden in part for each along the edge: fewer are chance, and the edge is hard

_SIDES = {
    "white": ("white", "black"),
    "black": ("black", "white"),
    "alpha": ("opaque", "clear"),
    "clear": ("transparent", "alpha"),
}


@dataclass(frozen=True, slots=True)
class Mask:
    """A mask of a clip, checked against it."""

    info: MediaInfo
    reader: VideoReader
    first_frame: int | None  # of the clip, that its first picture belongs to; None: to every frame
    hides: MaskHides  # never "auto"
    gain: float  # what its light is multiplied by: some masks call 1 of 255 white
    waver: float  # of black and white
    asked: MaskHides
    margin: int | None  # pixels by which it is grown
    clip: MediaInfo
    soft: list[float] = field(default_factory=list)  # pixels in part for each of the edge; as read

    @property
    def name(self) -> str:
        """What people call it."""
        return self.info.path.name

    def read(self, mattes: Mattes, frames: range) -> Iterator[int]:
        """Let `mattes` hide what it hides on `frames`; the number of each picture read.

        Raises:
            BadInput: It hides nothing there, everything, or so much that it seems inverted.
        """
        shares = []
        for number, picture in enumerate(self.reader.frames()):
            covered = frames if self.first_frame is None else (self.first_frame + number,)
            covered = [frame for frame in covered if frame in frames]
            if covered:
                matte = self._matte(picture)
                mattes.add(covered, matte)
                shares.append(float(matte.mean()) / 255)
                if shares[-1]:
                    self.soft.append(_softness(matte))
            yield number
        self._check(shares)

    @property
    def is_hard(self) -> bool:
        """Whether pixels were hidden or not, hardly any in part; known once it was read."""
        return bool(self.soft) and float(np.mean(self.soft)) < HARD

    @property
    def notes(self) -> tuple[str, ...]:
        """What was found out about it."""
        notes = []
        if self.asked == "auto" and self.hides != "white":
            side, other = _SIDES[self.hides]
            notes.append(
                f"{self.name} is taken to hide where it is {side}, the smaller part of it; if that"
                f" is the wrong way round, give --mask-hides {other}."
            )
        if self.is_hard and self.margin is None:
            notes.append(
                f"{self.name} has hard edges, so it was grown a little for what shines past them;"
                " --margin 0 takes it as it is."
            )
        return tuple(notes)

    def _matte(self, picture: Picture) -> np.ndarray:
        level = hidden_level(picture, self.hides, self.gain, self.waver)
        turned = self.clip.video.rotation_degrees - self.info.video.rotation_degrees
        return stored(np.rint(level * 255).astype(np.uint8), turned % 360)

    def _check(self, shares: list[float]) -> None:
        side, other = _SIDES[self.hides]
        some = [share for share in shares if share > 0]
        if not some:
            where = "" if len(shares) == 1 else " on any frame that is asked for"
            raise BadInput(
                f"{self.name} hides nothing: no pixel of it is {side}{where}; paint what shall go"
                f" {side}, or give --mask-hides {other}."
            )
        hidden = sum(some) / len(some)
        if hidden > ALL:
            raise BadInput(
                f"{self.name} hides the whole picture, and nothing would be left to go by; paint"
                f" {side} only what shall go, or give --mask-hides {other}."
            )
        if hidden > HALF:
            raise BadInput(
                f"{self.name} hides {hidden:.0%} of the picture, so it is probably the wrong way"
                f" round; give --mask-hides {other}, or hide less than half."
            )


def open_mask(spec: Spec, clip: MediaInfo) -> Mask | None:
    """The mask that `spec` gives; None where it gives none.

    Raises:
        EngineError: It cannot be read, or does not fit the clip.
    """
    work = spec.work
    assert isinstance(work, Inpaint)
    if work.mask_path is None:
        return None
    info = probe(work.mask_path, spec.sequence_rate or Fraction(clip.video.rate))
    video = info.video
    check_size(upright_size(video), info.path.name, clip.video)
    reader = VideoReader(info, deinterlace=spec.deinterlace)
    first = _first_frame(work, reader.frame_count, info.path.name, clip)
    hides, gain = _read_sides(reader, work.mask_hides, info)
    waver = 0.0 if video.codec in EXACT else WAVER
    return Mask(info, reader, first, hides, gain, waver, work.mask_hides, work.margin, clip)


def hidden_level(
    picture: Picture, hides: MaskHides, gain: float = 1.0, waver: float = WAVER
) -> np.ndarray:
    """How far a mask's picture hides each pixel: H W float32, 0 to 1; what is within `waver` of
    either is it."""
    if hides in ("alpha", "clear"):
        level = _alpha(picture)
    else:
        level = np.minimum(_light(picture) * np.float32(gain), 1)
    if hides in ("black", "clear"):
        level = 1 - level
    level[level < waver] = 0
    level[level > 1 - waver] = 1
    return level


def _softness(matte: np.ndarray) -> float:
    hidden = (matte > 0).astype(np.uint8)
    edge = np.count_nonzero(hidden - cv2.erode(hidden, np.ones((3, 3), np.uint8)))
    return float(np.count_nonzero((matte > 0) & (matte < 255)) / max(1, edge))


def _first_frame(work: Inpaint, count: int, name: str, clip: MediaInfo) -> int | None:
    frames = clip.video.frame_count
    start = work.mask_start_frame
    if start is not None:
        if start >= frames:
            raise WrongCall(
                f"--mask-start {start} lies past the clip, which has {frames} frames; name one of"
                " them, counted from 0."
            )
        return start
    if count in (1, frames):
        return None if count == 1 else 0
    raise BadInput(
        f"{name} has {count} pictures and the clip {frames} frames; give one picture for each"
        " frame, one for all of them, or say with --mask-start on which frame of the clip it"
        " begins."
    )


def _read_sides(reader: VideoReader, asked: MaskHides, info: MediaInfo) -> tuple[MaskHides, float]:
    """What of a mask is hidden, and what its light is to be multiplied by."""
    count = reader.frame_count
    numbers = sorted({round(n * (count - 1) / (SAMPLES - 1)) for n in range(SAMPLES)})
    samples = [next(reader.frames(number, number + 1)) for number in numbers]
    has_alpha = samples[0].format.has_alpha
    if asked in ("alpha", "clear") and not has_alpha:
        raise BadInput(
            f"{info.path.name} has no alpha; give --mask-hides white or black, or export it with"
            " transparency."
        )
    if asked in ("alpha", "clear") or (asked == "auto" and has_alpha and _varies(samples)):
        opaque = float(np.mean([_alpha(picture).mean() for picture in samples]))
        smaller = "alpha" if opaque <= HALF else "clear"
        return (smaller if asked == "auto" else asked), 1.0
    brightest = max(float(_light(picture).max()) for picture in samples)
    image = info.container == "image2"
    stretched = brightest < FULL and brightest > (0 if image else FAINT)
    gain = 1 / brightest if stretched else 1.0
    if asked != "auto":
        return asked, gain
    white = float(np.mean([np.minimum(_light(p) * gain, 1).mean() for p in samples]))
    return ("white" if white <= HALF else "black"), gain


def _varies(samples: list[Picture]) -> bool:
    return any(float(_alpha(picture).min()) < 1 - WAVER for picture in samples)


def _alpha(picture: Picture) -> np.ndarray:
    return picture.planes[-1].astype(np.float32) / np.float32(picture.format.max_value)


def _light(picture: Picture) -> np.ndarray:
    """0 black to 1; of a coloured pixel its brightest colour, for masks are painted in red too."""
    format = picture.format
    if format.family == "rgb":
        light = np.maximum(np.maximum(picture.planes[0], picture.planes[1]), picture.planes[2])
        return light.astype(np.float32) / np.float32(format.max_value)
    black, white = 0.0, float(format.max_value)
    if range_of(format) == LIMITED:
        unit = 1 << (format.bit_depth - 8)
        black, white = 16.0 * unit, 235.0 * unit
    level = (picture.luma.astype(np.float32) - np.float32(black)) / np.float32(white - black)
    return np.clip(level, 0, 1)
