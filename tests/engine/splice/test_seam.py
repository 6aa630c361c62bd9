import cv2
import numpy as np
import pytest
from longtake_engine.picture import Picture
from longtake_engine.splice.look import Look
from longtake_engine.splice.seam import SeamWatch
from longtake_engine.testing.picture import format_of, panning, textured
from longtake_engine.work import SeamReport

FORMAT = format_of("yuv420p", 160, 96)
PAN = panning(FORMAT, 40)
JOIN = 20


def changed(picture: Picture, change) -> Picture:
    planes = (np.clip(np.rint(change(p.astype(np.float32))), 0, 255) for p in picture.planes)
    return Picture(tuple(p.astype(np.uint8) for p in planes), picture.format)


def reports(pictures: list[Picture], joins: dict[int, bool]) -> tuple[SeamReport, ...]:
    watch = SeamWatch(joins)
    for frame, picture in enumerate(pictures):
        watch.see(frame, picture)
    return watch.finish(0)


def report_of(known: list[Picture], made: list[Picture], *, head: bool) -> SeamReport:
    """Of made pictures after known ones, or, time turned round, before them."""
    run = [*known, *made]
    if head:
        (report,) = reports(run[::-1], {len(made): False})
        assert report.frame == len(made)
    else:
        (report,) = reports(run, {len(known): True})
        assert report.frame == len(known)
    return report


@pytest.mark.parametrize("head", [False, True], ids=["tail", "head"])
class TestReport:
    def test_a_clip_that_simply_goes_on(self, head):
        report = report_of(PAN[:JOIN], PAN[JOIN:], head=head)
        assert report.motion_ratio == pytest.approx(1, abs=0.1)
        assert report.sharpness_ratio == pytest.approx(1, abs=0.05)
        assert report.noise_ratio == pytest.approx(1, abs=0.05)
        assert report.color_jump < 2

    def test_a_step_in_colour(self, head):
        made = [changed(p, lambda x: x + 6) for p in PAN[JOIN:]]
        report = report_of(PAN[:JOIN], made, head=head)
        assert report.color_jump > 6
        assert report.sharpness_ratio == pytest.approx(1, abs=0.05)

    def test_blur(self, head):
        made = [changed(p, lambda x: cv2.GaussianBlur(x, (0, 0), 2)) for p in PAN[JOIN:]]
        report = report_of(PAN[:JOIN], made, head=head)
        assert report.sharpness_ratio < 0.75
        assert report.color_jump < 2

    def test_a_freeze(self, head):
        report = report_of(PAN[:JOIN], [PAN[JOIN - 1]] * 12, head=head)
        assert report.motion_ratio == 0
        assert report.sharpness_ratio == pytest.approx(1, abs=0.05)

    def test_a_jump_in_motion(self, head):
        report = report_of(PAN[:JOIN], PAN[JOIN + 8 :], head=head)
        assert report.motion_ratio > 2

    def test_grain_that_stops(self, head):
        random = np.random.default_rng(0)

        def grain(x: np.ndarray) -> np.ndarray:
            return x + random.normal(0, 4, x.shape)

        grainy = [changed(p, grain) for p in PAN]
        assert report_of(grainy[:JOIN], PAN[JOIN:], head=head).noise_ratio < 0.3
        both = report_of(grainy[:JOIN], grainy[JOIN:], head=head)
        assert both.noise_ratio == pytest.approx(1, abs=0.1)

    def test_a_still_clip_that_stays_still_has_nothing_to_report(self, head):
        still = [textured(FORMAT)] * 20
        report = report_of(still, still, head=head)
        assert (report.color_jump, report.motion_ratio) == (1, 1)
        assert (report.sharpness_ratio, report.noise_ratio) == (1, 1)

    def test_depth_does_not_matter(self, head):
        deep = panning(format_of("yuv420p10le", 160, 96), 40)
        eight = report_of(PAN[:JOIN], PAN[JOIN + 8 :], head=head)
        ten = report_of(deep[:JOIN], deep[JOIN + 8 :], head=head)
        assert ten.motion_ratio == pytest.approx(eight.motion_ratio, rel=0.1)
        assert ten.color_jump == pytest.approx(eight.color_jump, rel=0.2, abs=0.3)


def test_both_joins_of_one_file_in_order():
    run = [PAN[8]] * 8 + PAN[8:32] + [PAN[31]] * 8
    first, second = reports(run, {32: True, 8: False})
    assert (first.frame, second.frame) == (8, 32)
    assert first.motion_ratio == second.motion_ratio == 0


