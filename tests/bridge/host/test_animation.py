"""Parts of a host's clip moved: what the engine is asked for, and what the host then does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.host.testing_talk import HELLO, TalkHere, start
from longtake_bridge.testing import FakeEngine, Script, example_take

Animate = Callable[..., dict[str, Any]]


def take(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    path, work = Path(spec.output.path), spec.animate
    shown = work.output_range
    made = example_take(path)
    made.start_frame = shown.start_frame
    made.duration_frames = shown.duration_frames or work.duration.frames
    made.rate.CopyFrom(media_pb2.Rational(numerator=25, denominator=1))
    stream = media_pb2.VideoStream(frame_rate=made.rate, frame_count=made.duration_frames)
    fake.media[str(path)] = media_pb2.MediaInfo(video_streams=[stream])
    return [made]


@pytest.fixture
def animate(talk_here: TalkHere, fake: FakeEngine, clip: Path) -> Animate:
    """What the session answers in the end; the clip's frames 20 to 40 lie at record frame 100."""
    fake.script = Script(make=lambda spec: take(fake, spec))

    def ask(at: int | None = None, first: int = 20, **settings: Any) -> dict[str, Any]:
        request = start(clip)
        (item,) = request["context"]["items"]
        item |= {"record_start": 100, "record_frames": 20, "source_start": first, "name": "shot"}
        request["context"] |= {"at": at, "start_frame": 90}
        talk_here.say(HELLO, request | {"task": "animate", "settings": settings})
        return talk_here.hear("result", "error")

    return ask


def test_a_region_flows_from_where_the_playhead_is(animate: Animate, fake: FakeEngine) -> None:
    mask = "/masks/sea.png"
    answer = animate(107, regions=["1,2,30,40", f"{mask}@33"], directions=["20,0", "-5,2.5"])
    assert answer["type"] == "result", answer
    (spec,) = fake.specs
    box, painted = spec.guidance.strokes
    assert (box.box.x, box.frame, box.dx, box.dy) == (1, 27, 20, 0)
    assert (painted.region_path, painted.frame, painted.dx, painted.dy) == (mask, 33, -5, 2.5)
    shown = spec.animate.output_range
    assert (shown.start_frame, shown.duration_frames) == (12, 36)
    removed, put = answer["changes"]
    assert removed == {"do": "remove", "item": 0}
    assert (put["record_start"], put["record_frames"], put["source_start"]) == (100, 20, 8)
    assert put["name"] == "shot (moving)"
    assert answer["placements"][0]["request"]["directions"] == ["20,0", "-5,2.5"]


def test_a_thing_goes_along_boxes(animate: Animate, fake: FakeEngine) -> None:
    answer = animate(moves=["1,2,30,40@20 50,2,30,40@38"], move_masks=["/masks/cup.png"])
    assert answer["type"] == "result", answer
    (path,) = fake.specs[0].guidance.box_paths
    assert [(box.x, box.frame) for box in path.boxes] == [(1, 20), (50, 38)]
    assert path.matte_path == "/masks/cup.png"


def test_a_still_moves_for_as_long_as_it_is_shown(
    animate: Animate, fake: FakeEngine, clip: Path
) -> None:
    fake.media[str(clip)].video_streams[0].frame_count = 1
    answer = animate(first=0, regions=["1,2,30,40"], directions=["20,0"])
    assert answer["type"] == "result", answer
    (spec,) = fake.specs
    assert spec.animate.duration.frames == 20
    assert not spec.animate.HasField("output_range")
    _, put = answer["changes"]
    assert (put["record_start"], put["record_frames"], put["source_start"]) == (100, 20, 0)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "Say what moves"),
        ({"regions": ["1,2,3,4"]}, "1 of --region and 0 of --direction"),
        ({"regions": ["1,2,3,4"], "directions": ["up"]}, '"up" is no direction'),
        ({"moves": ["1,2,3,4@5"]}, "give two boxes or more"),
    ],
)
def test_what_means_nothing_is_a_sentence(
    animate: Animate, fake: FakeEngine, settings: dict[str, Any], sentence: str
) -> None:
    answer = animate(**settings)
    assert (answer["type"], answer["reason"]) == ("error", "WRONG_CALL")
    assert sentence in answer["message"]
    assert fake.specs == []
