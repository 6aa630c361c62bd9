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
    media_option,
    output_option,
    print_json,
)
from longtake_bridge.errors import wrong_call
from longtake_bridge.output import is_timeline

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

    from longtake_bridge.cli.option import Command
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import ClipJob, TimelineEdit
    from longtake_bridge.option import MakeOptions
    from longtake_bridge.result import Result


Options = tuple["Callable[[Command], Command]", ...]


def clip_options(done: str, clip_help: str, place: Options = (media_option,)) -> Options:
    """The options after a command's own; `done` ends the name of what is written, and `place` say
    where it goes on a timeline."""
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
        *place,
        click.option("--dry-run", is_flag=True, help="Say what it would cost, and make nothing."),
    )


class Call(Protocol):
    """What a command line asks for, as far as it is the same for all."""

    @property
    def on_timeline(self) -> bool:
        """Whether the input is a timeline rather than media."""
        ...

    @property
    def options(self) -> MakeOptions:
        """How it is to be made."""
        ...


Asked = TypeVar("Asked", bound=Call)
Chosen = TypeVar("Chosen", bound="MakeOptions")


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


def run_call(
    call: Asked,
    *,
    media: Callable[[Engine, Asked], job_pb2.JobSpec],
    clip: Callable[[Engine, Asked], ClipJob],
    dry_run: bool,
    as_json: bool,
    connect: str | None,
    seen_path: Path | None = None,
) -> None:
    """Make what is asked for, or say what it would cost, and print that.

    `media` is the request for a media file and `clip` the job for a clip of a timeline; each
    imports what it needs, for OpenTimelineIO takes its time. A small picture of what was truly
    seen goes to `seen_path`.
    """
    if dry_run:
        _print_cost(call, media, clip, as_json=as_json, connect=connect)
        return
    result = _make(call, media, clip, as_json=as_json, connect=connect)
    if seen_path is not None and result.takes and result.takes[0].fillings_png:
        _write_picture(seen_path, result.takes[0].fillings_png)
    _print_result(result, as_json=as_json)


def _make(
    call: Asked,
    media: Callable[[Engine, Asked], job_pb2.JobSpec],
    clip: Callable[[Engine, Asked], ClipJob],
    *,
    as_json: bool,
    connect: str | None,
) -> Result:
    """What is asked for, made; only how it goes is shown, on stderr."""
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine

    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        if call.on_timeline:
            from longtake_bridge.clip_edit import run_clip_job

            return run_clip_job(engine, clip(engine, call), on_change)
        from longtake_bridge.request import make_media

        return make_media(engine, media(engine, call), call.options, on_change)


def _print_cost(
    call: Asked,
    media: Callable[[Engine, Asked], job_pb2.JobSpec],
    clip: Callable[[Engine, Asked], ClipJob],
    *,
    as_json: bool,
    connect: str | None,
) -> None:
    from longtake_bridge.cli.estimate import print_estimates
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        if call.on_timeline:
            from longtake_bridge.clip_edit import estimate_clip_job

            answer = estimate_clip_job(engine, clip(engine, call))
        else:
            answer = engine.estimate(media(engine, call))
    print_estimates((answer,), as_json=as_json)


def _print_result(result: Result, *, as_json: bool) -> None:
    from longtake_bridge.cli.report import result_lines

    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(result_lines(result)))


def _write_picture(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise wrong_call(f"{path} cannot be written ({error.strerror}); choose another.") from error
