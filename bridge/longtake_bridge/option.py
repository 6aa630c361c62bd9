"""What a user can choose for every kind of work, as values; light, for --help loads it."""

from dataclasses import dataclass
from fractions import Fraction

from longtake_bridge.length import Length

CODECS = ("prores", "dnxhr", "ffv1", "h264", "source")
MUSIC = ("fade", "hold")  # what becomes of music under new frames
JOINS = ("auto", "cut", "dissolve", "morph")  # of two shots
QUALITIES = ("draft", "standard", "best")  # what a frame between frames may cost


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
    # Of two clips: (start_frame, duration_frames) of what is shown of each; empty for all.
    shown: tuple[tuple[int, int], ...] = ()
    join: str = "auto"  # one of JOINS; of two clips
    quality: str = "standard"  # one of QUALITIES


@dataclass(frozen=True, slots=True, kw_only=True)
class FillOptions(MakeOptions):
    """How what lies between the shots of a timeline is made."""

    join: str = "auto"  # one of JOINS
    quality: str = "standard"  # one of QUALITIES
