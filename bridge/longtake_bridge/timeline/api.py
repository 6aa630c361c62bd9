"""Extending a clip on a timeline, in two steps: what is to be made, and what became of it.

`prepare` reads the timeline and says what the engine has to make, `finish` puts the takes in and
writes the new timeline. Nothing is written before `finish`.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from opentimelineio.schema import Clip

from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.timeline.clip_search import find_clip, find_item
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.media import Probe, probe_clip, sequence_rate
from longtake_bridge.timeline.placement import Follow, Placement
from longtake_bridge.timeline.placing import place
from longtake_bridge.timeline.plan import (
    ExtensionPlan,
    MadeTake,
    Side,
    SidePlan,
    place_side,
    plan_extension,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where the result goes."""

    path: Path  # of the new timeline
    media_dir: Path | None = None  # of the made media; "NAME Media" beside the timeline where None
    suffix: str = ".mov"  # of the made media
    replace_existing: bool = False

    @property
    def media_folder(self) -> Path:
        """Where the made media goes, absolute."""
        path = self.path.absolute()
        return (self.media_dir or path.parent / f"{path.stem} Media").absolute()


@dataclass(frozen=True, slots=True)
class ToMake:
    """One job for the engine: new frames only, past one end of a file."""

    side: Side
    input_path: Path
    frames: int  # at the media's own rate
    output_path: (
        Path  # of the first take; of its own for every request, so that nothing is overwritten
    )
    sequence_rate: Fraction | None  # of an image sequence


@dataclass(frozen=True, slots=True)
class PreparedEdit:
    """An edit that can be done, and what has to be made for it; perhaps nothing."""

    document: TimelineDocument
    plan: ExtensionPlan
    target: Target
    to_make: tuple[ToMake, ...]
    request: Mapping[str, Any]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FinishedEdit:
    """An edit that was done."""

    timeline_path: Path
    placements: tuple[Placement, ...]  # in the order in which they were applied: the tail first
    notes: tuple[str, ...]  # what an editor should know, one sentence each


def prepare(
    path: Path,
    clip_name: str,
    *,
    head: Length | None,
    tail: Length | None,
    follow: Follow,
    target: Target,
    request: Mapping[str, Any],
    probe: Probe,
) -> PreparedEdit:
    """What extending a clip of the timeline at `path` takes.

    `request` is everything that was asked for, as JSON; it is kept on the made clip and tells one
    made file from another.

    Raises:
        BridgeError: The edit cannot be done; it says why, and nothing has been written.
    """
    document, notes = open_document(
        path, target, probe, lambda document: _named_clip(document, clip_name)
    )
    document.check_target(target.path, replace_existing=target.replace_existing)
    document.rehearse(target.path)
    address = find_clip(document.timeline, clip_name, document.rate)
    clip = find_item(document.timeline, address)
    media = probe_clip(clip, document.locate, probe)
    plan = plan_extension(
        document.timeline,
        address,
        head=head,
        tail=tail,
        media=media,
        follow=follow,
        rate=document.rate,
        locate=document.locate,
    )
    wanted = [side for side in plan.sides if side.make_frames]
    to_make = tuple(_to_make(plan, side, target, request, sequence_rate(clip)) for side in wanted)
    return PreparedEdit(document, plan, target, to_make, request, (*notes, *plan.notes))


def finish(prepared: PreparedEdit, takes: Mapping[Side, Sequence[MadeTake]]) -> FinishedEdit:
    """The edit, done with the takes of each side that was asked for, best first, and written.

    Where the format of the new timeline turns out not to hold the edit, it is saved as .otio
    instead, and the error says so: made frames are never lost.

    Raises:
        BridgeError: The timeline could not be written as asked.
    """
    timeline = prepared.document.timeline
    placements: list[Placement] = []
    notes = list(prepared.notes)
    for side in prepared.plan.sides:
        made = takes.get(side.side, ())
        fitting = [take for take in made if fits(take, made[0])]
        notes += [
            f"{take.media.path.name} covers other frames than the active take and is left off the "
            "timeline."
            for take in made
            if take not in fitting
        ]
        placement = place_side(prepared.plan, side, fitting, _whole_request(prepared, side))
        placed = place(placement, timeline)
        timeline = placed.timeline
        placements.append(placement)
        notes += placed.notes
        if fitting and prepared.plan.sound and not placement.linked[0].takes:
            notes.append("The made file has no sound; the sound of the clip is not extended.")
    made = frozenset(take.media.path for side in takes.values() for take in side)
    document = prepared.document.with_timeline(timeline, made)
    notes += save_document(document, prepared.target)
    return FinishedEdit(
        prepared.target.path.absolute(), tuple(placements), tuple(dict.fromkeys(notes))
    )


