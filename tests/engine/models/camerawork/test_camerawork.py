import resource
from collections.abc import Iterable
from fractions import Fraction
from itertools import pairwise

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.camera import Similarity, measure_camera
from longtake_engine.models.camerawork.camerawork import Camerawork
from longtake_engine.models.camerawork.mosaic import build_mosaic
from longtake_engine.models.camerawork.reach import Reach
from longtake_engine.models.camerawork.scene import choose_ease
from longtake_engine.models.camerawork.travel import Travel, measure_travel
from longtake_engine.models.motion.settling import Settling
from longtake_engine.models.reel import record
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.testing.picture import (
    canvas_of,
    crossing,
    format_of,
    panning,
    psnr_db,
    textured,
)
from longtake_engine.work import Guidance

FORMAT = format_of("yuv420p", 240, 144)
WORLD = textured(format_of("gray", 600, 340))


def seen_from(places: Iterable[complex], format: PictureFormat = FORMAT) -> list[Picture]:
    """Views of the world with their left top corners at `places`, complex, any fraction."""
    pictures = []
    for place in places:
        planes = []
        for number in range(format.plane_count):
            height, width = format.plane_size(number)
            step = format.width / width
            middle = (step - 1) / 2
            first = np.array([[step, 0, place.real + middle], [0, step, place.imag + middle]])
            flags = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
            plane = cv2.warpAffine(WORLD.luma, first, (width, height), flags=flags)
            planes.append(plane)
        pictures.append(Picture(tuple(planes), format))
    return pictures


def go_on(pictures: list[Picture], count: int, *, head: bool = False) -> list[Picture]:
    """`count` pictures after (or before) the given ones, in time order."""
    wanted = range(-count, 0) if head else range(len(pictures), len(pictures) + count)
    made = Camerawork().complete(canvas_of(pictures, wanted), Guidance(), CancelToken())
    return [one.picture for one in made]


def steps_of(pictures: list[Picture]) -> np.ndarray:
    """How far the view goes from each picture to the next, complex luma pixels."""
    pairs = pairwise(pictures)
    return np.array([-measure_camera(a.luma, b.luma, FORMAT.width).b for a, b in pairs])


def handheld(count: int, seed: int = 3, size: float = 2.0) -> np.ndarray:
    """Places of a camera held by hand: no drift, a shake of about `size` pixels a frame."""
    random = np.random.default_rng(seed)
    noise = random.normal(size=(count + 40, 2)) @ [1, 1j]
    kernel = np.exp(-0.5 * (np.arange(-8, 9) / 2) ** 2)
    smooth = np.convolve(noise, kernel, "valid")[:count]
    smooth -= np.linspace(smooth[0], smooth[-1], count)
    steps = np.abs(np.diff(smooth)).std()
    return 180 + 90j + smooth * (size / max(steps, 1e-6) / 2)


def travel_of(velocities: np.ndarray, rate: float = 25.0) -> Travel:
    rows = np.zeros((len(velocities), 4))
    rows[:, 2], rows[:, 3] = np.real(velocities), np.imag(velocities)
    moves = tuple(Similarity(1, complex(v)) for v in velocities)
    return Travel(moves, rows, FORMAT.width, rate)


