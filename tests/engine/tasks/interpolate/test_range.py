"""Some frames of a clip slowed down or converted, as the whole clip would be there."""

from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.tasks.run import estimate, run
from longtake_engine.testing.media import make_clip
from longtake_engine.testing.picture import format_of, panning, psnr_db, textured

GRAY = format_of("gray", 192, 108)
YUV = format_of("yuv420p", 192, 108)


@pytest.mark.parametrize(
    ("options", "shown", "frames"),
    [
        ({"factor": 2}, (20, 10), range(40, 60)),
        ({"factor": "5/2"}, (20, 10), range(50, 75)),
        ({"factor": 2}, (0, 7), range(14)),
        ({"factor": 2}, (33, 7), range(66, 80)),
        ({"rate": 50}, (20, 10), range(40, 60)),
    ],
)
def test_it_is_what_the_whole_clip_shows_there(film, make, options, shown, frames):
    pan = panning(YUV, 40, (4, 2))
    clip = film(pan)
    whole = make(clip, path=clip.with_name("whole.mkv"), **options).pictures()
    done = make(clip, shown=[shown], **options)
    part = done.pictures()
    assert len(part) == done.take.duration_frames == len(frames)
    assert done.take.start_frame == shown[0]
    for number, picture in zip(frames, part, strict=True):
        assert psnr_db(whole[number], picture) > 45
    told = sum(run.duration_frames for run in done.take.made_ranges)
    own = sum(any(np.array_equal(one.luma, real.luma) for real in pan) for one in part)
    assert told + own == len(part)


def test_its_end_is_made_towards_the_frame_that_follows(film, make):
    done = make(film(panning(YUV, 30, (4, 2))), factor=4, shown=[(10, 5)], quality="standard")
    made = done.pictures()
    assert len(made) == 20
    for number in (17, 18, 19):  # beyond the last frame that is shown
        assert psnr_db(made[number], textured(YUV, 40 + number, 20 + number // 2), inset=12) > 26
    assert not any("beyond" in note or "hold" in note for note in done.take.notes)


def test_one_frame_becomes_several(film, make):
    made = make(film(panning(GRAY, 12, (4, 0))), factor=4, shown=[(6, 1)]).pictures()
    assert [psnr_db(one, textured(GRAY, 24 + n), inset=8) > 26 for n, one in enumerate(made)] == (
        [True] * 4
    )


def test_cuts_outside_of_it_are_not_told(film, make):
    shots = [panning(YUV, 16, (2, 0), seed) for seed in (1, 2, 3)]
    clip = film([*shots[0], *shots[1], *shots[2]])
    done = make(clip, factor=2, shown=[(20, 20)])
    assert [note for note in done.take.notes if "Cut" in note or "cut" in note] == [
        "A cut or flash lies at frame 24 of the new file: nothing is blended there."
    ]


def test_pulldown_is_seen_from_within(film, make):
    pan = panning(GRAY, 60, (5, 0))
    held = [pan[n] for n in range(60) for _ in range(2 if n % 2 == 0 else 3)]
    done = make(film(held, Fraction(60)), rate=24, shown=[(50, 50)])
    made = done.pictures()
    assert len(made) == 20
    assert all(np.array_equal(one.luma, pan[20 + n].luma) for n, one in enumerate(made))


def test_its_own_sound_lies_under_it(talkie, make, heard, out):
    ramp = (np.arange(48000 * 2) % 30000).astype(np.int16)[None]
    clip = talkie(panning(GRAY, 50), ramp)
    make(clip, rate=50, shown=[(20, 10)])
    sound = heard(out)
    wanted = ramp[:, 20 * 1920 : 30 * 1920].astype(np.float32) / 32768
    assert sound.shape == wanted.shape
    assert np.abs(sound - wanted).max() < 1e-4


def test_its_timecode_is_that_of_its_first_frame(tmp_path, make, out):
    clip = make_clip(
        tmp_path / "clip.mov",
        frames=30,
        codec="prores_ks",
        pixel_format="yuv422p10le",
        timecode="01:00:00:20",
    )
    path = out.with_suffix(".mov")
    for options, timecode in (({"rate": 50}, "01:00:01:10"), ({"factor": 2}, "01:00:01:05")):
        make(clip, codec="prores", path=path, shown=[(10, 8)], **options)
        assert probe(path).video.start_timecode == timecode


def test_it_costs_less(film, ask):
    clip = film(panning(YUV, 40))
    whole, part = estimate(ask(clip, factor=2)), estimate(ask(clip, factor=2, shown=[(4, 10)]))
    assert (part.new_frames, part.total_frames) == (10, 20)
    assert part.seconds < whole.seconds


def test_frames_that_the_clip_does_not_have_are_refused(film, ask, out):
    clip = film(panning(YUV, 12))
    for work in (estimate, lambda spec: list(run(spec, job_id="job", cancel=CancelToken()))):
        with pytest.raises(WrongCall, match=r"Frames 8 to 12 of .* which has 12; name frames"):
            work(ask(clip, factor=2, shown=[(8, 5)]))
    assert list(out.parent.iterdir()) == []