def _whole_request(prepared: PreparedEdit, side: SidePlan) -> dict[str, Any]:
    """All it takes to make the piece again, even where the clip itself is gone by then."""
    return {
        **prepared.request,
        "clip": prepared.plan.anchor.clip_name,
        "input": str(prepared.plan.media.path),
        "side": side.side,
        "asked_frames": side.asked_frames,
        "make_frames": side.make_frames,
    }


def open_document(
    path: Path, target: Target, probe: Probe, find: Callable[[TimelineDocument], Clip]
) -> tuple[TimelineDocument, tuple[str, ...]]:
    """The timeline at `path` and what is to be said of it.

    An EDL does not say its rate: the media of the clip that `find` finds is asked, as editors do.

    Raises:
        BridgeError: The file is no timeline that can be read, or `find` or `probe` raised it.
    """
    folder = target.media_folder
    document = TimelineDocument.open(path, unpack_dir=folder)
    if document.form.adapter != "cmx_3600":
        return document, ()
    media = probe_clip(find(document), document.locate, probe)
    document = TimelineDocument.open(path, rate=media.rate, unpack_dir=folder)
    if document.rate != media.rate:  # drop-frame timecode says the rate after all
        return document, ()
    said = f"{media.rate.numerator}/{media.rate.denominator}"
    note = f"{path.name} does not say its frame rate; {said} is used, that of {media.path.name}."
    return document, (note,)


def _named_clip(document: TimelineDocument, clip_name: str) -> Clip:
    address = find_clip(document.timeline, clip_name, document.rate)
    return find_item(document.timeline, address)


def _to_make(
    plan: ExtensionPlan,
    side: SidePlan,
    target: Target,
    request: Mapping[str, Any],
    rate: Fraction | None,
) -> ToMake:
    """One side's job; its path is the request's own, the same for the same request once more."""
    said = [*file_identity(plan.media.path), (side.side, side.make_frames), dict(request)]
    path = made_path(target, f"{plan.anchor.clip_name}_{side.side}", said)
    return ToMake(side.side, plan.media.path, side.make_frames, path, rate)


def file_identity(path: Path) -> list[Any]:
    """What tells a file from another one at its path."""
    status = path.stat() if path.is_file() else None
    return [str(path), (status.st_size, status.st_mtime_ns) if status else None]


def made_path(target: Target, label: str, said: Sequence[Any]) -> Path:
    """Where a made file goes: the same for all that was `said`, another for anything else."""
    digest = hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).hexdigest()
    name = re.sub(r"[^\w.-]+", "_", label).strip("._")[:72] or "clip"
    return target.media_folder / f"{name}_{digest[:8]}{target.suffix}"


def fits(take: MadeTake, active: MadeTake) -> bool:
    """Whether a take covers the same frames as the active one, so that both fit one clip."""
    return (take.source_frame, take.media.frame_count, take.media.rate, take.media.start_frame) == (
        active.source_frame,
        active.media.frame_count,
        active.media.rate,
        active.media.start_frame,
    )


def save_document(document: TimelineDocument, target: Target) -> tuple[str, ...]:
    """Writes the timeline where it should go; returns what its format could not hold.

    Where the format turns out not to hold it, it is saved as .otio instead: made frames are never
    lost.

    Raises:
        BridgeError: It could not be written as asked; the error says where it is.
    """
    try:
        return document.save(target.path, replace_existing=target.replace_existing)
    except BridgeError as error:
        spare = target.path.absolute().with_suffix(".otio")
        if error.reason != "NOT_POSSIBLE" or spare == target.path.absolute():
            raise
        number = 2
        while spare.exists():
            spare = spare.with_stem(f"{target.path.stem}-{number}")
            number += 1
        document.save(spare)
        raise BridgeError(
            f"{error.sentence} The edit is saved in {spare}.", error.reason, error.exit_code
        ) from None
