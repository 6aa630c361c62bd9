"""B-roll on a timeline: the user's own footage where some fits, else shots that are made.

with Engine.open() as engine:
    edit = BrollEdit(Path("cut.otio"), Wanted(markers=True))
    for plan in plan_broll(engine, edit).plans:
        print(plan.sentence)
    made = broll_timeline(engine, edit)
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.broll.making import END_OF_ALL, Failure, Making, broll_spec, nothing_laid
from longtake_bridge.broll.plan import Plan, Planner
from longtake_bridge.broll.script import script_wishes
from longtake_bridge.broll.series import joined, series_notes, series_of
from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError, wrong_call
from longtake_bridge.generate import check_shot
from longtake_bridge.media_probe import media_folder, probe_with
from longtake_bridge.option import BrollOptions
from longtake_bridge.output import default_suffix, timeline_output_path
from longtake_bridge.request import OnChange, ignore_change, options_to_keep
from longtake_bridge.result import Result, Take
from longtake_bridge.timeline.api import Target
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.shot import (
    PreparedShots,
    finish_shots,
    prepare_shots,
)
from longtake_bridge.timeline.wish import (
    Wish,
    marked_wishes,
    wish_at,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Where shots are wanted; exactly one is set."""

    at: str | None = None  # a timecode that the timeline shows
    markers: bool = False  # every marker that begins with "broll:"
    script_path: Path | None = None  # a shot for every passage


@dataclass(frozen=True, slots=True)
class BrollEdit:
    """What to lay over which timeline, and where the result goes."""

    timeline_path: Path
    wanted: Wanted
    output: Path | None = None  # beside the timeline, replacing nothing, where None
    media_folder: Path | None = None  # "NAME Media" beside the new timeline where None
    track_name: str | None = None  # "B-roll" where None
    bins: tuple[Path, ...] = ()  # folders of footage, besides where the timeline's own media lies


@dataclass(frozen=True, slots=True)
class BrollPlan:
    """What would be done, before anything is."""

    plans: tuple[Plan, ...]
    # Of each that is to be made, by number: what it takes, or why it would fail.
    costs: dict[int, job_pb2.EstimateJobResponse | BridgeError]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BrollResult:
    """What became of every shot."""

    result: Result
    plans: tuple[Plan, ...]
    takes: dict[int, tuple[Take, ...]] = field(default_factory=dict)  # by number, best first
    failures: tuple[Failure, ...] = ()


def plan_broll(
    engine: Engine, edit: BrollEdit, *, options: BrollOptions | None = None
) -> BrollPlan:
    """What `broll_timeline` would do about every shot.

    Raises:
        BridgeError: The timeline cannot be read, or nothing is wished for on it.
    """
    options = options or BrollOptions()
    prepared, planner = _prepare(engine, edit, options)
    plans = planner.plans(prepared.wishes)
    series = series_of(plans, options.same_subject)
    costs: dict[int, job_pb2.EstimateJobResponse | BridgeError] = {}
    for plan in plans:
        if plan.error is not None or plan.make is None or plan in series[1:]:
            continue
        one = joined(series) if plan in series else plan
        try:
            costs[plan.wish.number] = engine.estimate(broll_spec(one, prepared, options, dry=True))
        except BridgeError as error:
            if error.reason in END_OF_ALL:
                raise
            costs[plan.wish.number] = error
    notes = (*prepared.notes, *planner.notes, *series_notes(series, options.same_subject))
    return BrollPlan(plans, costs, notes)


