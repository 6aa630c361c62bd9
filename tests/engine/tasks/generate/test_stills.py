from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, Cancelled, MissingInput, NotPossible, WrongCall
from longtake_engine.luma import luma8
from longtake_engine.picture import Picture
from longtake_engine.testing.media import make_clip
from longtake_engine.work import CameraMove, Guidance, Stroke
from PIL import Image

Make = Callable[..., Any]


def moved(first: Picture, second: Picture) -> np.ndarray:
    """By how much the picture's quarters go from one to the next: 4 2 float, pixels."""
    shown = [luma8(picture).astype(np.float32) for picture in (first, second)]
    stop = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-7)
    start = np.eye(2, 3, dtype=np.float32)
    _, found = cv2.findTransformECC(
        shown[0], shown[1], start, cv2.MOTION_AFFINE, stop, np.empty(0), 5
    )
    height, width = shown[0].shape
    points = np.array([[x * width, y * height, 1] for x in (0.25, 0.75) for y in (0.25, 0.75)])
    return points @ found.T - points[:, :2]


def same(first: list[Picture], second: list[Picture]) -> bool:
    return all(
        np.array_equal(a, b)
        for one, other in zip(first, second, strict=True)
        for a, b in zip(one.planes, other.planes, strict=True)
    )


def test_the_asked_frames_come_at_24_a_second_and_of_the_still_s_own_size(
    generate: Make, make_still: Make
):
    done = generate(make_still(width=200, height=120), frames=13, size=None)
    assert (done.take.duration_frames, done.take.rate) == (13, 24)
    pictures = done.pictures()
    assert len(pictures) == 13
    assert (pictures[0].format.width, pictures[0].format.height) == (200, 120)
    assert done.take.made_ranges[0].duration_frames == 13
    assert done.take.model == "still"
    assert done.progress[-1].done_frames == 13


@pytest.mark.parametrize(
    "kind",
    ["dolly_in", "zoom_out", "pan_left", "truck_right", "tilt_up", "orbit_left", "handheld"],
)
def test_no_move_jitters(generate: Make, make_still: Make, kind: str):
    """The change of the motion from frame to frame is small against the motion itself."""
    still = make_still(width=400, height=300)
    guidance = Guidance(camera=CameraMove(kind, 0.9))  # type: ignore[arg-type]
    pictures = generate(still, frames=48, guidance=guidance).pictures()
    # Where it neither sets off nor comes to rest.
    steps = np.array([moved(a, b) for a, b in pairwise(pictures[14:34])])
    speed = np.linalg.norm(steps, axis=-1)
    acceleration = np.linalg.norm(np.diff(steps, axis=0), axis=-1)
    assert speed.mean() > 0.05
    # A hand is never even; the others are but for the measurement, which knows 0.02 pixels.
    allowed = 0.35 * speed.mean() if kind == "handheld" else 0.1 * speed.mean() + 0.02
    assert acceleration.mean() < allowed


@pytest.mark.parametrize("kind", ["orbit_right", "handheld", "tilt_down", "pan_right"])
@pytest.mark.parametrize("shape", [(400, 100), (100, 400), (256, 144)])
def test_no_border_is_ever_seen(generate: Make, tmp_path: Path, kind: str, shape: tuple[int, int]):
    path = tmp_path / "white.png"
    cv2.imwrite(str(path), np.full((shape[1], shape[0], 3), 255, np.uint8))
    guidance = Guidance(camera=CameraMove(kind, 1.0))  # type: ignore[arg-type]
    for picture in generate(path, frames=9, guidance=guidance).pictures():
        assert int(luma8(picture).min()) >= 234  # white in limited range is 235


def test_a_camera_that_stands_does_not_move(generate: Make, make_still: Make):
    pictures = generate(make_still(), guidance=Guidance(camera=CameraMove("static"))).pictures()
    assert same(pictures[:1], pictures[-1:])


@pytest.mark.parametrize(
    ("kind", "way"),
    [("pan_right", (-1, 0)), ("truck_left", (1, 0)), ("tilt_up", (0, 1)), ("tilt_down", (0, -1))],
)
def test_the_picture_goes_against_the_camera(
    generate: Make, make_still: Make, kind: str, way: tuple[int, int]
):
    guidance = Guidance(camera=CameraMove(kind))  # type: ignore[arg-type]
    pictures = generate(make_still(width=400, height=400), guidance=guidance).pictures()
    step = moved(pictures[11], pictures[12]).mean(axis=0)
    across, down = (0.0 if abs(value) < 0.03 else float(np.sign(value)) for value in step)
    assert (across, down) == way


@pytest.mark.parametrize(("kind", "grows"), [("dolly_in", True), ("zoom_out", False)])
def test_nearer_is_larger(generate: Make, make_still: Make, kind: str, grows: bool):
    guidance = Guidance(camera=CameraMove(kind))  # type: ignore[arg-type]
    pictures = generate(make_still(), guidance=guidance).pictures()
    step = moved(pictures[11], pictures[12])
    wider = step[2, 0] - step[0, 0]  # of the right quarter against the left one
    assert (wider > 0) == grows