class TestTravel:
    def test_a_pan_is_measured_step_by_step(self):
        clip = seen_from([20 + 60j + n * (1.5 - 0.25j) for n in range(12)])
        with record(canvas_of(clip, range(12, 13)), CancelToken()) as reel:
            travel = measure_travel(reel, [1] * 11, 25.0, CancelToken())
        assert not travel.stands
        shifts = travel.velocities[:, 2] + 1j * travel.velocities[:, 3]
        assert np.abs(shifts - (-1.5 + 0.25j)).max() < 0.1

    def test_over_a_gap_the_velocity_is_that_of_a_frame(self):
        clip = seen_from([20 + 60j, 22 + 60j, 28 + 60j])
        with record(canvas_of(clip, range(3, 4)), CancelToken()) as reel:
            travel = measure_travel(reel, [1, 3], 25.0, CancelToken())
        assert travel.velocities[:, 2] == pytest.approx([-2, -2], abs=0.1)

    def test_what_moves_before_a_standing_camera_is_not_the_camera(self):
        ground = textured(FORMAT)
        clip = []
        for n in range(12):
            luma = ground.luma.copy()
            luma[:, :120] = textured(FORMAT, 2 * n, 0, 5).luma[:, :120]
            clip.append(Picture((luma, *ground.planes[1:]), FORMAT))
        with record(canvas_of(clip, range(12, 13)), CancelToken()) as reel:
            travel = measure_travel(reel, [1] * 11, 25.0, CancelToken())
        assert travel.stands
        assert set(travel.to_last()) == {Similarity()}

    def test_it_goes_on_as_fast_as_it_went_and_comes_to_rest(self):
        travel = travel_of(np.full(40, -3 + 1j))
        cameras = travel.onward(60, ease_s=2.0)
        steps = np.array([b.b - a.b for a, b in pairwise(cameras)])
        assert abs(steps[0] - (-3 + 1j)) < 1e-6
        assert (np.diff(np.abs(steps)) <= 1e-9).all()
        assert np.abs(np.diff(steps)).max() < 0.2  # no jerk
        assert np.abs(steps[50:]).max() < 1e-9

    @pytest.mark.parametrize("seed", [0, 1, 2])
    def test_the_shake_goes_on_in_kind(self, seed):
        places = handheld(100, seed)
        travel = travel_of(np.diff(places))
        cameras = travel.onward(400, ease_s=1.0, seed=seed)
        steps = np.array([b.b - a.b for a, b in pairwise(cameras)])
        own = travel.shake[:, 2] + 1j * travel.shake[:, 3]
        assert 0.5 < np.var(steps[50:]) / np.var(own) < 1.5
        assert abs(steps[0] - np.diff(places)[-1]) < 0.3 * np.abs(own).max() + 0.3
        usual = np.abs(np.diff(np.diff(places))).max()
        assert np.abs(np.diff(steps)).max() <= 1.3 * usual
        away = np.array([camera.b for camera in cameras])
        assert (
            np.abs(away).max() < 4 * np.abs(places - places.mean()).max()
        )  # it does not wander off

    def test_a_shake_too_small_to_be_real_does_not_go_on(self):
        random = np.random.default_rng(0)
        velocities = 2 + 0.004 * (random.normal(size=(50, 2)) @ [1, 1j])
        assert not travel_of(velocities).shake.any()

    def test_an_even_pan_goes_on_for_longer_than_an_uneven_one(self):
        even = travel_of(np.full(50, 2 + 0j))
        starting = travel_of(np.linspace(0, 2, 50) + 0j)
        assert even.ease_s > 2 * starting.ease_s

    def test_one_picture_or_two_are_no_trouble(self):
        assert travel_of(np.zeros(0, complex)).onward(5, 1.0) == [Similarity()] * 6
        (*_, last) = travel_of(np.array([2 + 0j])).onward(100, 1.0)
        assert 10 < abs(last.b) < 40


class TestReach:
    def test_the_camera_may_go_back_where_it_came_from(self):
        to_last = [Similarity(1, -6.0 * (20 - n)) for n in range(21)]
        reach = Reach.of(to_last, FORMAT)
        assert reach.beyond([Similarity(1, 90)]) == 0  # the view goes left, where it was before
        assert reach.beyond([Similarity(1, -48)]) == pytest.approx(0.2, abs=0.02)
        assert reach.choose([Similarity(1, 90)])[0] == 20
        assert 1 <= len(reach.choose([Similarity(1, 90)])) - 1 <= 2
        assert reach.choose([Similarity()]) == [20]

    def test_the_ease_is_as_long_as_what_was_seen_allows(self):
        out = travel_of(np.full(40, -4 + 0j))  # pans on into what nobody saw
        reach = Reach.of(out.to_last(), FORMAT)
        assert choose_ease(out, reach) < 1.0
        velocities = np.concatenate([np.full(60, -4 + 0j), np.full(30, 3 + 0j)])
        back = travel_of(velocities)  # pans back over what it saw
        assert choose_ease(back, Reach.of(back.to_last(), FORMAT)) > 1.5


