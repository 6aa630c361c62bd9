"""One edit at a time, as every plugin has it: heard, shown and placed."""

from typing import Any

import pytest
from longtake_bridge.host.edits_for_hosts import Edits, Problem, settings_for

CAPABILITIES = {
    "type": "capabilities",
    "tasks": [
        {"name": "extend", "title": "Extend", "available": True},
        {"name": "fill_gap", "title": "Fill gap", "available": True},
        {"name": "outpaint", "title": "Out-paint", "available": False},
    ],
    "takes_prompt": True,
}
PROGRESS = {
    "type": "progress",
    "phase": "making",
    "done_frames": 0,
    "total_frames": 10,
    "remaining_s": 3.2,
    "step": 2,
    "steps": 2,
    "preview_path": None,
}
RESULT = {
    "type": "result",
    "takes": [{"media": "/made.mov"}],
    "changes": [],
    "notes": ["Look at it."],
}


class Said:
    """`Longtake` whose answers a test gives."""

    def __init__(self) -> None:
        self.alive, self.asked, self.answers = True, [], []

    def start(self, command: Any, **host: Any) -> "Said":
        self.asked.append(("hello", host))
        return self

    def ask(self, type: str, **fields: Any) -> str:
        self.asked.append((type, fields))
        return f"{type}-{len(self.asked)}"

    def poll(self) -> list[dict[str, Any]]:
        answers, self.answers = self.answers, []
        return answers

    def cancel(self, edit: str) -> None:
        self.asked.append(("cancel", edit))

    def close(self, timeout_s: float) -> None:
        self.alive = False

    @property
    def waits(self) -> bool:
        return bool(self.answers)


class Spread:
    def __init__(self, problem: str = "") -> None:
        self.problem, self.placed = problem, 0

    def context(self) -> dict[str, Any]:
        return {"rate": 25}

    def place(self, answer: dict[str, Any]) -> None:
        if self.problem:
            raise Problem(self.problem)
        self.placed += 1


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def edits(said: Said) -> Edits:
    return Edits(said, "test", ["longtake"])


def hear(edits: Edits, said: Said, *answers: dict[str, Any]) -> None:
    edit = edits._edit
    said.answers += [{"id": edit, **answer} for answer in answers]
    edits.tick()


def test_an_edit_from_press_to_timeline(edits: Edits, said: Said) -> None:
    spread = Spread()
    assert edits.start("extend", {"tail": "2s"}, lambda: spread)
    assert [kind for kind, _ in said.asked] == ["hello", "capabilities", "models", "start"]
    assert edits.busy
    hear(edits, said, {"type": "planned", "new_frames": 8, "notes": []})
    assert edits.said == "Making 8 frames"
    hear(edits, said, PROGRESS)
    assert edits.said == "making: 0 of 10 frames, 3 s left"
    assert edits.share == 0.5  # the second of two steps
    hear(edits, said, RESULT)
    assert (edits.busy, edits.failed, edits.share, spread.placed) == (False, False, 1.0, 1)
    assert edits.said == "Done. Look at it."


def test_even_the_first_frame_shows_that_work_has_begun(edits: Edits, said: Said) -> None:
    edits.start("extend", {}, Spread)
    hear(edits, said, {**PROGRESS, "step": 1, "done_frames": 0})
    assert 0 < edits.share < 0.01


def test_capabilities_decide_what_is_shown(edits: Edits, said: Said) -> None:
    edits.open()
    assert edits.buttons == []
    said.answers = [{"id": "capabilities-2", **CAPABILITIES}]
    edits.tick()
    assert edits.takes_prompt
    assert edits.buttons == [
        ("extend", "head", "Extend head"),
        ("extend", "tail", "Extend tail"),
        ("fill_gap", "tail", "Fill gap"),
    ]


def test_one_edit_at_a_time(edits: Edits, said: Said) -> None:
    edits.start("extend", {}, Spread)
    asked = len(said.asked)
    assert not edits.start("extend", {}, Spread)
    assert "Wait for the edit" in edits.said
    assert len(said.asked) == asked


def test_what_cannot_be_read_is_said_and_nothing_started(edits: Edits, said: Said) -> None:
    def read() -> Any:
        raise Problem("No timeline is open; open one and try again.")

    assert not edits.start("extend", {}, read)
    assert (edits.failed, edits.said) == (True, "No timeline is open; open one and try again.")
    assert said.asked == []


def test_what_cannot_be_placed_is_not_lost(edits: Edits, said: Said) -> None:
    edits.start("extend", {}, lambda: Spread("The track is locked."))
    hear(edits, said, RESULT)
    assert edits.failed
    assert edits.said == "The track is locked. The new frames are in /made.mov."


