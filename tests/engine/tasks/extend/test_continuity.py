"""Grain and light that go on across the join, on clips whose grain is known."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture
from longtake_engine.tasks.ending import read_ending
from longtake_engine.tasks.extend.continuity import read_continuity
from longtake_engine.testing.picture import format_of, textured

SIZE = (320, 192)
FRAMES, NEW = 16, 12
Film = Callable[..., Path]


def soft(format, step: int) -> list[Picture]:
    """A pan over a smooth world, `step` pixels a frame, with structure everywhere."""
    planes = []
    for n in range(FRAMES + NEW):
        view = textured(format, step * n)
        planes.append(tuple(cv2.GaussianBlur(p, (0, 0), 3) for p in view.planes))
    return [Picture(p, format) for p in planes]


def grain_of(shape: tuple[int, ...], blur: float, random: np.random.Generator) -> np.ndarray:
    white = random.standard_normal(shape, np.float32)
    if blur:
        white = cv2.GaussianBlur(white, (0, 0), blur)
    return white / white.std()


def grained(pictures: Sequence[Picture], sigma: float, blur: float, seed: int = 1) -> list[Picture]:
    """With grain of `sigma` 8-bit levels, half as much in the chroma."""
    random = np.random.default_rng(seed)
    result = []
    for picture in pictures:
        format = picture.format
        planes = []
        for number, plane in enumerate(picture.planes):
            if format.has_alpha and number == 3:
                planes.append(plane)
                continue
            amount = sigma * format.max_value / 255 * (0.5 if format.is_chroma(number) else 1)
            value = np.rint(plane + amount * grain_of(plane.shape, blur, random))
            planes.append(np.clip(value, 0, format.max_value).astype(plane.dtype))
        result.append(Picture(tuple(planes), format))
    return result


def read(path: Path, start: int = 0, stop: int | None = None) -> list[Picture]:
    with VideoReader(probe(path)) as reader:
        return list(reader.frames(start, stop))


def high(picture: Picture, plane: int = 0) -> np.ndarray:
    """What of a picture is not smooth: its grain, 8-bit levels, the border left out."""
    values = picture.planes[plane].astype(np.float32) * (255 / picture.format.max_value)
    return (values - cv2.GaussianBlur(values, (0, 0), 4))[8:-8, 8:-8]


def fine(picture: Picture) -> np.ndarray:
    """The finest part of a picture's luma: hardly anything but grain, where the rest is soft."""
    values = picture.luma.astype(np.float32)
    return (values - cv2.GaussianBlur(values, (0, 0), 1.2))[8:-8, 8:-8]


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a.ravel(), b.ravel())[0, 1])


def new_grain(first: Picture, second: Picture, plane: int = 0) -> np.ndarray:
    """What is new in the second of two pictures of nearly the same place, of one's strength."""
    return (high(second, plane) - high(first, plane)) / np.float32(2**0.5)


@pytest.mark.parametrize(
    "kind",
    [
        ("yuv420p", 4, 0.0),
        ("yuv420p", 5, 0.8),
        ("yuv420p10le", 4, 0.7),
        ("gbrp", 4, 0.7),
        ("yuva444p10le", 4, 0.7),
    ],
    ids=str,
)
def test_grain_is_made_anew_as_it_was(film: Film, do, out, kind):
    name, sigma, blur = kind
    clean = soft(format_of(name, *SIZE), 0)
    source = film(grained(clean[:FRAMES], sigma, blur))
    take = do(source, tail=NEW, model="motion").take
    assert any("grain" in note for note in take.notes)
    assert all(0.8 < seam.noise_ratio < 1.2 for seam in take.seams)
    pictures = read(out)
    assert all(
        np.array_equal(a, b)
        for before, after in zip(read(source), pictures, strict=False)
        for a, b in zip(before.planes, after.planes, strict=True)
    )
    made = pictures[FRAMES:]
    truth = grained(clean[:2], sigma, blur, seed=2)
    for plane in (0, 1):
        known = new_grain(truth[0], truth[1], plane)
        for first, second in (made[:2], made[-2:]):
            grain = new_grain(first, second, plane)
            assert grain.std() == pytest.approx(known.std(), rel=0.15)
            for lag in ((0, 1), (1, 0)):
                shifted = np.roll(grain, lag, (0, 1))
                expected = likeness(known, np.roll(known, lag, (0, 1)))
                assert likeness(grain, shifted) == pytest.approx(expected, abs=0.15)
    last = high(pictures[FRAMES - 1]) - high(clean[FRAMES - 1])
    for place in (FRAMES, -1):
        own = high(pictures[place]) - high(clean[FRAMES - 1])
        assert own.std() == pytest.approx(last.std(), rel=0.15)
        assert abs(likeness(own, last)) < 0.15


