"""In-painting over the wire: a real worker, a real file, and a sentence where it cannot be."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from google.rpc import error_details_pb2
from longtake.v1 import job_pb2
from longtake_engine.roots import Roots
from longtake_engine.server.app import Engine, Settings
from longtake_engine.server.endpoint import SocketPlace
from longtake_engine.testing.media import make_clip


@pytest.fixture
def engine(home: Path) -> Iterator[tuple[Engine, str]]:
    """An engine in this process whose worker does real work, and its address."""
    engine = Engine(
        Settings(home=home, token="secret", roots=Roots(), tasks="longtake_engine.tasks.run")
    )
    place = SocketPlace(home)
    engine.serve(f"unix:{place.path}")
    yield engine, f"unix:{place.path}"
    engine.stop()
    place.remove()


@pytest.fixture
def work(tmp_path: Path) -> job_pb2.JobSpec:
    """A clip of 6 frames, a mask image over a corner of it, and a matte to be written."""
    clip = make_clip(tmp_path / "clip.mkv", frames=6, size=(96, 64))
    mask = np.zeros((64, 96), np.uint8)
    mask[44:56, 70:86] = 255
    assert cv2.imwrite(str(tmp_path / "mask.png"), mask)
    return job_pb2.JobSpec(
        inpaint=job_pb2.InpaintSpec(
            input_path=str(clip),
            mask_path=str(tmp_path / "mask.png"),
            matte_path=str(tmp_path / "matte.mkv"),
            margin=0,
        ),
        output=job_pb2.OutputSpec(path=str(tmp_path / "out.mkv"), codec="ffv1"),
    )


def test_a_region_is_filled_and_told_of(caller, work, tmp_path):
    job = caller.end(caller.create(work))
    assert job.state == job_pb2.JOB_STATE_SUCCEEDED, job.error
    (take,) = job.takes
    assert take.media_path == str(tmp_path / "out.mkv")
    (filling,) = take.fillings
    assert (filling.start_frame, len(filling.filled_share), len(filling.seen_share)) == (0, 6, 6)
    assert filling.filled_share[0] == pytest.approx(12 * 16 / (96 * 64), abs=1e-4)
    assert take.fillings_png.startswith(b"\x89PNG")
    assert (tmp_path / "matte.mkv").is_file()
    assert [path.name for path in tmp_path.glob(".*part*")] == []
    # The same once more is answered from what is there, until the matte has gone.
    assert caller.create(work).id == job.id
    (tmp_path / "matte.mkv").unlink()
    assert caller.create(work).id != job.id


def test_a_mask_that_hides_nothing_fails_the_job_with_its_sentence(caller, work, tmp_path):
    assert cv2.imwrite(str(tmp_path / "mask.png"), np.zeros((64, 96), np.uint8))
    job = caller.end(caller.create(work))
    assert job.state == job_pb2.JOB_STATE_FAILED
    assert "mask.png hides nothing" in job.error.message
    info = error_details_pb2.ErrorInfo()
    assert job.error.details[0].Unpack(info)
    assert info.reason == "BAD_INPUT"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip.mkv", "home", "mask.png"]
