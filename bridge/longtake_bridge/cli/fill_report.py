"""What is planned for the gaps of a timeline, and what became of them, for people and programs."""

from collections.abc import Iterator, Sequence
from typing import Any

from longtake_bridge.cli.progress import time_text
from longtake_bridge.cli.report import confidence_text
from longtake_bridge.errors import BridgeError
from longtake_bridge.fill import FillPlan, FillResult
from longtake_bridge.timeline.choice import Chosen
from longtake_bridge.timeline.piece import PiecePlan

_HEADINGS = ("#", "Track", "At", "Frames", "Between", "What is done")


def plan_lines(plan: FillPlan, *, jump_cuts: bool) -> list[str]:
    """The plan as a table, notes under it, and what it would cost."""
    if not plan.chosen:
        return [_none(jump_cuts)]
    notes = [f"{_capital(one.name)}: {note}" for one in plan.chosen for note in _notes(one)]
    for one in plan.chosen:
        cost = plan.costs.get(one.spot.number)
        if isinstance(cost, BridgeError):
            notes.append(f"{_capital(one.name)} would fail: {cost.sentence}")
    return [*_table(plan.chosen), *plan.notes, *notes, *_cost_lines(plan)]


def fill_lines(filled: FillResult, *, jump_cuts: bool) -> list[str]:
    """Where the new timeline lies, what was done about each gap, and what to know of it."""
    result = filled.result
    if not result.timeline:
        done = "no jump cut was hidden" if jump_cuts else "no gap was filled"
        if not filled.chosen:
            return [f"{_none(jump_cuts)} Nothing is written."]
        return [f"Nothing is written: {done}.", *result.notes]
    lines = [result.timeline, *result.notes]
    for one in filled.chosen:
        for number, take in enumerate(filled.takes.get(one.spot.number, ()), start=1):
            label = f", take {number}" if len(filled.takes[one.spot.number]) > 1 else ""
            lines.append(f"{_capital(one.name)}{label}: {take.media}")
            sure = "not tried on the clip"
            if take.score is not None:
                sure = f"confidence {confidence_text(take.score.confidence)}"
            lines.append(f"  Made by {take.model}; {sure}.")
            lines += [f"  {note}" for note in take.notes]
    return lines


def plan_json(plan: FillPlan, *, jump_cuts: bool) -> dict[str, Any]:
    """The plan as `--dry-run --json` prints it."""
    found = []
    for one in plan.chosen:
        cost = plan.costs.get(one.spot.number)
        failing = isinstance(cost, BridgeError)
        found.append(
            _one_json(one)
            | {
                "seconds": None if cost is None or failing else cost.seconds,
                "error": _error_json(cost) if failing else None,
            }
        )
    return {_key(jump_cuts): found, "notes": list(plan.notes)}


def fill_json(filled: FillResult, *, jump_cuts: bool) -> dict[str, Any]:
    """The result as `--json` prints it: that of every task, and what became of each gap."""
    failed = {failure.number: failure.error for failure in filled.failures}
    found = []
    for one in filled.chosen:
        error = failed.get(one.spot.number)
        found.append(
            _one_json(one)
            | {
                "media": [take.media for take in filled.takes.get(one.spot.number, ())],
                "error": _error_json(error) if error is not None else None,
            }
        )
    return filled.result.to_json() | {_key(jump_cuts): found}


def _key(jump_cuts: bool) -> str:
    return "cuts" if jump_cuts else "gaps"


def _error_json(error: BridgeError) -> dict[str, str]:
    return {"reason": error.reason, "message": error.sentence}


def _cost_lines(plan: FillPlan) -> list[str]:
    costs = [cost for cost in plan.costs.values() if not isinstance(cost, BridgeError)]
    if not costs:
        return []
    frames = sum(cost.new_frames for cost in costs)
    seconds = sum(cost.seconds for cost in costs)
    return [f"{frames} frames to make: about {time_text(seconds)} of work."]


def _one_json(one: Chosen) -> dict[str, Any]:
    spot, plan = one.spot, one.plan
    return {
        "number": spot.number,
        "track": spot.ref.to_json_object(),
        "label": spot.label,
        "timecode": one.timecode,
        "record_range": spot.span.to_json_object(),
        "before": spot.before_name,
        "after": spot.after_name,
        "left_alone": one.left.why if one.left is not None else None,
        "seems_meant": one.left.meant if one.left is not None else False,
        "plan": _plan_json(plan) if plan is not None else None,
    }


def _plan_json(plan: PiecePlan) -> dict[str, Any]:
    return {
        "action": plan.action,
        "before_frames": plan.before_frames,
        "after_frames": plan.after_frames,
        "made_range": plan.hole.to_json_object() if plan.make_frames else None,
        "make_frames": plan.make_frames,
        "inputs": [str(plan.before.media.path), str(plan.after.media.path)],
        "shown": [[span.start_frame, span.duration_frames] for span in plan.input_spans],
        "sound": [sound.label for sound in plan.sound],
        "notes": list(plan.notes),
    }


def _table(chosen: Sequence[Chosen]) -> Iterator[str]:
    rows = [_HEADINGS, *(_row(one) for one in chosen)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _row(one: Chosen) -> tuple[str, ...]:
    spot = one.spot
    frames = spot.span.duration_frames or (one.plan.hole.duration_frames if one.plan else 0)
    between = f"{_short(spot.before_name) or '–'} | {_short(spot.after_name) or '–'}"
    return (str(spot.number), spot.label, one.timecode, str(frames), between, _done(one))


def _done(one: Chosen) -> str:
    if one.plan is None:
        return f"left alone: {one.left.why}" if one.left is not None else ""
    plan, parts = one.plan, []
    if plan.action == "overwrite":
        parts.append(f"{plan.make_frames} made over the cut")
    else:
        counts = (plan.before_frames, "real before"), (plan.after_frames, "real after")
        parts += [f"{count} {words}" for count, words in counts if count]
        if plan.make_frames:
            parts.append(f"{plan.hole.duration_frames} made")
    if plan.sound:
        parts.append(f"with sound on {', '.join(sound.label for sound in plan.sound)}")
    return ", ".join(parts)


def _notes(one: Chosen) -> tuple[str, ...]:
    return one.plan.notes if one.plan is not None else ()


def _short(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"


def _none(jump_cuts: bool) -> str:
    return "There are no jump cuts." if jump_cuts else "There are no gaps."


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
