"""A canvas goes to a model's grid and back: with a model that knows the truth, the truth comes."""

from dataclasses import replace
from fractions import Fraction

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.models.diffusion.assembly import assemble
from longtake_engine.models.diffusion.block import GREY
from longtake_engine.models.diffusion.color import from_rgb
from longtake_engine.models.diffusion.drift import MOST, measure_drift
from longtake_engine.models.diffusion.family import Conditioning, Grid
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.testing.picture import format_of, psnr_db

GRID = Grid(16, 128 * 96, 81, Fraction(16))
TOLD = Conditioning(before=9, after=9, both=True, alone_after=True, masks=True)
FILM = Fraction(24000, 1001)


def scene(format: PictureFormat, moment: float) -> np.ndarray:
    """H W 3: slopes and waves that go right by two pixels a frame, in a picture of 100 across."""
    across = (np.arange(format.width) + 0.5) * 100 / format.width - 2 * moment
    down = (np.arange(format.height) + 0.5) * 100 / format.width
    waves = [
        np.add.outer(np.sin(down / a), np.cos(across / b)) for a, b in ((9, 6), (7, 11), (13, 8))
    ]
    return (0.5 + 0.15 * np.dstack(waves)).astype(np.float32)


def truth(format: PictureFormat, frame: int) -> Picture:
    return from_rgb(scene(format, frame), format)


def canvas_for(format: PictureFormat, known, wanted: range, rate=FILM) -> Canvas:
    return Canvas(format, rate, {n: Known(truth(format, n)) for n in known}, wanted)


def answer(canvas: Canvas, off: float = 0.0, grid: Grid = GRID):
    """The block, and what comes of a model that makes the truth, `off` in its colours."""
    assembly = assemble(canvas, grid, TOLD)
    block = assembly.block(CancelToken())
    shown = [assembly.fit.shown(scene(canvas.format, moment)) for moment in assembly.frames()]
    made = np.clip(np.stack(shown) + np.float32(off), 0, 1)
    completed = list(assembly.completed(block, made, CancelToken()))
    assert [one.frame for one in completed] == list(canvas.wanted)
    return block, completed


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        (range(20), range(20, 31)),
        (range(20), range(-11, 0)),
        ([*range(10), *range(17, 27)], range(10, 17)),
        ([0, 8], range(1, 8)),
        ([0], range(1, 12)),
    ],
    ids=["tail", "head", "gap", "two stills", "one still"],
)
@pytest.mark.parametrize("rate", [Fraction(16), FILM, Fraction(25), Fraction(50)])
def test_the_truth_comes_at_the_right_time_in_the_right_colours(known, wanted, rate):
    format = format_of("yuv422p10le", 128, 96)
    block, completed = answer(canvas_for(format, known, wanted, rate))
    assert block.size == (96, 128)
    for one in completed:
        for plane in range(3):
            assert psnr_db(one.picture, truth(format, one.frame), plane, inset=6) > 38


@pytest.mark.parametrize(
    ("name", "size"),
    [("yuv420p", (126, 94)), ("gbrp10le", (97, 61)), ("gray", (64, 48)), ("yuv420p", (400, 225))],
)
def test_every_size_and_kind_of_picture_comes_back(name, size):
    format = format_of(name, *size)
    block, completed = answer(canvas_for(format, range(8), range(8, 12), Fraction(16)))
    height, width = block.size
    assert height % 16 == width % 16 == 0 and height * width <= GRID.area
    for one in completed:
        assert psnr_db(one.picture, truth(format, one.frame), inset=4) > 38


def test_known_frames_lie_in_the_block_and_the_rest_is_grey():
    format = format_of("gbrp", 128, 96)
    block, _ = answer(canvas_for(format, range(8), range(8, 12), Fraction(16)))
    assert (block.before, block.after, block.partly_known) == (5, 0, False)
    assert (block.frames[block.unknown == 1] == np.float32(GREY)).all()
    assert np.abs(block.frames[4] - scene(format, 7)).max() < 0.01


def holed(canvas: Canvas, frames, box: tuple[slice, slice]) -> Canvas:
    known = {}
    for number, one in canvas.known.items():
        mask = np.ones((canvas.format.height, canvas.format.width), np.float32)
        if number in frames:
            mask[box] = 0
        planes = tuple(plane.copy() for plane in one.picture.planes)
        for plane in planes:
            step_y, step_x = (a // b for a, b in zip(mask.shape, plane.shape, strict=True))
            plane[mask[::step_y, ::step_x] == 0] = 0  # painted over
        known[number] = Known(Picture(planes, canvas.format), mask)
    return replace(canvas, known=known)


@pytest.mark.parametrize("size", [(128, 96), (400, 300)], ids=["all of it", "a part of it"])
def test_a_hole_is_filled_with_the_truth_and_nothing_else_touched(size):
    format = format_of("yuv420p", *size)
    box = np.s_[40:60, 32:64]
    canvas = holed(canvas_for(format, range(14), range(3, 10)), range(14), box)
    block, completed = answer(canvas)
    assert block.partly_known
    for one in completed:
        real = truth(format, one.frame)
        assert psnr_db(one.picture, real) > 45
        for plane, (made, own) in enumerate(zip(one.picture.planes, real.planes, strict=True)):
            step = 2 if plane else 1
            hidden = np.zeros(made.shape, bool)
            hidden[40 // step : 60 // step, 32 // step : 64 // step] = True
            assert np.array_equal(made[~hidden], own[~hidden])
        assert one.seen is not None
        assert one.seen[box].max() == 0 and one.seen.sum() == one.seen.size - 20 * 32


def test_a_small_hole_in_a_large_picture_is_shown_unshrunk():
    format = format_of("yuv420p", 800, 600)
    box = np.s_[300:330, 500:540]
    block, _ = answer(holed(canvas_for(format, range(5), range(5)), range(5), box))
    hidden = block.unknown[0] > 0
    assert hidden.sum() == 30 * 40


def test_a_drift_of_the_models_colours_is_taken_out():
    format = format_of("gbrp10le", 128, 96)
    canvas = canvas_for(format, range(8), range(8, 12), Fraction(16))
    for one in answer(canvas, off=0.04)[1]:
        assert psnr_db(one.picture, truth(format, one.frame)) > 45


def test_what_is_no_drift_is_left():
    format = format_of("gbrp10le", 128, 96)
    canvas = canvas_for(format, range(8), range(8, 12), Fraction(16))
    assembly = assemble(canvas, GRID, TOLD)
    block = assembly.block(CancelToken())
    other = np.roll(block.frames, 40, axis=2)  # it has not kept what it was given
    assert not any(measure_drift(block, 1 - other, assembly.layout.used).offset)
    strong = np.clip(block.frames + 0.1, 0, 1)
    most = measure_drift(block, strong, assembly.layout.used).offset
    assert most == pytest.approx((-MOST,) * 3)


def test_soft_edges_are_mixed():
    format = format_of("gray", 64, 48)
    canvas = canvas_for(format, range(5), range(5), Fraction(16))
    mask = cv2.GaussianBlur(np.ones((48, 64), np.float32), (1, 1), 0)
    mask[20:30, 20:30] = 0.5
    dark = Picture((np.zeros((48, 64), np.uint8),), format)
    known = {n: Known(dark, mask) for n in range(5)}
    _, completed = answer(replace(canvas, known=known))
    for one in completed:
        real = truth(format, one.frame).planes[0][20:30, 20:30].astype(int)
        assert np.abs(one.picture.planes[0][20:30, 20:30] - real / 2).max() <= 2
        assert one.picture.planes[0][:20].max() == 0
