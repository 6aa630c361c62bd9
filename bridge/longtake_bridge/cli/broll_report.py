"""What is told of B-roll, in lines for a person and as JSON."""

from typing import Any

from longtake_bridge.broll.edit import BrollPlan, BrollResult
from longtake_bridge.broll.plan import Plan
from longtake_bridge.errors import BridgeError
from longtake_bridge.footage.search import Match


def plan_lines(plan: BrollPlan) -> list[str]:
    """What would be done about each shot, and what it would cost."""
    lines = list(plan.notes)
    for one in plan.plans:
        lines.append(one.sentence)
        cost = plan.costs.get(one.wish.number)
        if isinstance(cost, BridgeError):
            lines.append(f"  It would fail: {cost.sentence}")
        elif cost is not None:
            lines.append(f"  By {cost.model}, in about {max(1, round(cost.seconds))} s.")
    return lines


def plan_json(plan: BrollPlan) -> dict[str, Any]:
    """The one object that `--dry-run --json` prints."""
    return {
        "shots": [_shot_json(one) | _cost_json(plan, one) for one in plan.plans],
        "notes": list(plan.notes),
    }


def result_json(laid: BrollResult) -> dict[str, Any]:
    """The one object that `--json` prints."""
    failures = {failure.number: failure.error for failure in laid.failures}
    shots = []
    for one in laid.plans:
        error = failures.get(one.wish.number)
        takes = [take.to_json() for take in laid.takes.get(one.wish.number, ())]
        shots.append(_shot_json(one) | {"takes": takes, "error": _error_json(error)})
    return laid.result.to_json() | {"shots": shots}


def _shot_json(plan: Plan) -> dict[str, Any]:
    wish, own, make = plan.wish, plan.own, plan.make
    return {
        "number": wish.number,
        "timecode": wish.timecode,
        "start_frame": wish.span.start_frame,
        "duration_frames": wish.span.duration_frames,
        "text": wish.text,
        "own": None
        if own is None
        else {"media": str(own.media.path), "start_frame": own.start_frame},
        "stills": [str(path) for path in make.still_paths] if make is not None else [],
        "matches": [_match_json(match) for match in plan.matches],
        "error": _error_json(plan.error),
    }


def _match_json(match: Match) -> dict[str, Any]:
    return {
        "media": str(match.footage.path),
        "score": round(match.score, 4),
        "by": match.why.source,
        "said": match.why.text,
        "at_s": float(match.at_s) if match.at_s is not None else None,
    }


def _cost_json(plan: BrollPlan, one: Plan) -> dict[str, Any]:
    cost = plan.costs.get(one.wish.number)
    if cost is None:
        return {"cost": None}
    if isinstance(cost, BridgeError):
        return {"cost": None, "error": _error_json(cost)}
    return {
        "cost": {
            "model": cost.model,
            "seconds": cost.seconds,
            "memory_bytes": cost.memory_bytes,
            "disk_bytes": cost.disk_bytes,
        }
    }


def _error_json(error: BridgeError | None) -> dict[str, str] | None:
    return None if error is None else {"reason": error.reason, "message": error.sentence}
