from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.errors import BadInput, NotPossible, WrongCall
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.motion import Motion
from longtake_engine.models.retime import Retime
from longtake_engine.picture import Picture
from longtake_engine.testing.backend import Repeat
from longtake_engine.testing.media import make_clip, read_number
from longtake_engine.work import FrameRange
from msgspec.structs import replace

FILM = Fraction(24000, 1001)


def pictures(path: Path, start: int = 0, stop: int | None = None) -> list[Picture]:
    with VideoReader(probe(path)) as reader:
        return list(reader.frames(start, stop))


def same(first: list[Picture], second: list[Picture]) -> bool:
    assert len(first) == len(second) > 0
    return all(
        np.array_equal(a, b)
        for one, two in zip(first, second, strict=True)
        for a, b in zip(one.planes, two.planes, strict=True)
    )


def numbers(path: Path, start: int, stop: int) -> list[int]:
    return [read_number(picture) for picture in pictures(path, start, stop)]


@pytest.mark.parametrize(
    ("new", "timecode"),
    [
        ((0, 7), "01:00:00:00"),
        ((5, 0), "00:59:59:19"),
        ((5, 7), "00:59:59:19"),
        ((0, 1), "01:00:00:00"),
    ],
)
def test_the_whole_clip_with_new_frames_around_it(clip, do, out, new, timecode):
    head, tail = new
    take = do(clip, head=head, tail=tail).take
    assert take.media_path == out
    assert take.start_frame == -head
    assert take.duration_frames == head + 24 + tail
    assert take.rate == FILM
    made = [FrameRange(0, head)] * bool(head) + [FrameRange(head + 24, tail)] * bool(tail)
    assert take.made_ranges == tuple(made)
    assert [seam.frame for seam in take.seams] == [head] * bool(head) + [head + 24] * bool(tail)
    info = probe(out)
    assert info.video.frame_count == take.duration_frames
    assert info.video.rate == FILM
    assert info.video.start_timecode == timecode
    assert info.video.color == probe(clip).video.color
    assert same(pictures(out, head, head + 24), pictures(clip))
    assert list(out.parent.iterdir()) == [out]


@pytest.mark.parametrize(
    ("pixel_format", "size"),
    [("yuv422p10le", (98, 61)), ("yuv444p12le", (61, 97)), ("gray", (32, 18))],
)
def test_kept_frames_are_bit_exact_in_every_format(tmp_path, do, out, pixel_format, size):
    clip = make_clip(tmp_path / "clip.mkv", frames=6, size=size, pixel_format=pixel_format)
    do(clip, head=2, tail=2)
    assert same(pictures(out, 2, 8), pictures(clip))
    made = [*pictures(out, 0, 2), *pictures(out, 8, 10)]
    assert {picture.format for picture in made} == {pictures(clip)[0].format}


@pytest.mark.parametrize("side", ["head", "tail"])
def test_new_frames_alone_are_those_of_the_whole(clip, do, out, side):
    whole = out.with_name("whole.mkv")
    (seam_of_whole,) = do(clip, path=whole, **{side: 6}).take.seams
    take = do(clip, contents="new_only", **{side: 6}).take
    assert take.duration_frames == 6
    assert take.start_frame == (24 if side == "tail" else -6)
    assert take.made_ranges == (FrameRange(0, 6),)
    # The join lies at the file's own edge, and is measured against the real frames beyond it.
    assert take.seams == (replace(seam_of_whole, frame=0 if side == "tail" else 6),)
    assert same(pictures(out), pictures(whole, 24, 30) if side == "tail" else pictures(whole, 0, 6))
    timecode = "01:00:01:00" if side == "tail" else "00:59:59:18"
    assert probe(out).video.start_timecode == timecode


def test_made_frames_come_from_the_right_end(clip, do, use, out):
    use(Repeat())
    do(clip, head=3, tail=3, model="auto")
    assert numbers(out, 0, 30) == [0] * 3 + list(range(24)) + [23] * 3


