"""What every editor with Longtake in it does: one class, played on all of them."""

import time
from pathlib import Path
from typing import Any

import pytest
from google.rpc import code_pb2
from longtake.v1 import job_pb2
from longtake_bridge.host.testing import HostEditor, Laid, seen
from longtake_bridge.testing import Fault, Script

PROGRESS = (job_pb2.Progress(phase="making", done_frames=1, total_frames=9, preview_jpeg=b"\xff"),)


def lane(editor: HostEditor, kind: str = "video") -> list[tuple[int, int, int]]:
    """Start, length and first source frame of every run of frames that is seen, or heard."""
    return seen(editor.laid(), kind)


def opened(stage: Any, *clips: list[Laid], alone: bool = False) -> HostEditor:
    editor = stage.start_alone() if alone else stage.start()
    editor.open(stage.folder / "project.blend", 25, [one for both in clips for one in both])
    return editor


def done(editor: HostEditor, task: str, clip: str, **settings: Any) -> None:
    editor.press(task, clip, **settings)
    editor.wait_for("idle")
    assert editor.sentence() == ""


def wait_until_ended(stage: Any, state: int) -> None:
    deadline_s = time.monotonic() + 30
    while time.monotonic() < deadline_s:
        if stage.engine.states() == [state]:
            return
        time.sleep(0.02)
    raise AssertionError("the engine's job has not ended so")


