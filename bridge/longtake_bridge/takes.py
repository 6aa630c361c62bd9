"""The takes of what Longtake has made on a timeline: looked at, chosen, made anew.

edits = read_edits(Path("edit (extended).otio")).edits
with Engine.open() as engine:
    Path("takes.png").write_bytes(draw_takes(engine, edits))
"""

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from google.protobuf.json_format import ParseDict, ParseError
from longtake.v1 import job_pb2, media_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import not_possible, wrong_call
from longtake_bridge.media_probe import made_take, media_folder
from longtake_bridge.output import timeline_output_path
from longtake_bridge.request import OnChange, ignore_change
from longtake_bridge.result import Result, Take, takes_of
from longtake_bridge.timeline.api import Target, file_identity, made_path, save_document
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.plan import MadeTake, placed_take
from longtake_bridge.timeline.take import MadeEdit, add_takes, choose_take, find_edits

SHEET_FRAMES = 7  # of each take
_MOST_ROWS = 16  # that the engine draws on one sheet
_MOST_TAKES = 8  # that the engine makes in one job


@dataclass(frozen=True, slots=True)
class MadeTimeline:
    """A timeline, and what Longtake has made on it."""

    document: TimelineDocument
    edits: tuple[MadeEdit, ...]


@dataclass(frozen=True, slots=True)
class More:
    """How further takes of an edit are made."""

    count: int = 1
    seed: int | None = None  # any other than those that there are where None
    model: str | None = None  # as before where None


def read_edits(path: Path) -> MadeTimeline:
    """The timeline at `path`, and what Longtake has made on it.

    Raises:
        BridgeError: It is no timeline that can be read.
    """
    document = TimelineDocument.open(path)
    return MadeTimeline(document, find_edits(document.timeline, document.rate, document.locate))


def find_edit(made: MadeTimeline, wanted: str | None) -> MadeEdit:
    """The edit that `wanted` names, by its clip or its place, or the only one.

    Raises:
        BridgeError: WRONG_CALL; there is none, or it might be several.
    """
    name = made.document.path.name
    if not made.edits:
        raise wrong_call(f"Nothing on {name} was made by Longtake; give a timeline that it wrote.")
    found = [
        edit for edit in made.edits if wanted is None or wanted in (edit.clip_name, edit.place)
    ]
    if len(found) == 1:
        return found[0]
    places = ", ".join(f'"{edit.clip_name}" at {edit.place}' for edit in found or made.edits)
    if not found:
        raise wrong_call(f'Nothing made is called "{wanted}" on {name}; there is {places}.')
    raise wrong_call(f"Say which with --clip PLACE: {places}.")


def draw_takes(engine: Engine, edits: Sequence[MadeEdit]) -> bytes:
    """A PNG with a row a take, frames of it from left to right; the active ones have an edge.

    Raises:
        BridgeError: A take's file is gone, or there are more takes than fit on a sheet.
    """
    rows = [_row(edit, number) for edit in edits for number in range(len(edit.takes))]
    if len(rows) > _MOST_ROWS:
        raise wrong_call(
            f"{len(rows)} takes are too many for one sheet, which has {_MOST_ROWS} rows; name a "
            "clip with --clip."
        )
    return engine.draw_sheet(rows)


def choose(
    made: MadeTimeline, edit: MadeEdit, number: int | None, output: Path | None, *, force: bool
) -> Result:
    """A new timeline in which `edit` shows take `number`, or what it showed before Longtake.

    Raises:
        BridgeError: It has no such take, or the timeline cannot be written.
    """
    document, target = made.document, _target(made, output, force)
    _check_format(made)
    document.check_target(target.path, replace_existing=force)
    timeline = choose_take(document.timeline, edit, number)
    lost = save_document(document.with_timeline(timeline, _media_of(made)), target)
    return Result(None, (), timeline=str(target.path.absolute()), notes=lost)


def make_more(
    engine: Engine,
    made: MadeTimeline,
    edit: MadeEdit,
    more: More,
    output: Path | None,
    *,
    force: bool = False,
    on_change: OnChange = ignore_change,
) -> Result:
    """A new timeline in which `edit` has further takes, and shows the best of them.

    A model that hears a seed makes them with another one; where none does, models that have not
    been used yet make them.

    Raises:
        BridgeError: There is no other way to make it, the engine refused, or the timeline cannot
            be written; none has been written then.
    """
    document, target = made.document, _target(made, output, force)
    _check_format(made)
    document.check_target(target.path, replace_existing=force)
    before = _told_spec(edit)
    seeded = _hears_seed(engine, more.model or _model_of(edit))
    spec = _new_spec(before, edit, more, target, seeded=seeded)
    with media_folder(target.media_folder):
        job = engine.run_job(spec, on_change)
    takes = takes_of(job)
    used = {take.model for take in edit.takes}
    fresh = takes if seeded else tuple(take for take in takes if take.model not in used)
    fresh = fresh[: more.count]
    fitting = [one for one in (made_take(engine, take) for take in fresh) if _fits(one, edit)]
    if not fitting:
        _discard(takes, ())
        raise not_possible(
            f'Nothing else here makes "{edit.clip_name}" anew; longtake models says what could.'
        )
    kept = {str(one.media.path) for one in fitting}
    _discard(takes, kept)
    timeline = add_takes(document.timeline, edit, [placed_take(one) for one in fitting])
    edits = find_edits(timeline, document.rate, document.locate)
    grown = next(one for one in edits if (one.place, one.nest) == (edit.place, edit.nest))
    timeline = choose_take(timeline, grown, len(edit.takes) + 1)
    media = _media_of(made) | {one.media.path for one in fitting}
    lost = save_document(document.with_timeline(timeline, frozenset(media)), target)
    shown = tuple(
        take for take in fresh if any(str(one.media.path) == take.media for one in fitting)
    )
    return Result(job.id, shown, timeline=str(target.path.absolute()), notes=lost, jobs=(job.id,))


