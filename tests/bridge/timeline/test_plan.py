"""What an extension takes: handles, rates, ranges as editors write them, and what is refused."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.timeline.clip_search import find_clip
from longtake_bridge.timeline.location import path_from_url
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.plan import ExtensionPlan, plan_extension
from opentimelineio.opentime import RationalTime, TimeRange
from opentimelineio.schema import (
    Clip,
    FreezeFrame,
    GeneratorReference,
    ImageSequenceReference,
    LinearTimeWarp,
    Stack,
)

NTSC = Fraction(24000, 1001)


def plan(
    timeline: Any,
    name: str = "A",
    *,
    head: int | None = None,
    tail: int | None = None,
    media: MediaFacts | None = None,
    follow: Any = "gap",
    rate: Fraction = Fraction(25),
) -> ExtensionPlan:
    return plan_extension(
        timeline,
        find_clip(timeline, name, rate),
        head=Length(frames=head) if head else None,
        tail=Length(frames=tail) if tail else None,
        media=media or MediaFacts(Path("/media/A.mov"), rate, 200),
        follow=follow,
        rate=rate,
        locate=lambda url: path_from_url(url, Path("/media")),
    )


def sides(found: ExtensionPlan) -> dict[str, tuple[int, int, int]]:
    return {s.side: (s.asked_frames, s.handle_frames, s.make_frames) for s in found.sides}


@pytest.mark.parametrize(
    ("start", "duration", "asked", "handle"),
    [(0, 200, 48, 0), (0, 190, 48, 10), (0, 100, 48, 48), (0, 152, 48, 48), (0, 153, 48, 47)],
)
def test_real_frames_come_first(
    edit: Any, start: int, duration: int, asked: int, handle: int
) -> None:
    found = plan(edit.timeline(edit.video(edit.clip("A", start, duration))), tail=asked)
    assert sides(found) == {"tail": (asked, handle, asked - handle)}


def test_a_head_uses_what_lies_before(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.gap(60), edit.clip("A", 8, 50)))
    assert sides(plan(timeline, head=48)) == {"head": (48, 8, 40)}


def test_both_sides(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.gap(60), edit.clip("A", 8, 187)))
    assert sides(plan(timeline, head=10, tail=20)) == {"tail": (20, 5, 15), "head": (10, 8, 2)}


@pytest.mark.parametrize(
    ("available", "shown"),
    [
        ((90000, 200), 90150),  # Resolve: all of the file, at its timecode
        ((90150, 40), 90150),  # a consolidated part, at the file's timecode
        (None, 90150),  # nothing said, the range at the file's timecode
        (None, 150),  # nothing said, the range from 0
        ((150, 40), 150),  # a part, counted from 0
        ((0, 200), 150),  # Kdenlive: all of the file, from 0
    ],
)
def test_ranges_are_understood_as_editors_write_them(
    edit: Any, available: tuple[int, int] | None, shown: int
) -> None:
    timeline = edit.timeline(edit.video(edit.clip("A", shown, 40, available=available)))
    media = MediaFacts(Path("/media/A.mov"), Fraction(25), 200, start_frame=90000)
    assert sides(plan(timeline, tail=30, media=media)) == {"tail": (30, 10, 20)}


def test_timecode_at_23_976_is_exact(edit_at: Callable[..., Any]) -> None:
    edit = edit_at(NTSC)
    timeline = edit.timeline(edit.video(edit.clip("A", 86400 + 90, 100, available=(86400, 200))))
    media = MediaFacts(Path("/media/A.mov"), NTSC, 200, start_frame=86400)
    found = plan(timeline, tail=48, media=media, rate=NTSC)
    assert sides(found) == {"tail": (48, 10, 38)}


@pytest.mark.parametrize(
    ("media_rate", "rate", "asked", "make"),
    [
        (Fraction(25), Fraction(24), 24, 25),
        (Fraction(25), Fraction(24), 10, 11),  # 10.4 frames, rounded up to cover it
        (Fraction(60000, 1001), Fraction(30000, 1001), 30, 60),
        (Fraction(24000, 1001), Fraction(30000, 1001), 5, 4),
        (Fraction(30), NTSC, 24, 31),  # 30.03
    ],
)
def test_frames_to_make_are_counted_at_the_rate_of_the_media(
    edit_at: Callable[..., Any], media_rate: Fraction, rate: Fraction, asked: int, make: int
) -> None:
    edit = edit_at(rate)
    clip = edit.clip("A", 0, 200, rate=media_rate)
    found = plan(
        edit.timeline(edit.video(clip)),
        tail=asked,
        media=MediaFacts(Path("/media/A.mov"), media_rate, 200),
        rate=rate,
    )
    assert sides(found) == {"tail": (asked, 0, make)}


def test_handles_of_another_rate_are_whole_timeline_frames(edit_at: Callable[..., Any]) -> None:
    edit = edit_at(Fraction(24))
    clip = edit.clip("A", 0, 190, rate=Fraction(25))
    media = MediaFacts(Path("/media/A.mov"), Fraction(25), 200)
    found = plan(edit.timeline(edit.video(clip)), tail=24, media=media, rate=Fraction(24))
    assert sides(found) == {"tail": (24, 9, 16)}  # 9.6 frames of handle; 15 frames are 15.625


def test_what_comes_from_handles_is_said(edit: Any) -> None:
    found = plan(edit.timeline(edit.video(edit.clip("A", 0, 100))), tail=48)
    assert found.notes == (
        'All 48 frames come from what "A" still holds past its tail; nothing is made.',
    )
    found = plan(edit.timeline(edit.video(edit.clip("A", 0, 190))), tail=48)
    assert found.notes == (
        '10 of 48 frames come from what "A" still holds past its tail; 38 are made.',
    )


def test_linked_sound_is_found(edit: Any) -> None:
    url = "file:///media/A.mov"
    found = plan(
        edit.timeline(
            edit.video(edit.gap(10), edit.clip("A", 0, 200)),
            edit.audio(edit.gap(10), edit.clip("A sound", 0, 200, url=url)),
            edit.audio(edit.gap(5), edit.clip("elsewhere", 0, 200, url=url)),
            edit.audio(edit.gap(10), edit.clip("other", 0, 200)),
        ),
        tail=48,
    )
    assert [(track.index, anchor.clip_name) for track, anchor in found.sound] == [(0, "A sound")]


def test_sound_in_samples_is_found(edit: Any) -> None:
    sound = edit.clip("A", 0, 384000, available=(0, 384000), rate=Fraction(48000))
    found = plan(edit.timeline(edit.video(edit.clip("A", 0, 200)), edit.audio(sound)), tail=48)
    assert len(found.sound) == 1


def test_sound_under_a_fade_stays_and_that_is_said(edit: Any) -> None:
    sound = edit.audio(edit.clip("A", 0, 200), edit.dissolve(5, 0), edit.gap(100))
    found = plan(edit.timeline(edit.video(edit.clip("A", 0, 200)), sound), tail=48)
    assert found.sound == ()
    assert found.notes[-1] == ('The sound of "A" on A1 stays as it is: its tail lies under a fade.')


def speed(scalar: float) -> Callable[[Any], Any]:
    def build(edit: Any) -> Any:
        clip = edit.clip("A", 0, 50)
        clip.effects.append(LinearTimeWarp(name="Speed", time_scalar=scalar))
        return edit.timeline(edit.video(clip))

    return build


def frozen(edit: Any) -> Any:
    clip = edit.clip("A", 0, 50)
    clip.effects.append(FreezeFrame())
    return edit.timeline(edit.video(clip))


def dissolved(edit: Any) -> Any:
    return edit.timeline(
        edit.video(edit.clip("A", 0, 50), edit.dissolve(5, 5), edit.clip("B", 50, 50))
    )


def faded_out(edit: Any) -> Any:
    return edit.timeline(edit.video(edit.clip("A", 0, 50), edit.dissolve(5, 0)))


def too_long(edit: Any) -> Any:
    return edit.timeline(edit.video(edit.clip("A", 180, 50, available=(0, 250))))


def trimmed_nest(edit: Any) -> Any:
    stack = Stack("Nest", [edit.video(edit.clip("A", 0, 200))], source_range=edit.range(0, 50))
    return edit.timeline(edit.video(stack))


def growing_nest(edit: Any) -> Any:
    stack = Stack("Nest", [edit.video(edit.clip("A", 0, 200))])
    return edit.timeline(edit.video(stack, edit.clip("B", 0, 10)))


def slowed_nest(edit: Any) -> Any:
    stack = Stack("Nest", [edit.video(edit.clip("A", 0, 200))])
    stack.effects.append(LinearTimeWarp(name="Slow", time_scalar=0.5))
    return edit.timeline(edit.video(stack))


def trimmed_track(edit: Any) -> Any:
    track = edit.video(edit.clip("A", 0, 200))
    track.source_range = edit.range(10, 20)
    return edit.timeline(track)


def full(edit: Any) -> Any:
    return edit.timeline(edit.video(edit.clip("A", 0, 200), edit.clip("B", 0, 50)))


def short_gap(edit: Any) -> Any:
    return edit.timeline(edit.video(edit.clip("A", 0, 200), edit.gap(7), edit.clip("B", 0, 50)))


def sound_in_the_way(edit: Any) -> Any:
    return edit.timeline(
        edit.video(edit.clip("A", 0, 200)),
        edit.audio(edit.clip("A", 0, 200), edit.gap(3), edit.clip("B", 0, 50)),
    )


def fade_in_after_gap(edit: Any) -> Any:
    track = edit.video(
        edit.clip("A", 0, 200), edit.gap(52), edit.dissolve(10, 5), edit.clip("B", 20, 50)
    )
    return edit.timeline(track)


@pytest.mark.parametrize(
    ("build", "sentence", "exit_code"),
    [
        (speed(0.5), '"A" has a speed effect (Speed, 0.5×)', 4),
        (speed(-1.0), '"A" runs backwards (Speed, -1×)', 4),
        (frozen, '"A" is a freeze frame', 4),
        (dissolved, 'The tail of "A" on V1 lies under a transition (SMPTE_Dissolve with "B")', 4),
        (faded_out, 'The tail of "A" on V1 lies under a transition (SMPTE_Dissolve)', 4),
        (too_long, '"A" shows more of A.mov than the file holds (200 frames)', 3),
        (trimmed_nest, '"A" lies inside "Nest", which is trimmed as a whole', 4),
        (growing_nest, 'would make the nested timeline "Nest" longer', 4),
        (slowed_nest, '"Nest", which holds "A", has a speed effect', 4),
        (trimmed_track, '"A" lies inside "Video", which is trimmed as a whole', 4),
        (full, 'No room is free after "A" on V1, 48 are asked for', 2),
        (short_gap, 'Only 7 frames are free after "A" on V1, 48 are asked for', 2),
        (sound_in_the_way, 'Only 3 frames are free after "A" on A1, 48 are asked for', 2),
        (fade_in_after_gap, 'Only 42 frames are free after "A" on V1', 2),
    ],
)
def test_a_tail_is_refused(
    edit: Any, build: Callable[[Any], Any], sentence: str, exit_code: int
) -> None:
    with pytest.raises(BridgeError) as caught:
        plan(build(edit), tail=48)
    assert sentence in caught.value.sentence
    assert caught.value.exit_code == exit_code


def test_too_little_room_names_the_ways_out(edit: Any) -> None:
    with pytest.raises(BridgeError) as caught:
        plan(short_gap(edit), tail=48)
    assert "--ripple" in caught.value.sentence
    assert "--overwrite" in caught.value.sentence


def test_a_head_at_the_start_has_no_room(edit: Any) -> None:
    with pytest.raises(BridgeError, match='No room is free before "A" on V1'):
        plan(edit.timeline(edit.video(edit.clip("A", 0, 50))), head=10)


def test_a_head_cannot_overwrite_past_the_start(edit: Any) -> None:
    timeline = edit.timeline(edit.video(edit.clip("B", 0, 5), edit.clip("A", 0, 50)))
    with pytest.raises(BridgeError, match='Only 5 frames lie before "A"') as caught:
        plan(timeline, head=10, follow="overwrite")
    assert caught.value.exit_code == 2


def test_a_transition_at_the_other_edge_is_no_hindrance(edit: Any) -> None:
    track = edit.video(edit.clip("B", 0, 50), edit.dissolve(5, 5), edit.clip("A", 50, 150))
    assert sides(plan(edit.timeline(track), tail=48)) == {"tail": (48, 0, 48)}


def test_a_speed_of_one_is_no_speed_effect(edit: Any) -> None:
    assert plan(speed(1.0)(edit), tail=48).sides


def test_a_ripple_inside_a_nested_timeline_is_refused(edit: Any) -> None:
    with pytest.raises(BridgeError, match='inside the nested timeline "Nest"') as caught:
        plan(growing_nest(edit), tail=48, follow="ripple")
    assert caught.value.exit_code == 4


def test_a_nested_clip_grows_where_the_nest_stays_as_long(edit: Any) -> None:
    inside = edit.video(edit.clip("A", 0, 200), edit.gap(48), edit.clip("C", 0, 10))
    found = plan(edit.timeline(edit.video(Stack("Nest", [inside]), edit.clip("B", 0, 9))), tail=48)
    assert found.track.nest == ((0, 0),)


@pytest.mark.parametrize(
    ("reference", "sentence", "exit_code"),
    [
        (GeneratorReference("bars", "SMPTEBars"), "made by a generator", 4),
        (otio.schema.MissingReference(), "has no media on this timeline", 3),
        (otio.schema.ExternalReference(""), "has no media on this timeline", 3),
    ],
)
def test_media_that_is_no_file(edit: Any, reference: Any, sentence: str, exit_code: int) -> None:
    from longtake_bridge.timeline.media import media_path

    clip = Clip("A", reference, edit.range(0, 50))
    with pytest.raises(BridgeError, match=sentence) as caught:
        media_path(clip, Path)
    assert caught.value.exit_code == exit_code


def test_an_image_sequence_is_a_pattern_with_a_rate(edit: Any) -> None:
    from longtake_bridge.timeline.media import media_path, sequence_rate

    reference = ImageSequenceReference(
        "file:///shots/",
        "sea.",
        ".exr",
        start_frame=1001,
        rate=23.976,
        frame_zero_padding=4,
        available_range=TimeRange(RationalTime(1001, 23.976), RationalTime(50, 23.976)),
    )
    clip = Clip("A", reference, edit.range(0, 50))
    assert media_path(clip, lambda url: path_from_url(url, Path("/"))) == Path(
        "/shots/sea.%04d.exr"
    )
    assert sequence_rate(clip) == NTSC
