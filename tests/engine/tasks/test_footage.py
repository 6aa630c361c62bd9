"""The whole way over real clips, where there are some."""

from pathlib import Path

import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.motion import Motion
from longtake_engine.testing.picture import canvas_of, psnr_db
from longtake_engine.work import Guidance

pytestmark = pytest.mark.footage


def the_clip(footage: Path, folder: str) -> Path:
    found = sorted((footage / folder).glob("*.mp4"))
    assert found, f"no clip in {folder}"
    return found[0]


def test_a_second_after_a_walking_bear(footage, do, out):
    source = the_clip(footage, "cotracker_bear")
    rate = probe(source).video.rate
    take = do(source, tail=int(rate), contents="new_only", no_audio=True).take
    assert take.duration_frames == probe(out).video.frame_count == 30
    assert take.start_frame == probe(source).video.frame_count
    (seam,) = take.seams
    assert seam.color_jump < 3
    assert 0.8 < seam.sharpness_ratio < 1.25
    assert 0.6 < seam.noise_ratio < 1.5
    assert 0.5 < seam.motion_ratio < 1.6
    assert take.score.psnr_db > take.score.freeze_psnr_db + 2
    assert take.score.liveliness > 0.5


# A slow pan with a walking animal, and a hand-held camera on children who jump.
@pytest.mark.parametrize(
    ("folder", "cut", "first_gain", "third_gain"),
    [("cotracker_bear", 60, 6, 5), ("sam2_bedroom", 40, 2, 0)],  # dB over showing the last again
)
def test_hidden_frames_are_foretold_better_than_by_freezing(
    footage, folder, cut, first_gain, third_gain
):
    with VideoReader(probe(the_clip(footage, folder))) as reader:
        frames = list(reader.frames(cut - 25, cut + 3))
    known, hidden = frames[:25], frames[25:]
    canvas = canvas_of(known, range(25, 28), reader.rate)
    made = [one.picture for one in Motion().complete(canvas, Guidance(), CancelToken())]
    for number, least_gain in ((0, first_gain), (2, third_gain)):
        frozen = psnr_db(known[-1], hidden[number])
        assert psnr_db(made[number], hidden[number]) > frozen + least_gain
