"""`longtake interpolate` through the daemon and a worker to a real file."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from longtake_engine.testing.media import Sound, make_clip

Ask = Callable[..., tuple[int, dict]]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 numbered frames at 25 fps, with sound."""
    path = tmp_path_factory.mktemp("clips") / "clip.mkv"
    return make_clip(path, frames=20, rate=Fraction(25), audio=(Sound(),))


def test_slow_motion(ask: Ask, clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "slow.mov"
    code, value = ask("interpolate", clip, "--factor", "5/2", "--quality", "draft", "-o", out)
    assert code == 0, value
    (take,) = value["takes"]
    assert (take["media"], take["duration_frames"], take["rate"]) == (str(out), 50, "25/1")
    assert take["model"] == "between"
    _, media = ask("probe", out)
    assert media["video_streams"][0]["frame_count"] == 50
    assert len(media["audio_streams"]) == 1


def test_what_it_would_cost_and_what_cannot_be(ask: Ask, clip: Path, tmp_path: Path) -> None:
    code, value = ask("interpolate", clip, "--rate", "50", "--dry-run")
    assert code == 0
    assert value["estimates"][0]["total_frames"] == 40
    code, value = ask("interpolate", clip, "--rate", "25", "-o", tmp_path / "no.mov")
    assert code == 2
    assert "already runs at 25 fps" in value["error"]["message"]
    code, value = ask("interpolate", tmp_path / "missing.mov", "--factor", "2")
    assert code == 3
    assert list(tmp_path.iterdir()) == []


def test_the_frames_between_two_shots(ask: Ask, clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "gap.mov"
    code, value = ask(
        *("interpolate", clip, clip, "--duration", "6f", "--join", "morph", "-o", out),
    )
    assert code == 0, value
    (take,) = value["takes"]
    assert (take["start_frame"], take["made"]) == (20, [[0, 6]])
    assert set(take["seam"]) == {"tail", "head"}
    assert value["placement"] is None
