"""The gaps between the shots of a timeline filled, or its jump cuts hidden.

with Engine.open() as engine:
    fill = TimelineFill(Path("cut.otio"), choice=Choice(tracks=("V1",)))
    for gap in plan_fill(engine, fill).chosen:
        print(gap.name, gap.plan or gap.left)
    filled = fill_timeline(engine, fill)
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.interpolate import interpolate_spec
from longtake_bridge.length import Length
from longtake_bridge.media_probe import made_take, media_folder, probe_with
from longtake_bridge.option import FillOptions, InterpolateOptions
from longtake_bridge.output import default_suffix, nearest_folder, timeline_output_path
from longtake_bridge.request import OnChange, ignore_change, options_to_keep, unheard_notes
from longtake_bridge.result import Result, Take, takes_of
from longtake_bridge.timeline.api import Target
from longtake_bridge.timeline.choice import NOT_ASKED, Choice, Chosen
from longtake_bridge.timeline.fill import (
    FinishedFill,
    PieceToMake,
    PreparedFill,
    finish_fill,
    prepare_fill,
)
from longtake_bridge.timeline.piece import check_takes
from longtake_bridge.timeline.plan import MadeTake

# After these no other gap would fare better.
_END_OF_ALL = ("ENGINE_DOWN", "ENGINE_MISSING", "UNAUTHENTICATED", "STOPPING", "OUT_OF_SPACE")


@dataclass(frozen=True, slots=True)
class TimelineFill:
    """What to fill of which timeline, and where the result goes."""

    timeline_path: Path
    output: Path | None = None  # beside the timeline, replacing nothing, where None
    choice: Choice = field(default_factory=Choice)
    media_folder: Path | None = None  # "NAME Media" beside the new timeline where None


@dataclass(frozen=True, slots=True)
class FillPlan:
    """What would be done, before anything is."""

    chosen: tuple[Chosen, ...]  # in the order of their numbers
    # Of each that frames are to be made for, by number: what it takes, or why it would fail.
    costs: dict[int, job_pb2.EstimateJobResponse | BridgeError]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """A gap or cut that could not be filled."""

    number: int
    name: str  # "gap 3 on V1 at 01:00:10:00"
    error: BridgeError

    @property
    def sentence(self) -> str:
        """For a person: which one, and why."""
        return f"{_capital(self.name)} could not be filled: {self.error.sentence}"


@dataclass(frozen=True, slots=True)
class FillResult:
    """What became of every gap or cut."""

    result: Result
    chosen: tuple[Chosen, ...]  # in the order of their numbers
    takes: dict[int, tuple[Take, ...]]  # by number, best first
    failures: tuple[Failure, ...]


def plan_fill(
    engine: Engine, fill: TimelineFill, *, options: FillOptions | None = None
) -> FillPlan:
    """What `fill_timeline` would do about every gap, or with `jump_cuts` about every such cut.

    Raises:
        BridgeError: The timeline cannot be read, or what was named cannot be done.
    """
    options = options or FillOptions()
    prepared = _prepare(engine, fill, options)
    costs: dict[int, job_pb2.EstimateJobResponse | BridgeError] = {}
    for work in prepared.to_make:
        folder = nearest_folder(work.output_path.parent)
        here = replace(work, output_path=folder / work.output_path.name)
        try:
            costs[work.number] = engine.estimate(_spec(here, prepared, options))
        except BridgeError as error:
            if error.reason in _END_OF_ALL:
                raise
            costs[work.number] = error
    return FillPlan(prepared.chosen, costs, prepared.notes)


def fill_timeline(
    engine: Engine,
    fill: TimelineFill,
    *,
    options: FillOptions | None = None,
    on_change: OnChange = ignore_change,
) -> FillResult:
    """What was made and where it lies; real frames that the sources still hold are used first.

    A gap that fails stays as it is and is told of, the others are filled all the same. Where
    nothing at all is to be done, no timeline is written.

    Raises:
        BridgeError: Nothing could be filled, or the work was cancelled. No timeline has been
            written; media that was already made stays, for a next time.
    """
    options = options or FillOptions()
    prepared = _prepare(engine, fill, options)
    if not any(one.plan is not None for one in prepared.chosen):
        nothing = Result(None, (), notes=(*prepared.notes, *_told(prepared, {})))
        return FillResult(nothing, prepared.chosen, {}, ())
    pieces, failures = _make(engine, prepared, options, on_change)
    made = {number: piece.made for number, piece in pieces.items()}
    finished = _finish(prepared, made, failures, options)
    takes = {number: piece.takes for number, piece in pieces.items()}
    every = tuple(take for found in takes.values() for take in found)
    placements = tuple(placement.to_json_object() for placement in finished.placements)
    result = Result(
        job=next((piece.job for piece in pieces.values()), None),
        takes=every,
        placement=placements[0] if placements else None,
        timeline=str(finished.timeline_path),
        notes=(
            *finished.notes,
            *_told(prepared, {failure.number for failure in failures}),
            *unheard_notes(engine, options, every),
        ),
        jobs=tuple(piece.job for piece in pieces.values()),
        placements=placements,
    )
    return FillResult(result, prepared.chosen, takes, failures)


def _prepare(engine: Engine, fill: TimelineFill, options: FillOptions) -> PreparedFill:
    output = timeline_output_path(fill.timeline_path, fill.output, done="filled")
    return prepare_fill(
        fill.timeline_path,
        fill.choice,
        target=Target(
            path=output,
            media_dir=fill.media_folder,
            suffix=default_suffix(Path(), options.codec),
            replace_existing=options.force,
        ),
        request=_request(fill, options),
        probe=probe_with(engine),
        no_audio=options.no_audio,
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """What one job made: as the engine tells of it, and as it goes on the timeline."""

    job: str
    takes: tuple[Take, ...]
    made: tuple[MadeTake, ...]


def _make(
    engine: Engine, prepared: PreparedFill, options: FillOptions, on_change: OnChange
) -> tuple[dict[int, _Piece], tuple[Failure, ...]]:
    """Every piece that could be made, and what became of the others."""
    names = {one.spot.number: one.name for one in prepared.chosen}
    pieces: dict[int, _Piece] = {}
    failures: list[Failure] = []
    end: BridgeError | None = None
    works = any(one.plan is not None and not one.plan.make_frames for one in prepared.chosen)
    with media_folder(prepared.target.media_folder if prepared.to_make else None):
        for work in prepared.to_make:
            if end is not None:
                failures.append(Failure(work.number, names[work.number], end))
                continue
            try:
                pieces[work.number] = _make_one(engine, work, prepared, options, on_change)
            except BridgeError as error:
                if error.reason == "CANCELLED":
                    raise
                end = error if error.reason in _END_OF_ALL else None
                failures.append(Failure(work.number, names[work.number], error))
        if failures and not pieces and not works:
            raise _nothing_filled(failures)
    return pieces, tuple(failures)


def _make_one(
    engine: Engine,
    work: PieceToMake,
    prepared: PreparedFill,
    options: FillOptions,
    on_change: OnChange,
) -> _Piece:
    job = engine.run_job(_spec(work, prepared, options), on_change)
    takes = takes_of(job)
    made = tuple(made_take(engine, take) for take in takes)
    check_takes(made, work.frames)
    return _Piece(job.id, takes, made)


def _nothing_filled(failures: Sequence[Failure]) -> BridgeError:
    first, more = failures[0], len(failures) - 1
    others = f" {more} more failed as well." if more else ""
    return BridgeError(f"{first.sentence}{others}", first.error.reason, first.error.exit_code)


def _finish(
    prepared: PreparedFill,
    made: Mapping[int, Sequence[MadeTake]],
    failures: Sequence[Failure],
    options: FillOptions,
) -> FinishedFill:
    try:
        return finish_fill(prepared, made, no_audio=options.no_audio)
    except BridgeError as error:
        if not failures:
            raise
        told = " ".join(failure.sentence for failure in failures)
        raise BridgeError(f"{error.sentence} {told}", error.reason, error.exit_code) from None


def _told(prepared: PreparedFill, failed: Container[int]) -> tuple[str, ...]:
    """What is to be said of each gap: what was done about it, or why it is left alone."""
    told: list[str] = []
    for one in prepared.chosen:
        if one.plan is not None and one.spot.number not in failed:
            told += [f"{_capital(one.name)}: {note}" for note in one.plan.notes]
        elif one.left is not None and one.left != NOT_ASKED:
            told.append(f"{_capital(one.name)} is left alone: {one.left.why}.")
    return tuple(told)


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def _spec(work: PieceToMake, prepared: PreparedFill, options: FillOptions) -> job_pb2.JobSpec:
    path = work.output_path
    if options.codec == "source":  # only now is it known of which file
        path = path.with_suffix(default_suffix(work.input_paths[0], options.codec))
    chosen = asdict(options) | {
        "duration": Length(frames=work.frames),
        "shown": work.shown,
        "join": prepared.request["join"],
        "no_audio": work.no_audio,
        "sequence_rate": work.sequence_rate or options.sequence_rate,
    }
    return interpolate_spec(work.input_paths, path, options=InterpolateOptions(**chosen))


def _request(fill: TimelineFill, options: FillOptions) -> dict[str, Any]:
    """Everything that shapes a made piece, as JSON: it is kept on its clip, to make it again."""
    jump_cuts = fill.choice.jump_cuts
    # The two sides of a jump cut are one shot, and the motion between them is what is wanted.
    join = "morph" if jump_cuts and options.join == "auto" else options.join
    return {
        "task": "fill",
        "jump_cuts": jump_cuts,
        "join": join,
        "quality": options.quality,
        **options_to_keep(options),
    }
