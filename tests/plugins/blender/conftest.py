"""Every Blender that is here; the plugin's own tests skip where there is none."""

import os
from collections.abc import Callable

import pytest
from longtake_bridge.plugin.testing.blender_editor import (
    BlenderEditor,
    BlenderProgram,
    find_blender,
    find_modules,
)

FOUND = [*find_modules(os.environ.get("LONGTAKE_BPY_PYTHONS", "")), find_blender()]
BLENDERS = [one for one in FOUND if one is not None]


@pytest.fixture(params=BLENDERS, ids=lambda one: one.version)
def start_blender(request: pytest.FixtureRequest) -> Callable[..., BlenderEditor]:
    """Takes the command of `longtake` and an empty folder."""
    program: BlenderProgram = request.param
    return lambda command, folder: BlenderEditor(program, command, folder)