def test_grain_does_not_ride_along_with_what_moves(film: Film, do, out):
    clean = soft(format_of("yuv420p", *SIZE), 2)
    do(film(grained(clean[:FRAMES], 4, 0.7)), tail=NEW, model="glide")
    pictures = read(out)
    last = fine(pictures[FRAMES - 1])
    for step in (1, 2, 3):
        own = fine(pictures[FRAMES - 1 + step])
        assert own.std() == pytest.approx(last.std(), rel=0.15)
        rode = np.roll(last - fine(clean[FRAMES - 1]), -2 * step, 1)
        assert abs(likeness(own[:, 8:-8], rode[:, 8:-8])) < 0.15


def test_a_head_is_grained_too(film: Film, do, out):
    format = format_of("yuv420p", *SIZE)
    do(film(grained(soft(format, 0)[:FRAMES], 4, 0.7)), head=6)
    pictures = read(out)
    grain = [new_grain(a, b).std() for a, b in pairwise(pictures)]
    assert grain[:6] == pytest.approx([grain[-1]] * 6, rel=0.15)


def test_the_same_seed_makes_the_same_grain(film: Film, do, tmp_path):
    source = film(grained(soft(format_of("yuv420p", *SIZE), 0)[:FRAMES], 4, 0.7))
    first, second = tmp_path / "a.mkv", tmp_path / "b.mkv"
    do(source, tail=3, path=first)
    do(source, tail=3, path=second)
    for a, b in zip(read(first), read(second), strict=True):
        assert np.array_equal(a.luma, b.luma)


def test_a_clean_clip_stays_as_clean(film: Film, do, out, monkeypatch, tmp_path):
    source = film(soft(format_of("yuv420p", *SIZE), 2)[:FRAMES])
    assert not any("grain" in note for note in do(source, tail=NEW).take.notes)
    plain = tmp_path / "plain.mkv"
    monkeypatch.setattr(
        "longtake_engine.tasks.extend.continuity.Continuity.finish",
        lambda self, side, pictures, _: pictures,
    )
    monkeypatch.setattr(
        "longtake_engine.tasks.extend.continuity.Continuity.prepare", lambda _, side: side
    )
    do(source, tail=NEW, path=plain)
    for a, b in zip(read(out), read(plain), strict=True):
        assert all(np.array_equal(x, y) for x, y in zip(a.planes, b.planes, strict=True))


def test_pictures_that_the_clip_has_keep_their_own_grain(film: Film, do):
    source = film(grained(soft(format_of("yuv420p", *SIZE), 0)[:FRAMES], 4, 0.7))
    assert not any("grain" in note for note in do(source, tail=4, model="loop").take.notes)


@pytest.mark.parametrize("step", [0, 2])
def test_grain_that_mixing_took_away_is_made_up_for(film: Film, do, out, step):
    clean = soft(format_of("yuv420p", *SIZE), step)
    do(film(grained(clean, 4, 0.7)), tail=NEW, model="retime")
    pictures = read(out)
    usual = np.mean([fine(picture).std() for picture in pictures[:2]])
    assert [fine(picture).std() for picture in pictures[4:]] == pytest.approx(
        [usual] * (len(pictures) - 4), rel=0.2
    )


