"""Longtake in Resolve, without a window: an edit from beginning to end, told on the console."""

from longtake_client import Longtake, command_beside
from longtake_edits import Edits
from longtake_timeline import Spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional

    from fusionscript import Resolve


def open_edits(resolve: "Resolve", command: "Optional[List[str]]" = None) -> "Edits":
    """What talks to Longtake for this Resolve; nothing is started yet."""
    ask: "Any" = getattr(resolve, "GetVersionString", None)  # not in every Resolve
    version = str(ask() or "") if callable(ask) else ""
    return Edits(Longtake, "resolve", command or command_beside(__file__), version)


def run(resolve: "Resolve", task: str, **settings: "Any") -> str:
    """An edit from beginning to end, told on Resolve's console; returns the last sentence."""
    edits = open_edits(resolve)
    try:
        edits.start(task, settings, lambda: Spread(resolve))
        edits.wait(print)
        return edits.said
    finally:
        edits.close(timeout_s=20.0)


def connect() -> "Resolve":
    """Resolve from outside, which the free edition refuses."""
    try:
        import DaVinciResolveScript  # noqa: PLC0415 - only Resolve's own Python path has it
    except ImportError:
        raise SystemExit(
            "Python does not find DaVinciResolveScript; set PYTHONPATH and RESOLVE_SCRIPT_API as "
            "Resolve's scripting README says."
        ) from None
    resolve = DaVinciResolveScript.scriptapp("Resolve")
    if not resolve:
        raise SystemExit(
            "Resolve does not answer: start it, and note that the free edition takes scripts from "
            "its own menu only (Workspace, Scripts, Longtake)."
        )
    return resolve
