"""Titles that are burnt into the picture stay while the camera moves on under them."""

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas
from longtake_engine.models.camera import Similarity
from longtake_engine.models.motion import Motion
from longtake_engine.models.overlay import Overlay, find_overlay
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import canvas_of, crossing, format_of, panning, psnr_db
from longtake_engine.work import Guidance

SIZE = (320, 180)
FORMAT = format_of("yuv420p", *SIZE)
KNOWN = 25


def letters() -> np.ndarray:
    """A title and a ring, H W uint8: 255 where they cover."""
    image = np.zeros(SIZE[::-1], np.uint8)
    cv2.putText(image, "SCENE 12", (30, 150), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (255,), 3)
    cv2.circle(image, (280, 36), 16, (255,), 4)
    return image


def titled(picture: Picture) -> Picture:
    mask, format = letters(), picture.format
    planes = []
    for number, plane in enumerate(picture.planes):
        size = format.plane_size(number)[::-1]
        covers = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST) > 0
        level = format.max_value * (0.5 if format.is_chroma(number) else 0.92)
        planes.append(np.where(covers, plane.dtype.type(level), plane))
    return Picture(tuple(planes), format)


def moves(count: int, step: tuple[int, int]) -> list[Similarity]:
    """The camera's, where the view goes `step` further a frame."""
    return [Similarity(1, complex(-step[0], -step[1]))] * (count - 1)


def found(pictures: list[Picture], step: tuple[int, int]) -> Overlay:
    overlay = find_overlay(pictures, moves(len(pictures), step))
    assert overlay is not None
    return overlay


def made(known: list[Picture], steps: int) -> list[Picture]:
    canvas: Canvas = canvas_of(known, range(len(known), len(known) + steps))
    return [one.picture for one in Motion().complete(canvas, Guidance(), CancelToken())]


@pytest.mark.parametrize("step", [(2, 0), (0, 1), (-2, 1)])
def test_a_title_is_found_as_far_as_it_goes(step):
    pictures = [titled(p) for p in panning(FORMAT, KNOWN, step)]
    mask = found(pictures, step).mask > 0
    title = letters() > 0
    assert (mask & title).sum() > 0.97 * title.sum()
    beside = cv2.dilate(title.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    assert (mask & beside).mean() < 0.005


def test_grain_on_it_hides_no_title():
    random = np.random.default_rng(3)
    pictures = []
    for picture in panning(FORMAT, KNOWN):
        luma = titled(picture).luma + random.normal(0, 3, SIZE[::-1])
        planes = (np.clip(luma, 0, 255).astype(np.uint8), *titled(picture).planes[1:])
        pictures.append(Picture(planes, FORMAT))
    mask = found(pictures, (2, 0)).mask > 0
    title = letters() > 0
    assert (mask & title).sum() > 0.9 * title.sum()


def test_a_pan_has_no_title():
    assert find_overlay(panning(FORMAT, KNOWN), moves(KNOWN, (2, 0))) is None


def test_a_standing_camera_sees_no_title_even_where_one_is():
    still = [titled(p) for p in crossing(FORMAT, KNOWN)]
    assert find_overlay(still, moves(KNOWN, (0, 0))) is None
    assert find_overlay(still, moves(KNOWN, (2, 0))) is None  # nor where the camera was misjudged


def test_flat_sky_and_a_level_horizon_are_no_title():
    pictures = []
    for picture in panning(FORMAT, KNOWN):
        luma = picture.luma.copy()
        luma[:80] = 200  # its lower edge lies along the camera's path
        pictures.append(Picture((luma, *picture.planes[1:]), FORMAT))
    assert find_overlay(pictures, moves(KNOWN, (2, 0))) is None


@pytest.mark.parametrize("name", ["yuv420p", "yuv422p10le", "gbrp"])
def test_behind_a_title_is_what_earlier_pictures_saw_there(name):
    format = format_of(name, *SIZE)
    clean = panning(format, KNOWN, (3, 0))
    pictures = [titled(p) for p in clean]
    overlay = found(pictures, (3, 0))
    lifted = overlay.lifted(pictures, moves(KNOWN, (3, 0)))
    assert len(lifted) == KNOWN
    hidden = overlay.mask > 0
    for number in (0, KNOWN - 1):
        apart = cv2.dilate(overlay.mask, np.ones((5, 5), np.uint8)) == 0
        assert np.array_equal(lifted[number].luma[apart], pictures[number].luma[apart])
    scale = 255 / format.max_value
    off = np.abs(lifted[-1].luma.astype(float) - clean[-1].luma)[hidden].mean() * scale
    smooth = np.abs(lifted[0].luma.astype(float) - clean[0].luma)[hidden].mean() * scale
    assert off < 3  # seen
    assert off < smooth < 40  # filled evenly


def test_the_title_stays_bit_for_bit_and_the_picture_moves_on_under_it(monkeypatch):
    clean = panning(FORMAT, KNOWN + 6, (3, 0))
    known = [titled(p) for p in clean[:KNOWN]]
    ours = made(known, 6)
    monkeypatch.setattr("longtake_engine.models.motion.sight.find_overlay", lambda *_: None)
    smeared = made(known, 6)
    title = letters() > 0
    ring = (cv2.dilate(title.astype(np.uint8), np.ones((11, 11), np.uint8)) > 0) & ~title
    errors = []
    for number, (picture, other) in enumerate(zip(ours, smeared, strict=True)):
        assert np.array_equal(picture.luma[title], known[-1].luma[title])
        truth = titled(clean[KNOWN + number])
        assert psnr_db(picture, truth, inset=20) > psnr_db(known[-1], truth, inset=20) + 6
        errors.append(
            [np.abs(p.luma.astype(float) - truth.luma)[ring].mean() for p in (picture, other)]
        )
    off, without = np.mean(errors, axis=0)
    assert off < 0.6 * without
