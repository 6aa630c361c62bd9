"""Masks of every kind: what they hide goes, and nothing else changes by a bit."""

from fractions import Fraction

import cv2
import numpy as np
import pytest
from longtake_engine.errors import BadInput, MissingInput, WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.media.sound_reader import SoundReader
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.testing.backend import Uncover
from longtake_engine.testing.media import make_clip
from longtake_engine.work import FrameRange, Length


def same(made, wanted):
    return all(np.array_equal(a, b) for a, b in zip(made.planes, wanted.planes, strict=True))


@pytest.mark.parametrize(
    "pixel_format",
    ["yuv420p", "yuv422p10le", "yuv444p", "gray", "gbrp", "yuv420p12le", "gbrap", "yuva420p"],
)
def test_what_is_hidden_gives_way_to_what_lies_behind(
    make_scene, mask_video, fill, unchanged, pixel_format
):
    scene = make_scene(pixel_format)
    done = fill(scene.path, mask_video(scene.masks))
    made = done.pictures()
    assert len(made) == len(scene.pictures)
    for picture, own, mask in zip(made, scene.pictures, scene.masks, strict=True):
        assert same(picture, scene.behind)
        unchanged(picture, own, mask)


@pytest.mark.parametrize("size", [(97, 65), (98, 63)])
def test_odd_sizes_stay_exact_outside_the_mask(make_scene, mask_video, fill, unchanged, size):
    scene = make_scene("yuv420p", size)
    made = fill(scene.path, mask_video(scene.masks)).pictures()
    for picture, own, mask in zip(made, scene.pictures, scene.masks, strict=True):
        unchanged(picture, own, mask)
        assert not same(picture, own)


def test_whatever_a_backend_does_elsewhere_does_not_show(scene, mask_video, fill, unchanged, use):
    use(Uncover(color_error=9))
    made = fill(scene.path, mask_video(scene.masks)).pictures()
    for picture, own, mask in zip(made, scene.pictures, scene.masks, strict=True):
        unchanged(picture, own, mask)
        hidden = mask > 0
        assert (picture.luma[hidden] == scene.behind.luma[hidden] + 9).all()


def test_nothing_under_the_mask_is_read(make_scene, write, mask_video, fill):
    """Two clips that differ only under the mask come out the same."""
    scene = make_scene()
    masks = mask_video(scene.masks)
    first = fill(scene.path, masks).pictures()
    other = []
    for picture, mask in zip(scene.pictures, scene.masks, strict=True):
        planes = [plane.copy() for plane in picture.planes]
        planes[0][mask > 0] = 255
        other.append(type(picture)(tuple(planes), picture.format))
    second = fill(write(other, "other"), masks).pictures()
    assert all(same(a, b) for a, b in zip(first, second, strict=True))


def as_image(folder, image, name="mask.png"):
    path = folder / name
    assert cv2.imwrite(str(path), image)
    return path


