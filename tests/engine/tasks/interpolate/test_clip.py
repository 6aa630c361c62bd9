"""One clip slowed down or converted, on files whose pictures carry their number or place."""

from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, Cancelled, NotPossible, WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.run import estimate, run
from longtake_engine.testing.media import Sound, make_clip
from longtake_engine.testing.picture import format_of, panning, psnr_db, textured
from longtake_engine.work import FrameRange

GRAY = format_of("gray", 192, 108)
YUV = format_of("yuv420p", 192, 108)


def same(one: Picture, other: Picture) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one.planes, other.planes, strict=True))


def shift(one: Picture, other: Picture) -> float:
    """How far right of `one` a view of the same world lies, in pixels."""
    first, second = (picture.luma.astype(np.float32) for picture in (one, other))
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    return -cv2.phaseCorrelate(first, second, window)[0][0]


def steps_of(pictures: list[Picture]) -> np.ndarray:
    """How far each picture of a pan lies from the one before, in pixels."""
    return np.array([shift(a, b) for a, b in pairwise(pictures)])


@pytest.mark.parametrize(
    ("rate", "options", "own"),
    [
        (25, {"rate": 50}, {2 * n: n for n in range(12)} | {23: 11}),
        (25, {"factor": "5/2"}, {5 * n: 2 * n for n in range(6)} | {28: 11, 29: 11}),
        (60, {"rate": 24}, {0: 0, 2: 5, 4: 10}),
        (60, {"rate": 30}, {n: 2 * n for n in range(6)}),
    ],
)
def test_own_pictures_come_at_their_moments_bit_by_bit(film, make, rate, options, own):
    pan = panning(YUV, 12, (4, 2))
    done = make(film(pan, Fraction(rate)), **options)
    made = done.pictures()
    count = max(own) + 1
    assert done.take.duration_frames == len(made) == count
    assert {n for n in range(count) if any(same(made[n], real) for real in pan)} == set(own)
    assert all(same(made[n], pan[number]) for n, number in own.items())
    told = {n for run in done.take.made_ranges for n in range(count) if _within(n, run)}
    assert told == set(range(count)) - set(own)


def _within(frame: int, run: FrameRange) -> bool:
    return run.start_frame <= frame < run.start_frame + run.duration_frames


@pytest.mark.parametrize(
    ("rate", "options"),
    [
        (Fraction(24000, 1001), {"rate": 25}),
        (Fraction(25), {"rate": Fraction(24000, 1001)}),
        (Fraction(25), {"rate": 50}),
        (Fraction(25), {"factor": Fraction(5, 2)}),
        (Fraction(60), {"rate": 24}),
    ],
)
def test_every_frame_shows_its_moment_exactly(film, make, rate, options):
    done = make(film(panning(GRAY, 20, (4, 0)), rate), quality="standard", **options)
    step = rate / options["rate"] if "rate" in options else 1 / options["factor"]
    last = int(19 / step)  # of those that lie between pictures
    for number, picture in enumerate(done.pictures()[: last + 1]):
        place = 4 * float(number * step)
        near = textured(GRAY, round(place))
        assert round(place) + shift(near, picture) == pytest.approx(place, abs=0.35)


def test_made_frames_are_the_pictures_that_would_lie_there(film, make):
    made = make(film(panning(YUV, 8, (4, 2))), factor=2, quality="standard").pictures()
    for number in range(1, 14, 2):
        truth = textured(YUV, 2 * number, number)
        assert psnr_db(made[number], truth, inset=12) > 32


def test_a_quicker_card_is_used_and_told(film, make, card):
    done = make(film(panning(YUV, 4, (4, 2))), factor=2)
    assert "Made on Card 5." in done.take.notes
    made = done.pictures()[1]
    assert any(same(made, picture) for picture in card)  # threads make them in any order


