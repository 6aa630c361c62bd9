"""The old picture in the new one: pixel for pixel, or resampled where it belongs."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.picture import Picture
from longtake_engine.tasks.outpaint.layout import plan_layout
from longtake_engine.tasks.outpaint.placing import (
    Place,
    fixed_place,
    hidden_mask,
    known_picture,
    lay,
    with_known,
)
from longtake_engine.testing.media import described
from longtake_engine.testing.picture import format_of, textured
from longtake_engine.work import Outpaint

FORMATS = ("yuv420p", "yuv422p10le", "yuva444p10le", "gbrp", "gray", "yuv411p")


def lay_out(picture: Picture, size: tuple[int, int], **options):
    video = described(picture.format).video
    return plan_layout(Outpaint(Path("a.mov"), size, **options), video, picture.format)


@pytest.mark.parametrize("pixels", FORMATS)
@pytest.mark.parametrize("old", [(96, 64), (97, 63)])
def test_kept_pixels_are_the_clips_own(pixels, old):
    picture = textured(format_of(pixels, *old))
    layout = lay_out(picture, (128, 80), anchor="bottom_right")
    laid = lay(picture, layout, fixed_place(layout))
    for kept, own in zip(known_picture(laid, layout).planes, picture.planes, strict=True):
        assert np.array_equal(kept, own)


@pytest.mark.parametrize("pixels", FORMATS)
def test_a_cut_is_exact(pixels, cut_out):
    picture = textured(format_of(pixels, 96, 64))
    layout = lay_out(picture, (48, 64), fit="keep")
    laid = lay(picture, layout, Place(-16.0, 0.0))
    for made, own in zip(laid.planes, cut_out(picture, 16, 0, (48, 64)).planes, strict=True):
        assert np.array_equal(made, own)


def test_what_a_backend_did_to_known_pixels_is_undone():
    picture = textured(format_of("yuv420p", 96, 64))
    layout = lay_out(picture, (128, 80))
    laid = lay(picture, layout, fixed_place(layout))
    wrong = Picture(tuple(np.full_like(plane, 7) for plane in laid.planes), laid.format)
    made = with_known(wrong, laid, layout)
    hidden = hidden_mask(layout) > 0
    assert np.array_equal(made.luma[~hidden], laid.luma[~hidden])
    assert (made.luma[hidden] == 7).all()


@pytest.mark.parametrize("at", [-10.0, -10.5, -11.25])
def test_a_cut_between_pixels_lies_where_it_should(at):
    """A ramp shows by its level where it was sampled, in every plane."""
    format = format_of("yuv420p", 128, 64)
    luma = np.tile(np.arange(128, dtype=np.float32) + 20, (64, 1))
    # As cameras have it, chroma lies on the even pixels of luma, across.
    chroma = luma[::2, ::2]
    planes = tuple(plane.astype(np.uint8) for plane in (luma, chroma, chroma))
    layout = lay_out(Picture(planes, format), (64, 64), fit="keep")
    laid = lay(Picture(planes, format), layout, Place(at, 0.0))
    columns = np.arange(64)
    inner = slice(8, -8)
    true = columns - at + 20
    assert np.abs(laid.planes[0][32].astype(float) - true)[inner].max() <= 0.51
    assert np.abs(laid.planes[1][16].astype(float) - true[::2])[4:-4].max() <= 0.51


@pytest.mark.parametrize("size", [(48, 64), (192, 256)])
def test_a_scaled_picture_stays_where_it_was_and_sharp(size):
    format = format_of("yuv444p", 96, 64)
    smooth = cv2.GaussianBlur(textured(format).luma, (0, 0), 2.0)
    picture = Picture((smooth, smooth, smooth), format)
    layout = lay_out(picture, size, fit="fill")
    laid = lay(picture, layout, fixed_place(layout))
    scale = layout.down.scale
    x = (np.arange(size[0]) + 0.5 - layout.across.at) / scale - 0.5
    y = (np.arange(size[1]) + 0.5) / scale - 0.5
    at_x, at_y = np.meshgrid(x.astype(np.float32), y.astype(np.float32))
    true = cv2.remap(smooth, at_x, at_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    off = np.abs(laid.luma.astype(float) - true)[6:-6, 6:-6]
    assert off.mean() < 0.8


def test_sixteen_bits_survive_resampling():
    format = format_of("gray16le", 96, 64)
    flat = np.full((64, 96), 54321, np.uint16)
    layout = lay_out(Picture((flat,), format), (144, 96), fit="fill")
    laid = lay(Picture((flat,), format), layout, fixed_place(layout))
    assert (laid.luma == 54321).all()
