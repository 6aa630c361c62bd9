from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import Cancelled
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.camerawork.loop import Loop
from longtake_engine.models.catalog import find_backends
from longtake_engine.models.retime import Retime
from longtake_engine.picture import Picture
from longtake_engine.tasks.backtest import (
    CONTEXT,
    HIDDEN,
    WIDTH,
    Trial,
    back_test,
    confidence,
    plan_trials,
    shrink,
)
from longtake_engine.testing.backend import Repeat
from longtake_engine.testing.media import make_clip, read_number
from longtake_engine.testing.picture import format_of, panning, textured
from longtake_engine.work import Guidance

FORMAT = format_of("yuv420p", 160, 96)
PAN = panning(FORMAT, 60)


def trial(pictures: list[Picture], hidden: int = 6) -> Trial:
    return Trial(tuple(pictures[:-hidden]), tuple(pictures[-hidden:]))


@dataclass(frozen=True, slots=True)
class Prophet(Repeat):
    """Knows the pan by heart."""

    first: int = 0

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        for frame in canvas.wanted:
            yield Completed(frame, PAN[self.first + frame])


def test_who_knows_what_comes_is_sure():
    score = back_test(Prophet(), [trial(PAN[:30])], CancelToken())
    assert score.psnr_db == 50
    assert score.confidence == pytest.approx(1)
    assert score.ssim == pytest.approx(1, abs=1e-3)
    assert score.liveliness == pytest.approx(1)
    assert score.freeze_psnr_db < 30


def test_freezing_is_scored_as_a_freeze():
    score = back_test(Repeat(), [trial(PAN[:30])], CancelToken())
    assert score.psnr_db == pytest.approx(score.freeze_psnr_db)
    assert score.liveliness == 0
    assert score.confidence < 0.3


# A loop stands still: it is for what lives before a camera at rest, and scored low elsewhere.
FOLLOWING = [one for one in find_backends("auto", "extend") if one.info.name != "loop"]


def test_a_loop_is_no_use_on_a_pan():
    trials = [trial(PAN[:30]), trial(PAN[:24])]
    assert back_test(Loop(), trials, CancelToken()).confidence < 0.3


@pytest.mark.parametrize("backend", FOLLOWING, ids=lambda b: b.info.name)
def test_what_is_built_in_beats_a_freeze_on_a_pan(backend):
    score = back_test(backend, [trial(PAN[:30]), trial(PAN[:24])], CancelToken())
    assert score.psnr_db > score.freeze_psnr_db + 4
    assert 0.5 < score.liveliness < 1.5
    assert score.confidence > 0.4


def test_in_betweens_are_judged_by_frames_that_were_hidden():
    boiling = [textured(FORMAT, seed=n) for n in range(20)]
    sure = back_test(Retime(), [trial(PAN[:20])], CancelToken())
    unsure = back_test(Retime(), [trial(boiling)], CancelToken())
    assert sure.psnr_db > 30 > unsure.psnr_db
    assert 22 < sure.freeze_psnr_db < 28  # the frame before held, a step of two pixels
    assert sure.confidence > unsure.confidence + 0.4


def test_depth_does_not_change_the_score():
    deep = panning(format_of("yuv420p10le", 160, 96), 30)
    eight = back_test(Repeat(), [trial(PAN[:30])], CancelToken())
    ten = back_test(Repeat(), [trial(deep)], CancelToken())
    assert ten.psnr_db == pytest.approx(eight.psnr_db, abs=0.1)
    assert ten.ssim == pytest.approx(eight.ssim, abs=0.01)


def test_nothing_to_measure_on_is_no_score():
    score = back_test(Repeat(), [], CancelToken())
    assert (score.confidence, score.psnr_db) == (0, 0)


def test_cancelling_is_noticed():
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        back_test(Repeat(), [trial(PAN[:30])], cancel)


def test_confidence_grows_with_what_is_right():
    assert confidence(42, 42, 0.97, 1.0) == 1  # nothing to foretell, nothing wrong
    assert confidence(20, 21, 0.6, 1.0) == 0  # worse than a still
    assert confidence(26, 20, 0.7, 1.0) > confidence(22, 20, 0.7, 1.0)
    assert confidence(22, 20, 0.7, 1.0) > confidence(22, 20, 0.5, 1.0)
    assert confidence(26, 20, 0.7, 1.0) > confidence(26, 25, 0.7, 1.0)  # most of it stood still
    alive = confidence(26, 20, 0.7, 1.0)
    assert alive > confidence(26, 20, 0.7, 0.2) > confidence(26, 20, 0.7, 0.0) > 0
    assert confidence(26, 20, 0.7, 5.0) == pytest.approx(confidence(26, 20, 0.7, 0.2))  # boils


@pytest.fixture
def reader(tmp_path) -> VideoReader:
    clip = make_clip(tmp_path / "clip.mkv", frames=60, rate=Fraction(25))
    return VideoReader(probe(clip))


def test_trials_hide_the_frames_beside_the_end(reader):
    first, second = plan_trials(reader, forward=True, new_frames=48)
    assert [read_number(p) for p in first.hidden] == list(range(48, 60))
    assert [read_number(p) for p in first.shown] == list(range(max(0, 48 - CONTEXT), 48))
    assert [read_number(p) for p in second.hidden] == list(range(36, 48))
    assert read_number(second.shown[-1]) == 35


def test_for_a_head_time_runs_backwards(reader):
    (first, _) = plan_trials(reader, forward=False, new_frames=48)
    assert [read_number(p) for p in first.hidden] == list(range(11, -1, -1))
    assert read_number(first.shown[-1]) == 12


def test_no_more_is_hidden_than_is_wanted_and_some_always(reader):
    for new, hidden in ((1, 2), (3, 3), (500, HIDDEN)):
        for one in plan_trials(reader, forward=True, new_frames=new):
            assert len(one.hidden) == hidden


@pytest.mark.parametrize(("frames", "trials"), [(1, 0), (15, 0), (16, 1), (27, 1), (28, 2)])
def test_a_short_clip_has_fewer_trials_or_none(tmp_path, frames, trials):
    clip = make_clip(tmp_path / "clip.mkv", frames=frames, size=(64, 36))
    found = plan_trials(VideoReader(probe(clip)), forward=True, new_frames=10)
    assert len(found) == trials
    assert all(len(one.shown) >= 4 and one.hidden for one in found)


@pytest.mark.parametrize("name", ["yuv420p", "yuv422p10le", "yuv411p", "gbrp", "gray16le"])
@pytest.mark.parametrize("size", [(640, 360), (481, 271), (660, 40)])
def test_shrunk_pictures_are_whole_pictures(name, size):
    format = format_of(name, *size)
    small = shrink(textured(format), WIDTH)
    assert small.format.width <= WIDTH
    assert small.format.pixel_format == name
    for number, plane in enumerate(small.planes):
        assert plane.shape == small.format.plane_size(number)
        assert plane.dtype == format.dtype
        assert abs(float(plane.mean()) - textured(format).planes[number].mean()) < (
            format.max_value / 60
        )


def test_small_pictures_stay_as_they_are():
    picture = textured(FORMAT)
    assert shrink(picture, WIDTH) is picture
