"""A thing removed from a host's clip: what the engine is asked for, and what the host then does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.host.testing_talk import HELLO, TalkHere, start
from longtake_bridge.testing import FakeEngine, Script, example_take


def take(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    path, shown = Path(spec.output.path), spec.inpaint.output_range
    made = example_take(path)
    made.start_frame, made.duration_frames = shown.start_frame, shown.duration_frames
    made.rate.CopyFrom(media_pb2.Rational(numerator=25, denominator=1))
    stream = media_pb2.VideoStream(frame_rate=made.rate, frame_count=shown.duration_frames)
    fake.media[str(path)] = media_pb2.MediaInfo(video_streams=[stream])
    return [made]


@pytest.fixture
def remove(talk_here: TalkHere, fake: FakeEngine, clip: Path) -> Callable[..., dict[str, Any]]:
    """What the session answers in the end; the clip's frames 20 to 40 lie at record frame 100."""
    fake.script = Script(make=lambda spec: take(fake, spec))

    def ask(at: int | None = None, **settings: Any) -> dict[str, Any]:
        request = start(clip)
        (item,) = request["context"]["items"]
        item |= {"record_start": 100, "record_frames": 20, "source_start": 20, "name": "shot"}
        request["context"] |= {"at": at, "start_frame": 90}
        talk_here.say(HELLO, request | {"task": "remove", "settings": settings})
        return talk_here.hear("result", "error")

    return ask


def test_the_same_frames_come_back_without_it(
    remove: Callable[..., dict[str, Any]], fake: FakeEngine
) -> None:
    answer = remove(boxes=["1,2,30,40", "5,6,7,8@33"], defects=["logo"], margin=3)
    assert answer["type"] == "result", answer
    (spec,) = fake.specs
    work = spec.inpaint
    assert [(box.x, box.frame) for box in work.boxes] == [(1, 20), (5, 33)]
    assert list(work.defects) == [job_pb2.DEFECT_LOGO]
    assert work.margin == 3
    assert (work.output_range.start_frame, work.output_range.duration_frames) == (12, 36)
    removed, put = answer["changes"]
    assert removed == {"do": "remove", "item": 0}
    assert (put["record_start"], put["record_frames"], put["source_start"]) == (100, 20, 8)
    assert (put["dressed_as"], put["name"]) == (0, "shot (clean)")
    assert answer["placements"][0]["request"]["boxes"] == ["1,2,30,40", "5,6,7,8@33"]


@pytest.mark.parametrize(("at", "frame"), [(None, 20), (100, 20), (107, 27), (130, 20), (95, 20)])
def test_it_is_drawn_where_the_playhead_is(
    remove: Callable[..., dict[str, Any]], fake: FakeEngine, at: int | None, frame: int
) -> None:
    assert remove(at, points=["9,9"])["type"] == "result"
    (spec,) = fake.specs
    (point,) = spec.inpaint.points
    assert point.frame == frame


def test_only_for_a_time(remove: Callable[..., dict[str, Any]], fake: FakeEngine) -> None:
    remove(defects=["dust"], between_start="5f", between_end="10f")
    (spec,) = fake.specs
    assert spec.inpaint.between_start.frames == 25
    assert spec.inpaint.between_end.frames == 30


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Say what is to go: logo, dust, scratches, spots, a box"),
        ({"boxes": ["1,2"]}, '"1,2" is not a box'),
        ({"defects": ["rain"]}, "Invalid enum value 'rain'"),
        ({"mask_hides": "white", "defects": ["logo"]}, "speaks of a mask"),
        ({"defects": ["logo"], "between_start": "soon"}, '"soon" is not a place in time'),
    ],
)
def test_what_means_nothing_is_a_sentence(
    remove: Callable[..., dict[str, Any]],
    fake: FakeEngine,
    settings: dict[str, Any],
    sentence: str,
) -> None:
    answer = remove(**settings)
    assert (answer["type"], answer["reason"]) == ("error", "WRONG_CALL")
    assert sentence in answer["message"]
    assert fake.specs == []
