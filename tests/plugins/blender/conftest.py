"""Every Blender that is here, with the real engine; the tests skip where there is none."""

import os
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from longtake_bridge.home import Home
from longtake_bridge.host.testing import Laid
from longtake_bridge.plugin.testing.blender_editor import (
    BlenderEditor,
    BlenderProgram,
    find_blender,
    find_modules,
)
from longtake_engine.testing.media import Sound, make_clip

LONGTAKE = (sys.executable, "-m", "longtake_bridge")

FOUND = [*find_modules(os.environ.get("LONGTAKE_BPY_PYTHONS", "")), find_blender()]
BLENDERS = [one for one in FOUND if one is not None]


@pytest.fixture(params=BLENDERS, ids=lambda one: one.version)
def start_blender(request: pytest.FixtureRequest) -> Callable[..., BlenderEditor]:
    """Takes the command of `longtake` and an empty folder."""
    program: BlenderProgram = request.param
    return lambda command, folder: BlenderEditor(program, command, folder)


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(
        tmp_path / "clip.mov",
        frames=40,
        rate=Fraction(25),
        codec="libx264",
        audio=(Sound(),),
    )


@pytest.fixture
def editor(
    start_blender: Callable[..., BlenderEditor], engine_home: Home, tmp_path: Path
) -> Iterator[BlenderEditor]:
    editor = start_blender(LONGTAKE, tmp_path / "user")
    yield editor
    editor.quit()


@pytest.fixture
def both() -> Callable[..., list[Laid]]:
    """A clip with its sound: name, start, frames, media and first source frame."""

    def laid(name: str, start: int, frames: int, media: Path, source: int = 0) -> list[Laid]:
        return [
            Laid(name, "video", 0, start, frames, media, source),
            Laid(name, "audio", 0, start, frames, media, source),
        ]

    return laid
