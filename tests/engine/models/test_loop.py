import resource
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas
from longtake_engine.errors import OutOfSpace
from longtake_engine.models.camerawork.anchor import anchor
from longtake_engine.models.camerawork.light import even_light
from longtake_engine.models.camerawork.loop import Loop
from longtake_engine.models.loop.itinerary import plan_runs
from longtake_engine.models.loop.likeness import draw_map, squared_distances
from longtake_engine.models.loop.passage import choose_moments, measure_passage
from longtake_engine.models.loop.region import find_regions
from longtake_engine.models.reel import record
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import (
    canvas_of,
    crossing,
    format_of,
    panning,
    psnr_db,
    textured,
)
from longtake_engine.work import Guidance

FORMAT = format_of("yuv420p", 160, 96)
LIVE = np.s_[16:80, 88:152]  # where `living` clips live
STILL = np.s_[:, :48]  # well away from it


def living(count: int, kind: str, format=FORMAT, start: int = 0) -> list[Picture]:
    """A still world with a pond of random waves in it, a torch that flickers, or a leaf that
    sways."""
    ground = textured(format)
    random = np.random.default_rng(7)
    phases = random.random((12, 3))
    y, x = np.mgrid[:64, :64].astype(np.float32)
    window = np.outer(np.hanning(64), np.hanning(64)) ** 0.5
    pictures = []
    for n in range(start, start + count):
        luma = ground.luma.astype(np.float32)
        if kind == "torch":
            level = sum(np.sin(n * (0.35 + 0.5 * a) + 6 * b) for a, b, _ in phases[:4])
            luma[LIVE] += 12 * level * window
        elif kind == "pond":
            for a, b, c in phases:
                across, down = 0.15 + 0.4 * a, 0.5 * (b - 0.5)
                wave = np.sin(across * x + down * y - (0.3 + 0.5 * c) * n + 6 * b)
                luma[LIVE] += 5 * wave * window
        else:
            shift = round(5 * np.sin(n * 0.25))
            luma[LIVE] = textured(format, shift, 0, 5).luma[LIVE]
        luma = np.clip(np.rint(luma * 1.0), 0, format.max_value).astype(format.dtype)
        pictures.append(Picture((luma, *ground.planes[1:]), format))
    return pictures


def go_on(pictures: list[Picture], count: int, *, head: bool = False) -> Iterator[Picture]:
    """`count` pictures after (or before) the given ones, in time order."""
    wanted = range(-count, 0) if head else range(len(pictures), len(pictures) + count)
    made = Loop().complete(canvas_of(pictures, wanted), Guidance(), CancelToken())
    return (one.picture for one in made)


def changes(pictures, where=LIVE) -> np.ndarray:
    """Mean change from each picture to the next, in levels."""
    return np.array(
        [np.abs(a.luma[where].astype(int) - b.luma[where]).mean() for a, b in pairwise(pictures)]
    )


@pytest.mark.parametrize("head", [False, True], ids=["tail", "head"])
@pytest.mark.parametrize("kind", ["torch", "pond", "leaf"])
class TestLiving:
    def test_it_lives_at_the_end_as_it_did(self, kind, head):
        clip = living(90, kind)
        made = list(go_on(clip, 300, head=head))
        usual = changes(clip)
        late = changes(made[:100] if head else made[-100:])
        assert late.mean() == pytest.approx(usual.mean(), rel=0.4)

    def test_no_step_is_larger_than_the_clips_own(self, kind, head):
        clip = living(90, kind)
        made = list(go_on(clip, 250, head=head))
        run = [*made, clip[0]] if head else [clip[-1], *made]
        assert changes(run).max() < 1.5 * changes(clip).max()

    def test_what_is_still_stays_still_to_the_bit(self, kind, head):
        clip = living(60, kind)
        for picture in go_on(clip, 80, head=head):
            assert np.array_equal(picture.luma[STILL], clip[-1].luma[STILL])

    def test_the_join_carries_the_motion_on(self, kind, head):
        clip = living(90, kind)
        made = list(go_on(clip, 4, head=head))
        step = changes([made[-1], clip[0]] if head else [clip[-1], made[0]])[0]
        usual = changes(clip).mean()
        assert step < 1.6 * usual
        assert step > 0.3 * usual or kind == "torch"  # light has no motion to carry on

    def test_it_stays_sharp(self, kind, head):
        clip = living(60, kind)
        sharp = np.mean([np.abs(np.diff(p.luma[LIVE].astype(int))).mean() for p in clip])
        for picture in list(go_on(clip, 120, head=head))[::7]:
            now = np.abs(np.diff(picture.luma[LIVE].astype(int))).mean()
            assert now == pytest.approx(sharp, rel=0.25)


