"""One edit in Resolve, from the press of a button to the changed timeline."""

import os
import time

from longtake_client import Longtake, command_beside
from longtake_timeline import Problem, Spread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

    from fusionscript import Resolve

_TICK_S = 0.1


class Edits(object):
    """A session with Longtake, and the one edit that is under way in it.

    Attributes:
        tasks: What can be done here, once Longtake has said so: {name: title}.
        said: The newest sentence for the user.
        share: How far the edit is, 0 to 1.
        preview: Path of a picture of it, or None.
    """

    def __init__(self, resolve: "Resolve", command: "Optional[List[str]]" = None) -> None:
        self._resolve = resolve
        self._command = command or command_beside(os.path.join(_folder(), "longtake.json"))
        self._session: "Optional[Longtake]" = None
        self._edit = ""
        self._spread: "Optional[Spread]" = None
        self.tasks: "Dict[str, str]" = {}
        self.said = ""
        self.share = 0.0
        self.preview: "Optional[str]" = None
        self._open()

    @property
    def busy(self) -> bool:
        """Whether an edit is under way."""
        return bool(self._edit)

    def start(
        self, task: str, settings: "Dict[str, Any]", media_folder: "Optional[str]" = None
    ) -> None:
        """Begin an edit of the current timeline; `tick` hears of it."""
        if self.busy:
            self.said = "Wait for the edit that is under way, or cancel it."
            return
        self.share, self.preview = 0.0, None
        try:
            self._spread = Spread(self._resolve)
            context = self._spread.context(media_folder)
        except Problem as problem:
            self.said = str(problem)
            return
        self._open()
        self.said = "Looking at the timeline"
        assert self._session is not None
        self._edit = self._session.ask("start", task=task, context=context, settings=settings)

    def cancel(self) -> None:
        """End the edit."""
        if self._session is not None and self._edit:
            self._session.cancel(self._edit)

    def tick(self) -> None:
        """Hear what Longtake has said since; call it about ten times a second. Never waits."""
        for answer in self._session.poll() if self._session is not None else []:
            if answer["type"] == "capabilities":
                able = [task for task in answer["tasks"] if task["available"]]
                self.tasks = {task["name"]: task["title"] for task in able}
            elif answer["id"] == self._edit:
                self._hear(answer)
            elif answer["type"] == "error":
                self.said = answer["message"]

    def wait(self, tell: "Any") -> None:
        """Until the edit has ended; `tell` hears every new sentence."""
        told = ""
        while self.busy:
            self.tick()
            if self.said != told:
                told = self.said
                tell(told)
            time.sleep(_TICK_S)
        if self.said != told:
            tell(self.said)

    def close(self) -> None:
        """End the session, and what runs in it."""
        if self._session is not None:
            self._session.close(timeout_s=20.0)

    def _open(self) -> None:
        if self._session is not None and self._session.alive:
            return
        version = ""
        ask = getattr(self._resolve, "GetVersionString", None)
        if callable(ask):
            version = str(ask() or "")
        self._session = Longtake.start(self._command, host="resolve", host_version=version)
        self._session.ask("capabilities")

    def _hear(self, answer: "Dict[str, Any]") -> None:
        if answer["type"] == "planned":
            self.said = " ".join(answer["notes"]) or "Making {0} frames".format(
                answer["new_frames"]
            )
        elif answer["type"] == "progress":
            self._show_progress(answer)
        elif answer["type"] == "error":
            self._edit = ""
            cancelled = answer["reason"] == "CANCELLED"
            self.said = "Cancelled." if cancelled else answer["message"]
        elif answer["type"] == "result":
            self._edit = ""
            self._place(answer)

    def _show_progress(self, answer: "Dict[str, Any]") -> None:
        total = answer["total_frames"]
        self.preview = answer["preview_path"] or self.preview
        if total:
            self.share = float(answer["done_frames"]) / total
            left = answer["remaining_s"]
            more = ", {0:.0f} s left".format(left) if left is not None else ""
            self.said = "{0}: {1} of {2} frames{3}".format(
                answer["phase"], answer["done_frames"], total, more
            )
        else:
            self.said = answer["phase"]

    def _place(self, answer: "Dict[str, Any]") -> None:
        assert self._spread is not None
        made = [take["media"] for take in answer["takes"]]
        try:
            notes = self._spread.apply(answer["changes"])
        except Problem as problem:
            where = " The new frames are in {0}.".format(made[0]) if made else ""
            self.said = "{0}{1}".format(problem, where)
            return
        self.share = 1.0
        self.said = " ".join(["Done."] + answer["notes"] + notes)


def run(resolve: "Resolve", task: str, **settings: "Any") -> str:
    """An edit from beginning to end, told on Resolve's console; returns the last sentence."""
    edits = Edits(resolve)
    try:
        edits.start(task, settings)
        edits.wait(print)
        return edits.said
    finally:
        edits.close()


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


def _folder() -> str:
    return os.path.dirname(os.path.abspath(__file__))
