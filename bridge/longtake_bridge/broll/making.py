"""Shots of B-roll as they come about, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.broll.plan import Plan
from longtake_bridge.broll.series import joined
from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.generate import shot_spec
from longtake_bridge.media_probe import made_take
from longtake_bridge.option import BrollOptions
from longtake_bridge.output import default_suffix, nearest_folder
from longtake_bridge.request import OnChange, options_to_keep
from longtake_bridge.result import Take, takes_of
from longtake_bridge.timeline.api import file_identity, made_path
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.shot import PreparedShots, Shot

# After these no other shot would fare better.
END_OF_ALL = ("ENGINE_DOWN", "ENGINE_MISSING", "UNAUTHENTICATED", "STOPPING", "OUT_OF_SPACE")


@dataclass(frozen=True, slots=True)
class Failure:
    """A shot that could not be had."""

    number: int
    name: str
    error: BridgeError

    @property
    def sentence(self) -> str:
        """For a person: which one, and why."""
        return f"{self.name[:1].upper()}{self.name[1:]}: {self.error.sentence}"


class Making:
    """Shots as they come about, one after the other."""

    def __init__(
        self, engine: Engine, prepared: PreparedShots, options: BrollOptions, on_change: OnChange
    ) -> None:
        self._engine, self._prepared = engine, prepared
        self._options, self._on_change = options, on_change
        self._end: BridgeError | None = None
        self.shots: dict[int, Shot] = {}
        self.takes: dict[int, tuple[Take, ...]] = {}
        self.failures: list[Failure] = []
        self.jobs: list[str] = []

    def do(self, plan: Plan) -> None:
        """One shot; a failure is kept.

        Raises:
            BridgeError: CANCELLED.
        """
        number = plan.wish.number
        try:
            if self._end is not None or plan.error is not None:
                raise self._end or plan.error or AssertionError
            self.shots[number] = plan.own if plan.own is not None else self._make(plan)
        except BridgeError as error:
            self._keep(error, plan)

    def do_together(self, series: Sequence[Plan]) -> None:
        """The shots of one subject; a failure of them is kept for each.

        Raises:
            BridgeError: CANCELLED.
        """
        try:
            if self._end is not None:
                raise self._end
            job = self._run(joined(series))
            for plan, take in zip(series, takes_of(job), strict=True):
                self.takes[plan.wish.number] = (take,)
                self.shots[plan.wish.number] = [made_take(self._engine, take)]
        except BridgeError as error:
            for plan in series:
                self._keep(error, plan)

    def _keep(self, error: BridgeError, plan: Plan) -> None:
        """Remember why a shot could not be had; raise where nothing more is to be done."""
        if error.reason == "CANCELLED":
            raise error
        self._end = error if error.reason in END_OF_ALL else None
        if plan.nearest:
            said = f"{error.sentence} Nearest of your own footage: {plan.nearest}."
            error = BridgeError(said, error.reason, error.exit_code)
        self.failures.append(Failure(plan.wish.number, plan.wish.name, error))

    def _make(self, plan: Plan) -> Sequence[MadeTake]:
        job = self._run(plan)
        self.takes[plan.wish.number] = takes_of(job)
        return [made_take(self._engine, take) for take in takes_of(job)]

    def _run(self, plan: Plan) -> job_pb2.Job:
        job = self._engine.run_job(broll_spec(plan, self._prepared, self._options), self._on_change)
        self.jobs.append(job.id)
        return job


def broll_spec(
    plan: Plan, prepared: PreparedShots, options: BrollOptions, *, dry: bool = False
) -> job_pb2.JobSpec:
    """The request for a shot that is to be made; `dry` where it is only to be reckoned."""
    assert plan.make is not None, "what is made has options"
    make, target = plan.make, prepared.target
    if dry:
        target = replace(target, media_dir=nearest_folder(target.media_folder))
    said: list[Any] = [plan.wish.text, make.duration and make.duration.frames, str(make.size)]
    for path in (*make.still_paths, *((make.like_path,) if make.like_path else ())):
        said += file_identity(path)
    said += [str(make.shots), make.same_subject if make.shots else ""]
    said += [str(make.camera), [str(path) for path in make.reference_paths], make.expand_prompt]
    said.append(options_to_keep(make))
    named = make.still_paths[0].stem if make.still_paths else plan.wish.text
    path = made_path(target, f"broll_{plan.wish.number}_{named}", said)
    if options.codec == "source":  # only now is it known of which file
        path = path.with_suffix(default_suffix(make.like_path or Path(), options.codec))
    return shot_spec(make, path)


def nothing_laid(failures: Sequence[Failure]) -> BridgeError:
    """The error of a call that laid no shot at all."""
    first, more = failures[0], len(failures) - 1
    others = f" {more} more failed as well." if more else ""
    return BridgeError(f"{first.sentence}{others}", first.error.reason, first.error.exit_code)
