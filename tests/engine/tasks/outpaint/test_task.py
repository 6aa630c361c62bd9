"""The task as a whole: what is kept, what is made and by whom, what is told."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput, Cancelled, NotPossible, WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.offer import names_for
from longtake_engine.picture import Picture
from longtake_engine.tasks.run import estimate, run
from longtake_engine.testing.backend import Uncover
from longtake_engine.testing.media import make_clip, read_number
from longtake_engine.testing.picture import crossing, format_of, panning, textured
from longtake_engine.work import Box, FrameRange, Guidance, Point, Progress, Take

SIZE = (160, 96)  # of a clip of 128 × 72
AT = (16, 12)


def test_every_frame_is_there_and_its_pixels_are_the_clips_own(clip, reshape, cut_out):
    done = reshape(clip, SIZE)
    own = list(VideoReader(probe(clip)).frames())
    made = done.pictures()
    assert len(made) == len(own) == 24
    for number, (picture, source) in enumerate(zip(made, own, strict=True)):
        kept = cut_out(picture, *AT, (128, 72))
        assert all(np.array_equal(a, b) for a, b in zip(kept.planes, source.planes, strict=True))
        assert read_number(source) == number
    assert done.take.duration_frames == 24
    assert done.take.made_ranges == (FrameRange(0, 24),)
    assert done.take.model == "uncover"
    (filling,) = done.take.fillings
    share = 1 - 128 * 72 / (160 * 96)
    assert filling.filled_share == pytest.approx([share] * 24, abs=1e-3)
    assert done.take.fillings_png.startswith(b"\x89PNG")


def test_sound_rate_and_timecode_go_along(clip, reshape):
    info = probe(reshape(clip, SIZE).take.media_path)
    assert info.video.rate == Fraction(24000, 1001)
    assert info.video.start_timecode == "01:00:00:00"
    first, second = (
        np.concatenate(list(SoundReader(one, 0).blocks(0, 40000)), axis=1)
        for one in (probe(clip), info)
    )
    assert np.array_equal(first, second)


def test_a_part_of_the_clip(clip, reshape):
    done = reshape(clip, (128, 48), fit="keep", anchor="top", output_range=FrameRange(5, 9))
    assert done.take.start_frame == 5
    assert [read_number_of(picture) for picture in done.pictures()] == list(range(5, 14))


def read_number_of(picture):
    """The number of a picture cut below: its barcode is the upper quarter of 72 lines."""
    luma = np.vstack([picture.luma, np.zeros((24, picture.format.width), picture.luma.dtype)])
    whole = Picture((luma,), format_of("gray", 128, 72))
    return read_number(whole)


def test_a_cut_needs_no_backend(clip, reshape, use, cut_out):
    use()  # there is none
    done = reshape(clip, (64, 72), fit="keep", anchor="left")
    own = list(VideoReader(probe(clip)).frames())
    for picture, source in zip(done.pictures(), own, strict=True):
        kept = cut_out(source, 0, 0, (64, 72))
        assert all(np.array_equal(a, b) for a, b in zip(picture.planes, kept.planes, strict=True))
    assert done.take.model == "reframe"
    assert done.take.fillings == ()
    assert done.take.score.confidence == 1
    assert any("0 % made up" in note for note in done.take.notes)


def test_the_pixel_aspect_is_kept_and_a_turned_clip_stays_turned(tmp_path, reshape):
    wide = make_clip(
        tmp_path / "wide.mov",
        codec="prores_ks",
        pixel_aspect=Fraction(4, 3),
        pixel_format="yuv422p10le",
        frames=4,
    )
    path = tmp_path / "wide-out.mov"
    done = reshape(wide, SIZE, path=path, codec="prores")
    assert probe(done.take.media_path).video.pixel_aspect == Fraction(4, 3)
    turned = make_clip(
        tmp_path / "turned.mov",
        codec="prores_ks",
        rotation=90,
        pixel_format="yuv422p10le",
        frames=4,
    )
    done = reshape(turned, (96, 160), path=tmp_path / "turned-out.mov", codec="prores")
    video = probe(done.take.media_path).video
    assert (video.width, video.height, video.rotation_degrees) == (160, 96, 90)


def test_interlaced_clips_are_refused_or_deinterlaced(tmp_path, reshape):
    clip = make_clip(tmp_path / "fields.mov", codec="mpeg2video", field_order="tt", frames=8)
    with pytest.raises(BadInput, match="add --deinterlace"):
        reshape(clip, SIZE)
    assert len(reshape(clip, SIZE, deinterlace=True).pictures()) == 8


def test_the_picture_goes_with_what_moves(film, reshape):
    pictures = crossing(format_of("yuv420p", 320, 96), 60, step=4, size=48)
    done = reshape(film(pictures), (144, 96), follow=True)
    assert done.take.model == "reframe"
    assert any("what moves against the camera" in note for note in done.take.notes)
    for number, picture in enumerate(done.pictures()):
        left = _near_left(picture.luma, pictures[number].luma)
        middle = 16 + 4 * number + 24 - left
        assert 24 <= middle <= 120, f"frame {number}"


def _near_left(made: np.ndarray, source: np.ndarray) -> float:
    """Where a picture was cut out of `source`, to the pixel, by what is most alike."""
    costs = cv2.matchTemplate(source, made, cv2.TM_SQDIFF)
    return float(costs[0].argmin())


def standing_out(count: int) -> list[Picture]:
    """A bright square that crosses a dark picture, 4 pixels a frame."""
    format = format_of("yuv420p", 320, 96)
    pictures = []
    for number, picture in enumerate(crossing(format, count, step=4, size=48)):
        luma = picture.luma // 3
        left = 16 + 4 * number
        luma[24:72, left : left + 48] += 150
        pictures.append(Picture((luma, *picture.planes[1:]), format))
    return pictures


def test_the_picture_goes_with_what_is_shown(film, reshape):
    pictures = standing_out(40)
    box = Box(16, 24, 48, 48)
    done = reshape(film(pictures), (112, 96), fit="keep", follow=True, boxes=(box,))
    lefts: list[int] = []
    for number, (made, own) in enumerate(zip(done.pictures(), pictures, strict=True)):
        left = _left(made.luma, own.luma)
        assert left is not None, "every pixel is the clip's own"
        assert left % 2 == 0
        assert 20 < 16 + 4 * number + 24 - left < 92, f"frame {number}"
        lefts.append(left)
    assert lefts == sorted(lefts)


def _left(made: np.ndarray, source: np.ndarray) -> int | None:
    """Where a picture was cut out of `source`, exactly."""
    width = made.shape[1]
    for left in range(source.shape[1] - width + 1):
        if np.array_equal(source[:, left : left + width], made):
            return left
    return None


def test_where_nothing_moves_the_middle_is_kept_and_said(film, reshape):
    still = [textured(format_of("yuv420p", 320, 96))] * 12
    done = reshape(film(still), (96, 96), follow=True)
    assert any("nothing moves against the camera" in note for note in done.take.notes)
    assert all(_left(picture.luma, still[0].luma) == 112 for picture in done.pictures())


def test_a_subject_and_a_border_at_once(film, reshape):
    pictures = standing_out(20)
    done = reshape(
        film(pictures), (128, 160), fit="keep", anchor="top", follow=True, points=(Point(40, 48),)
    )
    (filling,) = done.take.fillings
    assert filling.filled_share[0] == pytest.approx(0.4, abs=1e-3)
    for made, own in zip(done.pictures(), pictures, strict=True):
        assert _left(made.luma[:96], own.luma) is not None


def test_nothing_is_taken_across_a_cut(film, reshape, use):
    one = panning(format_of("yuv420p", 128, 72), 30)
    other = [
        Picture(tuple(255 - plane for plane in p.planes), p.format)
        for p in panning(format_of("yuv420p", 128, 72), 30, seed=5)
    ]
    done = reshape(film([*one, *other]), SIZE)
    assert any("A cut lies at frame 30" in note for note in done.take.notes)


def test_the_better_one_is_taken_and_takes_are_in_order(film, reshape, use, tmp_path):
    still = [textured(format_of("yuv420p", 128, 72))] * 12
    use(Uncover("wrong", 60), Uncover("right"))
    done = reshape(film(still), SIZE, take_count=2)
    assert [take.model for take in done.takes] == ["right", "wrong"]
    assert done.takes[0].score.psnr_db >= done.takes[1].score.psnr_db
    assert done.takes[1].media_path.name == "out-2.mkv"


def test_a_low_score_is_said_and_who_could_do_better_is_named(film, reshape, use):
    use(Uncover("wrong", 90))
    moving = panning(format_of("yuv420p", 128, 72), 12, step=(4, 0))
    (note,) = [n for n in reshape(film(moving), SIZE).take.notes if "Look closely" in n]
    assert all(name in note for name in names_for("outpaint"))
    assert names_for("outpaint")


def test_a_prompt_needs_a_model_that_hears(clip, ask):
    with pytest.raises(NotPossible, match="needs a video model"):
        list(run(ask(clip, SIZE, guidance=Guidance("snow")), job_id="j", cancel=CancelToken()))


def test_a_box_outside_is_refused_in_a_sentence(clip, reshape):
    with pytest.raises(WrongCall, match="The box 400,0,20,20 lies outside the picture"):
        reshape(clip, (64, 72), follow=True, boxes=(Box(400, 0, 20, 20),))
    with pytest.raises(WrongCall, match="drawn on frame 99, and the clip has 24"):
        reshape(clip, (64, 72), follow=True, boxes=(Box(0, 0, 20, 20, 99),))


def test_frames_that_the_clip_has_not_are_refused(clip, reshape, out):
    with pytest.raises(WrongCall, match=r"Frames 20 to 29 .* which has 24"):
        reshape(clip, SIZE, output_range=FrameRange(20, 10))
    assert list(out.parent.iterdir()) == []


def test_a_cancelled_one_leaves_nothing(clip, ask, out):
    token = CancelToken()
    steps = run(ask(clip, SIZE), job_id="job", cancel=token)
    with pytest.raises(Cancelled):
        for step in steps:
            assert not isinstance(step, Take)
            if isinstance(step, Progress) and step.done_frames == 3:
                token.cancel()
    assert list(out.parent.iterdir()) == []


def test_what_it_would_cost(clip, ask):
    made, cut = estimate(ask(clip, SIZE)), estimate(ask(clip, (64, 72), fit="keep"))
    assert (made.model, made.new_frames, made.total_frames) == ("uncover", 24, 24)
    assert (cut.model, cut.new_frames, cut.total_frames) == ("reframe", 0, 24)
    assert 0 < cut.seconds < made.seconds
    assert made.disk_free_bytes > made.disk_bytes > 0
