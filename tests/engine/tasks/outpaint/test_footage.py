"""Real clips in another shape: small excerpts, where the shared clips are here."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.border import make_borders
from longtake_engine.work import FrameRange

pytestmark = pytest.mark.footage


def test_upright_after_a_walking_camel(footage: Path, reshape: Callable) -> None:
    """Nothing is made; the picture rests while the animal stays, and never jitters."""
    clip = footage / "pips2_camel" / "camel.mp4"
    done = reshape(clip, (304, 540), follow=True, output_range=FrameRange(0, 24))
    assert done.take.model == "reframe"
    own = list(VideoReader(probe(clip)).frames(0, 24))
    for picture, source in zip(done.pictures(), own, strict=True):
        assert picture.format.width == 304
        costs = np.abs(source.luma[::4, :304].astype(int) - picture.luma[::4]).mean()
        assert costs > 4  # not the left edge: the camel stands to the right of it


def test_a_pan_gives_its_border_back(footage: Path, reshape: Callable, use: Callable) -> None:
    use(*make_borders()[:1])
    frames = footage / "davis_blackswan_480p" / "frames" / "%05d.jpg"
    size = (1024, 480)
    done = reshape(frames, size, output_range=FrameRange(20, 2), model="surround")
    (filling,) = done.take.fillings
    assert min(filling.seen_share) > 0.3
    left = (1024 - 854) // 2 // 2 * 2
    own = list(VideoReader(probe(frames)).frames(20, 22))
    for picture, source in zip(done.pictures(), own, strict=True):
        assert np.array_equal(picture.luma[:, left : left + 854], source.luma)
        assert picture.luma[:, :left].std() > 10  # no flat bar