class TestMosaic:
    def test_the_border_shows_what_earlier_pictures_saw(self):
        places = [60 + 3.0 * n + 80j for n in range(20)]
        clip = seen_from(places)
        to_last = [Similarity(1, p - places[-1]) for p in places]
        camera = Similarity(1, 40 + 0j)  # all moves right: the view goes back to the left
        with record(canvas_of(clip, range(20, 21)), CancelToken()) as reel:
            mosaic = build_mosaic(reel, to_last, [Similarity(), camera], CancelToken())
        (truth,) = seen_from([places[-1] - 40])
        view = mosaic.view(camera)
        for plane, least in enumerate((38, 32, 32)):
            assert psnr_db(view, truth, plane) > least
        assert np.array_equal(mosaic.view(Similarity()).luma, clip[-1].luma)

    def test_light_that_changed_leaves_no_border(self):
        places = [60 + 3.0 * n + 80j for n in range(20)]
        clip = seen_from(places)
        dimmer = [
            Picture(tuple((p - 12 + n * 12 / 19).astype(np.uint8) for p in one.planes), FORMAT)
            for n, one in enumerate(clip)
        ]
        to_last = [Similarity(1, p - places[-1]) for p in places]
        camera = Similarity(1, 40 + 0j)
        with record(canvas_of(dimmer, range(20, 21)), CancelToken()) as reel:
            mosaic = build_mosaic(reel, to_last, [camera], CancelToken())
        (truth,) = seen_from([places[-1] - 40])
        assert psnr_db(mosaic.view(camera), truth) > 36


@pytest.mark.parametrize("head", [False, True], ids=["tail", "head"])
class TestCamerawork:
    def test_a_pan_goes_on_at_its_speed_and_rests(self, head):
        places = np.array([40 + 70j + 1.5 * n for n in range(40)])
        clip = seen_from(places)
        made = go_on(clip, 180, head=head)
        run = [*made, clip[0]][::-1] if head else [clip[-1], *made]
        true = seen_from(
            places[0] - 1.5 * np.arange(4) if head else places[-1] + 1.5 * np.arange(4)
        )
        for step in (1, 2, 3):
            assert psnr_db(run[step], true[step], inset=12) > 34
        way = steps_of(run[:4])
        assert np.abs(way - (-1.5 if head else 1.5)).max() < 0.12
        assert np.array_equal(run[-1].luma, run[-2].luma)  # at rest

    def test_a_hand_goes_on_shaking(self, head):
        places = handheld(60)
        clip = seen_from(places)
        made = go_on(clip, 80, head=head)
        own, ours = steps_of(clip), steps_of(made)
        assert 0.4 < np.var(ours) / np.var(own) < 1.6
        join = steps_of([made[-1], clip[0]] if head else [clip[-1], made[0]])[0]
        beside = own[0] if head else own[-1]
        assert abs(join - beside) < 0.3 * np.abs(own).max() + 0.1

    def test_a_standing_camera_stands_to_the_bit(self, head):
        clip = [textured(FORMAT)] * 20
        for picture in go_on(clip, 10, head=head):
            assert np.array_equal(picture.luma, clip[0].luma)


def test_what_comes_does_not_depend_on_how_much_is_wanted():
    clip = seen_from(handheld(40))
    for a, b in zip(go_on(clip, 10), go_on(clip, 50), strict=False):
        assert np.abs(a.luma[8:-8, 8:-8].astype(int) - b.luma[8:-8, 8:-8]).max() <= 1


def test_deep_and_tall_pictures_pan_too():
    format = format_of("yuv422p10le", 96, 160)
    clip = panning(format, 30, (2, 1))
    for one in go_on(clip, 20):
        assert one.format == format


def test_a_real_bear_is_carried_on_better_than_a_still(footage):
    info = probe(footage / "cotracker_bear" / "bear.mp4", Fraction(30))
    reader = VideoReader(info)
    pictures = list(reader.frames(8, 64))
    shown, hidden = pictures[:50], pictures[50:]
    made = go_on(shown, len(hidden))
    for one, truth in zip(made[:3], hidden[:3], strict=True):
        assert psnr_db(one, truth) > psnr_db(shown[-1], truth) + 3


