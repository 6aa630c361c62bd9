"""A session to speak with, and a clip that a fake engine knows."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from longtake.v1 import media_pb2
from longtake_bridge.home import Home
from longtake_bridge.host.testing_talk import Talk, TalkHere
from longtake_bridge.testing import FakeEngine


@pytest.fixture
def talk(home: Home) -> Iterator[Callable[[], Talk]]:
    talks: list[Talk] = []

    def start() -> Talk:
        talks.append(Talk(home))
        return talks[-1]

    yield start
    for one in talks:
        one.process.kill()
        one.process.communicate()


@pytest.fixture
def talk_here(home: Home) -> Iterator[TalkHere]:
    session = TalkHere()
    yield session
    session.close()


@pytest.fixture
def clip(fake: FakeEngine, tmp_path: Path) -> Path:
    path = tmp_path / "clip.mov"
    path.write_bytes(b"")
    for name, frames in ((path, 50), (tmp_path / "made.mov", 12)):
        rate = media_pb2.Rational(numerator=25, denominator=1)
        stream = media_pb2.VideoStream(frame_rate=rate, frame_count=frames)
        fake.media[str(name)] = media_pb2.MediaInfo(video_streams=[stream])
    return path
