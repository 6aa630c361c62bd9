"""What the commands share that make a clip anew: media, or a clip of a timeline in its place."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import click

from longtake_bridge.cli.option import (
    MAKE_OPTIONS,
    RateType,
    force_option,
    output_option,
    print_json,
)
from longtake_bridge.errors import wrong_call
from longtake_bridge.output import is_timeline

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

    from longtake_bridge.cli.option import Command
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import TimelineEdit
    from longtake_bridge.request import OnChange
    from longtake_bridge.result import Result

Options_contra = TypeVar("Options_contra", contravariant=True)
Chosen = TypeVar("Chosen")


def clip_options(done: str, clip_help: str) -> tuple[Callable[[Command], Command], ...]:
    """The options after a command's own; `done` ends the name of what is written."""
    return (
        output_option(done),
        *MAKE_OPTIONS,
        click.option(
            "--sequence-rate",
            type=RateType(),
            metavar="FPS",
            help="Frames a second of a sequence of images; 24 where left out.",
        ),
        force_option,
        click.option("--clip", metavar="NAME", help=f"On a timeline: {clip_help}."),
        click.option(
            "--media",
            "media_folder",
            metavar="DIR",
            type=click.Path(path_type=Path, file_okay=False),
            help="On a timeline: where the new media goes; a folder beside OUT where left out.",
        ),
        click.option("--dry-run", is_flag=True, help="Say what it would cost, and make nothing."),
    )


@dataclass(frozen=True, slots=True)
class ClipCall(Generic[Chosen]):
    """What the command line asks for."""

    input_path: Path
    output: Path | None
    options: Chosen
    clip: str | None
    media_folder: Path | None

    @property
    def on_timeline(self) -> bool:
        """Whether the input is a timeline rather than media."""
        return is_timeline(self.input_path)

    @property
    def edit(self) -> TimelineEdit:
        """The part that speaks of the timeline."""
        from longtake_bridge.clip_edit import TimelineEdit

        return TimelineEdit(
            self.input_path, self.clip or "", output=self.output, media_folder=self.media_folder
        )


class Making(Protocol[Options_contra]):
    """What a command can do; each imports what it needs, for OpenTimelineIO takes its time."""

    def media(
        self,
        engine: Engine,
        path: Path,
        output: Path | None,
        options: Options_contra,
        on_change: OnChange,
    ) -> Result:
        """Make a media file anew."""
        ...

    def timeline(
        self, engine: Engine, edit: TimelineEdit, options: Options_contra, on_change: OnChange
    ) -> Result:
        """Make a clip of a timeline anew."""
        ...

    def reckon_media(
        self, engine: Engine, path: Path, output: Path | None, options: Options_contra
    ) -> job_pb2.EstimateJobResponse:
        """What `media` would cost."""
        ...

    def reckon_timeline(
        self, engine: Engine, edit: TimelineEdit, options: Options_contra
    ) -> job_pb2.EstimateJobResponse:
        """What `timeline` would cost."""
        ...


def read_clip_call(values: dict[str, Any], choose: Callable[..., Chosen]) -> ClipCall[Chosen]:
    """What the parsed values ask for; those that `clip_options` does not know go to `choose`.

    Raises:
        BridgeError: WRONG_CALL; they contradict each other.
    """
    call = ClipCall(
        input_path=values.pop("input_path"),
        output=values.pop("output"),
        clip=values.pop("clip"),
        media_folder=values.pop("media_folder"),
        options=choose(**values),
    )
    name = call.input_path.name
    if call.on_timeline and call.clip is None:
        raise wrong_call(f"{name} is a timeline; name the clip with --clip NAME.")
    for option, given in (("--clip", call.clip), ("--media", call.media_folder)):
        if given is not None and not call.on_timeline:
            raise wrong_call(f"{option} is for timelines, and {name} is media; leave it out.")
    return call


def make_clip(
    call: ClipCall[Chosen], making: Making[Chosen], *, as_json: bool, connect: str | None
) -> Result:
    """What is asked for, made; only how it goes is shown, on stderr."""
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine

    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        if call.on_timeline:
            return making.timeline(engine, call.edit, call.options, on_change)
        return making.media(engine, call.input_path, call.output, call.options, on_change)


def print_cost(
    call: ClipCall[Chosen], making: Making[Chosen], *, as_json: bool, connect: str | None
) -> None:
    """Print what it would cost, and make nothing."""
    from longtake_bridge.cli.estimate import print_estimates
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        if call.on_timeline:
            answer = making.reckon_timeline(engine, call.edit, call.options)
        else:
            answer = making.reckon_media(engine, call.input_path, call.output, call.options)
    print_estimates((answer,), as_json=as_json)


def print_result(result: Result, *, as_json: bool) -> None:
    """Print what was made, for a person or as the one object of --json."""
    from longtake_bridge.cli.report import result_lines

    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(result_lines(result)))


def write_picture(path: Path, data: bytes) -> None:
    """Write a small picture; raises a BridgeError where it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise wrong_call(f"{path} cannot be written ({error.strerror}); choose another.") from error