def pond(count: int, shake: np.ndarray) -> list[Picture]:
    """A still world with a pond of waves in it, seen by a hand-held camera."""
    random = np.random.default_rng(7)
    y, x = np.mgrid[:96, :96].astype(np.float32)
    window = np.outer(np.hanning(96), np.hanning(96)) ** 0.5
    phases = random.random((12, 3))
    pictures = []
    for n in range(count):
        world = WORLD.luma.astype(np.float32)
        for a, b, c in phases:
            wave = np.sin((0.1 + 0.25 * a) * x + (b - 0.5) * 0.3 * y - (0.3 + 0.4 * c) * n + 6 * b)
            world[110:206, 250:346] += 6 * wave * window
        left = np.array([[1, 0, shake[n].real], [0, 1, shake[n].imag]])
        flags = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
        size = (FORMAT.width, FORMAT.height)
        luma = cv2.warpAffine(np.clip(world, 0, 255), left, size, flags=flags)
        chroma = np.full(FORMAT.plane_size(1), 128, np.uint8)
        luma = np.clip(np.rint(luma), 0, 255).astype(np.uint8)
        pictures.append(Picture((luma, chroma, chroma), FORMAT))
    return pictures


def test_a_pond_lives_on_under_a_hand_that_shakes():
    shake = 160 + 80j + 3 * (handheld(90, size=1.0) - 180 - 90j) / 3
    clip = pond(90, shake)
    made = go_on(clip, 150)
    still = np.array([abs(step) for step in steps_of(made[-60:])])
    assert still.max() > 0.1  # the hand shakes on

    def life(pictures: list[Picture]) -> float:
        """Mean change in the pond once the camera's move is taken out."""
        total = []
        for a, b in pairwise(pictures):
            move = measure_camera(a.luma, b.luma, FORMAT.width)
            size = (FORMAT.width, FORMAT.height)
            laid = cv2.warpAffine(a.luma, move.matrix(FORMAT.height, FORMAT.width), size)
            total.append(cv2.absdiff(laid, b.luma)[50:106, 110:166].mean())
        return float(np.mean(total))

    assert life(made[-60:]) == pytest.approx(life(clip), rel=0.5)
    assert life(made[:20]) == pytest.approx(life(clip), rel=0.5)


def test_what_moves_by_itself_goes_on_a_little_and_rests():
    clip = crossing(FORMAT, 16, step=2, size=40)
    shown, (truth,) = clip[:15], clip[15:]
    made = go_on(shown, 100)
    assert psnr_db(made[0], truth) > psnr_db(shown[-1], truth) + 4
    assert np.array_equal(made[-1].luma, made[-2].luma)


def test_a_still_picture_under_no_motion_stays_as_it_is():
    clip = crossing(FORMAT, 2, step=0)
    settling = Settling.measure(clip, [1], 25.0)
    assert np.array_equal(settling.picture(7).luma, clip[-1].luma)


def test_a_minute_holds_no_more_memory_than_a_second():
    clip = seen_from(handheld(40))
    canvas = canvas_of(clip, range(40, 1540))
    made = Camerawork().complete(canvas, Guidance(), CancelToken())
    for _ in range(100):
        next(made)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in made) == 1400
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000  # KB


def test_a_title_stays_where_it_is_while_the_camera_goes_on():
    format = format_of("yuv420p", 320, 180)
    covers = np.zeros((180, 320), np.uint8)
    cv2.putText(covers, "SCENE 12", (30, 150), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255,), 3)
    bare = panning(format, 30, (2, 0))
    clip = [
        Picture((np.where(covers > 0, np.uint8(235), one.luma), *one.planes[1:]), format)
        for one in bare
    ]
    made = go_on(clip, 20)
    for picture in made:
        assert (picture.luma[covers > 0] > 225).mean() > 0.98
    assert (made[-1].luma[covers == 0] > 225).mean() < 0.005  # and none goes along
    plain = go_on(bare, 20)
    above = np.s_[:100, :-60]
    assert np.abs(made[9].luma[above].astype(int) - plain[9].luma[above]).mean() < 6
