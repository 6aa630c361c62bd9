"""What no frame ever saw is made up from its surroundings."""

from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.synthesis import Synthesis, blend, fill_still
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.testing.picture import format_of, psnr_db, textured

SIZE = (160, 96)


def a_hole() -> np.ndarray:
    hole = np.zeros(SIZE[::-1], bool)
    hole[33:61, 50:90] = True
    return hole


def painted(picture: Picture, hole: np.ndarray, level: float) -> Picture:
    """`picture` with `level` (0 to 1) in its hole, chroma's shared samples too."""
    planes = []
    for number, plane in enumerate(picture.planes):
        height, width = picture.format.plane_size(number)
        row, column = np.nonzero(hole)
        spoiled = plane.copy()
        spoiled[row * height // hole.shape[0], column * width // hole.shape[1]] = (
            picture.format.max_value * level
        )
        planes.append(spoiled)
    return Picture(tuple(planes), picture.format)


@pytest.mark.parametrize("name", ["yuv420p", "yuv422p10le", "yuv444p16le", "gbrp", "gray12le"])
def test_what_lies_in_the_hole_is_never_read_and_the_rest_is_kept(name):
    picture, hole = textured(format_of(name, *SIZE)), a_hole()
    first, second = (fill_still(painted(picture, hole, level), hole) for level in (0.0, 1.0))
    for one, other, source in zip(
        first.picture.planes, second.picture.planes, picture.planes, strict=True
    ):
        assert np.array_equal(one, other)
        if source.shape == hole.shape:
            assert np.array_equal(one[~hole], source[~hole])
            # Copied in the plane's own depth: every number is one of the picture's.
            assert np.isin(one[hole], source[~hole]).all()


def striped(format: PictureFormat, shift: int = 0) -> Picture:
    """Upright stripes, 12 luma pixels from one to the next."""
    planes = []
    for number in range(format.plane_count):
        height, width = format.plane_size(number)
        step = 12 * width / format.width
        wave = 0.5 + 0.4 * np.sin(2 * np.pi * (np.arange(width) / step + shift / 12))
        planes.append(np.tile(wave * format.max_value, (height, 1)).astype(format.dtype))
    return Picture(tuple(planes), format)


@pytest.mark.parametrize("name", ["yuv420p", "yuv444p10le"])
def test_a_texture_goes_on_through_the_hole(name):
    picture, hole = striped(format_of(name, *SIZE)), a_hole()
    filled = fill_still(painted(picture, hole, 0.0), hole).picture
    assert psnr_db(filled, picture) > 30
    assert psnr_db(filled, picture, plane=1) > 25


def test_only_what_may_be_copied_is_copied():
    picture, hole = textured(format_of("gray", *SIZE)), a_hole()
    luma = picture.luma.copy()
    luma[:, 110:] = 255
    allowed = np.zeros(hole.shape, bool)
    allowed[:, :108] = True
    filled = fill_still(Picture((luma,), picture.format), hole, allowed)
    assert filled.source[hole][:, 0].max() < 108
    assert filled.picture.luma[hole].max() < 255


@pytest.mark.parametrize("shape", ["everything", "all but a corner", "nothing"])
def test_a_hole_of_any_size_is_filled(shape):
    picture = textured(format_of("yuv420p", *SIZE))
    hole = np.full(SIZE[::-1], shape != "nothing")
    if shape == "all but a corner":
        hole[:5, :5] = False
    filled = fill_still(picture, hole).picture
    assert [plane.shape for plane in filled.planes] == [plane.shape for plane in picture.planes]


def test_a_step_at_the_border_is_spread_until_it_is_none():
    picture, hole = textured(format_of("yuv420p10le", *SIZE)), a_hole()
    brighter = Picture(
        tuple((plane + 40).astype(plane.dtype) for plane in picture.planes), picture.format
    )
    around = np.ones(hole.shape, bool)
    for beyond, gain_db in ((around, 12), (None, 4)):
        done = blend(picture, brighter, hole, beyond)
        assert np.array_equal(done.luma[~hole], picture.luma[~hole])
        assert (
            psnr_db(done, picture)
            > psnr_db(blended_hard(picture, brighter, hole), picture) + gain_db
        )


def blended_hard(picture: Picture, filled: Picture, hole: np.ndarray) -> Picture:
    planes = tuple(
        np.where(hole, new, old) if old.shape == hole.shape else old
        for new, old in zip(filled.planes, picture.planes, strict=True)
    )
    return Picture(planes, picture.format)


def test_what_was_invented_stays_with_the_scene():
    """A hole that stands still over a scene that goes by: carried, and new at one side only."""
    format, hole = format_of("yuv420p", *SIZE), a_hole()
    back = np.zeros((*hole.shape, 2), np.float32)
    back[..., 0] = 2  # each pixel lay 2 further right in the frame before
    synthesis = Synthesis()
    first = synthesis.fill(painted(textured(format), hole, 0.5), hole)
    second = synthesis.fill(painted(textured(format, 2), hole, 0.5), hole, back)
    inner = np.s_[36:58, 54:84]
    moved = first.luma[36:58, 56:86].astype(int)
    assert np.abs(second.luma[inner].astype(int) - moved).mean() < 3
    known = textured(format, 2).luma
    assert np.array_equal(second.luma[~hole], known[~hole])


def test_nothing_flickers_where_nothing_moves():
    format, hole = format_of("yuv420p", *SIZE), a_hole()
    still = np.zeros((*hole.shape, 2), np.float32)
    random, synthesis, made = np.random.default_rng(1), Synthesis(), []
    for number in range(4):
        grainy = textured(format)
        luma = np.clip(grainy.luma + random.normal(0, 2, hole.shape), 0, 255).astype(np.uint8)
        picture = painted(Picture((luma, *grainy.planes[1:]), format), hole, 0.5)
        made.append(synthesis.fill(picture, hole, still if number else None).luma.astype(int))
    changes = [np.abs(a - b)[hole].mean() for a, b in pairwise(made)]
    assert max(changes) < 1.5


def test_both_directions_go_on_from_one_key_frame():
    format, hole = format_of("yuv420p", *SIZE), a_hole()
    still = np.zeros((*hole.shape, 2), np.float32)
    picture = painted(textured(format), hole, 0.5)
    onward = Synthesis()
    key = onward.fill(picture, hole)
    backward = onward.branch()
    ways = [way.fill(picture, hole, still).luma.astype(int) for way in (onward, backward)]
    assert np.array_equal(ways[0], ways[1])
    assert np.abs(ways[0] - key.luma)[hole].mean() < 1.5


def test_cancelling_is_noticed():
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        fill_still(textured(format_of("gray", *SIZE)), a_hole(), cancel=token)


@pytest.mark.footage
def test_a_real_texture_keeps_its_detail(footage: Path):
    with VideoReader(probe(footage / "cotracker_bear" / "bear.mp4")) as reader:
        picture = next(reader.frames(40, 41))
    hole = np.zeros(picture.luma.shape, bool)
    hole[250:340, 500:640] = True
    hidden = painted(picture, hole, 0.5)
    filled = blend(hidden, fill_still(hidden, hole).picture, hole)
    even = cv2.inpaint(hidden.luma, hole.astype(np.uint8), 3, cv2.INPAINT_TELEA)

    def detail(luma: np.ndarray) -> float:
        return float(np.abs(cv2.Laplacian(luma.astype(np.float32), cv2.CV_32F))[hole].mean())

    assert 0.75 < detail(filled.luma) / detail(picture.luma) < 1.25
    assert detail(even) < 0.4 * detail(picture.luma)