def test_the_end_is_held_and_told(film, make):
    done = make(film(panning(GRAY, 6)), factor=4)
    made = done.pictures()
    assert len(made) == 24
    assert all(same(picture, made[20]) for picture in made[20:])
    assert "The last 3 frames hold the clip's last picture: nothing was filmed after it." in (
        done.take.notes
    )


def test_no_frame_is_mixed_across_a_cut(film, make):
    shots = [panning(YUV, 12, (2, 0), seed) for seed in (1, 2, 3)]
    done = make(film([*shots[0], *shots[1], *shots[2]]), factor="5/2")
    for number, picture in enumerate(done.pictures()):
        shot, frame = divmod(Fraction(number * 2, 5), 12)
        seen = textured(YUV, round(2 * min(frame, 11)), 0, (1, 2, 3)[shot])
        others = [textured(YUV, 12, 0, seed) for seed in {1, 2, 3} - {shot + 1}]
        assert psnr_db(picture, seen, inset=12) > 24
        assert max(psnr_db(picture, other) for other in others) < 16
    assert any("Cuts or flashes lie at frames 30, 60 of the new file" in n for n in done.take.notes)


@pytest.mark.parametrize("factor", [2, 4])
def test_motion_goes_on_up_to_a_cut_and_to_the_end(film, make, factor):
    shots = [panning(YUV, 12, (8, 0), seed) for seed in (1, 2)]
    done = make(film([*shots[0], *shots[1]]), factor=factor, quality="standard")
    made = done.pictures()
    for end, seed in ((12 * factor, 1), (24 * factor, 2)):
        for number in range(end - factor + 1, end):
            step = shift(made[number - 1], made[number])
            assert 4 / factor < step < 10 / factor
            assert psnr_db(made[number], textured(YUV, 100, 0, 3 - seed)) < 16  # the other shot
    beyond = "The last 3 frames lie beyond the clip's last picture and carry its motion on"
    assert any(beyond in note for note in done.take.notes) == (factor == 4)
    ends = FrameRange(24 * factor - factor + 1, factor - 1)
    assert done.take.made_ranges[-1] == ends


def test_a_shot_that_ends_at_rest_stays_at_rest(film, make):
    pan = panning(GRAY, 12, (4, 0))
    made = make(film([*pan, *[pan[-1]] * 5]), factor=3, quality="standard").pictures()
    assert all(same(picture, pan[-1]) for picture in made[33:])


def test_a_flash_lasts_for_its_own_time_and_fades_into_nothing(film, make):
    pan = panning(GRAY, 24)
    white = Picture((np.full_like(pan[0].luma, 235),), GRAY)
    pan[12] = white
    made = make(film(pan), factor=3).pictures()
    bright = [n for n, picture in enumerate(made) if picture.luma.mean() > 200]
    assert bright == [36, 37, 38]
    assert max(made[n].luma.mean() for n in (35, 39)) < 140


def test_a_fade_goes_on_evenly(film, make):
    still = textured(GRAY).luma.astype(np.float64)
    pictures = [
        Picture(((16 + (still - 16) * (1 - n / 12)).round().astype(np.uint8),), GRAY)
        for n in range(13)
    ]
    levels = [p.luma.mean() for p in make(film(pictures), factor=2).pictures()[:25]]
    assert np.abs(np.diff(levels) - np.diff(levels).mean()).max() < 0.6


def test_pulldown_becomes_smooth(film, make):
    pan = panning(GRAY, 48, (5, 0))
    held = [pan[n] for n in range(48) for _ in range(2 if n % 2 == 0 else 3)]
    clip = film(held, Fraction(60))
    before = steps_of(held[:100])
    assert before.std() > 2
    done = make(clip, rate=60, quality="standard")
    after = steps_of(done.pictures()[:100])
    assert after.mean() == pytest.approx(2, abs=0.05)
    assert after.std() < 0.15
    assert any("2:3 pulldown" in note for note in done.take.notes)
    assert done.take.score.psnr_db > done.take.score.freeze_psnr_db + 3  # not tried on copies