def test_a_minute_holds_no_more_memory_than_a_second():
    clip = living(60, "pond")
    made = go_on(clip, 1500)
    for _ in range(100):
        next(made)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in made) == 1400
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # KB


def test_what_comes_does_not_depend_on_how_much_is_wanted():
    clip = living(60, "leaf")
    short, long = list(go_on(clip, 40)), list(go_on(clip, 200))
    for a, b in zip(short, long, strict=False):
        assert np.array_equal(a.luma, b.luma)


def test_another_seed_lives_otherwise():
    clip = living(90, "pond")
    wanted = range(90, 290)
    takes = [
        [
            one.picture.luma
            for one in Loop().complete(canvas_of(clip, wanted), Guidance(seed=seed), CancelToken())
        ]
        for seed in (1, 2)
    ]
    assert any(not np.array_equal(a, b) for a, b in zip(*takes, strict=True))


def test_deep_pictures_keep_their_depth():
    format = format_of("yuv422p10le", 160, 96)
    clip = []
    for picture in living(40, "pond"):
        ground = textured(format)
        clip.append(Picture((picture.luma.astype(np.uint16) * 4 + 1, *ground.planes[1:]), format))
    for picture in go_on(clip, 60):
        assert (picture.luma[STILL] % 4 == 1).all()


def test_nothing_before_a_cut_comes_back():
    before = [textured(FORMAT, seed=3)] * 20
    clip = [*before, *living(50, "torch")]
    for picture in go_on(clip, 150):
        assert psnr_db(picture, clip[-1]) > 20 > psnr_db(picture, before[0]) + 3


def test_who_came_and_went_does_not_come_again():
    ground = textured(FORMAT)
    visit = crossing(FORMAT, 50)
    clip = [*visit, *[ground] * 70]
    for picture in go_on(clip, 200):
        assert np.array_equal(picture.luma, ground.luma)


def test_a_clip_of_a_few_frames_is_held_or_swings():
    for count in (1, 2, 3, 5, 9):
        clip = living(count, "leaf")
        made = list(go_on(clip, 30))
        assert len(made) == 30
        for picture in made:
            assert np.array_equal(picture.luma[STILL], clip[-1].luma[STILL])


class TestReel:
    def reel(self, canvas: Canvas):
        return record(canvas, CancelToken())

    @pytest.mark.parametrize("name", ["yuv420p", "yuv422p10le", "gbrp", "gray16le", "yuva444p10le"])
    def test_gives_back_what_was_laid_by(self, name):
        clip = panning(format_of(name, 97, 61), 7)
        with self.reel(canvas_of(clip, range(7, 9))) as reel:
            assert len(reel) == 7
            for number in (6, 0, 3):
                for a, b in zip(reel.picture(number).planes, clip[number].planes, strict=True):
                    assert np.array_equal(a, b)

    def test_a_head_is_laid_by_backwards_though_read_upward(self):
        clip = panning(FORMAT, 6)
        asked = []

        class Watched(dict):
            def __getitem__(self, frame):
                asked.append(frame)
                return super().__getitem__(frame)

        plain = canvas_of(clip, range(-4, 0))
        canvas = Canvas(plain.format, plain.rate, Watched(plain.known), plain.wanted)
        with self.reel(canvas) as reel:
            assert np.array_equal(reel.plane(5, 0), clip[0].luma)
            assert np.array_equal(reel.plane(0, 0), clip[5].luma)
        assert asked == list(range(6))

    def test_a_full_disk_is_said_in_a_sentence(self, monkeypatch):
        class Full:
            def seek(self, at):
                return at

            def write(self, data):
                raise OSError(28, "No space left on device")

        class Opened:
            def __init__(self, **options):
                pass

            def __enter__(self):
                return Full()

            def __exit__(self, *error):
                return None

        monkeypatch.setattr("longtake_engine.models.reel.tempfile.TemporaryFile", Opened)
        with (
            pytest.raises(OutOfSpace, match=r"no room in .* TMPDIR"),
            self.reel(canvas_of(panning(FORMAT, 3), range(3, 5))),
        ):
            pass