def test_bars_stay_without_grain(film: Film, do, out):
    format = format_of("yuv420p", *SIZE)
    pictures = grained(soft(format, 0)[:FRAMES], 4, 0.7)
    for picture in pictures:
        for rows in (slice(0, 24), slice(-24, None)):
            picture.luma[rows] = 16
    do(film(pictures), tail=6)
    made = read(out)[FRAMES:]
    assert all((picture.luma[:20] == 16).all() for picture in made)
    assert new_grain(made[0], made[1])[40:-40].std() > 3


def test_what_ripples_is_no_grain(film: Film):
    """Texture that changes from picture to picture, but keeps something of itself."""
    random = np.random.default_rng(3)
    format = format_of("yuv420p", *SIZE)
    base, ripple, pictures = soft(format, 0)[0], np.zeros(SIZE[::-1], np.float32), []
    for _ in range(FRAMES):
        fresh = grain_of(SIZE[::-1], 1.0, random)
        ripple = 0.85 * ripple + 5 * (1 - 0.85**2) ** 0.5 * fresh
        luma = np.clip(base.luma + ripple, 0, 255).astype(np.uint8)
        pictures.append(Picture((luma, *base.planes[1:]), format))
    reader = VideoReader(probe(film(pictures)))
    assert read_continuity(reader, read_ending(reader, forward=True)).grain is None


def test_grain_fades_with_the_picture(film: Film, do, out):
    format = format_of("yuv420p", *SIZE)
    faded = []
    for number, picture in enumerate(grained(soft(format, 0)[:24], 5, 0.7)):
        share = 1 - max(0, number - 7) / 24
        luma = np.rint((picture.luma - 16.0) * share + 16).clip(0, 255).astype(np.uint8)
        faded.append(Picture((luma, *picture.planes[1:]), format))
    take = do(film(faded), tail=12).take
    assert any("fade to black" in note for note in take.notes)
    made = read(out)[24:]
    assert fine(made[-1]).std() < 0.1
    assert 0.2 * fine(faded[-1]).std() < fine(made[3]).std() < 0.8 * fine(faded[-1]).std()


@pytest.mark.footage
@pytest.mark.parametrize(
    "name",
    ["cotracker_bear", "mdn_stream_of_water", "sttn_dogs_jump_240p", "vipe_dog", "mdn_flower"],
)
def test_real_clips_without_grain_are_not_taken_for_grainy(footage, name):
    reader = VideoReader(probe(sorted((footage / name).glob("*.mp4"))[0]))
    for forward in (True, False):
        assert read_continuity(reader, read_ending(reader, forward=forward)).grain is None


@pytest.mark.footage
def test_grain_on_a_real_clip_goes_on(footage, film: Film, do, out):
    source = sorted((footage / "pexels_tea").glob("*.mp4"))[0]
    format = format_of("yuv420p", 480, 270)
    cut = (slice(400, 670), slice(800, 1280)), (slice(200, 335), slice(400, 640))
    pictures = []
    for picture in read(source, 100, 116):
        y, u, v = picture.planes
        planes = (y[cut[0]], u[cut[1]], v[cut[1]])
        pictures.append(Picture(tuple(np.ascontiguousarray(p) for p in planes), format))
    take = do(film(grained(pictures, 4, 0.7)), tail=6).take
    assert any("grain" in note for note in take.notes)
    assert take.seams[0].noise_ratio == pytest.approx(1, abs=0.15)
    made = read(out)
    usual = float(np.median([fine(picture).std() for picture in made[:16]]))
    assert [fine(p).std() for p in made[16:]] == pytest.approx([usual] * 6, rel=0.15)