class TestContract:
    def test_extend_goes_on_with_real_frames_and_then_with_made_ones(self, stage: Any) -> None:
        editor = opened(stage, stage.both("shot", 0, 30, 10))
        before = editor.laid()
        done(editor, "extend", "shot", tail="18f")
        assert lane(editor) == lane(editor, "audio") == [(0, 40, 10), (40, 8, 0)]
        made = {one.media for one in editor.laid()} - {stage.clips["a"]}
        # Beside the project, or beside the media where an editor has no project file.
        assert [path.parent.name in ("project Media", "Longtake Media") for path in made] == [True]
        assert made.pop().is_file()
        editor.undo()
        assert editor.laid() == before

    def test_extend_before_the_head(self, stage: Any) -> None:
        editor = opened(stage, stage.both("shot", 20, 30, 0))
        done(editor, "extend", "shot", head="6f")
        assert lane(editor) == lane(editor, "audio") == [(14, 6, 0), (20, 30, 0)]

    def test_extend_says_where_there_is_no_room(self, stage: Any) -> None:
        editor = opened(stage, stage.both("one", 0, 50, 0), stage.both("two", 53, 20, 0, "b"))
        before = editor.laid()
        editor.press("extend", "one", tail="8f")
        editor.wait_for("idle")
        assert "Only 3 frames are free" in editor.sentence()
        assert editor.laid() == before
        assert stage.engine.specs == []  # found out before any work

    def test_extend_pushes_what_follows_along(self, stage: Any) -> None:
        title = [Laid("title", "video", 1, 60, 10, stage.clips["b"], 0)]
        editor = opened(
            stage, stage.both("one", 0, 50, 0), stage.both("two", 53, 20, 0, "b"), title
        )
        before = editor.laid()
        if not editor.can_trim:
            pytest.skip("the scripts of this editor cannot move clips")
        done(editor, "extend", "one", tail="8f", follow="ripple")
        assert lane(editor, "audio") == [(0, 50, 0), (50, 8, 0), (61, 20, 0)]
        assert [one.start for one in editor.laid() if one.track == 1] == [68]
        editor.undo()
        assert editor.laid() == before

    def test_extend_lays_itself_over_what_follows(self, stage: Any) -> None:
        editor = opened(stage, stage.both("one", 0, 50, 0), stage.both("two", 50, 20, 5, "b"))
        before = editor.laid()
        done(editor, "extend", "one", tail="8f", follow="overwrite")
        assert lane(editor) == [(0, 50, 0), (50, 8, 0), (58, 12, 13)]
        # Sound cannot be covered: where it cannot be trimmed, it stays.
        assert lane(editor, "audio") == (lane(editor) if editor.can_trim else seen(before, "audio"))
        editor.undo()
        assert editor.laid() == before

    def test_fill_a_gap(self, stage: Any) -> None:
        editor = opened(stage, stage.both("one", 0, 40, 0), stage.both("two", 70, 30, 8, "b"))
        before = editor.laid()
        done(editor, "fill_gap", "one")
        assert lane(editor) == lane(editor, "audio") == [(0, 50, 0), (50, 12, 0), (62, 38, 0)]
        editor.undo()
        assert editor.laid() == before

    def test_fill_a_gap_with_real_frames_alone(self, stage: Any) -> None:
        editor = opened(stage, stage.both("one", 0, 20, 0), stage.both("two", 30, 20, 30))
        done(editor, "fill_gap", "one")
        assert lane(editor) == lane(editor, "audio") == [(0, 50, 0)]
        assert stage.engine.specs == []

    def test_no_gap_to_fill(self, stage: Any) -> None:
        editor = opened(stage, stage.both("one", 0, 40, 0), stage.both("two", 40, 30, 8, "b"))
        editor.press("fill_gap", "one")
        editor.wait_for("idle")
        assert 'No gap follows "one"' in editor.sentence()

    def test_smooth_a_jump_cut(self, stage: Any) -> None:
        editor = opened(stage, stage.both("one", 0, 20, 0), stage.both("two", 20, 20, 30))
        before = editor.laid()
        done(editor, "smooth_jump_cut", "one", side_frames=4)
        assert lane(editor) == [(0, 16, 0), (16, 8, 0), (24, 16, 34)]
        assert lane(editor, "audio") == seen(before, "audio")  # the sound is the original
        editor.undo()
        assert editor.laid() == before

    def test_slow_a_clip_down(self, stage: Any) -> None:
        editor = opened(stage, stage.both("one", 0, 20, 10), stage.both("two", 50, 20, 0, "b"))
        before = editor.laid()
        done(editor, "slow_motion", "one", factor=2)
        # Eight frames before what is shown are slowed down, too.
        assert lane(editor) == lane(editor, "audio") == [(0, 40, 16), (50, 20, 0)]
        editor.undo()
        assert editor.laid() == before

    def test_remove_a_thing(self, stage: Any) -> None:
        editor = opened(stage, stage.both("shot", 0, 30, 10))
        before = editor.laid()
        done(editor, "remove", "shot", boxes=["10,12,30,20"])
        (spec,) = stage.engine.specs
        (box,) = spec.inpaint.boxes
        assert (box.x, box.y, box.width, box.height) == (10, 12, 30, 20)
        assert box.frame >= 10  # of the file: the first that is shown, or where the playhead is
        # Eight frames before what is shown are made anew, too; the sound is the original.
        assert lane(editor) == [(0, 30, 8)]
        assert lane(editor, "audio") == [(0, 30, 10)]
        editor.undo()
        assert editor.laid() == before

    def test_give_a_clip_another_shape(self, stage: Any) -> None:
        editor = opened(stage, stage.both("shot", 0, 30, 10))
        before = editor.laid()
        done(editor, "outpaint", "shot", size="72x128", follow_subject=True)
        (spec,) = stage.engine.specs
        assert (spec.outpaint.size.width, spec.outpaint.size.height) == (72, 128)
        assert spec.outpaint.follow
        assert lane(editor) == [(0, 30, 8)]
        assert lane(editor, "audio") == [(0, 30, 10)]
        editor.undo()
        assert editor.laid() == before

    def test_lay_a_shot_of_a_still_above_what_is_seen(self, stage: Any) -> None:
        still = stage.folder / "still.png"
        still.touch()
        editor = opened(stage, stage.both("shot", 0, 50, 0))
        before = editor.laid()
        done(editor, "generate", "shot", stills=[str(still)], duration="8f")
        (spec,) = stage.engine.specs
        assert list(spec.generate.still_paths) == [str(still)]
        assert set(before) < set(editor.laid())  # nothing is cut for it
        (shot,) = [one for one in editor.laid() if one not in before]
        assert (shot.kind, shot.track, shot.frames, shot.source_start) == ("video", 1, 8, 0)
        assert 0 <= shot.start <= 42  # wherever the editor's playhead is
        editor.undo()
        assert editor.laid() == before

    def test_takes_are_switched_afterwards(self, stage: Any) -> None:
        editor = opened(stage, stage.both("shot", 0, 50, 0))
        done(editor, "extend", "shot", tail="8f", take_count=2)
        first = editor.laid()
        (made,) = [one for one in first if one.start == 50 and one.kind == "video"]
        editor.switch_take(made.name, 1)
        (other,) = [one for one in editor.laid() if one.start == 50 and one.kind == "video"]
        assert other.media != made.media
        assert (other.frames, other.source_start) == (made.frames, made.source_start)
        editor.switch_take(made.name, 0)
        assert editor.laid() == first

    def test_cancel(self, stage: Any) -> None:
        stage.engine.script = Script(holds=True, progress=PROGRESS)
        editor = opened(stage, stage.both("shot", 0, 50, 0))
        before = editor.laid()
        editor.press("extend", "shot", tail="8f")
        editor.wait_for("working")
        editor.cancel()
        editor.wait_for("idle")
        assert editor.sentence() == ""  # who cancels need not be told
        assert editor.laid() == before
        wait_until_ended(stage, job_pb2.JOB_STATE_CANCELLED)

    def test_the_editor_stays_alive_while_a_job_runs(self, stage: Any) -> None:
        stage.engine.script = Script(holds=True, progress=PROGRESS)
        editor = opened(stage, stage.both("shot", 0, 50, 0))
        editor.press("extend", "shot", tail="8f")
        editor.wait_for("working")
        first, deadline_s = editor.ticks(), time.monotonic() + 30
        while editor.ticks() < first + 3:
            assert time.monotonic() < deadline_s, "it is not drawn any more"
        editor.cancel()
        editor.wait_for("idle")

    def test_the_editor_is_closed_in_mid_job(self, stage: Any) -> None:
        stage.engine.script = Script(holds=True, progress=PROGRESS)
        editor = opened(stage, stage.both("shot", 0, 50, 0), alone=True)
        editor.press("extend", "shot", tail="8f")
        editor.wait_for("working")
        editor.quit()
        wait_until_ended(stage, job_pb2.JOB_STATE_CANCELLED)

    def test_longtake_is_not_there(self, stage: Any) -> None:
        editor = stage.start_alone([str(stage.folder / "gone" / "longtake")])
        editor.open(stage.folder / "project.blend", 25, stage.both("shot", 0, 50, 0))
        before = editor.laid()
        editor.press("extend", "shot", tail="8f")
        editor.wait_for("idle")
        assert "longtake plugins install" in editor.sentence()
        assert editor.laid() == before

    def test_the_engine_fails(self, stage: Any) -> None:
        sentence = "No space is left; make room and try again."
        fault = Fault(sentence, "OUT_OF_SPACE", code_pb2.RESOURCE_EXHAUSTED)
        stage.engine.script = Script(failure=fault)
        editor = opened(stage, stage.both("shot", 0, 50, 0))
        before = editor.laid()
        editor.press("extend", "shot", tail="8f")
        editor.wait_for("idle")
        assert editor.sentence() == sentence
        assert editor.laid() == before

    def test_media_is_missing(self, stage: Any) -> None:
        gone = Path(stage.folder / "gone.mov")
        editor = stage.start()
        editor.open(stage.folder / "project.blend", 25, [Laid("shot", "video", 0, 0, 50, gone, 0)])
        before = editor.laid()
        editor.press("extend", "shot", tail="8f")
        editor.wait_for("idle")
        assert str(gone) in editor.sentence()
        assert editor.laid() == before

    def test_again_after_an_error(self, stage: Any) -> None:
        editor = opened(stage, stage.both("shot", 0, 50, 0))
        editor.press("extend", "shot", tail="nonsense")
        editor.wait_for("idle")
        assert "nonsense" in editor.sentence()
        done(editor, "extend", "shot", tail="8f")
        assert lane(editor) == [(0, 50, 0), (50, 8, 0)]


@pytest.fixture(autouse=True)
def _project_is_saved(stage: Any) -> None:
    (stage.folder / "project.blend").write_bytes(b"")