class TestAnchor:
    def test_a_camera_that_drifts_is_taken_out(self):
        clip = [textured(FORMAT, n) for n in range(30)]
        with record(canvas_of(clip, range(30, 31)), CancelToken()) as reel:
            assert 0.05 < anchor(reel, CancelToken()) < 0.11
            assert 10 < len(reel) < 20  # what was seen from too far off is left out
            inside = np.s_[12:-12, 24:-12]
            for number in (0, len(reel) // 2, len(reel) - 2):
                laid = reel.plane(number, 0)[inside].astype(int)
                assert np.abs(laid - clip[-1].luma[inside]).mean() < 4

    def test_what_moves_before_a_still_camera_is_not_the_camera(self):
        clip = living(40, "pond")
        with record(canvas_of(clip, range(40, 41)), CancelToken()) as reel:
            assert anchor(reel, CancelToken()) == 0
            assert np.array_equal(reel.plane(0, 0), clip[0].luma)


class TestLight:
    def lit(self, pictures: list[Picture], levels) -> list[Picture]:
        """`pictures`, each brighter by its own share of `levels`, more so to the right."""
        slant = np.linspace(0.7, 1.3, FORMAT.width, dtype=np.float32)
        made = []
        for picture, level in zip(pictures, levels, strict=True):
            luma = np.clip(picture.luma + slant * level + 0.5, 0, 255).astype(np.uint8)
            made.append(Picture((luma, *picture.planes[1:]), FORMAT))
        return made

    def evened(self, clip: list[Picture]) -> tuple[float, list[np.ndarray]]:
        with record(canvas_of(clip, range(len(clip), len(clip) + 1)), CancelToken()) as reel:
            worst = even_light(reel, 25.0, CancelToken())
            return worst, [reel.plane(n, 0).copy() for n in range(len(clip))]

    def test_a_drift_is_taken_out(self):
        clip = self.lit([textured(FORMAT)] * 60, np.linspace(-15, 0, 60))
        worst, lumas = self.evened(clip)
        assert 12 < worst < 22
        for luma in lumas:
            assert abs(luma.mean() - clip[-1].luma.mean()) < 2

    def test_flicker_lives_on(self):
        clip = self.lit([textured(FORMAT)] * 60, 6 * np.sin(np.arange(60) * 1.9))
        _, lumas = self.evened(clip)
        before = np.std([picture.luma.mean() for picture in clip])
        assert np.std([luma.mean() for luma in lumas]) > 0.8 * before

    def test_what_grows_is_not_light(self):
        clip = []
        for n, picture in enumerate([textured(FORMAT)] * 60):
            luma = picture.luma.copy()
            luma[20:70, 20 : 30 + n] = 230
            clip.append(Picture((luma, *picture.planes[1:]), FORMAT))
        _, lumas = self.evened(clip)
        far = np.s_[:, 120:]
        for before, luma in zip(clip, lumas, strict=True):
            assert np.abs(before.luma[far].astype(int) - luma[far]).max() <= 2

    def test_light_that_stays_leaves_every_bit(self):
        clip = living(40, "leaf")
        worst, lumas = self.evened(clip)
        assert worst < 1
        assert all(np.array_equal(a, b.luma) for a, b in zip(lumas, clip, strict=True))

    def test_no_old_light_comes_back(self):
        clip = self.lit(living(90, "leaf"), np.linspace(-20, 0, 90))
        made = list(go_on(clip, 150))
        level = clip[-1].luma[STILL].mean()
        assert max(abs(picture.luma[STILL].mean() - level) for picture in made) < 1.5


def test_regions_part_the_lively_from_the_calm():
    with record(canvas_of(living(40, "leaf"), range(40, 41)), CancelToken()) as reel:
        regions = find_regions(reel.small)
    assert regions.count == 2
    assert (regions.labels[:, :12] == 0).all()
    assert (regions.labels[6:18, 24:36] == 1).all()


class TestRuns:
    def wander(self, count: int):
        steps = np.random.default_rng(5).normal(size=(count, 20))
        return np.cumsum(steps, 0).astype(np.float32)

    def planned(self, rows, steps: int, rewind: float = 0.0):
        distances = squared_distances(rows, np.ones(rows.shape[1], np.float32))
        count = len(rows)
        map = draw_map(distances, max(1, count // 6), max(1, count // 4), rewind)
        return plan_runs(map, steps, np.random.default_rng(0))

    @pytest.mark.parametrize("rewind", [0.0, 1e9])
    @pytest.mark.parametrize("count", [1, 2, 4, 7, 12, 40, 150])
    def test_runs_stay_within_the_clip_for_any_length(self, count, rewind):
        runs = self.planned(self.wander(count), 1000, rewind)
        ends = [run.start for run in runs[1:]] + [1001]
        for run, end, following in zip(runs, ends, [*runs[1:], None], strict=True):
            last = end + (following.passage if following else 0)
            assert all(0 <= run.at(step) < count for step in range(run.start, last))
            assert following is None or following.start >= run.start + run.passage

    def test_what_flows_is_never_shown_backwards(self):
        assert all(run.way >= 0 for run in self.planned(self.wander(120), 500, 1e9))

    def test_what_comes_round_goes_on_where_it_is_alike(self):
        angle = np.arange(100) * 2 * np.pi / 25
        rows = np.stack([np.cos(angle), np.sin(angle)], 1).astype(np.float32) * 9
        for before, run in pairwise(self.planned(rows, 400, 1e9)):
            left = before.at(run.start)
            # The first run goes on from the last picture, so it shows one further on.
            assert (run.picture - left - (before.way == 0)) % 25 in (0, 1, 24)

    def test_no_two_passages_in_a_row_are_the_same(self):
        runs = self.planned(self.wander(150), 1500, 1e9)
        left = [a.at(b.start) for a, b in pairwise(runs)]
        taken = list(zip(left, [run.picture for run in runs[1:]], strict=True))
        assert all(a != b for a, b in pairwise(taken))


class TestPassage:
    def test_each_cell_passes_where_both_are_alike(self):
        unlike = np.full((9, 6, 8), 30, np.float32)
        unlike[2:4, :, :4] = unlike[6:8, :, 4:] = 0
        moments = choose_moments(unlike)
        assert (moments[:, :3] == 3).all()
        assert (moments[:, 5:] == 7).all()

    def test_what_is_a_little_off_glides(self):
        first, second = textured(FORMAT).luma, textured(FORMAT, 3).luma
        passage = measure_passage([first] * 8, [second] * 8, (24, 40), reach=8.0)
        inside = np.s_[16:-16, 24:-24, 0]
        glided = [float(field[inside].mean()) for field in passage.into_first]
        assert glided == sorted(glided)
        assert glided[-1] == pytest.approx(3, abs=0.5)
        assert passage.share(7).min() >= 0.45
        for before, after in pairwise(passage.share(step) for step in range(8)):
            assert (after >= before).all()
