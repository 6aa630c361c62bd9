"""What a user can choose for every kind of work, as values; light, for --help loads it."""

from dataclasses import dataclass
from fractions import Fraction

from longtake_bridge.length import Length

CODECS = ("prores", "dnxhr", "ffv1", "h264", "source")
MUSIC = ("fade", "hold")  # what becomes of music under new frames


@dataclass(frozen=True, slots=True)
class ExtendOptions:
    """What to add to a clip and how, for media and timelines alike."""

    head: Length | None = None  # before the first frame
    tail: Length | None = None  # after the last frame
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
