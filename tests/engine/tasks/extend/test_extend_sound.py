from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.models.motion import Motion
from longtake_engine.models.retime import Retime
from longtake_engine.tasks.soundtrack import sample_at
from longtake_engine.testing.media import Sound, known_samples, make_clip

FILM = Fraction(24000, 1001)
STREAMS = [
    Sound(),
    Sound("pcm_s24le", 48000, "mono"),
    Sound("pcm_s24le", 44100, "5.1"),
    Sound("pcm_f32le", 96000, "stereo"),
    Sound("pcm_s32le", 32000, "4.0"),
]


def samples(path: Path, stream: int = 0) -> np.ndarray:
    with SoundReader(probe(path), stream) as reader:
        return np.concatenate(list(reader.blocks()), axis=1)


@pytest.mark.parametrize("sound", STREAMS, ids=lambda s: f"{s.codec}-{s.sample_rate}-{s.layout}")
@pytest.mark.parametrize("new", [(0, 7), (5, 0), (5, 7)], ids=str)
def test_kept_samples_are_exact_and_all_are_there(tmp_path, do, out, sound, new):
    head, tail = new
    clip = make_clip(tmp_path / "clip.mkv", frames=12, size=(32, 18), rate=FILM, audio=(sound,))
    do(clip, head=head, tail=tail)
    (made,) = probe(out).audio_streams
    assert (made.sample_rate, made.layout) == (sound.sample_rate, sound.layout)
    assert made.bit_depth == probe(clip).audio_streams[0].bit_depth
    heard = samples(out)
    before = -sample_at(-head, sound.sample_rate, FILM)
    known = sample_at(12, sound.sample_rate, FILM)
    assert heard.shape == (
        sound.channel_count,
        before + sample_at(12 + tail, sound.sample_rate, FILM),
    )
    assert np.array_equal(heard[:, before : before + known], known_samples(sound, 0, known))
    for added in (heard[:, :before], heard[:, before + known :]):
        assert added.any() or not added.size  # the room does not go dead


def test_every_stream_is_carried(tmp_path, do, out):
    streams = tuple(STREAMS[:3])
    clip = make_clip(tmp_path / "clip.mkv", frames=6, size=(32, 18), audio=streams)
    do(clip, tail=3)
    made = probe(out).audio_streams
    assert [(m.sample_rate, m.layout) for m in made] == [(s.sample_rate, s.layout) for s in streams]
    for number, sound in enumerate(streams):
        known = sample_at(6, sound.sample_rate, Fraction(25))
        heard = samples(out, number)
        assert heard.shape[1] == sample_at(9, sound.sample_rate, Fraction(25))
        assert np.array_equal(heard[:, :known], known_samples(sound, 0, known))


def test_no_sound_stays_none(tmp_path, do, out):
    clip = make_clip(tmp_path / "clip.mkv", frames=6, size=(32, 18))
    do(clip, head=2, tail=2)
    assert probe(out).audio_streams == ()


def test_sound_can_be_left_out(clip, do, out):
    assert probe(clip).audio_streams
    do(clip, tail=2, no_audio=True)
    assert probe(out).audio_streams == ()
    assert probe(out).video.frame_count == 26


@pytest.mark.parametrize("side", ["head", "tail"])
def test_new_frames_alone_have_the_sound_that_the_whole_has_there(clip, do, out, side):
    whole = out.with_name("whole.mkv")
    do(clip, path=whole, **{side: 6})
    do(clip, contents="new_only", **{side: 6})
    heard, all_of_it = samples(out), samples(whole)
    assert heard.shape[1] == sample_at(6, 48000, FILM)
    start = sample_at(24, 48000, FILM) if side == "tail" else 0
    assert np.array_equal(heard, all_of_it[:, start : start + heard.shape[1]])


@pytest.mark.parametrize("side", ["head", "tail"])
def test_takes_of_new_frames_alone_keep_the_real_sound_under_real_frames(clip, do, use, side):
    use(Motion(), Retime())
    takes = do(clip, model="auto", take_count=2, contents="new_only", **{side: 4}).takes
    for take in takes:
        heard = samples(take.media_path)
        start = sample_at(take.start_frame, 48000, FILM)
        assert heard.shape[1] == sample_at(take.start_frame + 16, 48000, FILM) - start
        real = range(max(0, take.start_frame), min(24, take.start_frame + 16))
        first, last = (sample_at(n, 48000, FILM) for n in (real.start, real.stop))
        kept = heard[:, first - start : last - start]
        assert np.array_equal(kept, known_samples(Sound(), first, last))


def test_sound_that_starts_late_begins_with_silence_and_stays_in_step(tmp_path, do, out):
    late = Sound(start_s=Fraction(1, 10))
    clip = make_clip(tmp_path / "clip.mkv", frames=12, size=(32, 18), audio=(late,))
    do(clip, head=5, tail=5)
    heard = samples(out)
    before, known = sample_at(5, 48000, Fraction(25)), sample_at(12, 48000, Fraction(25))
    assert heard.shape[1] == sample_at(22, 48000, Fraction(25))
    assert not heard[:, before : before + 4800].any()
    rest = heard[:, before + 4800 : before + known]
    assert np.array_equal(rest, known_samples(late, 0, known - 4800))