def test_who_cancels_is_not_told_of_an_error(edits: Edits, said: Said) -> None:
    edits.start("extend", {}, Spread)
    edits.cancel()
    assert said.asked[-1] == ("cancel", "start-4")
    hear(edits, said, {"type": "error", "reason": "CANCELLED", "message": "Cancelled."})
    assert (edits.busy, edits.failed, edits.said) == (False, False, "Cancelled.")


def test_the_timeline_is_left_alone_until_it_may_be_changed(said: Said) -> None:
    class Busy(Edits):
        drags = True

        def may_place(self) -> bool:
            return not self.drags

    edits, spread = Busy(said, "test", ["longtake"]), Spread()
    edits.start("extend", {}, lambda: spread)
    hear(edits, said, RESULT)
    assert (spread.placed, edits.busy, edits.waits) == (0, True, True)
    edits.drags = False
    edits.tick()
    assert (spread.placed, edits.busy, edits.waits) == (1, False, False)


def test_what_is_made_is_not_placed_once_it_is_cancelled(said: Said) -> None:
    class Busy(Edits):
        def may_place(self) -> bool:
            return False

    edits, spread = Busy(said, "test", ["longtake"]), Spread()
    edits.start("extend", {}, lambda: spread)
    hear(edits, said, RESULT)
    edits.cancel()
    edits.tick()
    assert (spread.placed, edits.busy) == (0, False)


def test_an_error_of_another_request_does_not_hide_the_edit(edits: Edits, said: Said) -> None:
    edits.start("extend", {}, Spread)
    said.answers = [{"type": "error", "id": "models-3", "reason": "BUSY", "message": "Busy."}]
    edits.tick()
    assert (edits.busy, edits.said) == (True, "Looking at the timeline")


def test_it_is_busy_while_it_places(edits: Edits, said: Said) -> None:
    seen: list[bool] = []

    class Slow(Spread):
        def place(self, answer: dict[str, Any]) -> None:
            edits.tick()  # as from an editor's timer
            seen.append(edits.busy)
            super().place(answer)

    spread = Slow()
    edits.start("extend", {}, lambda: spread)
    hear(edits, said, RESULT)
    assert (seen, spread.placed, edits.busy) == ([True], 1, False)


def test_a_session_that_has_ended_is_started_anew(edits: Edits, said: Said) -> None:
    edits.start("extend", {}, Spread)
    hear(edits, said, {"type": "error", "reason": "ENGINE_DOWN", "message": "Gone."})
    said.alive = False
    edits.start("extend", {}, Spread)
    assert [kind for kind, _ in said.asked].count("hello") == 2


@pytest.mark.parametrize(
    ("what", "settings"),
    [
        ("logo", {"defects": ["logo"]}),
        ("120, 80,60,40@48; 7,-9", {"boxes": ["120,80,60,40@48"], "points": ["7,-9"]}),
        ("/masks/a,b.png", {"mask": "/masks/a,b.png"}),
        ("", {}),
    ],
)
def test_what_is_to_go_is_told_by_a_text(what: str, settings: dict[str, Any]) -> None:
    assert settings_for("remove", what=what) == settings
    assert settings_for("extend", length="1s", what=what) == {"tail": "1s"}


@pytest.mark.parametrize(
    ("show", "settings"),
    [
        (" /stills/a map.png ", {"stills": ["/stills/a map.png"]}),
        ("boats in the harbour", {"prompt": "boats in the harbour"}),
        ("", {}),
    ],
)
def test_what_b_roll_shows_is_told_by_a_text(show: str, settings: dict[str, Any]) -> None:
    made = settings_for("generate", show=show, duration="2s", prompt=None, stills=None)
    assert made == settings | {"duration": "2s"}
    assert settings_for("extend", length="1s", show=show) == {"tail": "1s"}


@pytest.mark.parametrize(
    ("task", "settings"),
    [
        ("extend", {"head": "2s", "follow": "ripple", "take_count": 2}),
        ("fill_gap", {"side": "head", "quality": "best", "take_count": 2}),
        ("slow_motion", {"follow": "ripple", "factor": "2", "quality": "best", "take_count": 2}),
    ],
)
def test_only_what_concerns_a_task_is_sent(task: str, settings: dict[str, Any]) -> None:
    chosen = {"follow": "ripple", "factor": "2", "quality": "best", "take_count": 2}
    made = settings_for(task, "head", length="2s", prompt="", model=None, **chosen)
    assert made == settings
