"""Regions that flow, in stills and in clips."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest
from longtake_engine.errors import BadInput, EngineError, WrongCall
from longtake_engine.luma import luma8
from longtake_engine.media.probe import probe
from longtake_engine.picture import Picture
from longtake_engine.tasks.animate.place import turned_box, turned_direction
from longtake_engine.testing.picture import format_of, panning, textured
from longtake_engine.work import Box, FrameRange, Length, Stroke

HEIGHT, WIDTH = 192, 320
REGION = np.s_[64:160, 96:288]
INNER = np.s_[88:136, 128:256]
SECOND = Length(seconds=Fraction(1))


def flow(first: Picture, second: Picture) -> np.ndarray:
    measure = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    before, after = (np.ascontiguousarray(luma8(picture)) for picture in (first, second))
    return measure.calc(before, after, np.empty(0, np.float32))


def outside(region: tuple[slice, slice] = REGION) -> np.ndarray:
    kept = np.ones((HEIGHT, WIDTH), bool)
    kept[region] = False
    return kept


def test_a_still_flows_as_painted_for_as_long_as_asked(still, paint, move):
    done = move(still, [Stroke(paint(), 48, 0)], duration=SECOND)
    made = done.pictures()
    assert len(made) == 24
    take = done.take
    assert (take.rate, take.start_frame, take.duration_frames) == (Fraction(24), 0, 24)
    assert (take.model, take.made_ranges) == ("current", (FrameRange(0, 24),))
    own = textured(format_of("gbrp", WIDTH, HEIGHT))
    for picture in made:
        for plane, kept in zip(picture.planes, own.planes, strict=True):
            assert np.array_equal(plane[outside()], kept[outside()])
    seen = np.mean([flow(a, b)[INNER] for a, b in pairwise(made[2:8])], axis=(0, 1, 2))
    assert seen == pytest.approx((2, 0), abs=0.3)


def test_contrast_lasts_and_a_loop_closes(still, paint, move):
    done = move(still, [Stroke(paint(), 40, -24)], duration=SECOND, loop=True)
    made = [luma8(picture)[INNER].astype(float) for picture in done.pictures()]
    assert len(made) == 24
    steps = [np.abs(b - a).mean() for a, b in pairwise(made)]
    assert np.abs(made[0] - made[-1]).mean() < 1.2 * np.median(steps)
    contrast = [picture.std() for picture in made]
    assert min(contrast) > 0.8 * contrast[0]
    assert max(contrast) < 1.2 * contrast[0]
    assert "The last frame leads over into the first." in done.take.notes


@pytest.mark.parametrize(
    ("length", "rate", "count"),
    [(Length(frames=7), None, 7), (Length(seconds=Fraction(1, 2)), Fraction(30000, 1001), 15)],
)
def test_frames_are_counted_exactly(  # noqa: PLR0917
    still, paint, move, length, rate, count
):
    done = move(still, [Stroke(paint(), 20, 0)], duration=length, frame_rate=rate, loop=True)
    video = probe(done.take.media_path).video
    assert (video.frame_count, video.rate) == (count, rate or Fraction(24))


def test_a_box_is_a_region_with_a_soft_edge(still, move):
    box = Box(96, 64, 192, 96)
    made = move(still, [Stroke(None, 48, 0, box)], duration=SECOND).pictures()
    own = textured(format_of("gbrp", WIDTH, HEIGHT))
    assert np.array_equal(made[9].luma[outside()], own.luma[outside()])
    assert (made[9].luma[INNER] != own.luma[INNER]).mean() > 0.8
    seen = flow(made[4], made[5])[INNER].mean((0, 1))
    assert seen == pytest.approx((2, 0), abs=0.3)


def test_two_regions_flow_two_ways(still, paint, move):
    left = paint(np.s_[40:150, 20:150], "left.png")
    right = paint(np.s_[40:150, 170:300], "right.png")
    made = move(still, [Stroke(left, 0, 36), Stroke(right, -36, 0)], duration=SECOND).pictures()
    seen = flow(made[4], made[5])
    assert seen[70:120, 60:110].mean((0, 1)) == pytest.approx((0, 1.5), abs=0.3)
    assert seen[70:120, 210:260].mean((0, 1)) == pytest.approx((-1.5, 0), abs=0.3)


@pytest.mark.parametrize("codec", ["prores", "ffv1"])
@pytest.mark.parametrize("kind", ["8-bit.png", "16-bit.png", "jpeg.jpg", "tiff.tiff"])
def test_stills_of_all_kinds_are_tagged(tmp_path, paint, move, kind, codec):
    rgb = np.dstack(textured(format_of("gbrp", WIDTH, HEIGHT)).planes)
    path = tmp_path / kind
    cv2.imwrite(str(path), rgb.astype(np.uint16) * 257 if "16" in kind else rgb)
    out = tmp_path / ("made.mov" if codec == "prores" else "made.mkv")
    stroke = Stroke(paint(), 20, 0)
    done = move(path, [stroke], duration=Length(frames=3), codec=codec, path=out)
    video = probe(done.take.media_path).video
    assert (video.color.primaries, video.color.transfer) == ("bt709", "bt709")
    assert video.color.matrix in ("rgb", "bt709", "bt470bg", "smpte170m")
    assert video.frame_count == 3
    if codec == "ffv1" and kind == "16-bit.png":
        assert done.pictures()[1].format.bit_depth == 16
        assert np.array_equal(done.pictures()[1].luma[:60], rgb[:60, :, 1].astype(np.uint16) * 257)


def test_a_clip_goes_on_beneath_and_keeps_its_sound(write, paint, move):
    format = format_of("yuv420p", WIDTH, HEIGHT)
    still = textured(format)
    pictures = []
    for number in range(20):
        planes = [plane.copy() for plane in still.planes]
        planes[0][:40] = 20 + 5 * number  # something lives outside the region
        pictures.append(Picture(tuple(planes), format))
    sound = np.random.default_rng(0).integers(-900, 900, (1, 38400)).astype(np.int16)
    clip = write(pictures, sound=sound)
    done = move(clip, [Stroke(paint(), 50, 0)], output_range=FrameRange(2, 16))
    made = done.pictures()
    assert (len(made), done.take.start_frame, done.take.rate) == (16, 2, Fraction(25))
    for picture, own in zip(made, pictures[2:], strict=False):
        assert np.array_equal(picture.luma[outside()], own.luma[outside()])
    assert flow(made[4], made[5])[INNER].mean((0, 1)) == pytest.approx((2, 0), abs=0.3)
    info = probe(done.take.media_path)
    assert info.audio_streams[0].duration_s == pytest.approx(16 / 25, abs=0.01)
    assert not any("camera" in note for note in done.take.notes)


def test_a_clip_loops_by_dissolving(write, paint, move):
    format = format_of("yuv420p", WIDTH, HEIGHT)
    still = textured(format)
    pictures = []
    for number in range(40):
        planes = [plane.copy() for plane in still.planes]
        planes[0][:40] = 20 + 4 * number  # what lives outside the region does not repeat
        pictures.append(Picture(tuple(planes), format))
    clip = write(pictures)
    stroke = Stroke(paint(np.s_[80:120, 120:200]), 30, 0)
    done = move(clip, [stroke], duration=Length(frames=24), loop=True)
    made = [picture.luma.astype(float) for picture in done.pictures()]
    assert len(made) == 24
    for part in (np.s_[:40], np.s_[80:120, 120:200]):
        steps = [np.abs(b[part] - a[part]).mean() for a, b in pairwise(made)]
        assert np.abs(made[0][part] - made[-1][part]).mean() < 1.2 * max(steps)
    assert any("dissolves into the first 9 frames" in note for note in done.take.notes)
    assert not any("camera" in note for note in done.take.notes)
    with pytest.raises(WrongCall, match=r"takes 16 frames more.*give --duration 24f or less"):
        move(clip, [stroke], loop=True)


def test_a_region_goes_with_the_camera(write, paint, move):
    format = format_of("yuv420p", WIDTH, HEIGHT)
    pictures = panning(format, 24, (2, 0))  # all that is seen goes left by 2 pixels a frame
    part = np.s_[64:160, 140:300]
    stroke = Stroke(paint(part), 0, 50, frame=6)
    done = move(write(pictures), [stroke])
    made = done.pictures()
    assert "The camera moves, and the regions go with it." in done.take.notes
    for frame in (2, 12, 20):
        changed = made[frame].luma != pictures[frame].luma
        columns = np.flatnonzero(changed.any(axis=0))
        shift = -2 * (frame - 6)
        assert columns[0] == pytest.approx(140 + shift, abs=12)
        assert columns[-1] == pytest.approx(min(299 + shift, 319), abs=12)
    seen = flow(made[12], made[13])[90:130, 170:250].mean((0, 1))
    assert seen == pytest.approx((-2, 2), abs=0.4)


def test_a_region_flows_in_its_own_shot_alone(write, paint, move):
    format = format_of("yuv420p", WIDTH, HEIGHT)
    first, second = textured(format), textured(format, seed=5)
    dark = Picture(tuple(plane // 3 for plane in second.planes), format)
    clip = write([first] * 14 + [dark] * 14)
    made = move(clip, [Stroke(paint(), 30, 0, frame=3)]).pictures()
    assert not np.array_equal(made[9].luma, first.luma)
    for picture in made[14:]:
        assert np.array_equal(picture.luma, dark.luma)


def test_directions_and_boxes_turn_with_the_picture(write):
    format = format_of("gray", WIDTH, HEIGHT)
    video = probe(write([textured(format)] * 2)).video
    turned = replace(video, rotation_degrees=90)  # people see it 192 wide, 320 high
    assert turned_direction(10, 0, turned) == (0, 10)
    box = turned_box(Box(0, 0, 30, 20), turned)
    assert (box.x, box.y, box.width, box.height) == (WIDTH - 20, 0, 20, 30)


def bad_stroke(kind: str, paint) -> Stroke:
    whole = np.s_[:, :]
    return {
        "size": lambda: Stroke(paint(size=(100, 100), part=np.s_[:50, :50]), 9, 0),
        "empty": lambda: Stroke(paint(None), 9, 0),
        "everything": lambda: Stroke(paint(whole), 9, 0),
        "nowhere": lambda: Stroke(paint(), 0, 0),
        "missing": lambda: Stroke(Path("/nowhere/region.png"), 9, 0),
        "box outside": lambda: Stroke(None, 9, 0, Box(400, 10, 20, 20)),
        "box of everything": lambda: Stroke(None, 9, 0, Box(-5, -5, 400, 400)),
        "late": lambda: Stroke(paint(), 9, 0, frame=50),
    }[kind]()


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("size", "region.png is 100×100 and the clip 320×192"),
        ("empty", "region.png is white nowhere, so nothing flows; paint white where it does"),
        ("everything", "region.png is white everywhere, and nothing would stay"),
        ("nowhere", "The direction 0,0 leads nowhere; give DX,DY in pixels a second"),
        ("missing", "does not exist|no file|not there"),
        ("box outside", "The region 400,10,20,20 lies outside the picture, which is 320×192"),
        ("box of everything", "covers the whole picture, and nothing would stay"),
    ],
)
def test_a_region_that_cannot_flow_is_a_sentence(still, paint, move, out, kind, sentence):  # noqa: PLR0917
    with pytest.raises(EngineError, match=sentence):
        move(still, [bad_stroke(kind, paint)], duration=SECOND)
    assert list(out.parent.iterdir()) == []


def test_what_a_still_or_a_clip_cannot_do_is_a_sentence(still, write, paint, move, out):
    clip = write([textured(format_of("gray", WIDTH, HEIGHT))] * 5)
    stroke = Stroke(paint(), 9, 0)
    with pytest.raises(WrongCall, match=r"still.png is a still; say how long.*--duration 4s"):
        move(still, [stroke])
    with pytest.raises(WrongCall, match=r"keeps its own rate; leave --rate out"):
        move(clip, [stroke], frame_rate=Fraction(30))
    with pytest.raises(WrongCall, match=r"has 5 frames and --duration asks for 9.*longtake extend"):
        move(clip, [stroke], duration=Length(frames=9))
    with pytest.raises(WrongCall, match=r"drawn on frame 50, and clip.mkv has 5, counted from 0"):
        move(clip, [bad_stroke("late", paint)])
    with pytest.raises(WrongCall, match=r'model "seen" cannot do all.*current lets regions flow'):
        move(still, [stroke], duration=SECOND, model="seen")
    with pytest.raises(BadInput, match=r"has 5 pictures; give one image"):
        move(still, [Stroke(clip, 9, 0)], duration=SECOND)
    assert list(out.parent.iterdir()) == []
