"""B-roll on a timeline: the user's own footage where some fits, else shots that are made.

with Engine.open() as engine:
    edit = BrollEdit(Path("cut.otio"), Wanted(markers=True))
    for plan in plan_broll(engine, edit).plans:
        print(plan.sentence)
    made = broll_timeline(engine, edit)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.broll_plan import Plan, Planner
from longtake_bridge.broll_series import joined, series_notes, series_of
from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError, wrong_call
from longtake_bridge.footage.transcript import join_sentences, read_transcript
from longtake_bridge.generate import check_shot, shot_spec
from longtake_bridge.length import Length
from longtake_bridge.media_probe import made_take, media_folder, probe_with
from longtake_bridge.option import BrollOptions
from longtake_bridge.output import default_suffix, nearest_folder, timeline_output_path
from longtake_bridge.request import OnChange, ignore_change, options_to_keep
from longtake_bridge.result import Result, Take, takes_of
from longtake_bridge.timeline.api import Target, file_identity, made_path
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.shot import (
    OwnShot,
    PreparedShots,
    Shot,
    finish_shots,
    prepare_shots,
)
from longtake_bridge.timeline.timing import count_frames, nearest_frame
from longtake_bridge.timeline.wish import (
    Wish,
    marked_wishes,
    number_wishes,
    origin_frame,
    wish_at,
)

LONGEST_PASSAGE_S = Fraction(8)  # what is said longer in one sentence is shown in several shots
LEAST_PASSAGE_S = Fraction(1)
PASSAGE = Length(seconds=Fraction(4))  # where a script does not say how long
# After these no other shot would fare better.
_END_OF_ALL = ("ENGINE_DOWN", "ENGINE_MISSING", "UNAUTHENTICATED", "STOPPING", "OUT_OF_SPACE")


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
class Failure:
    """A shot that could not be had."""

    number: int
    name: str
    error: BridgeError

    @property
    def sentence(self) -> str:
        """For a person: which one, and why."""
        return f"{self.name[:1].upper()}{self.name[1:]}: {self.error.sentence}"


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
            costs[plan.wish.number] = engine.estimate(_spec(one, prepared, options, dry=True))
        except BridgeError as error:
            if error.reason in _END_OF_ALL:
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
    work = _Work(engine, prepared, options, on_change)
    with media_folder(prepared.target.media_folder if any(plan.make for plan in plans) else None):
        for plan in plans:
            if plan not in series:
                work.do(plan)
            elif plan is series[0]:
                work.do_together(series)
        if not work.shots:
            raise _nothing_laid(work.failures)
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


class _Work:
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
        self._end = error if error.reason in _END_OF_ALL else None
        if plan.nearest:
            said = f"{error.sentence} Nearest of your own footage: {plan.nearest}."
            error = BridgeError(said, error.reason, error.exit_code)
        self.failures.append(Failure(plan.wish.number, plan.wish.name, error))

    def _make(self, plan: Plan) -> Sequence[MadeTake]:
        job = self._run(plan)
        self.takes[plan.wish.number] = takes_of(job)
        return [made_take(self._engine, take) for take in takes_of(job)]

    def _run(self, plan: Plan) -> job_pb2.Job:
        job = self._engine.run_job(_spec(plan, self._prepared, self._options), self._on_change)
        self.jobs.append(job.id)
        return job


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
        return _script_wishes(document, wanted.script_path, options.duration)
    assert wanted.at is not None and options.duration is not None, "checked before"
    return (wish_at(document, wanted.at, options.duration, options.prompt),)


def _script_wishes(
    document: TimelineDocument, path: Path, duration: Length | None
) -> tuple[Wish, ...]:
    """A wish for every passage that is long enough to be shown something under."""
    rate = document.rate
    usual = count_frames(duration or PASSAGE, rate)
    origin_s = origin_frame(document) / rate
    passages = join_sentences(read_transcript(path), longest_s=LONGEST_PASSAGE_S)
    # Scripts are written with the timeline's own timecodes, or count from its start.
    shift_s = origin_s if origin_s and passages[0].start_s >= origin_s else Fraction(0)
    found = []
    for passage in passages:
        start = nearest_frame(passage.start_s - shift_s, rate)
        end_s = passage.end_s
        frames = usual if end_s is None else nearest_frame(end_s - passage.start_s, rate)
        if duration is not None:
            frames = min(frames, usual)
        if frames >= LEAST_PASSAGE_S * rate:
            found.append((start, min(frames, int(LONGEST_PASSAGE_S * rate)), passage.text))
    if not found:
        raise wrong_call(f"{path.name} has no passage of a second or more; nothing can be shown.")
    return number_wishes(document, found)


def _spec(
    plan: Plan, prepared: PreparedShots, options: BrollOptions, *, dry: bool = False
) -> job_pb2.JobSpec:
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


def _nothing_laid(failures: Sequence[Failure]) -> BridgeError:
    first, more = failures[0], len(failures) - 1
    others = f" {more} more failed as well." if more else ""
    return BridgeError(f"{first.sentence}{others}", first.error.reason, first.error.exit_code)


__all__ = [
    "BrollEdit",
    "BrollPlan",
    "BrollResult",
    "Failure",
    "OwnShot",
    "Wanted",
    "broll_timeline",
    "check_broll",
    "plan_broll",
]