@pytest.mark.parametrize(("join", "made_after"), [(1, False), (1, True), (39, True), (39, False)])
def test_one_picture_on_a_side_is_enough(join, made_after):
    (report,) = reports(PAN, {join: made_after})
    assert report.frame == join
    assert all(np.isfinite(getattr(report, name)) for name in report.__struct_fields__)


def test_a_join_at_the_very_end_has_no_other_side():
    assert reports(PAN[:5], {5: True}) == ()
    assert reports(PAN[:5], {0: False}) == ()


def test_joins_close_together_are_told_apart():
    # A clip of five frames with made ones on both sides: fewer than either report would look at.
    run = [*panning(FORMAT, 12)[:6], *[changed(p, lambda x: x + 9) for p in PAN[6:11]], *PAN[11:20]]
    first, second = reports(run, {6: False, 11: True})
    assert (first.frame, second.frame) == (6, 11)
    assert min(first.color_jump, second.color_jump) > 5


def test_only_a_few_pictures_are_held_on_to():
    alive: list[int] = []

    class Counted(np.ndarray):
        def __del__(self) -> None:
            alive.append(-1)

    def stream():
        for _ in range(60):
            planes = [p.copy() for p in PAN[0].planes]
            planes[0] = planes[0].view(Counted)
            alive.append(1)
            assert sum(alive) < 20
            yield Picture(tuple(planes), FORMAT)

    watch = SeamWatch({30: True})
    for frame, picture in enumerate(stream()):
        watch.see(frame, picture)
    assert len(watch.finish(0)) == 1


@pytest.mark.parametrize("name", ["yuv420p10le", "yuv420p12le", "yuv420p16le"])
def test_looks_are_on_one_scale_whatever_the_depth(name):
    eight, deep = Look.of(PAN[0]), Look.of(textured(format_of(name, 160, 96)))
    assert deep.means == pytest.approx(eight.means, abs=0.6)
    assert deep.sharpness == pytest.approx(eight.sharpness, rel=0.03)
    assert deep.noise == pytest.approx(eight.noise, abs=0.05)


@pytest.mark.parametrize("made_after", [True, False], ids=["tail", "head"])
@pytest.mark.parametrize("flashes", [1, 2])
def test_a_join_beside_a_flash_is_held_against_the_shot_before_it(flashes, made_after):
    flash = [changed(p, lambda x: x * 0.5 + 120) for p in PAN[JOIN - flashes : JOIN]]
    run = [*PAN[: JOIN - flashes], *flash, *PAN[JOIN:]]
    run = run if made_after else run[::-1]
    frames = range(JOIN - flashes, JOIN) if made_after else range(JOIN, JOIN + flashes)
    watch = SeamWatch({JOIN: made_after}, left_out=frozenset(frames))
    for frame, picture in enumerate(run):
        watch.see(frame, picture)
    (report,) = watch.finish(0)
    assert report.motion_ratio == pytest.approx(1, abs=0.15)
    assert report.color_jump < 2
    assert reports(run, {JOIN: made_after})[0].motion_ratio > 2


def test_pictures_on_twos_are_counted_once():
    run = [p for p in PAN[:24] for _ in (0, 1)]
    copies = frozenset(range(1, 20, 2))
    watch = SeamWatch({20: True}, left_out=copies, held=frozenset({20}))
    for frame, picture in enumerate(run):
        watch.see(frame, picture)
    (report,) = watch.finish(0)
    assert report.motion_ratio == pytest.approx(1, abs=0.1)


class TestUnderGrain:
    @staticmethod
    def look(made: list[Picture]) -> SeamReport:
        watch = SeamWatch({JOIN: True}, grainy=frozenset({JOIN}))
        for frame, picture in enumerate([*grainy(PAN[:JOIN]), *made]):
            watch.see(frame, picture)
        return watch.finish(0)[0]

    def test_a_clip_that_simply_goes_on(self):
        report = self.look(grainy(PAN[JOIN:], seed=1))
        assert report.noise_ratio == pytest.approx(1, abs=0.1)
        assert report.motion_ratio == pytest.approx(1, abs=0.15)

    def test_grain_that_is_frozen_is_none(self):
        last = grainy(PAN[:JOIN])[-1]
        assert self.look([last] * 12).noise_ratio < 0.1

    def test_a_picture_that_stands_under_grain_that_goes_on(self):
        report = self.look(grainy([PAN[JOIN - 1]] * 12, seed=1))
        assert report.motion_ratio < 0.5
        assert report.noise_ratio == pytest.approx(1, abs=0.1)


def grainy(pictures: list[Picture], seed: int = 0) -> list[Picture]:
    random = np.random.default_rng(seed)
    return [changed(p, lambda x: x + random.normal(0, 4, x.shape)) for p in pictures]
