"""B-roll at a host's playhead: what the engine is asked for, and what the host then does."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from longtake.v1 import job_pb2, media_pb2
from longtake_bridge.host.testing_talk import HELLO, TalkHere, start
from longtake_bridge.testing import FakeEngine, Script, example_take


def take(fake: FakeEngine, spec: job_pb2.JobSpec) -> list[job_pb2.Take]:
    path = Path(spec.output.path)
    made = example_take(path)
    made.start_frame, made.duration_frames = 0, spec.generate.duration.frames
    made.rate.CopyFrom(spec.generate.frame_rate)
    stream = media_pb2.VideoStream(frame_rate=made.rate, frame_count=made.duration_frames)
    fake.media[str(path)] = media_pb2.MediaInfo(video_streams=[stream])
    return [made]


@pytest.fixture
def lay(talk_here: TalkHere, fake: FakeEngine, clip: Path) -> Callable[..., dict[str, Any]]:
    """What the session answers in the end; a clip lies on track 1 from record frame 100 to 150."""
    fake.script = Script(make=lambda spec: take(fake, spec))

    def ask(at: int | None = 110, more: tuple[int, ...] = (), track: Any = None, **settings: Any):
        request = start(clip)
        (item,) = request["context"]["items"]
        item |= {"record_start": 100, "record_frames": 50, "name": "shot"}
        item["track"] = {"kind": "video", "index": 1}
        others = [item | {"track": {"kind": "video", "index": index}} for index in more]
        context = {"at": at, "start_frame": 90, "items": [item, *others], "clip": None}
        request["context"] |= context | ({"track": track} if track else {})
        talk_here.say(HELLO, request | {"task": "generate", "settings": settings})
        return talk_here.hear("result", "error")

    return ask


@pytest.fixture
def still(tmp_path: Path) -> Path:
    path = tmp_path / "map.png"
    path.write_bytes(b"")
    return path


def test_a_shot_of_a_still_lies_above_the_playhead(
    lay: Callable[..., dict[str, Any]], fake: FakeEngine, clip: Path, still: Path
) -> None:
    answer = lay(stills=[str(still)], duration="20f", camera="dolly-in:0.5", take_count=1)
    assert answer["type"] == "result", answer
    (spec,) = fake.specs
    assert list(spec.generate.still_paths) == [str(still)]
    assert spec.generate.duration.frames == 20
    assert (spec.generate.frame_rate.numerator, spec.generate.frame_rate.denominator) == (25, 1)
    assert spec.generate.like_path == str(clip)
    assert spec.guidance.camera.kind == job_pb2.CAMERA_KIND_DOLLY_IN
    (put,) = answer["changes"]
    assert put["do"] == "put"
    assert put["track"] == {"kind": "video", "index": 2, "name": "B-roll"}
    assert (put["record_start"], put["record_frames"]) == (110, 20)
    assert (put["source_start"], put["source_frames"]) == (0, 20)
    assert put["media"] == spec.output.path


@pytest.mark.parametrize(("more", "index"), [((), 2), ((2,), 3), ((4,), 5), ((0,), 2)])
def test_it_takes_the_first_free_track_above_all_that_is_seen(
    lay: Callable[..., dict[str, Any]], still: Path, more: tuple[int, ...], index: int
) -> None:
    (put,) = lay(stills=[str(still)], more=more)["changes"]
    assert put["track"]["index"] == index
    assert put["record_frames"] == 100  # four seconds, where nobody says


def test_footage_of_one_s_own_goes_before_anything_is_made(
    lay: Callable[..., dict[str, Any]], fake: FakeEngine, clip: Path
) -> None:
    own = clip.parent / "harbour boats.mov"
    own.write_bytes(b"")
    fake.media[str(own)] = fake.media[str(clip)]
    answer = lay(prompt="boats in the harbour", duration="20f")
    assert answer["type"] == "result", answer
    assert not fake.specs
    (put,) = answer["changes"]
    assert (put["media"], put["source_start"], put["source_frames"]) == (str(own), 15, 20)
    assert lay(prompt="boats in the harbour", duration="20f", own_first=False)["changes"]
    (spec,) = fake.specs
    assert spec.guidance.prompt == "boats in the harbour"


def test_what_cannot_be_is_a_sentence(lay: Callable[..., dict[str, Any]], still: Path) -> None:
    for said, options in (
        ("a prompt, or stills", {}),
        ("playhead", {"at": None, "stills": [str(still)]}),
        ("before all", {"at": 80, "stills": [str(still)]}),
        ("already", {"stills": [str(still)], "track": {"kind": "video", "index": 1}}),
        ("dive", {"stills": [str(still)], "camera": "dive"}),
    ):
        answer = lay(**options)
        assert answer["type"] == "error"
        assert said in answer["message"]