def test_two_takes_are_two_whole_files(clip, do, use, out):
    use(Motion(), Retime())
    takes = do(clip, tail=6, model="auto", take_count=2).takes
    assert [take.model for take in takes] == ["motion", "retime"]
    assert [take.media_path.name for take in takes] == ["out.mkv", "out-2.mkv"]
    for take in takes:
        assert take.duration_frames == probe(take.media_path).video.frame_count == 30
        assert same(pictures(take.media_path, 0, 6), pictures(clip, 0, 6))
    assert set(out.parent.iterdir()) == {take.media_path for take in takes}


def test_more_takes_than_there_are_ways_are_fewer_takes(clip, do):
    assert len(do(clip, tail=4, take_count=3).takes) == 1


@pytest.mark.parametrize("side", ["head", "tail"])
def test_retime_says_which_real_frames_it_remade(clip, do, out, side):
    take = do(clip, model="retime", **{side: 4}).take
    assert take.duration_frames == 28
    remade = 12
    if side == "tail":
        assert take.made_ranges == (FrameRange(24 - remade, remade + 4),)
        assert take.start_frame == 0
        assert same(pictures(out, 0, 12), pictures(clip, 0, 12))
        assert same(pictures(out, 27, 28), pictures(clip, 23, 24))
    else:
        assert take.made_ranges == (FrameRange(0, remade + 4),)
        assert take.start_frame == -4
        assert same(pictures(out, 16, 28), pictures(clip, 12, 24))
        assert same(pictures(out, 0, 1), pictures(clip, 0, 1))
    assert [seam.frame for seam in take.seams] == [12 if side == "tail" else 16]
    assert any("12 real frames (0.5 s) beside the join are slowed down" in n for n in take.notes)


def test_retime_on_both_sides_remakes_no_frame_twice(tmp_path, do, out):
    clip = make_clip(tmp_path / "clip.mkv", frames=9)
    take = do(clip, head=6, tail=6, model="retime").take
    head, tail = take.made_ranges
    assert head.start_frame == 0
    assert head.duration_frames < tail.start_frame  # a real frame is left between them
    assert tail.start_frame + tail.duration_frames == take.duration_frames == 21
    kept = range(head.duration_frames, tail.start_frame)
    real = pictures(clip, kept.start - 6, kept.stop - 6)
    assert same(pictures(out, kept.start, kept.stop), real)


@pytest.mark.parametrize("side", ["head", "tail"])
def test_takes_of_new_frames_alone_cover_the_same_frames(clip, do, use, side):
    use(Motion(), Retime())
    takes = do(clip, model="auto", take_count=2, contents="new_only", **{side: 4}).takes
    assert {take.model for take in takes} == {"motion", "retime"}
    assert {take.duration_frames for take in takes} == {16}  # 12 remade ones and 4 new
    assert {take.start_frame for take in takes} == {12 if side == "tail" else -4}
    for take in takes:
        assert probe(take.media_path).video.frame_count == 16
    (motion,) = (take for take in takes if take.model == "motion")
    assert motion.made_ranges == (FrameRange(12 if side == "tail" else 0, 4),)
    start = 0 if side == "tail" else 4
    real = pictures(clip, 12, 24) if side == "tail" else pictures(clip, 0, 12)
    assert same(pictures(motion.media_path, start, start + 12), real)


def test_a_color_step_of_the_backend_is_taken_out(clip, do, use, out):
    use(Repeat(color_error=25))
    take = do(clip, head=3, tail=3, model="auto").take
    first, last = pictures(clip)[0], pictures(clip)[-1]
    for made, known in ((pictures(out)[2], first), (pictures(out)[-3], last)):
        for plane, kept in zip(made.planes, known.planes, strict=True):
            # The numbers in the clip make its own light wander, and so may what is made.
            assert abs(float(plane.mean()) - float(kept.mean())) < 4
    assert all(seam.color_jump < 3 for seam in take.seams)


