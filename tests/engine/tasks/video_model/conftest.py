import importlib.util
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_engine.media.probe import probe
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.picture import Picture
from longtake_engine.testing.doing import Done, do_work
from longtake_engine.testing.film import write_film
from longtake_engine.testing.picture import format_of, panning

MODELS = {
    "wan-vace-1.3b": "wan-vace",
    "wan-flf2v-14b": "wan-flf2v",
    "wan-i2v-14b-480p": "wan-i2v",
}


@pytest.fixture(scope="session")
def tiny_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an engine in which tiny models lie under the names of real ones."""
    if importlib.util.find_spec("diffusers") is None:
        pytest.skip("diffusers is not installed (the extra `weights`)")
    import torch
    from longtake_engine.testing.tiny_store import install_tiny

    torch.set_num_threads(1)  # more hinder each other on models this small
    home = tmp_path_factory.mktemp("tiny-home")
    for name, family in MODELS.items():
        install_tiny(family, name, home)
    return home


@pytest.fixture
def engine(tiny_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This process is the engine of `tiny_home`, and its models take two steps."""
    monkeypatch.setenv("LONGTAKE_HOME", str(tiny_home))

    def hasty(entry):
        family: Any = family_of(entry)
        return family and replace(family, steps=2)

    monkeypatch.setattr("longtake_engine.models.catalog.family_of", hasty)


@pytest.fixture
def clip(tmp_path: Path) -> Callable[..., Path]:
    """Writes a pan, frame by frame, without loss."""

    def write(
        name: str, count: int = 10, rate: Fraction = Fraction(16), seed: int = 0, start: int = 0
    ) -> Path:
        pan = panning(format_of("yuv422p10le", 48, 32), start + count, (2, 0), seed)
        return write_film(tmp_path / name, pan[start:], rate=rate)

    return write


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the result goes: alone in a folder, so that what is left over shows."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "out.mkv"


@pytest.fixture
def do() -> Callable[..., Done]:
    """Do a piece of work in this process."""

    return do_work


@pytest.fixture
def pictures() -> Callable[..., list[Picture]]:
    """The pictures of a file."""

    def read(path: Path, start: int = 0, stop: int | None = None) -> list[Picture]:
        with VideoReader(probe(path)) as reader:
            return list(reader.frames(start, stop))

    return read
