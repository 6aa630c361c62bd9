"""What Longtake leaves in a Blender: nothing, neither while it is there nor when it goes."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from longtake_bridge.host.testing import Laid
from longtake_bridge.plugin.testing.blender_editor import BlenderEditor

Both = Callable[..., list[Laid]]
pytestmark = pytest.mark.host


def test_nothing_is_left_when_it_is_switched_off(
    own_editor: BlenderEditor, clip: Path, tmp_path: Path, both: Both
) -> None:
    before = own_editor.ask("run", code="import sys; value = sorted(sys.path)")
    own_editor.open(tmp_path / "edit.blend", 25, both("shot", 5, 40, clip))
    own_editor.press("extend", "shot", tail="20s")
    own_editor.wait_for("working")
    code = "value = desk.plugin.edits._session._process.pid"
    session = own_editor.ask("run", code=code)
    assert own_editor.ask("disable", module=own_editor.program.module) == []
    wait_until(lambda: not Path(f"/proc/{session}").exists(), "the session runs on")
    threads = "import threading; value = threading.active_count()"
    wait_until(lambda: own_editor.ask("run", code=threads) == 1, "a thread runs on")
    assert own_editor.ask("run", code="import sys; value = sorted(sys.path)") == before
    own_editor.ask("enable", module=own_editor.program.module)
    own_editor.press("extend", "shot", tail="2f")
    own_editor.wait_for("idle")
    assert own_editor.sentence() == ""
    assert [(one.start, one.frames) for one in own_editor.laid()] == [(5, 40), (45, 2)] * 2


PYTHON = """
import sys
from importlib.metadata import distributions
held = sorted({one.metadata["Name"] or "" for one in distributions()})
value = {"packages": held, "modules": sorted({name.split(".")[0] for name in sys.modules})}
"""
HEAVY = {"grpc", "google", "msgspec", "opentimelineio", "longtake_bridge", "av", "torch", "cv2"}


def test_nothing_is_installed_into_its_python(
    own_editor: BlenderEditor, clip: Path, tmp_path: Path, both: Both
) -> None:
    before = own_editor.ask("run", code=PYTHON)
    own_editor.open(tmp_path / "edit.blend", 25, both("shot", 5, 40, clip))
    own_editor.press("extend", "shot", tail="2f")
    own_editor.wait_for("idle")
    assert own_editor.sentence() == ""
    after = own_editor.ask("run", code=PYTHON)
    assert after["packages"] == before["packages"]
    assert not HEAVY & {*after["modules"]} - {*before["modules"]}
    assert not {"longtake_client", "longtake_edits"} & {*after["modules"]}  # only in its package


def wait_until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline_s = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline_s, otherwise
        time.sleep(0.05)
