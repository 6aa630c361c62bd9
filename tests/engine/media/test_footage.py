"""Real clips, where they lie beside the repository."""

import zlib
from pathlib import Path

import av
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader

FOOTAGE = Path(__file__).parents[3].parent / "shared" / "footage"
# A 4:4:4 clip of an old x264, whose pictures go wrong where a decoder starts in the middle; one
# whose container's rate is a little off; one of two video streams; and a plain one.
NAMES = ("cockatoo", "realshort", "nasa_13013", "carphone_pristine")
CLIPS = [p for name in NAMES for p in FOOTAGE.glob(f"*/{name}.mp4")]

pytestmark = [
    pytest.mark.footage,
    pytest.mark.skipif(not CLIPS, reason="the shared footage is not there"),
]


@pytest.mark.parametrize("path", CLIPS or [Path("none")], ids=lambda path: path.stem)
def test_counts_and_places_are_those_of_the_decoder(path: Path) -> None:
    info = probe(path)
    with av.open(path.as_posix()) as container:
        container.streams.video[0].thread_type = "AUTO"
        count = sum(1 for _ in container.decode(video=0))
    assert info.video.frame_count == count
    assert not info.video.variable_rate
    reader = VideoReader(info)
    start = count // 2
    again = [zlib.crc32(picture.luma.tobytes()) for picture in reader.frames(start, start + 4)]
    whole = [zlib.crc32(picture.luma.tobytes()) for picture in reader.frames(0, start + 4)]
    assert len(whole) == start + 4
    assert again == whole[start:]
