"""A host's clip in another shape: what the engine is asked for, and what the host then does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.host.testing_talk import HELLO, TalkHere, start
from longtake_bridge.testing import FakeEngine, Script, example_take


def take(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    path, shown = Path(spec.output.path), spec.outpaint.output_range
    made = example_take(path)
    made.start_frame, made.duration_frames = shown.start_frame, shown.duration_frames
    made.rate.CopyFrom(media_pb2.Rational(numerator=25, denominator=1))
    stream = media_pb2.VideoStream(frame_rate=made.rate, frame_count=shown.duration_frames)
    fake.media[str(path)] = media_pb2.MediaInfo(video_streams=[stream])
    return [made]


@pytest.fixture
def reshape(talk_here: TalkHere, fake: FakeEngine, clip: Path) -> Callable[..., dict[str, Any]]:
    """What the session answers in the end; the clip's frames 20 to 40 lie at record frame 100."""
    fake.script = Script(make=lambda spec: take(fake, spec))

    def ask(at: int | None = None, **settings: Any) -> dict[str, Any]:
        request = start(clip)
        (item,) = request["context"]["items"]
        item |= {"record_start": 100, "record_frames": 20, "source_start": 20, "name": "shot"}
        request["context"] |= {"at": at, "start_frame": 90}
        talk_here.say(HELLO, request | {"task": "outpaint", "settings": settings})
        return talk_here.hear("result", "error")

    return ask


def test_the_same_frames_come_back_in_another_shape(
    reshape: Callable[..., dict[str, Any]], fake: FakeEngine
) -> None:
    answer = reshape(at=107, size="608x1080", follow_subject=True, points=["9,9"], anchor="top")
    assert answer["type"] == "result", answer
    (spec,) = fake.specs
    work = spec.outpaint
    assert (work.size.width, work.size.height, work.follow) == (608, 1080, True)
    assert work.anchor == job_pb2.ANCHOR_TOP
    assert work.points[0].frame == 27  # where the playhead is
    assert (work.output_range.start_frame, work.output_range.duration_frames) == (12, 36)
    removed, put = answer["changes"]
    assert removed == {"do": "remove", "item": 0}
    assert (put["record_start"], put["record_frames"], put["source_start"]) == (100, 20, 8)
    assert put["name"] == "shot (608×1080)"


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Say how large the new picture shall be"),
        ({"size": "tall"}, '"tall" is no size'),
        ({"size": "90x160", "boxes": ["1,2,3,4"]}, "add --follow"),
        ({"size": "90x160", "fit": "stretch"}, "Invalid enum value 'stretch'"),
    ],
)
def test_what_means_nothing_is_a_sentence(
    reshape: Callable[..., dict[str, Any]],
    fake: FakeEngine,
    settings: dict[str, Any],
    sentence: str,
) -> None:
    answer = reshape(**settings)
    assert (answer["type"], answer["reason"]) == ("error", "WRONG_CALL")
    assert sentence in answer["message"]
    assert fake.specs == []
