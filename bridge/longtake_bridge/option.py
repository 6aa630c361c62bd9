"""What a user can choose for every kind of work, as values; light, for --help loads it."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from longtake_bridge.length import Length
from longtake_bridge.mark import Box, Point
from longtake_bridge.stroke import Move, Region

CODECS = ("prores", "dnxhr", "ffv1", "h264", "source")
MUSIC = ("fade", "hold")  # what becomes of music under new frames
JOINS = ("auto", "cut", "dissolve", "morph")  # of two shots
QUALITIES = ("draft", "standard", "best")  # what a frame between frames may cost
MASK_HIDES = ("auto", "white", "black", "alpha", "clear")  # what of a mask is hidden
CAMERAS = (  # moves; "static" stands
    "static",
    "pan-left",
    "pan-right",
    "tilt-up",
    "tilt-down",
    "dolly-in",
    "dolly-out",
    "truck-left",
    "truck-right",
    "zoom-in",
    "zoom-out",
    "orbit-left",
    "orbit-right",
    "handheld",
)
DEFECTS = ("logo", "dust", "scratches", "spots")  # what is found without being shown
ANCHORS = (  # which part of a new picture the old one keeps to
    "center",
    "top",
    "bottom",
    "left",
    "right",
    "top-left",
    "top-right",
    "bottom-left",
    "bottom-right",
)
FITS = ("auto", "keep", "inside", "fill")  # how large the old picture lies in the new one


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeOptions:
    """What can be chosen whatever is made."""

    model: str = "auto"  # "auto" measures on the clip and takes the best
    take_count: int = 1
    prompt: str = ""
    negative_prompt: str = ""
    seed: int = 0
    codec: str = "prores"  # one of CODECS
    no_audio: bool = False
    music: str = "fade"  # one of MUSIC
    deinterlace: bool = False  # an interlaced clip is refused without
    sequence_rate: Fraction | None = None  # of a sequence of images; 24 where None
    force: bool = False  # replace an output that Longtake did not make


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendOptions(MakeOptions):
    """What to add to a clip and how, for media and timelines alike."""

    head: Length | None = None  # before the first frame
    tail: Length | None = None  # after the last frame


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpolateOptions(MakeOptions):
    """Which frames between frames to make, and how: exactly one of the first three is set."""

    factor: Fraction | None = None  # of one clip: how many times as long it becomes, more than 1
    frame_rate: Fraction | None = None  # of one clip: frames a second, at its own duration
    duration: Length | None = None  # of two clips: the gap, at the rate of the first
    # (start_frame, duration_frames) of what is shown of each clip; empty for all of it.
    shown: tuple[tuple[int, int], ...] = ()
    join: str = "auto"  # one of JOINS; of two clips
    quality: str = "standard"  # one of QUALITIES


@dataclass(frozen=True, slots=True, kw_only=True)
class FillOptions(MakeOptions):
    """How what lies between the shots of a timeline is made."""

    join: str = "auto"  # one of JOINS
    quality: str = "standard"  # one of QUALITIES


@dataclass(frozen=True, slots=True, kw_only=True)
class InpaintOptions(MakeOptions):
    """What is hidden in a clip and to be made anew: all of the first group together."""

    mask_path: Path | None = None  # an image, a sequence of images or a video; soft edges are kept
    boxes: tuple[Box, ...] = ()  # round things that are followed
    points: tuple[Point, ...] = ()  # on things that are followed
    defects: tuple[str, ...] = ()  # of DEFECTS

    mask_hides: str = "auto"  # one of MASK_HIDES
    mask_start_frame: int | None = None  # the clip's frame of the mask's first picture
    # When anything is hidden: lengths from the start of the clip, or timecodes that it shows; on a
    # timeline from where the clip begins to show, or the timeline's own timecodes. None: from the
    # start, to the end.
    between_start: Length | None = None
    between_end: Length | None = None
    matte_path: Path | None = None  # where the matte is written, as a video
    margin: int | None = None  # pixels, 0 to 200; None for what edges and motion ask for


@dataclass(frozen=True, slots=True, kw_only=True)
class OutpaintOptions(MakeOptions):
    """The new shape of a clip's picture, and how the old one lies in it."""

    size: tuple[int, int]  # width, height
    anchor: str = "center"  # one of ANCHORS
    fit: str = "auto"  # one of FITS
    follow: bool = False  # keep the subject in the picture, before anything is made
    boxes: tuple[Box, ...] = ()  # round the subject; only with `follow`
    points: tuple[Point, ...] = ()  # on the subject; only with `follow`


@dataclass(frozen=True, slots=True, kw_only=True)
class AnimateOptions(MakeOptions):
    """What moves in a still or a clip, and for how long: a region or a move at least."""

    regions: tuple[Region, ...] = ()  # that flow
    moves: tuple[Move, ...] = ()  # of things along boxes
    duration: Length | None = None  # None: a clip's own; a still's as long as its moves say
    frame_rate: Fraction | None = None  # of a still; 24 where None
    loop: bool = False  # whether the last frame leads over into the first


@dataclass(frozen=True, slots=True)
class Camera:
    """A move of the camera."""

    kind: str  # one of CAMERAS
    amount: float = 0.0  # over 0, hardly, to 1, as far as can be; 0 for the usual


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotOptions(MakeOptions):
    """How a shot is made, on its own or on a timeline."""

    camera: Camera | None = None  # None: chosen by what is shown
    reference_paths: tuple[Path, ...] = ()  # pictures of what should appear
    expand_prompt: bool = False  # write the prompt out as a shot
    # Words that name, in the prompt of every shot, what looks the same in all; empty for nothing.
    same_subject: str = ""


@dataclass(frozen=True, slots=True)
class SiblingShot:
    """A further shot of one subject, made together with another."""

    prompt: str  # says the subject
    duration: Length | None = None  # None: that of the other


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateOptions(ShotOptions):
    """What a shot is made from, and its shape: from words alone where there is no path."""

    duration: Length | None = None  # None: that of `input_path`
    size: tuple[int, int] | None = None  # width, height; None: as `like_path` or the still has it
    frame_rate: Fraction | None = None  # None: that of `like_path`, else 24
    still_paths: tuple[Path, ...] = ()  # one after the other
    input_path: Path | None = None  # a clip to make it from
    strength: float = 0.0  # over 0 to 1: how far it may leave that clip
    like_path: Path | None = None  # a clip to cut with
    matte_path: Path | None = None  # of the one still: white, or opaque, where what is near lies
    shots: tuple[SiblingShot, ...] = ()  # made together with this one; `same_subject` is set then


@dataclass(frozen=True, slots=True, kw_only=True)
class BrollOptions(ShotOptions):
    """How B-roll comes about."""

    duration: Length | None = None  # of a shot where nothing else says how long it is
    still_paths: tuple[Path, ...] = ()  # of the one shot at a timecode
    own_first: bool = True  # look for fitting footage of the user's own before anything is made
