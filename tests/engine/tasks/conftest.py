from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_engine.models.backend import VideoBackend
from longtake_engine.picture import Picture
from longtake_engine.testing.doing import Done, do_work
from longtake_engine.testing.film import write_film
from longtake_engine.testing.media import Sound, make_clip
from longtake_engine.work import Extend, Length, Output, Spec

FILM = Fraction(24000, 1001)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """24 numbered frames at 24000/1001 with stereo sound, from 01:00:00:00, without loss."""
    return make_clip(tmp_path / "clip.mkv", rate=FILM, audio=(Sound(),), timecode="01:00:00:00")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the result goes: alone in a folder, so that what is left over shows."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "out.mkv"


@pytest.fixture
def extend_spec(out: Path) -> Callable[..., Spec]:
    """A spec to extend a clip by frames, without loss, with `motion` where nothing else is said."""

    def make(source: Path, *, head: int = 0, tail: int = 0, **options: Any) -> Spec:
        work = Extend(
            source,
            Length(frames=head) if head else None,
            Length(frames=tail) if tail else None,
            options.pop("contents", "whole"),
        )
        output = Output(
            options.pop("path", out),
            options.pop("codec", "ffv1"),
            no_audio=options.pop("no_audio", False),
            music=options.pop("music", "fade"),
        )
        return Spec(work, output, model=options.pop("model", "motion"), **options)

    return make


@pytest.fixture
def do(extend_spec: Callable[..., Spec]) -> Callable[..., Done]:
    """Extend a clip and give what came of it; arguments as of `extend_spec`."""

    def extend(source: Path, **options: Any) -> Done:
        return do_work(extend_spec(source, **options))

    return extend


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the engine have these backends alone."""

    def set_backends(*backends: VideoBackend) -> None:
        monkeypatch.setattr("longtake_engine.models.catalog.built_in", lambda: backends)

    return set_backends


@pytest.fixture
def film(tmp_path: Path) -> Callable[..., Path]:
    """Write pictures as a clip, without loss, and give its path."""

    def write(pictures: Sequence[Picture], rate: Fraction = Fraction(25)) -> Path:
        path = tmp_path / f"film{len(list(tmp_path.glob('film*')))}.mkv"
        return write_film(path, pictures, rate=rate)

    return write
