"""The frames between two shots, on painted ones."""

from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled, NotPossible, WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Color, Picture
from longtake_engine.tasks.run import estimate, run
from longtake_engine.testing.media import make_clip, read_number
from longtake_engine.testing.picture import format_of, panning, psnr_db, textured
from longtake_engine.work import FrameRange, Take

YUV = format_of("yuv420p", 192, 108)
WORLDS = (1, 2)


def views(*, start: int, count: int, seed: int = 1, format=YUV) -> list[Picture]:
    """A pan by 2 pixels a frame, from frame `start` on."""
    return [textured(format, 2 * n, 0, seed) for n in range(start, start + count)]


@pytest.fixture
def torn(film):
    """A pan of which seven frames are missing, as two clips."""
    return film(views(start=0, count=20)), film(views(start=27, count=20))


@pytest.fixture
def strangers(film):
    """Two pans over different worlds, as two clips."""
    return film(views(start=0, count=30)), film(views(start=0, count=30, seed=2))


def test_missing_frames_are_made_again(torn, make, out):
    done = make(*torn, gap=7, quality="standard")
    take = done.take
    assert (take.start_frame, take.duration_frames, take.rate) == (20, 7, 25)
    assert take.made_ranges == (FrameRange(0, 7),)
    assert take.model == "between"
    assert [seam.frame for seam in take.seams] == [0, 7]
    assert take.notes[0].startswith("Joined by a morph: both shots show one scene")
    assert take.score.confidence > 0.5
    for picture, truth in zip(done.pictures(), views(start=20, count=7), strict=True):
        assert psnr_db(picture, truth, inset=16) > 28
    assert probe(out).video.frame_count == 7
    assert list(out.parent.iterdir()) == [out]


def test_a_quicker_card_fills_the_gap_and_is_told(torn, make, card):
    assert "Made on Card 5." in make(*torn, gap=3).take.notes
    assert len(card) == 3


def test_different_scenes_are_gone_on_with_into_a_cut(strangers, make):
    done = make(*strangers, gap=9, model="motion")
    assert done.take.model == "motion"
    assert done.take.notes[0].startswith("Joined by a cut: the shots show different scenes")
    made = done.pictures()
    ends = [views(start=29, count=1)[0], views(start=0, count=1, seed=2)[0]]
    sides = [np.argmax([psnr_db(picture, end) for end in ends]) for picture in made]
    assert sides == [0] * 5 + [1] * 4
    # They go on as they went: the pan comes nearer to the cut on both sides.
    assert psnr_db(made[0], views(start=30, count=1)[0], inset=16) > 26
    assert psnr_db(made[-1], textured(YUV, -2, 0, 2), inset=16) > 26


def test_a_dissolve_goes_from_one_to_the_other(strangers, make):
    done = make(*strangers, gap=9, join="dissolve", model="motion")
    assert not any("Joined by" in note for note in done.take.notes)  # it was asked for
    first, second = views(start=29, count=1)[0], views(start=0, count=1, seed=2)[0]
    near = [psnr_db(picture, first) for picture in done.pictures()]
    far = [psnr_db(picture, second) for picture in done.pictures()]
    assert near == sorted(near, reverse=True)
    assert far == sorted(far)
    luma = done.pictures()[4].luma.astype(float)
    both = [p.luma.astype(float).mean() for p in (first, second)]
    assert luma.mean() == pytest.approx(np.mean(both), abs=3)


def test_a_morph_of_strangers_says_so(strangers, make):
    done = make(*strangers, gap=5, join="morph")
    assert any("little in common" in note for note in done.take.notes)
    assert done.take.score.confidence < 0.3


def test_three_takes_are_the_three_joins(torn, make, out):
    done = make(*torn, gap=6, take_count=4)
    assert done.takes[0].model == "between"
    assert [take.media_path.name for take in done.takes] == ["out.mkv", "out-2.mkv", "out-3.mkv"]
    assert all(probe(take.media_path).video.frame_count == 6 for take in done.takes)
    assert done.progress[-1].done_frames == 18


def test_nothing_beyond_what_is_shown_is_looked_at(film, make):
    """The shown frames lie amid others of another world, which would spoil every measurement."""
    other = views(start=0, count=10, seed=3)
    before = film([*other, *views(start=0, count=20), *other])
    after = film([*other, *views(start=27, count=20), *other])
    trimmed = make(before, after, gap=7, shown=((10, 20), (10, 20)))
    alone = make(
        film(views(start=0, count=20)),
        film(views(start=27, count=20)),
        gap=7,
        path=trimmed.take.media_path.with_name("alone.mkv"),
    )
    assert trimmed.take.start_frame == 30
    for one, two in zip(trimmed.pictures(), alone.pictures(), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one.planes, two.planes, strict=True))
    assert trimmed.take.score == alone.take.score


def test_a_jump_cut_within_one_clip(film, make):
    clip = film(views(start=0, count=60))
    done = make(clip, clip, gap=4, shown=((0, 30), (34, 26)), quality="standard")
    for picture, truth in zip(done.pictures(), views(start=30, count=4), strict=True):
        assert psnr_db(picture, truth, inset=16) > 28


