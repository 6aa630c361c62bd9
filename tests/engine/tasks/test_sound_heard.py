"""What is heard beside the joins of real files, what becomes of it, and what is said of it."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.tasks.soundtrack import Soundtrack, sample_at
from longtake_engine.testing.sound import RATE, melody, room

FPS = 25
Film = Callable[[np.ndarray, int], Path]


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """A grey film of so many frames with a sound, C S, that may be shorter."""

    def write(sound: np.ndarray, frames: int) -> Path:
        path = tmp_path / "film.mkv"
        with av.open(path, "w") as container:
            video = container.add_stream("ffv1", rate=FPS)
            video.width, video.height, video.pix_fmt = 64, 36, "yuv420p"
            layout = "mono" if len(sound) == 1 else "stereo"
            audio = container.add_stream("pcm_s16le", rate=RATE, layout=layout)
            samples = np.rint(sound.T * 32767).astype(np.int16).reshape(1, -1)
            heard = av.AudioFrame.from_ndarray(samples, "s16", layout)
            heard.sample_rate, heard.pts, heard.time_base = RATE, 0, Fraction(1, RATE)
            container.mux(audio.encode(heard))
            for number in range(frames):
                picture = np.full((54, 64), 100 + number % 2, np.uint8)
                frame = av.VideoFrame.from_ndarray(picture, "yuv420p")
                frame.pts, frame.time_base = number, Fraction(1, FPS)
                container.mux(video.encode(frame))
            for stream in (video, audio):
                container.mux(stream.encode(None))
        return path

    return write


def track(path: Path, frames: range) -> tuple[Soundtrack, np.ndarray]:
    info = probe(path)
    with SoundReader(info) as reader:
        made = Soundtrack(reader, info.video.rate, frames)
        samples = np.concatenate(list(made.up_to(frames.stop)), axis=1)
    return made, samples


def test_sound_that_ends_a_little_early_leaves_no_hole(film):
    known = room(2, level=0.05)[:, : -int(0.03 * RATE)]
    clip = film(known, 2 * FPS)
    _, heard = track(clip, range(2 * FPS + 10))
    assert heard.shape[1] == sample_at(2 * FPS + 10, RATE, Fraction(FPS))
    kept = np.rint(known * 32767).astype(np.int16)
    assert np.array_equal(heard[:, : kept.shape[1]], kept)
    around = heard[0, kept.shape[1] - 2400 :][:9600].astype(float).reshape(-1, 480)
    assert around.std(axis=1).min() > 0.3 * kept.std()


def test_silence_that_is_meant_stays_and_the_room_comes_after_it(film):
    known = room(2, level=0.05)[:, : -int(0.2 * RATE)]
    _, heard = track(film(known, 2 * FPS), range(2 * FPS + 10))
    hole = heard[:, known.shape[1] : 2 * RATE]
    assert not hole.any()
    assert heard[:, -4800:].std() > 0.5 * heard[:, :RATE].std()


def test_silence_goes_on(film):
    known = room(3, level=0.05)
    known[:, -RATE:] = 0
    _, heard = track(film(known, 3 * FPS), range(3 * FPS + 10))
    assert not heard[:, 2 * RATE :].any()


@pytest.mark.parametrize(("music", "left"), [("fade", -25), ("hold", None)])
def test_music_ends_as_asked_and_the_take_says_so(film, do, out, music, left):
    clip = film(melody(4) + room(4, level=0.0005), 4 * FPS)
    take = do(clip, tail=3 * FPS, music=music).take
    (note,) = [note for note in take.notes if "Music" in note]
    other = {"fade": "--music hold", "hold": "--music fade"}[music]
    assert other in note
    with SoundReader(probe(out)) as reader:
        heard = np.concatenate(list(reader.blocks()), axis=1).astype(float)
    beside = heard[:, 4 * RATE - RATE // 10 : 4 * RATE]
    gain = 20 * np.log10(heard[:, -RATE:].std() / beside.std())
    assert gain < left if left is not None else abs(gain) < 4


def test_nothing_is_said_of_a_room(film, do):
    take = do(film(room(4), 4 * FPS), tail=5).take
    assert not [note for note in take.notes if "join" in note]


@pytest.mark.footage
@pytest.mark.parametrize(
    ("clip", "speech", "music"),
    [
        ("mdn_friday/friday.mp4", True, False),  # two people talk all through an old film
        ("torchcodec_nasa/nasa_13013.mp4", True, True),  # a narrator over music
        ("moviepy_chaplin/chaplin.mp4", False, True),  # a piano
        ("pexels_night_drive/night_drive.mp4", False, False),  # a street
        ("mdn_stream_of_water/stream-of-water.mp4", False, False),
        ("pexels_sea_clouds/sea_clouds.mp4", False, False),  # silence
    ],
)
@pytest.mark.parametrize("side", ["head", "tail"])
def test_what_is_heard_in_real_clips(footage, clip, speech, music, side):
    count = probe(footage / clip).video.frame_count
    frames = range(count, count + 5) if side == "tail" else range(-5, 0)
    (heard,) = track(footage / clip, frames)[0].heard
    assert (heard.speech, heard.music) == (speech, music)
