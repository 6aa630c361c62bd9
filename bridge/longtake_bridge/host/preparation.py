"""An edit that a host asked for, in two steps: what is to be made, and what the host then does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import msgspec
from longtake.v1 import job_pb2

from longtake_bridge.errors import wrong_call
from longtake_bridge.host.change import Change
from longtake_bridge.host.comparison import changes_to
from longtake_bridge.host.context import Context, Settings
from longtake_bridge.host.numbering import in_host_numbers
from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.option import MakeOptions
from longtake_bridge.output import default_suffix
from longtake_bridge.timeline.api import Target, made_path
from longtake_bridge.timeline.made_clip import METADATA_KEY, is_made
from longtake_bridge.timeline.placement import Placement
from longtake_bridge.timeline.placing import place_in
from longtake_bridge.timeline.plan import MadeTake


@dataclass(frozen=True, slots=True)
class Finished:
    """An edit whose media is made, as the host hears of it."""

    placements: tuple[Placement, ...]  # in the host's own frame and track numbers
    changes: tuple[Change, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preparation:
    """An edit that can be done, and what has to be made for it; perhaps nothing."""

    media_folder: Path  # where made media goes
    make_jobs: Callable[[Path], tuple[job_pb2.JobSpec, ...]]  # for a folder that is there
    real_frames: int  # timeline frames that come from the sources themselves
    new_frames: int  # frames to make, at the media's rate
    notes: tuple[str, ...]
    finish: Callable[[Sequence[Sequence[MadeTake]]], Finished]  # takes of each job, best first


def chosen_options(settings: Settings) -> dict[str, Any]:
    """What `settings` choose whatever is made, as the fields of `MakeOptions`."""
    names = {field.name for field in fields(MakeOptions)} - {"sequence_rate", "force"}
    return {name: getattr(settings, name) for name in names}


def media_folder(context: Context, source: Path) -> Path:
    """Where made media goes: the folder that the host named, or one beside the project.

    Projects that were never saved have it beside the media.
    """
    if context.media_folder is not None:
        folder = Path(context.media_folder)
    elif context.project is not None:
        project = Path(context.project)
        folder = project.with_name(f"{project.stem} Media")
    else:
        folder = source.parent / "Longtake Media"
    if not folder.is_absolute():
        raise wrong_call(f'"{folder}" is no absolute path; give folders by their whole paths.')
    return folder


def made_file(folder: Path, label: str, source: Path, settings: Settings, said: list[Any]) -> Path:
    """The path of a made file: the same for all that was `said`, another for anything else."""
    target = Target(folder, folder, default_suffix(source, settings.codec))
    return made_path(target, label, [*said, msgspec.to_builtins(settings, enc_hook=str)])


def request_of(task: str, settings: Settings, said: dict[str, Any]) -> dict[str, Any]:
    """All it takes to make a piece again, as JSON; it is kept with the placement."""
    return {"task": task, **msgspec.to_builtins(settings, enc_hook=str), **said}


def apply_replacement(sequence: HostSequence, placement: Placement) -> Finished:
    """A clip's media replaced, as the steps that do the same in the host.

    Raises:
        BridgeError: It cannot be done.
    """
    timeline = sequence.timeline.deepcopy()
    notes = place_in(placement, timeline)
    for clip in timeline.find_clips():
        # A name of its own: a host has both for a moment.
        if is_made(clip) and clip.metadata[METADATA_KEY]["action"] == placement.action:
            clip.name = placement.name
    told = in_host_numbers(placement, sequence)
    return Finished((told,), changes_to(sequence, timeline), notes)


def apply_all(sequence: HostSequence, placements: Sequence[Placement]) -> Finished:
    """The placements done on a copy of the timeline, as the steps that do the same in the host.

    Raises:
        BridgeError: One of them cannot be done.
    """
    timeline = sequence.timeline.deepcopy()
    notes: list[str] = []
    for placement in placements:
        notes += place_in(placement, timeline)
    told = tuple(in_host_numbers(placement, sequence) for placement in placements)
    return Finished(told, changes_to(sequence, timeline), tuple(notes))