def test_progress_counts_every_frame_of_every_take(clip, do):
    done = do(clip, tail=6, model="auto", take_count=2)
    counted = [p for p in done.progress if p.total_frames]
    assert {p.total_frames for p in counted} == {60}
    # Each take shows its first new frame before the clip is copied.
    assert [p.done_frames for p in counted[:61]] == [*range(31), *range(30, 60)]
    assert counted[0].preview_jpeg and counted[31].preview_jpeg
    assert done.progress[0].phase == "reading"
    assert done.progress[1].phase == "measuring"  # a first glance, before anything is chosen
    assert done.progress[1].preview_jpeg
    assert done.progress[-1].phase == "finishing"
    previews = [p.preview_jpeg for p in done.progress if p.preview_jpeg]
    assert previews and all(jpeg.startswith(b"\xff\xd8") for jpeg in previews)


def test_lengths_in_seconds_and_timecode_are_exact(clip, extend_spec, out):
    from longtake_engine.cancel import CancelToken
    from longtake_engine.tasks.run import run
    from longtake_engine.work import Extend, Length, Spec, Take

    spec = extend_spec(clip, tail=1)
    work = Extend(clip, Length(timecode="00:00:00:03"), Length(seconds=Fraction(1, 2)))
    answers = list(run(Spec(work, spec.output, model="motion"), job_id="j", cancel=CancelToken()))
    assert isinstance(answers[-1], Take)
    assert (answers[-1].start_frame, answers[-1].duration_frames) == (-3, 3 + 24 + 12)


def test_a_prores_file_by_default_settings(clip, do, tmp_path):
    take = do(clip, tail=3, path=tmp_path / "out" / "take.mov", codec="prores").take
    video = probe(take.media_path).video
    assert (video.codec, video.frame_count, video.rate) == ("prores", 27, FILM)
    assert video.pixel_format == "yuv422p10le"
    assert video.start_timecode == "01:00:00:00"
    assert numbers(take.media_path, 0, 24) == list(range(24))


def test_a_clip_of_one_frame_cannot_move(tmp_path, do, out):
    clip = make_clip(tmp_path / "one.mkv", frames=1)
    with pytest.raises(BadInput, match="The clip has 1 frame and motion needs 2"):
        do(clip, tail=5)
    assert list(out.parent.iterdir()) == []


@pytest.mark.parametrize("model", ["motion", "retime", "auto"])
@pytest.mark.parametrize("frames", [2, 3, 5])
def test_the_shortest_clips_do(tmp_path, do, out, frames, model):
    clip = make_clip(tmp_path / "short.mkv", frames=frames)
    take = do(clip, head=3, tail=4, model=model).take
    assert take.duration_frames == probe(out).video.frame_count == frames + 7


def test_what_cannot_be_meant_is_said(clip, do, out, tmp_path):
    with pytest.raises(WrongCall, match="Nothing to make: say how much with --head or --tail"):
        do(clip)
    with pytest.raises(WrongCall, match="ask for one at a time"):
        do(clip, head=2, tail=2, contents="new_only")
    with pytest.raises(WrongCall, match='No model "wan" can extend here; there are: auto, motion'):
        do(clip, tail=2, model="wan")
    with pytest.raises(WrongCall, match=r"cannot hold ProRes; end its name in \.mov"):
        do(clip, tail=2, codec="prores", path=out.with_suffix(".mp4"))
    with pytest.raises(WrongCall, match="does not exist; make it, or name another"):
        do(clip, tail=2, path=tmp_path / "nowhere" / "out.mkv")
    with pytest.raises(NotPossible, match=r"H\.264 needs even sizes"):
        odd = make_clip(tmp_path / "odd.mkv", frames=3, size=(97, 61))
        do(odd, tail=2, codec="h264", path=out.with_suffix(".mp4"))
    assert list(out.parent.iterdir()) == []
