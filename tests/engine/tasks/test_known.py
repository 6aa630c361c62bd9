from fractions import Fraction

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.tasks.known import KnownFrames
from longtake_engine.testing.media import make_clip, read_number


class Counting(VideoReader):
    """A real reader that counts its runs and the pictures it gives."""

    runs = 0
    given = 0

    def frames(self, start_frame=0, stop_frame=None):
        self.runs += 1
        for picture in super().frames(start_frame, stop_frame):
            self.given += 1
            yield picture


@pytest.fixture
def reader(tmp_path) -> Counting:
    clip = make_clip(tmp_path / "clip.mkv", frames=40, rate=Fraction(25))
    return Counting(probe(clip))


def test_nothing_is_read_before_it_is_asked_for(reader):
    known = KnownFrames(reader, range(10, 40))
    assert len(known) == 30
    assert list(known) == list(range(10, 40))
    assert (10 in known, 9 in known, 40 in known) == (True, False, False)
    assert (min(known), max(known)) == (10, 39)
    assert reader.given == 0
    assert read_number(known[12].picture) == 12
    assert reader.given == 1
    assert known[12].mask is None


def test_walking_upward_reads_every_frame_once(reader):
    known = KnownFrames(reader, range(5, 40))
    for frame in known:
        assert read_number(known[frame].picture) == frame
        if frame > 5:
            assert read_number(known[frame - 1].picture) == frame - 1  # a neighbour is at hand
    assert (reader.runs, reader.given) == (1, 35)


def test_any_order_gives_the_right_frames(reader):
    known = KnownFrames(reader, range(40))
    for frame in (39, 0, 20, 19, 18, 39, 3, 30, 4):
        assert read_number(known[frame].picture) == frame


def test_few_pictures_are_held(reader):
    known = KnownFrames(reader, range(40))
    alive = 0

    class Counted(np.ndarray):
        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    give = reader.frames

    def counted(start_frame=0, stop_frame=None):
        nonlocal alive
        for picture in give(start_frame, stop_frame):
            alive += 1
            planes = (picture.planes[0].view(Counted), *picture.planes[1:])
            yield type(picture)(planes, picture.format)

    reader.frames = counted
    for frame in known:
        assert known[frame] is not None
        assert alive <= 8


def test_frames_outside_are_not_known(reader):
    known = KnownFrames(reader, range(10, 20))
    for frame in (9, 20, -1):
        with pytest.raises(KeyError):
            known[frame]
    assert reader.given == 0