@pytest.mark.parametrize("kind", ["white", "black", "red", "ones", "alpha", "clear", "jpeg"])
def test_an_image_hides_the_same_of_every_frame(scene, fill, tmp_path, unchanged, kind):
    mask = scene.masks[0]
    image = {
        "white": mask,
        "black": 255 - mask,
        "red": np.dstack([0 * mask, 0 * mask, mask // 2]),
        "ones": mask // 255,
        "alpha": np.dstack([np.full_like(mask, 90)] * 3 + [mask]),
        "clear": np.dstack([np.full_like(mask, 90)] * 3 + [255 - mask]),
        "jpeg": mask,
    }[kind]
    path = as_image(tmp_path, image, "mask.jpg" if kind == "jpeg" else "mask.png")
    done = fill(scene.path, path)
    for number, (picture, own) in enumerate(zip(done.pictures(), scene.pictures, strict=True)):
        unchanged(picture, own, cv2.dilate(mask, np.ones((9, 9))) if kind == "jpeg" else mask)
        if not number:  # no frame shows what lies behind, so it stays as it was painted over
            inner = cv2.erode(mask, np.ones((5, 5))) > 0
            assert np.ptp(picture.luma[inner]) == 0 < np.ptp(own.luma[inner])
    said = any("--mask-hides" in note for note in done.take.notes)
    assert said == (kind in ("black", "alpha", "clear"))


def test_a_mask_with_hard_edges_grows_by_what_shines_past_them(
    scene, fill, mask_video, tmp_path, unchanged
):
    matte = tmp_path / "matte.mkv"
    path = mask_video(scene.masks)
    done = fill(scene.path, path, margin=None, matte_path=matte)
    assert any("has hard edges" in note for note in done.take.notes)
    grown = cv2.dilate(scene.masks[0], np.ones((5, 5)))
    with VideoReader(probe(matte)) as reader:
        first = next(iter(reader.frames())).luma
    assert (first[scene.masks[0] > 0] == 255).all()
    assert np.count_nonzero(first == 255) > np.count_nonzero(scene.masks[0])
    assert not first[cv2.dilate(grown, np.ones((13, 13))) == 0].any()
    # What it wrote is soft, and taken as it is.
    again = fill(scene.path, matte, margin=None, path=tmp_path / "out" / "again.mkv")
    assert not any("has hard edges" in note for note in again.take.notes)
    assert all(same(*pair) for pair in zip(done.pictures(), again.pictures(), strict=True))
    exact = fill(scene.path, path, path=tmp_path / "out" / "exact.mkv")
    assert not any("has hard edges" in note for note in exact.take.notes)
    unchanged(exact.pictures()[0], scene.pictures[0], scene.masks[0])


def test_a_folder_of_images_is_laid_on_frame_by_frame(scene, fill, tmp_path):
    folder = tmp_path / "mattes"
    folder.mkdir()
    for number, mask in enumerate(scene.masks):
        as_image(folder, mask, f"m{number:03}.png")
    for path in (folder, folder / "m%03d.png"):
        assert all(same(p, scene.behind) for p in fill(scene.path, path).pictures())


def test_a_soft_edge_stays_soft(make_scene, fill, tmp_path, use):
    use(Uncover(color_error=40))
    scene = make_scene("gray")
    mask = np.zeros_like(scene.masks[0])
    mask[20:40, 30:60] = 128
    picture = fill(scene.path, as_image(tmp_path, mask), mask_hides="white").pictures()[0]
    own, hidden = scene.pictures[0].luma, np.s_[20:40, 30:60]
    # The mask is no brighter than this, so it is taken for all there is of white.
    assert np.ptp(picture.luma[hidden]) == 0
    made = int(picture.luma[30, 45])
    mask[0, 0] = 255
    picture = fill(scene.path, as_image(tmp_path, mask)).pictures()[0]
    half = (own[hidden].astype(int) + made) / 2
    assert np.abs(picture.luma[hidden] - half).max() <= 1
    assert np.ptp(picture.luma[hidden]) > 20


def test_a_mask_that_begins_later_and_a_time_in_which_anything_is_hidden(
    scene, mask_video, fill, unchanged
):
    path = mask_video(scene.masks[4:8])
    made = fill(scene.path, path, mask_start_frame=4).pictures()
    for number, picture in enumerate(made):
        assert same(picture, scene.pictures[number]) == (not 4 <= number < 8), number
        unchanged(picture, scene.pictures[number], scene.masks[number])
    whole = mask_video(scene.masks, "whole")
    between = {"between_start": Length(frames=3), "between_end": Length(seconds=Fraction(6))}
    done = fill(scene.path, whole, **between)
    for number, picture in enumerate(done.pictures()):
        assert same(picture, scene.behind if number >= 3 else scene.pictures[number])
    assert done.take.made_ranges == (FrameRange(3, len(scene.pictures) - 3),)


def test_a_part_of_the_clip_is_made_by_what_lies_beside_it(scene, mask_video, fill):
    done = fill(scene.path, mask_video(scene.masks), output_range=FrameRange(5, 2))
    take = done.take
    assert (take.start_frame, take.duration_frames) == (5, 2)
    assert take.made_ranges == (FrameRange(0, 2),)
    assert all(same(picture, scene.behind) for picture in done.pictures())


def test_the_sound_and_the_timecode_go_on_untouched(make_scene, mask_video, fill, tmp_path):
    samples = np.arange(12 * 48000 // 25, dtype=np.int16)[None]
    scene = make_scene(sound=samples)
    take = fill(scene.path, mask_video(scene.masks)).take
    with SoundReader(probe(take.media_path)) as reader:
        assert np.array_equal(np.concatenate(list(reader.blocks()), axis=1), samples)
    take = fill(scene.path, mask_video(scene.masks), no_audio=True).take
    assert probe(take.media_path).audio_streams == ()


def test_a_turned_clip_takes_a_mask_as_people_see_it(tmp_path, fill, mask_video):
    clip = make_clip(tmp_path / "turned.mp4", frames=4, size=(96, 64), rotation=90, codec="libx264")
    upright = np.zeros((96, 64), np.uint8)
    upright[:8, 40:] = 255  # top right as seen, so bottom right as stored
    path = as_image(tmp_path, upright)
    matte = tmp_path / "out" / "matte.mkv"
    done = fill(clip, path, matte_path=matte, path=tmp_path / "out" / "turned.mkv")
    stored = next(VideoReader(probe(matte)).frames()).luma
    assert np.array_equal(np.rot90(stored, 1), upright)
    again = fill(clip, matte, path=tmp_path / "out" / "again.mkv")
    assert same(again.pictures()[0], done.pictures()[0])


def test_a_matte_that_was_written_can_be_given_back(scene, mask_video, fill, tmp_path, out):
    soft = [cv2.GaussianBlur(mask, (0, 0), 1.5) for mask in scene.masks]
    for suffix in (".mkv", ".mov"):
        matte = out.with_name(f"matte{suffix}")
        first = fill(scene.path, mask_video(soft), matte_path=matte).pictures()
        second = fill(scene.path, matte, path=out.with_name("again.mkv"))
        apart = [
            np.abs(a.luma.astype(int) - b.luma).max()
            for a, b in zip(first, second.pictures(), strict=True)
        ]
        assert max(apart) <= (0 if suffix == ".mkv" else 2)
        assert second.take.fillings[0].start_frame == 0


BAD = {
    "another size": ("size", BadInput, r"is 48×32 and the clip 96×64; give a mask of the clip's"),
    "another length": ("length", BadInput, r"has 5 pictures and the clip 12 frames; give one"),
    "empty": ("empty", BadInput, r"hides nothing: no pixel of it is white.*--mask-hides black"),
    "everything": ("all", BadInput, r"hides the whole picture, and nothing would be left"),
    "inverted": ("inverted", BadInput, r"hides 96% of the picture, so it is probably the wrong"),
    "no alpha": ("no alpha", BadInput, r"has no alpha; give --mask-hides white or black"),
    "late": ("late", WrongCall, r"--mask-start 12 lies past the clip, which has 12 frames"),
    "not there": ("missing", MissingInput, r"nowhere\.png"),
    "no mask": ("text", BadInput, r"mask\.txt"),
}


@pytest.fixture
def bad_mask(scene, mask_video, tmp_path):
    """The path of a mask that cannot be used."""
    mask = scene.masks[0]
    text = tmp_path / "mask.txt"
    text.write_text("white")
    makers = {
        "size": lambda: as_image(tmp_path, mask[::2, ::2]),
        "length": lambda: mask_video(scene.masks[:5]),
        "empty": lambda: as_image(tmp_path, 0 * mask),
        "all": lambda: as_image(tmp_path, 0 * mask + 255),
        "inverted": lambda: as_image(tmp_path, 255 - mask),
        "no alpha": lambda: as_image(tmp_path, mask),
        "late": lambda: mask_video(scene.masks[:5]),
        "missing": lambda: tmp_path / "nowhere.png",
        "text": lambda: text,
    }
    return lambda case: makers[case]()


@pytest.mark.parametrize("case", BAD)
def test_a_mask_that_cannot_be_used_is_a_sentence(scene, bad_mask, fill, out, case):
    name, kind, sentence = BAD[case]
    options = {}
    case = name
    if case in ("inverted", "all", "empty"):
        options["mask_hides"] = "white"
    if case == "no alpha":
        options["mask_hides"] = "alpha"
    if case == "late":
        options["mask_start_frame"] = 12
    with pytest.raises(kind, match=sentence) as caught:
        fill(scene.path, bad_mask(case), **options)
    assert caught.value.sentence.endswith((".", ".)"))
    assert list(out.parent.iterdir()) == []