def test_the_same_seed_gives_the_same_and_another_one_another_move(
    generate: Make, make_still: Make, tmp_path: Path
):
    still = make_still()
    first = generate(still, guidance=Guidance(seed=3), path=tmp_path / "a.mkv")
    again = generate(still, guidance=Guidance(seed=3), path=tmp_path / "b.mkv")
    other = generate(still, guidance=Guidance(seed=4), path=tmp_path / "c.mkv")
    assert same(first.pictures(), again.pictures())
    assert not same(first.pictures(), other.pictures())


def test_takes_are_other_moves(generate: Make, make_still: Make):
    done = generate(make_still(), take_count=2)
    assert [take.media_path.name for take in done.takes] == ["made.mkv", "made-2.mkv"]
    assert done.takes[0].notes[0] != done.takes[1].notes[0]
    assert not same(done.pictures(0), done.pictures(1))


def test_a_wide_still_is_panned_over_and_a_tall_one_tilted(generate: Make, make_still: Make):
    wide = generate(make_still("wide.png", width=600)).take
    assert "pan right over wide.png" in wide.notes[0]


def test_stills_share_the_time_each_with_a_move_of_its_own(
    generate: Make, make_still: Make, tmp_path: Path
):
    stills = [make_still(f"{n}.png", seed=n) for n in range(3)]
    for number, level in enumerate((60, 120, 200)):
        image = np.full((144, 256, 3), level, np.uint8)
        cv2.imwrite(str(stills[number]), image)
    done = generate(*stills, frames=31)
    levels = [float(luma8(picture).mean()) for picture in done.pictures()]
    assert len(levels) == 31
    shown = [levels.count(level) for level in sorted(set(levels))]
    assert shown == [10, 11, 10]  # 10.33 frames each: too short to dissolve
    moves = done.take.notes[0].removeprefix("The camera: ").split(", then ")
    assert len({move.split(" over ")[0] for move in moves}) == 3


def test_stills_dissolve_where_there_is_time(generate: Make, tmp_path: Path):
    stills = []
    for level in (60, 200):
        stills.append(tmp_path / f"{level}.png")
        cv2.imwrite(str(stills[-1]), np.full((72, 128, 3), level, np.uint8))
    levels = [float(luma8(picture).mean()) for picture in generate(*stills, frames=96).pictures()]
    steps = np.diff(levels)
    assert len(levels) == 96
    assert (steps > 0).sum() == 13  # half a second of mixtures
    assert steps.max() < 0.2 * (levels[-1] - levels[0])


def test_a_shot_is_of_the_size_rate_and_colour_of_the_clip_that_it_cuts_with(
    generate: Make, make_still: Make, tmp_path: Path
):
    like = make_clip(tmp_path / "like.mkv", size=(96, 64), rate=Fraction(30000, 1001), frames=3)
    done = generate(make_still(), size=None, like_path=like, frames=7)
    picture = done.pictures()[0]
    assert (picture.format.width, picture.format.height) == (96, 64)
    assert done.take.rate == Fraction(30000, 1001)
    assert done.take.duration_frames == 7


def test_a_stroke_moves_the_water_and_nothing_else(
    generate: Make, make_still: Make, tmp_path: Path
):
    region = np.zeros((144, 256), np.uint8)
    region[:, 128:] = 255
    cv2.imwrite(str(tmp_path / "region.png"), region)
    guidance = Guidance(
        camera=CameraMove("static"), strokes=(Stroke(tmp_path / "region.png", 30.0, 0.0),)
    )
    pictures = generate(make_still(), guidance=guidance).pictures()
    apart = np.abs(pictures[6].luma.astype(int) - pictures[0].luma)
    assert apart[:, :56].max() <= 1
    assert apart[:, 80:].mean() > 1


def test_a_still_with_a_matte_is_shown_in_depth(generate: Make, make_still: Make, tmp_path: Path):
    """What the alpha shows goes by faster than what lies behind it."""
    image = cv2.imread(str(make_still(width=320, height=180)))
    assert image is not None
    alpha = np.zeros((180, 320), np.uint8)
    alpha[60:120, 130:190] = 255
    image[alpha > 0] = (30, 30, 240)
    path = tmp_path / "cut.png"
    cv2.imwrite(str(path), np.concatenate([image, alpha[..., None]], axis=-1))
    guidance = Guidance(camera=CameraMove("truck_right", 1.0))
    pictures = generate(path, frames=24, guidance=guidance).pictures()
    red = [np.flatnonzero(picture.planes[2][36].astype(int) > 850).mean() for picture in pictures]
    ground = [moved(a, b)[0, 0] for a, b in pairwise(_upper(picture) for picture in pictures)]
    # A sample of chroma is as wide as two of luma.
    assert 2 * abs(red[-1] - red[0]) == pytest.approx(1.3 * abs(sum(ground)), rel=0.1)


