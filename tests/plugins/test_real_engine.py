"""The whole way: an editor's plugin, the session, the daemon, a worker and real frames."""

import sys
from fractions import Fraction
from pathlib import Path

from longtake_bridge.home import Home
from longtake_bridge.host.testing import Laid, MemoryEditor
from longtake_engine.media.probe import probe
from longtake_engine.testing.media import Sound, make_clip


def test_three_edits_of_one_timeline(engine_home: Home, tmp_path: Path) -> None:
    clips = [tmp_path / "a.mkv", tmp_path / "b.mkv"]
    for path in clips:
        make_clip(path, frames=30, rate=Fraction(25), audio=(Sound(),))

    editor = MemoryEditor(
        [sys.executable, "-m", "longtake_bridge"],
        first_frame=1,
        frames_of=lambda path: probe(path).video.frame_count,
    )
    laid = [("one", 5, 30, clips[0]), ("two", 45, 20, clips[1])]
    kinds = ("video", "audio")
    editor.open(
        tmp_path / "edit.kdenlive",
        25,
        [
            Laid(name, kind, 0, at, frames, path)
            for name, at, frames, path in laid
            for kind in kinds
        ],
    )
    edits = (
        ("extend", "one", {"tail": "8f"}),
        ("fill_gap", "one (extended)", {"quality": "draft"}),
        ("slow_motion", "two", {"factor": 2, "quality": "draft"}),
    )
    try:
        for task, clip, settings in edits:
            editor.press(task, clip, **settings)
            editor.wait_for("idle")
            assert editor.sentence() == "", task
    finally:
        editor.quit()
    for kind in kinds:
        lane = [(one.start, one.frames) for one in editor.laid() if one.kind == kind]
        assert lane == [(5, 30), (35, 8), (43, 2), (45, 40)], kind
    made = {one.media for one in editor.laid()} - set(clips)
    assert {path.parent for path in made} == {tmp_path / "edit Media"}
    assert len(made) == 3
