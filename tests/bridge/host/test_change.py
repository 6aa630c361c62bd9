"""From what a host says of its timeline to what it then has to do."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec
import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.host.between import prepare_cut, prepare_gap
from longtake_bridge.host.change import Change, Put, Remove, Set
from longtake_bridge.host.context import Context, Item, Settings, Track
from longtake_bridge.host.extension import prepare_extension
from longtake_bridge.host.preparation import Preparation
from longtake_bridge.host.sequence import build_sequence
from longtake_bridge.host.slow_motion import prepare_slow_motion
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.plan import MadeTake

V1, V2, A1 = Track("video", 1), Track("video", 2), Track("audio", 1)
A, B = "/film/a.mov", "/film/b.mov"
RATE = Fraction(25)


def probe(path: Path, sequence_rate: Fraction | None) -> MediaFacts:
    """Every file has 100 frames at 25, sound, and a timecode that must not matter."""
    return MediaFacts(path, sequence_rate or RATE, 100, start_frame=90000, has_sound=True)


def item(track: Track, start: int, frames: int, media: str | None = A, **more: Any) -> Item:
    said: dict[str, Any] = {"name": Path(media or "title").stem} | more
    return Item(track, start, frames, media=media, **said)


def context(*items: Item, clip: int | None = 0, **more: Any) -> Context:
    return Context(rate=RATE, items=items, clip=clip, **more)


Prepare = Callable[..., Preparation]


def changes(prepare: Prepare, where: Context, **settings: Any) -> tuple[Change, ...]:
    """What the host does once the engine has made what was asked for."""
    prepared = prepare(build_sequence(where), Settings(**settings), probe)
    takes = []
    for job in prepared.make_jobs(Path.cwd()):
        frames, at = asked(job)
        path = Path(job.output.path)
        facts = MediaFacts(path, RATE, frames, start_frame=7, has_sound=not job.output.no_audio)
        takes.append([MadeTake(facts, at, "motion", {})])
    return prepared.finish(takes).changes


def asked(job: Any) -> tuple[int, int]:
    if job.WhichOneof("work") == "extend":
        head = job.extend.head.frames
        return head or job.extend.tail.frames, -head if head else 100
    if len(job.interpolate.input_paths) == 2:
        return job.interpolate.duration.frames, 0
    (shown,) = job.interpolate.input_ranges
    factor = Fraction(job.interpolate.factor.numerator, job.interpolate.factor.denominator)
    return round(shown.duration_frames * factor), shown.start_frame


def refusal(prepare: Prepare, where: Context, **settings: Any) -> str:
    with pytest.raises(BridgeError) as caught:
        changes(prepare, where, **settings)
    return caught.value.sentence


def test_a_made_clip_is_put_after_the_last_real_frame() -> None:
    where = context(item(V1, 1001, 60, source_start=30))
    grown, put = changes(prepare_extension, where, tail="20f")
    assert grown == Set(0, 1001, 70, 30, 0, 10, 0)
    assert isinstance(put, Put)
    assert (put.record_start, put.record_frames, put.source_start) == (1071, 10, 0)
    assert (put.track, put.dressed_as, put.copy_of) == (V1, 0, None)
    assert put.takes == (put.media,)


def test_source_frames_may_be_counted_at_another_rate() -> None:
    # 50 of a second's 50ths are 25 timeline frames.
    where = context(item(V1, 0, 25, source_start=50, source_rate=Fraction(50), source_frames=50))
    (grown,) = changes(prepare_extension, where, tail="10f")
    assert grown == Set(0, 0, 35, 50, 0, 10, 0)
    (grown,) = changes(prepare_extension, context(*where.items, start_frame=-99), head="10f")
    assert grown == Set(0, -10, 35, 30, 10, 0, 0)


def test_nothing_lies_before_the_first_frame() -> None:
    where = context(item(V1, 5, 60, source_start=30), start_frame=1)
    assert "Only 4 frames are free" in refusal(prepare_extension, where, head="8f")


def test_what_follows_is_pushed_the_last_things_first() -> None:
    where = context(
        item(V1, 0, 100), item(A1, 0, 100), item(V1, 100, 20, B), item(V2, 130, 5, None), clip=0
    )
    pushed = changes(prepare_extension, where, tail="8f", follow="ripple")
    sets = [one for one in pushed if isinstance(one, Set)]
    assert [(one.item, one.record_start, one.moved_frames) for one in sets] == [
        (3, 138, 8),
        (2, 108, 8),
    ]
    puts = [one for one in pushed if isinstance(one, Put)]
    assert [(one.track, one.record_start) for one in puts] == [(V1, 100), (A1, 100)]
    assert list(pushed) == [*sets, *puts]


def test_what_is_laid_over_something_is_trimmed_removed_or_cut_in_two() -> None:
    where = context(
        *(item(V1, 0, 100), item(V1, 100, 4, B, name="short"), item(V1, 104, 20, B, name="long"))
    )
    removed, trimmed, put = changes(prepare_extension, where, tail="8f", follow="overwrite")
    assert removed == Remove(1)
    assert trimmed == Set(2, 108, 16, 4, -4, 0, 0)
    assert isinstance(put, Put)
    assert (put.record_start, put.record_frames) == (100, 8)


def test_sound_that_runs_on_under_what_is_laid_over_it_is_cut_in_two() -> None:
    where = context(item(V1, 0, 100), item(A1, 0, 100), item(A1, 100, 50, B, source_start=10))
    all_ = changes(prepare_extension, where, tail="8f", follow="overwrite")
    assert Set(2, 108, 42, 18, -8, 0, 0) in all_


def test_a_jump_cut_is_replaced_on_both_sides() -> None:
    where = context(item(V1, 0, 40), item(V1, 40, 40, source_start=60))
    one, other, put = changes(prepare_cut, where, side_frames=4)
    assert {one, other} == {Set(0, 0, 36, 0, 0, -4, 0), Set(1, 44, 36, 64, -4, 0, 0)}
    assert isinstance(put, Put)
    assert (put.record_start, put.record_frames) == (36, 8)


def test_a_gap_at_the_playhead() -> None:
    items = (item(V1, 0, 100), item(V1, 110, 90, B), item(V2, 300, 5, B))
    (put,) = changes(prepare_gap, context(*items, clip=None, at=104))
    assert isinstance(put, Put)
    assert (put.record_start, put.record_frames) == (100, 10)
    assert "No gap lies at the playhead" in refusal(prepare_gap, context(*items, clip=None, at=50))
    elsewhere = context(*items, clip=None, at=104, track=V2)
    assert "Nothing can be done about this gap" in refusal(prepare_gap, elsewhere)


def test_the_nearest_cut_to_the_playhead() -> None:
    items = (item(V1, 0, 40), item(V1, 40, 40, source_start=60))
    assert len(changes(prepare_cut, context(*items, clip=None, at=45))) == 3
    assert "No cut lies at the playhead" in refusal(prepare_cut, context(*items, clip=None, at=60))
    assert "put the playhead on the cut" in refusal(prepare_cut, context(*items, clip=None))


def test_the_gap_before_a_clip() -> None:
    where = context(item(V1, 0, 100), item(V1, 110, 90, B), clip=1)
    (put,) = changes(prepare_gap, where, side="head")
    assert isinstance(put, Put)
    assert put.record_start == 100
    assert "No gap follows" in refusal(prepare_gap, where)


def test_slow_motion_replaces_the_clip_and_its_sound() -> None:
    where = context(item(V1, 10, 40, source_start=20), item(A1, 10, 40, source_start=20))
    removed, also, put, sound = changes(prepare_slow_motion, where, factor=Fraction(3, 2))
    assert (removed, also) == (Remove(0), Remove(1))
    assert isinstance(put, Put)
    assert isinstance(sound, Put)
    assert (put.record_start, put.record_frames, put.source_start) == (10, 60, 12)
    assert (put.track, sound.track) == (V1, A1)
    assert "factor 2" in refusal(prepare_slow_motion, where, factor=Fraction(1))


def test_only_what_is_shown_is_slowed_down_and_some_frames_around_it() -> None:
    sequence = build_sequence(context(item(V1, 0, 10, source_start=50)))
    prepared = prepare_slow_motion(sequence, Settings(factor=Fraction(2)), probe)
    (job,) = prepared.make_jobs(Path.cwd())
    (shown,) = job.interpolate.input_ranges
    assert (shown.start_frame, shown.duration_frames) == (42, 26)
    assert prepared.new_frames == 26


def test_on_shared_tracks_sound_takes_up_room_for_pictures() -> None:
    items = (item(V1, 0, 100), item(Track("audio", 1), 104, 20, B), item(V1, 130, 9, B))
    apart = changes(prepare_extension, context(*items), tail="8f")
    assert len(apart) == 1
    shared = context(*items, shared_tracks=True)
    assert "Only 4 frames are free" in refusal(prepare_extension, shared, tail="8f")
    pushed = changes(prepare_extension, shared, tail="8f", follow="ripple")
    assert [one.item for one in pushed if isinstance(one, Set)] == [2, 1]
    said = refusal(prepare_extension, shared, tail="8f", follow="overwrite")
    assert "move it to a track of its own" in said


def test_who_selects_the_sound_means_its_picture() -> None:
    where = context(item(A1, 10, 90), item(V1, 10, 90), clip=0, start_frame=0)
    grown = changes(prepare_extension, where, tail="10f")
    assert {one.item for one in grown if isinstance(one, Set)} == {0, 1}
    alone = context(item(A1, 10, 90), item(V1, 10, 90, B), clip=0)
    assert "sound without its picture" in refusal(prepare_extension, alone, tail="8f")
    assert "sound without its picture" in refusal(prepare_gap, alone)


def test_a_transition_on_the_edge_is_refused() -> None:
    where = context(item(V1, 0, 100, tail_transition=True), item(V1, 120, 20, B))
    assert "lies under a transition" in refusal(prepare_extension, where, tail="8f")
    assert changes(prepare_extension, context(item(V1, 5, 90, head_transition=True)), tail="5f")


@pytest.mark.parametrize(
    ("more", "word"),
    [
        ({"speed": 2.0}, "has a speed effect"),
        ({"speed": -1.0}, "runs backwards"),
        ({"source_frames": 80}, "has a speed effect"),
    ],
)
def test_a_retimed_clip_is_refused(more: dict[str, Any], word: str) -> None:
    assert word in refusal(prepare_extension, context(item(V1, 0, 40, **more)), tail="8f")


def test_a_frame_more_or_less_is_no_retiming() -> None:
    where = context(item(V1, 0, 40, source_frames=41))
    assert changes(prepare_extension, where, tail="8f")


def test_a_sequence_of_images() -> None:
    where = context(item(V1, 0, 24, "/film/shot.%04d.png", source_rate=Fraction(24)))
    sequence = build_sequence(msgspec.structs.replace(where, rate=Fraction(24)))
    prepared = prepare_extension(sequence, Settings(tail="100f"), probe)
    (job,) = prepared.make_jobs(Path("/film"))
    assert job.extend.input_path == "/film/shot.%04d.png"
    assert (job.sequence_rate.numerator, job.sequence_rate.denominator) == (24, 1)
    assert (prepared.real_frames, prepared.new_frames) == (76, 24)


def test_where_made_media_goes() -> None:
    def folder(**more: Any) -> Path:
        where = context(item(V1, 0, 100), **more)
        return prepare_extension(build_sequence(where), Settings(tail="8f"), probe).media_folder

    assert folder(project="/jobs/Spot 3.blend") == Path("/jobs/Spot 3 Media")
    assert folder(project="/jobs/Spot 3.blend", media_folder="/media/x") == Path("/media/x")
    assert folder() == Path("/film/Longtake Media")
    with pytest.raises(BridgeError, match="no absolute path"):
        folder(media_folder="here")


def test_the_same_edit_makes_the_same_file_and_another_one_another() -> None:
    def path(**settings: Any) -> str:
        sequence = build_sequence(context(item(V1, 0, 100)))
        chosen: dict[str, Any] = {"tail": "8f"} | settings
        prepared = prepare_extension(sequence, Settings(**chosen), probe)
        return prepared.make_jobs(Path("/made"))[0].output.path

    assert path() == path()
    assert len({path(), path(seed=1), path(tail="9f"), path(model="loop")}) == 4
    assert path(codec="h264").endswith(".mp4")


IMPOSSIBLE: dict[str, tuple[Context, str]] = {
    "no rate": (Context(items=(item(V1, 0, 9),), clip=0), "rate"),
    "no items": (context(), "Nothing is selected"),
    "no such item": (context(item(V1, 0, 9), clip=3), "no item 3"),
    "no clip": (context(item(V1, 0, 9), clip=None), "No clip is selected"),
    "two at one place": (context(item(V1, 0, 9), item(V1, 8, 9)), "lie over each other"),
    "a relative path": (context(item(V1, 0, 9, "a.mov")), "no absolute path"),
    "no media": (context(item(V1, 0, 9, None)), "has no media"),
    "more than the file holds": (context(item(V1, 0, 200)), "more of a.mov than the file holds"),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_so_is_a_sentence(name: str) -> None:
    where, word = IMPOSSIBLE[name]
    assert word in refusal(prepare_extension, where, tail="8f")