def _row(edit: MadeEdit, index: int) -> media_pb2.SheetRow:
    take, (start, count) = edit.takes[index], edit.shown
    steps = min(SHEET_FRAMES, count)
    frames = [start + step * (count - 1) // max(1, steps - 1) for step in range(steps)]
    label = f"{edit.clip_name} {edit.place}: take {take.number}, {take.model}, {take.sureness}"
    active = edit.active == take.number
    return media_pb2.SheetRow(
        media_path=str(take.media),
        label=f"{label}, shown" if active else label,
        frames=frames,
        marked=active,
    )


def _target(made: MadeTimeline, output: Path | None, force: bool) -> Target:
    path = made.document.path
    return Target(timeline_output_path(path, output, done="takes"), replace_existing=force)


def _check_format(made: MadeTimeline) -> None:
    if made.document.form.is_project:
        raise not_possible(
            f"{made.document.path.name} keeps one file a clip; choose the file of a take in the "
            "editor itself, by replacing the clip's file."
        )


def _media_of(made: MadeTimeline) -> frozenset[Path]:
    return frozenset(take.media for edit in made.edits for take in edit.takes)


def _told_spec(edit: MadeEdit) -> job_pb2.JobSpec:
    number = edit.active or edit.takes[0].number
    told: Any = edit.takes[number - 1].details.get("spec")
    if not told:
        raise not_possible(
            f'"{edit.clip_name}" was made by a Longtake that did not keep how; make it anew with '
            f"the command that made it ({edit.task or 'unknown'})."
        )
    try:
        return ParseDict(_plain(told), job_pb2.JobSpec())
    except ParseError as error:
        raise not_possible(
            f'"{edit.clip_name}" was made by another version of Longtake; make it anew with the '
            "command that made it."
        ) from error


def _plain(value: Any) -> Any:
    """`value` of OTIO's own containers as Python's."""
    if hasattr(value, "items"):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return [_plain(one) for one in value]


def _model_of(edit: MadeEdit) -> str:
    return edit.takes[(edit.active or 1) - 1].model


def _hears_seed(engine: Engine, name: str) -> bool:
    """Whether another seed makes another take: it does where a prompt is heard."""
    return any(model.takes_prompt for model in engine.models() if model.name == name)


def _new_spec(
    before: job_pb2.JobSpec, edit: MadeEdit, more: More, target: Target, *, seeded: bool
) -> job_pb2.JobSpec:
    spec = job_pb2.JobSpec()
    spec.CopyFrom(before)
    spec.model = more.model or (_model_of(edit) if seeded else "auto")
    if seeded:
        spec.guidance.seed = more.seed if more.seed is not None else _new_seed(edit)
    wanted = more.count if seeded or more.model else more.count + len(edit.takes)
    spec.take_count = min(wanted, _MOST_TAKES)
    spec.output.replace_existing = False
    old = Path(before.output.path)
    said = [*file_identity(old), spec.model, spec.guidance.seed, len(edit.takes), more.count]
    named = replace(target, suffix=old.suffix)
    spec.output.path = str(made_path(named, f"{edit.clip_name}_again", said))
    return spec


def _new_seed(edit: MadeEdit) -> int:
    used = {take.seed for take in edit.takes}
    while True:
        seed = random.SystemRandom().randrange(1, 2**31)
        if seed not in used:
            return seed


def _fits(take: MadeTake, edit: MadeEdit) -> bool:
    """Whether it covers what the takes of `edit` cover, so that both fit the clip."""
    told = edit.takes[(edit.active or 1) - 1].details
    rate = f"{take.media.rate.numerator}/{take.media.rate.denominator}"
    return (take.source_frame, take.media.frame_count, rate) == (
        told.get("start_frame"),
        told.get("duration_frames"),
        told.get("rate"),
    )


def _discard(takes: Sequence[Take], kept: Collection[str]) -> None:
    """Take away those files of a job that are on no timeline."""
    for take in takes:
        if take.media not in kept:
            Path(take.media).unlink(missing_ok=True)