def broll_timeline(
    engine: Engine,
    edit: BrollEdit,
    *,
    options: BrollOptions | None = None,
    on_change: OnChange = ignore_change,
) -> BrollResult:
    """What was laid where. A shot that fails is told of, the others are laid all the same.

    Raises:
        BridgeError: No shot could be had, or the work was cancelled. No timeline has been written;
            media that was already made stays, for a next time.
    """
    options = options or BrollOptions()
    prepared, planner = _prepare(engine, edit, options)
    plans = planner.plans(prepared.wishes)
    series = series_of(plans, options.same_subject)
    work = Making(engine, prepared, options, on_change)
    with media_folder(prepared.target.media_folder if any(plan.make for plan in plans) else None):
        for plan in plans:
            if plan not in series:
                work.do(plan)
            elif plan is series[0]:
                work.do_together(series)
        if not work.shots:
            raise nothing_laid(work.failures)
    requests = {plan.wish.number: _request(plan, edit, options) for plan in plans}
    finished = finish_shots(prepared, work.shots, requests)
    placements = tuple(one.to_json_object() for one in finished.placements)
    told = [plan.sentence for plan in plans if plan.wish.number in work.shots]
    result = Result(
        job=work.jobs[0] if work.jobs else None,
        takes=tuple(take for found in work.takes.values() for take in found),
        placement=placements[0],
        timeline=str(finished.timeline_path),
        notes=(
            *finished.notes,
            *planner.notes,
            *series_notes(series, options.same_subject),
            *told,
        ),
        jobs=tuple(work.jobs),
        placements=placements,
    )
    return BrollResult(result, plans, work.takes, tuple(work.failures))


def _prepare(
    engine: Engine, edit: BrollEdit, options: BrollOptions
) -> tuple[PreparedShots, Planner]:
    check_broll(edit, options)
    probe = probe_with(engine)
    prepared = prepare_shots(
        edit.timeline_path,
        lambda document: _find_wishes(document, edit.wanted, options),
        target=Target(
            path=timeline_output_path(edit.timeline_path, edit.output, done="b-roll"),
            media_dir=edit.media_folder,
            suffix=default_suffix(Path(), options.codec),
            replace_existing=options.force,
        ),
        probe=probe,
        track_name=edit.track_name,
    )
    return prepared, Planner(engine, prepared, options, edit.bins)


def check_broll(edit: BrollEdit, options: BrollOptions) -> None:
    """Nothing, where the call can mean something, as far as it is known without the timeline.

    Raises:
        BridgeError: WRONG_CALL; it contradicts itself, or says nothing.
    """
    wanted = edit.wanted
    check_shot(options)
    ways = (wanted.at is not None, wanted.markers, wanted.script_path is not None)
    if sum(ways) != 1:
        raise wrong_call("Say where: --at TC, --markers or --script FILE, one of them.")
    if options.same_subject.strip() and options.take_count > 1:
        raise wrong_call("Shots of one subject come in one take each; leave --takes out.")
    if wanted.at is None:
        for option, given in (("--prompt", options.prompt), ("--image", options.still_paths)):
            if given:
                raise wrong_call(f"{option} is for one shot, with --at TC; leave it out.")
        return
    if options.same_subject:
        raise wrong_call("--same-subject is for several shots, with --markers or --script FILE.")
    if options.duration is None:
        raise wrong_call("A shot has a length; give --duration, such as --duration 4s.")
    if not (options.prompt or options.still_paths):
        raise wrong_call("Say what to show at --at: --prompt TEXT or --image STILL.")


def _find_wishes(
    document: TimelineDocument, wanted: Wanted, options: BrollOptions
) -> tuple[Wish, ...]:
    if wanted.markers:
        return marked_wishes(document, options.duration)
    if wanted.script_path is not None:
        return script_wishes(document, wanted.script_path, options.duration)
    assert wanted.at is not None and options.duration is not None, "checked before"
    return (wish_at(document, wanted.at, options.duration, options.prompt),)


def _request(plan: Plan, edit: BrollEdit, options: BrollOptions) -> Mapping[str, Any]:
    """All it takes to make the shot again, as JSON: it is kept on its clip."""
    make = plan.make
    return {
        "task": "broll",
        "text": plan.wish.text,
        "number": plan.wish.number,
        "track": edit.track_name,
        "own": str(plan.own.media.path) if plan.own is not None else None,
        "stills": [str(path) for path in make.still_paths] if make is not None else [],
        "like": str(make.like_path) if make is not None and make.like_path else None,
        "same_subject": options.same_subject or None,
        "camera": str(options.camera.kind) if options.camera is not None else None,
        **options_to_keep(make or options),
    }
