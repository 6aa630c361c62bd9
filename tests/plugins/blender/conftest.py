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


@pytest.fixture(scope="module", params=BLENDERS, ids=lambda one: one.version)
def program(request: pytest.FixtureRequest) -> BlenderProgram:
    return request.param


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(
        tmp_path / "clip.mov",
        frames=40,
        rate=Fraction(25),
        codec="libx264",
        audio=(Sound(),),
    )


@pytest.fixture(scope="module")
def shared_editor(
    program: BlenderProgram, engine_folder: Home, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BlenderEditor]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LONGTAKE_HOME", str(engine_folder.folder))
        patch.setenv("LONGTAKE_IDLE_S", "60")
        patch.delenv("LONGTAKE_TOKEN", raising=False)
        editor = BlenderEditor(program, LONGTAKE, tmp_path_factory.mktemp("blender") / "user")
    yield editor
    editor.quit()


@pytest.fixture
def editor(shared_editor: BlenderEditor, engine_home: Home) -> BlenderEditor:
    """One in which other tests have had their projects open: a Blender takes seconds to start."""
    return shared_editor


@pytest.fixture
def own_editor(
    program: BlenderProgram, engine_home: Home, tmp_path: Path
) -> Iterator[BlenderEditor]:
    """One that has just been started."""
    editor = BlenderEditor(program, LONGTAKE, tmp_path / "user")
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
