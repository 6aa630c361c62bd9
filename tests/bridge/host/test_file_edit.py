"""A timeline file's clip with something removed, and B-roll in it, at a moment that is named."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.host.testing_talk import HELLO, TalkHere
from longtake_bridge.testing import FakeEngine, Script, example_take
from opentimelineio.opentime import RationalTime, TimeRange

Ask = Callable[..., dict[str, Any]]


def take(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    path = Path(spec.output.path)
    made = example_take(path)
    made.start_frame, made.duration_frames = 0, 36
    made.rate.CopyFrom(media_pb2.Rational(numerator=25, denominator=1))
    stream = media_pb2.VideoStream(frame_rate=made.rate, frame_count=36)
    fake.media[str(path)] = media_pb2.MediaInfo(video_streams=[stream])
    return [made]


@pytest.fixture
def ask(talk_here: TalkHere, fake: FakeEngine, clip: Path, tmp_path: Path) -> Ask:
    """What the session answers in the end; the clip's frames 20 to 40 begin the timeline."""
    fake.script = Script(make=lambda spec: take(fake, spec))
    whole, shown = (
        TimeRange(RationalTime(start, 25), RationalTime(frames, 25))
        for start, frames in ((0, 50), (20, 20))
    )
    reference = otio.schema.ExternalReference(clip.as_uri(), whole)
    timeline = otio.schema.Timeline("cut")
    timeline.tracks.append(otio.schema.Track("V1", [otio.schema.Clip("shot", reference, shown)]))
    otio.adapters.write_to_file(timeline, str(tmp_path / "cut.otio"))

    def answer(task: str, settings: dict[str, Any], **context: Any) -> dict[str, Any]:
        context = {"timeline": str(tmp_path / "cut.otio"), **context}
        request = {"id": "e", "type": "start", "task": task}
        talk_here.say(HELLO, request | {"context": context, "settings": settings})
        return talk_here.hear("result", "error")

    return answer


def test_what_goes_is_drawn_where_the_playhead_is(ask: Ask, fake: FakeEngine) -> None:
    settings = {"boxes": ["1,2,30,40", "5,6,7,8@33"], "points": ["9,9"]}
    answer = ask("remove", settings, clip_name="shot", at_timecode="00:00:00:07")
    assert answer["type"] == "result", answer
    (spec,) = fake.specs
    assert [box.frame for box in spec.inpaint.boxes] == [27, 33]
    assert [point.frame for point in spec.inpaint.points] == [27]


def test_the_clip_is_not_shown_there(ask: Ask, fake: FakeEngine) -> None:
    answer = ask("remove", {"points": ["9,9"]}, clip_name="shot", at_timecode="00:00:04:00")
    assert '"shot" is not shown at 00:00:04:00; choose a moment' in answer["message"]
    assert fake.specs == []


@pytest.mark.parametrize("context", [{"at_timecode": "00:00:00:05"}, {"at": 5}])
def test_a_shot_begins_there(
    ask: Ask, fake: FakeEngine, tmp_path: Path, context: dict[str, Any]
) -> None:
    (tmp_path / "map.png").write_bytes(b"")
    shot = {"stills": [str(tmp_path / "map.png")], "duration": "10f"}
    answer = ask("generate", shot, **context)
    assert answer["type"] == "result", answer
    assert answer["placements"][0]["record_range"]["start_frame"] == 5


def test_a_shot_begins_nowhere(ask: Ask, fake: FakeEngine) -> None:
    answer = ask("generate", {"prompt": "rain"})
    assert answer["reason"] == "WRONG_CALL"
    assert "Say where the shot shall begin" in answer["message"]