def test_a_matte_says_what_is_near(generate: Make, make_still: Make, tmp_path: Path):
    still = make_still(width=320, height=180)
    matte = np.zeros((180, 320), np.uint8)
    matte[60:120, 130:190] = 255
    cv2.imwrite(str(tmp_path / "matte.png"), matte)
    guidance = Guidance(camera=CameraMove("dolly_in", 1.0))
    flat = generate(still, guidance=guidance, path=tmp_path / "a.mkv").pictures()
    deep = generate(
        still, guidance=guidance, path=tmp_path / "b.mkv", matte_path=tmp_path / "matte.png"
    ).pictures()
    apart = np.abs(flat[-1].luma.astype(int) - deep[-1].luma)
    assert apart[30:42, 58:70].mean() > 4  # what is near has come nearer
    assert apart[:6].max() <= 4  # the ground has not
    # A camera that only turns sees no depth.
    guidance = Guidance(camera=CameraMove("pan_right", 1.0))
    flat = generate(still, guidance=guidance, path=tmp_path / "c.mkv").pictures()
    deep = generate(
        still, guidance=guidance, path=tmp_path / "d.mkv", matte_path=tmp_path / "matte.png"
    ).pictures()
    assert same(flat, deep)


def test_a_matte_of_another_size_is_refused(generate: Make, make_still: Make, tmp_path: Path):
    cv2.imwrite(str(tmp_path / "matte.png"), np.zeros((10, 10), np.uint8))
    with pytest.raises(BadInput, match="of the size of the still"):
        generate(make_still(), matte_path=tmp_path / "matte.png")
    cv2.imwrite(str(tmp_path / "matte.png"), np.zeros((144, 256), np.uint8))
    with pytest.raises(BadInput, match="says nothing of what is near"):
        generate(make_still(), matte_path=tmp_path / "matte.png")


def test_a_still_that_was_held_upright_is_shown_upright(
    generate: Make, make_still: Make, tmp_path: Path
):
    image = cv2.imread(str(make_still(width=160, height=80)))
    assert image is not None
    image[:, :20] = 250  # the left edge, which is the top once it is turned
    path = tmp_path / "phone.jpg"
    turned = Image.fromarray(image)
    exif = turned.getexif()
    exif[0x0112] = 6  # to be turned a quarter to the right
    turned.save(path, exif=exif, quality=95)
    guidance = Guidance(camera=CameraMove("static"))
    picture = generate(path, size=None, frames=2, guidance=guidance).pictures()[0]
    assert (picture.format.width, picture.format.height) == (80, 160)
    assert luma8(picture)[:16].mean() > 200


def _upper(picture: Picture) -> Picture:
    planes = tuple(np.ascontiguousarray(plane[: plane.shape[0] // 4]) for plane in picture.planes)
    return Picture(planes, picture.format)


def test_a_cut_out_keeps_its_alpha(generate: Make, tmp_path: Path):
    image = np.zeros((72, 128, 4), np.uint8)
    image[20:50, 40:90] = (60, 120, 200, 255)
    cv2.imwrite(str(tmp_path / "logo.png"), image)
    picture = generate(tmp_path / "logo.png", frames=3).pictures()[0]
    assert picture.format.has_alpha
    assert picture.planes[-1].max() == picture.format.max_value
    assert picture.planes[-1].min() == 0


def test_what_cannot_be_made_is_said_in_a_sentence(
    generate: Make, make_still: Make, tmp_path: Path
):
    still = make_still()
    with pytest.raises(WrongCall, match="--prompt TEXT, or --image"):
        generate()
    with pytest.raises(WrongCall, match="length"):
        generate(still, frames=None)
    with pytest.raises(WrongCall, match="3 stills do not fit into 2 frames"):
        generate(still, still, still, frames=2)
    with pytest.raises(MissingInput):
        generate(tmp_path / "nowhere.png")
    with pytest.raises(BadInput, match="is a clip, not a still"):
        generate(make_clip(tmp_path / "clip.mkv", frames=3))
    with pytest.raises(WrongCall, match='No model "nobody"'):
        generate(still, model="nobody")
    with pytest.raises(WrongCall, match="99999×9 cannot be made; give a --size of at most 16384"):
        generate(still, size=(99999, 9))
    assert not list(tmp_path.glob("*made*"))


def test_a_cancelled_shot_leaves_nothing(generate: Make, make_still: Make, tmp_path: Path):
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        generate(make_still(), cancel=cancel)
    assert not list(tmp_path.glob("*made*"))


def test_words_without_a_model_are_told_which_would_fit(generate: Make, monkeypatch):
    with pytest.raises(NotPossible) as refused:
        generate(guidance=Guidance(prompt="a harbour at dawn"))
    assert "No model that makes shots from words is installed" in refused.value.sentence
    assert "longtake models" in refused.value.sentence


def test_a_model_of_the_catalogue_that_is_not_installed_is_named(generate: Make):
    with pytest.raises(NotPossible, match=r"longtake models install wan-t2v-1\.3b"):
        generate(model="wan-t2v-1.3b", guidance=Guidance(prompt="a harbour"))
