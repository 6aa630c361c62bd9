"""What was shown is not decoded again, and is the same."""

import numpy as np
import pytest
from longtake_engine.media import recall
from longtake_engine.media.probe import probe
from longtake_engine.media.recall import RecallingReader
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.testing.media import LONG_GOP, make_clip


@pytest.fixture
def reader(tmp_path) -> RecallingReader:
    clip = make_clip(tmp_path / "clip.mp4", codec="libx264", options=LONG_GOP, frames=30)
    return RecallingReader(probe(clip))


@pytest.fixture
def decoded(monkeypatch) -> list[tuple[int, int | None]]:
    runs = []
    decode = VideoReader.frames

    def frames(self, start_frame=0, stop_frame=None):
        runs.append((start_frame, stop_frame))
        return decode(self, start_frame, stop_frame)

    monkeypatch.setattr(VideoReader, "frames", frames)
    return runs


def assert_frames(reader: RecallingReader, start: int, stop: int | None) -> None:
    plain = VideoReader(reader._info)  # pyright: ignore  # the same file, without a memory
    ours, theirs = reader.frames(start, stop), plain.frames(start, stop)
    for one, other in zip(ours, theirs, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one.planes, other.planes, strict=True))


def test_a_run_over_what_was_shown_decodes_nothing(reader, decoded):
    list(reader.frames(10, 30))
    del decoded[:]
    assert len(list(reader.frames(12, 28))) == 16
    assert len(list(reader.frames(25))) == 5
    assert decoded == []


def test_every_run_shows_what_a_plain_reader_shows(reader, monkeypatch):
    monkeypatch.setattr(recall, "HELD_BYTES", 7 * reader.format.size_bytes)
    for start, stop in ((20, 30), (25, 30), (18, 27), (0, None), (29, 30), (30, 40), (-3, 2)):
        assert_frames(reader, start, stop)


def test_no_more_is_held_than_fits_and_the_last_shown_stay(reader, decoded, monkeypatch):
    monkeypatch.setattr(recall, "HELD_BYTES", 7 * reader.format.size_bytes)
    list(reader.frames())
    del decoded[:]
    list(reader.frames(23, 30))
    assert decoded == []
    list(reader.frames(22, 30))
    assert decoded == [(22, 30)]


def test_runs_beside_one_another_do_not_mix(reader, monkeypatch):
    monkeypatch.setattr(recall, "HELD_BYTES", 3 * reader.format.size_bytes)
    first, second = reader.frames(0, 20), reader.frames(5, 25)
    plain = list(VideoReader(reader._info).frames())  # pyright: ignore  # as above
    for n in range(20):
        assert np.array_equal(next(first).luma, plain[n].luma)
        assert np.array_equal(next(second).luma, plain[n + 5].luma)
