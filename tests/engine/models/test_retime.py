import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas
from longtake_engine.models.retime import Retime, source_time
from longtake_engine.testing.picture import canvas_of, format_of, panning, psnr_db, textured
from longtake_engine.work import Guidance

FORMAT = format_of("yuv420p", 160, 96)
CLIP = panning(FORMAT, 24)


def canvas(known: int, new: int, *, head: bool = False):
    remade = Retime().remade_frames(new, known)
    wanted = range(-new, remade) if head else range(known - remade, known + new)
    return canvas_of(CLIP[:known], wanted)


CASES = [(24, 4), (24, 7), (24, 8), (12, 12), (5, 20), (2, 6), (2, 1), (3, 2)]


@pytest.mark.parametrize("head", [False, True], ids=["tail", "head"])
@pytest.mark.parametrize(("known", "new"), CASES)
class TestTime:
    def times(self, known, new, head) -> list[float]:
        block = canvas(known, new, head=head)
        return [source_time(frame, block) for frame in block.wanted]

    def test_it_never_runs_back(self, known, new, head):
        steps = np.diff(self.times(known, new, head))
        assert (steps >= 0).all()
        assert (steps <= 1 + 1e-9).all()  # nor faster than the clip

    def test_it_ends_where_the_clip_ends(self, known, new, head):
        times = self.times(known, new, head)
        assert (times[0] if head else times[-1]) == pytest.approx(0 if head else known - 1)
        assert all(-1e-9 <= time <= known - 1 + 1e-9 for time in times)

    def test_it_leaves_the_clips_own_speed_without_a_step(self, known, new, head):
        block = canvas(known, new, head=head)
        times = self.times(known, new, head)
        # The real frame beside the join, and the first one shown after (or before) it.
        join = block.wanted.stop if head else block.wanted.start - 1
        near = times[-1] if head else times[0]
        assert 0 < abs(near - join) <= 1
        total = len(times)
        if total >= 12 and known > 2 * new:
            assert abs(near - join) > 1 - 3 / total
        speeds = np.abs(np.diff(times))
        slowing = speeds[::-1] if head else speeds
        assert (np.diff(slowing) <= 1e-9).all()


def test_it_ends_at_half_speed_where_there_is_enough_to_stretch():
    block = canvas(24, 7)
    times = [source_time(frame, block) for frame in block.wanted]
    assert times[-1] - times[-2] == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("head", [False, True], ids=["tail", "head"])
def test_what_lies_on_a_real_frame_is_that_frame(head):
    block = canvas(24, 6, head=head)
    made = list(Retime().complete(block, Guidance(), CancelToken()))
    real = 0
    for one in made:
        time = source_time(one.frame, block)
        if abs(time - round(time)) < 0.02:
            real += 1
            for plane, kept in zip(one.picture.planes, CLIP[round(time)].planes, strict=True):
                assert np.array_equal(plane, kept)
    assert real >= 1  # the last (or first) frame of the clip at least
    end = made[0] if head else made[-1]
    assert np.array_equal(end.picture.luma, CLIP[0 if head else 23].luma)


def test_in_betweens_show_the_moment_they_stand_for():
    block = canvas(24, 6)
    for one in Retime().complete(block, Guidance(), CancelToken()):
        time = source_time(one.frame, block)
        # The pan goes 2 pixels a frame: the nearest whole pixel is at most a quarter frame off.
        truth = textured(FORMAT, round(2 * time))
        held = CLIP[int(time)]
        assert psnr_db(one.picture, truth, inset=6) > 27
        if time % 1 > 0.3:
            assert psnr_db(one.picture, truth, inset=6) > psnr_db(held, truth, inset=6)


def test_a_gap_between_known_frames_is_filled_along_the_motion():
    known = [CLIP[0], CLIP[4]]
    block = canvas_of(known, range(1, 4))
    gap = type(block)(
        block.format, block.rate, {0: block.known[0], 4: block.known[1]}, block.wanted
    )
    made = list(Retime().complete(gap, Guidance(), CancelToken()))
    assert [one.frame for one in made] == [1, 2, 3]
    for one in made:
        assert psnr_db(one.picture, CLIP[one.frame], inset=12) > 30


def test_a_missing_frame_is_bridged():
    block = canvas(24, 4)
    known = {number: known for number, known in block.known.items() if number not in (17, 20)}
    gapped = Canvas(block.format, block.rate, known, block.wanted)
    whole = [one.picture for one in Retime().complete(block, Guidance(), CancelToken())]
    made = [one.picture for one in Retime().complete(gapped, Guidance(), CancelToken())]
    assert len(made) == len(whole)
    for ours, theirs in zip(made, whole, strict=True):
        assert psnr_db(ours, theirs, inset=16) > 28