def test_pulldown_is_taken_out_bit_by_bit(film, make):
    pan = panning(GRAY, 48, (5, 0))
    held = [pan[n] for n in range(48) for _ in range(3 if n % 2 == 0 else 2)]
    done = make(film(held, Fraction(60000, 1001)), rate=Fraction(24000, 1001))
    made = done.pictures()
    assert len(made) == 48
    assert done.take.score.confidence == 1  # nothing had to be guessed
    assert sum(same(a, b) for a, b in zip(made, pan, strict=True)) >= 46


@pytest.mark.parametrize("hold", [2, 3])
def test_animation_moves_between_its_drawings(film, make, hold):
    pan = panning(GRAY, 24, (6, 0))
    clip = film([picture for picture in pan for _ in range(hold)], Fraction(24))
    steps = steps_of(make(clip, factor=2, quality="standard").pictures()[: 2 * hold * 20])
    assert steps.mean() == pytest.approx(3 / hold, abs=0.05)
    assert steps.std() < 0.15


def test_a_picture_doubled_for_a_lost_one_is_made_anew(film, make):
    pan = panning(GRAY, 40, (4, 0))
    pan[20] = pan[19]
    done = make(film(pan), factor=2, quality="standard")
    steps = steps_of(done.pictures()[:78])
    assert np.abs(steps - 2).max() < 0.5
    assert any("1 frame of the clip only repeats the one before" in n for n in done.take.notes)


def test_the_same_rate_is_refused_where_nothing_is_held(film, ask):
    clip = film(panning(GRAY, 30))
    for work in (estimate, lambda spec: list(run(spec, job_id="job", cancel=CancelToken()))):
        with pytest.raises(WrongCall, match="already runs at 25 fps, each frame a picture"):
            work(ask(clip, rate=25))


def test_a_still_logo_over_a_pan_stays_sharp(film, make):
    format = format_of("yuv420p", 320, 180)
    logo = np.zeros((40, 110), np.uint8)
    cv2.putText(logo, "LIVE 7", (4, 30), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 255, 3)
    pan = [_with(logo, picture) for picture in panning(format, 10, (6, 0))]
    made = make(film(pan), factor=2, quality="standard").pictures()
    for number in range(1, 18, 2):
        truth = _with(logo, textured(format, 3 * number))
        seen, wanted = (p.luma[12:52, 16:126].astype(np.float32) for p in (made[number], truth))
        assert np.abs(seen - wanted).mean() < 9
        assert _edges(seen) > 0.55 * _edges(wanted)


def _with(logo: np.ndarray, picture: Picture) -> Picture:
    picture.luma[12:52, 16:126][logo > 0] = 235
    return picture


def _edges(luma: np.ndarray) -> float:
    return float(np.abs(cv2.Laplacian(luma, cv2.CV_32F)).mean())


def test_what_stands_still_stays_as_it_is(film, make):
    still = textured(YUV)
    made = make(film([still] * 8), factor=3).pictures()
    assert all(same(picture, still) for picture in made)


@pytest.mark.parametrize(
    ("pixel_format", "size"),
    [
        ("yuv422p10le", (98, 62)),
        ("yuv444p12le", (61, 97)),
        ("gbrp10le", (64, 48)),
        ("gray", (64, 36)),
    ],
)
def test_every_kind_of_picture(tmp_path, make, pixel_format, size):
    clip = make_clip(tmp_path / "clip.mkv", frames=5, size=size, pixel_format=pixel_format)
    made = make(clip, factor=2).pictures()
    real = list(VideoReader(probe(clip)).frames())
    assert {picture.format for picture in made} == {real[0].format}
    assert all(same(made[2 * n], real[n]) for n in range(5))


