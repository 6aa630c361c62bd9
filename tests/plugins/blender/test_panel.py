"""What the panel shows, drawn onto a layout that takes only what this Blender's own would take."""

from collections.abc import Callable
from pathlib import Path

import pytest
from longtake_bridge.host.testing import Laid
from longtake_bridge.plugin.testing.blender_editor import BlenderEditor

Both = Callable[..., list[Laid]]
pytestmark = pytest.mark.host
FIELDS = ["length_s", "factor", "follow", "take_count", "model", "quality"]


def test_the_panel_and_the_menu_are_drawn(
    own_editor: BlenderEditor, clip: Path, tmp_path: Path, both: Both
) -> None:
    own_editor.open(tmp_path / "edit.blend", 25, both("shot", 5, 40, clip))
    assert "label Looking for Longtake" in own_editor.ask("draw", name="LONGTAKE_PT_panel")
    own_editor.press("extend", "shot", tail="2f", take_count=2)
    drawn = own_editor.ask("draw", name="LONGTAKE_PT_panel")
    assert "operator longtake.cancel" in drawn
    own_editor.wait_for("idle")
    assert own_editor.sentence() == ""

    drawn = own_editor.ask("draw", name="LONGTAKE_PT_panel")
    buttons = ["Extend head", "Extend tail", "Fill gap", "Smooth jump cut", "Slow motion"]
    buttons += ["Remove object", "Out-paint", "Generate B-roll"]
    wanted = [f"operator longtake.edit {text}" for text in buttons]
    assert drawn[: len(wanted)] == wanted
    assert [line.removeprefix("prop ") for line in drawn if line.startswith("prop ")][:6] == FIELDS
    for field in ("what", "size", "follow_subject", "still", "prompt"):
        assert f"prop {field}" in drawn
    takes = [line for line in drawn if "longtake.take" in line]
    assert takes == ["operator longtake.take 1", "operator longtake.take 2"]
    assert any("Done." in line for line in drawn)
    menu = own_editor.ask("draw", name="LONGTAKE_MT_menu")
    assert menu == wanted
    assert own_editor.ask("draw", name="LONGTAKE_OT_cancel", polls=True) is True
    assert own_editor.ask("draw", name="LONGTAKE_OT_edit", polls=True) is True