def test_another_rate_size_and_kind_come_to_the_first_ones(film, make, out):
    first = film(views(start=0, count=20))
    big = format_of("yuv422p10le", 384, 216)
    second = film(panning(big, 30, (4, 0), 2), Fraction(30))
    done = make(first, second, gap=10, join="cut", model="motion")
    video = probe(out).video
    assert (video.width, video.height, video.rate) == (192, 108, 25)
    assert video.pixel_format == "yuv420p"
    assert any("is scaled from 384×216 to 192×108" in note for note in done.take.notes)
    assert any("runs at 30 fps and the gap at 25" in note for note in done.take.notes)
    assert all(picture.format == done.pictures()[0].format for picture in done.pictures())


def test_the_frame_that_is_due_is_shown_of_a_second_shot_at_another_rate(tmp_path, make, use):
    from longtake_engine.testing.backend import Repeat

    use(Repeat())
    first = make_clip(tmp_path / "a.mkv", frames=8)
    second = make_clip(tmp_path / "b.mkv", frames=8, rate=Fraction(50))
    done = make(first, second, gap=6, join="cut", model="repeat")
    assert [read_number(picture) for picture in done.pictures()] == [7] * 3 + [0] * 3


@pytest.mark.parametrize("gap", [1, 2])
@pytest.mark.parametrize("join", ["cut", "dissolve", "morph"])
def test_hardly_a_gap(strangers, make, gap, join):
    assert len(make(*strangers, gap=gap, join=join, model="auto").pictures()) == gap


def test_a_still_is_held(film, make):
    still = film(views(start=0, count=1, seed=2))
    done = make(film(views(start=0, count=20)), still, gap=6, join="cut", model="motion")
    assert any("is a single frame: it is held" in note for note in done.take.notes)
    assert done.take.model == "motion + hold"
    wanted = views(start=0, count=1, seed=2)[0]
    assert all(psnr_db(picture, wanted) > 60 for picture in done.pictures()[3:])


def test_timecode_goes_on_from_the_first(tmp_path, make, out):
    one = make_clip(
        tmp_path / "a.mov", codec="prores_ks", pixel_format="yuv422p10le", timecode="01:00:00:00"
    )
    make(one, one, gap=5, path=out.with_suffix(".mov"), codec="prores", shown=((0, 10), (14, 10)))
    assert probe(out.with_suffix(".mov")).video.start_timecode == "01:00:00:10"


def test_a_cancel_leaves_nothing(strangers, ask, out):
    cancel = CancelToken()
    work = run(ask(*strangers, gap=40, join="cut"), job_id="job", cancel=cancel)
    with pytest.raises(Cancelled):
        for answer in work:
            if getattr(answer, "done_frames", 0) > 4:
                cancel.cancel()
    assert list(out.parent.iterdir()) == []


def test_what_cannot_be_done_is_said(strangers, film, ask, out):
    def refused(kind, sentence, *sources, **options):
        options = {"gap": 6} | options
        with pytest.raises(kind, match=sentence):
            list(run(ask(*sources, **options), job_id="job", cancel=CancelToken()))
        with pytest.raises(kind, match=sentence):
            estimate(ask(*sources, **options))
        assert list(out.parent.iterdir()) == []

    one, other = strangers
    pq = format_of("yuv420p10le", 192, 108, Color("tv", "bt2020nc", "bt2020", "smpte2084"))
    refused(NotPossible, "one is HDR and the other is not", one, film(panning(pq, 4)))
    refused(WrongCall, 'No model "retime" can fill a gap', one, other, model="retime")
    refused(WrongCall, "which has 30; name frames that it has", one, other, shown=((0, 31), (0, 4)))
    refused(WrongCall, "Say how long the gap is", one, other, gap=None)
    refused(WrongCall, "makes morphs", one, other, model="between", join="cut")
    refused(WrongCall, "made by --model between", one, other, model="motion", join="morph")


@pytest.mark.parametrize("join", ["cut", "dissolve"])
def test_a_shot_of_another_shape_lies_within_the_firsts(strangers, film, ask, join):
    square = film(panning(format_of("yuv420p", 108, 108), 30, (1, 0)))
    (take,) = (
        answer
        for answer in run(
            ask(strangers[0], square, gap=10, join=join), job_id="job", cancel=CancelToken()
        )
        if isinstance(answer, Take)
    )
    assert any("with black beside it" in note for note in take.notes)
    *_, last = VideoReader(probe(take.media_path)).frames()
    assert last.luma[:, :36].max() < 40 < last.luma[:, 60:130].mean()
    assert last.luma[:, -36:].max() < 40


def test_what_it_would_cost(strangers, ask, out):
    one, three = (estimate(ask(*strangers, gap=10, take_count=n)) for n in (1, 3))
    assert (one.new_frames, one.total_frames, three.total_frames) == (10, 10, 30)
    assert three.seconds > one.seconds > 0
    assert list(out.parent.iterdir()) == []