def test_what_the_clip_says_of_itself_is_carried_on(tmp_path, make, out):
    clip = make_clip(
        tmp_path / "clip.mov",
        frames=12,
        codec="prores_ks",
        pixel_format="yuv422p10le",
        timecode="01:00:00:20",
        pixel_aspect=Fraction(4, 3),
        rotation=90,
    )
    path = out.with_suffix(".mov")
    for options, timecode in (({"rate": 50}, "01:00:00:40"), ({"factor": 2}, "01:00:00:20")):
        make(clip, codec="prores", path=path, **options)
        video = probe(path).video
        assert video.start_timecode == timecode
        assert video.pixel_aspect == Fraction(4, 3)
        assert video.rotation_degrees == 90
        assert video.color == probe(clip).video.color


def test_how_it_goes_is_told(film, make, out):
    done = make(film(panning(YUV, 8)), factor=2)
    assert [p.done_frames for p in done.progress if p.total_frames][-1] == 16
    assert any(p.preview_jpeg for p in done.progress)
    take = done.take
    assert (take.model, take.start_frame, take.rate) == ("between", 0, 25)
    assert take.seams == ()
    assert take.score.psnr_db > take.score.freeze_psnr_db > 0
    assert 0.5 < take.score.confidence <= 1
    assert list(out.parent.iterdir()) == [out]


def test_noise_gets_a_low_score_and_a_word(film, make):
    done = make(film([textured(YUV, seed=n) for n in range(12)]), factor=2)
    assert done.take.score.confidence < 0.35


def test_a_cancel_leaves_nothing(film, ask, out):
    cancel = CancelToken()
    work = run(ask(film(panning(YUV, 30)), factor=4), job_id="job", cancel=cancel)
    with pytest.raises(Cancelled):
        for answer in work:
            if getattr(answer, "done_frames", 0) > 10:
                cancel.cancel()
    assert list(out.parent.iterdir()) == []


def test_what_cannot_be_done_is_said(tmp_path, film, ask, out):
    clip = film(panning(YUV, 4))

    def refused(kind, sentence, source=clip, **options):
        with pytest.raises(kind, match=sentence):
            list(run(ask(source, **options), job_id="job", cancel=CancelToken()))
        with pytest.raises(kind, match=sentence):
            estimate(ask(source, **options))
        assert list(out.parent.iterdir()) == []

    refused(BadInput, "has 1 frame", film(panning(YUV, 1)), factor=2)
    refused(WrongCall, "must be more than 1", factor=1)
    refused(WrongCall, 'No model "motion" can slow down', factor=2, model="motion")
    refused(WrongCall, "cannot hold FFV1", factor=2, path=out.with_suffix(".mp4"))
    interlaced = make_clip(
        tmp_path / "fields.mov", codec="prores_ks", pixel_format="yuv422p10le", field_order="tt"
    )
    refused(BadInput, "--deinterlace", interlaced, factor=2)
    square = film([textured(format_of("yuva444p", 64, 64))] * 2)
    refused(NotPossible, "transparency", square, factor=2, codec="h264", path=tmp_path / "o.mp4")


def test_what_it_would_cost(film, ask, out):
    clip = film(panning(YUV, 20))
    one, four = estimate(ask(clip, factor=2)), estimate(ask(clip, factor=4))
    assert (one.model, one.new_frames, one.total_frames) == ("between", 20, 40)
    assert (four.new_frames, four.total_frames) == (60, 80)
    assert four.seconds > one.seconds > 0
    assert four.disk_bytes == 2 * one.disk_bytes
    assert list(out.parent.iterdir()) == []


def test_sound_of_a_converted_clip_passes_untouched(tmp_path, make, out):
    from longtake_engine.media.sound_reader import SoundReader

    clip = make_clip(tmp_path / "clip.mkv", frames=50, audio=(Sound(), Sound(layout="5.1")))
    make(clip, rate=50)
    for stream in (0, 1):
        one, other = (
            np.concatenate(list(SoundReader(probe(path), stream).blocks()), axis=1)
            for path in (clip, out)
        )
        assert np.array_equal(one, other)
