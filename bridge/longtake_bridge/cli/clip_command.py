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
    PATH,
    RATE,
    Option,
    Parsed,
    deinterlace_option,
    force_option,
    media_option,
    no_audio_option,
    output_option,
    print_json,
)
from longtake_bridge.errors import wrong_call
from longtake_bridge.mark import parse_box, parse_point
from longtake_bridge.output import absolute, is_timeline, require_folder

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import ClipJob, TimelineEdit
    from longtake_bridge.option import MakeOptions
    from longtake_bridge.result import Result

Options = tuple[Option, ...]


def clip_options(done: str, clip_help: str, place: Options = (media_option,)) -> Options:
    """The options after a command's own; `done` ends the name of what is written, and `place` say
    where it goes on a timeline."""
    return (
        output_option(done),
        *MAKE_OPTIONS,
        no_audio_option,
        deinterlace_option,
        click.option(
            "--sequence-rate",
            type=RATE,
            metavar="FPS",
            help="Frames a second of a sequence of images; 24 where left out.",
        ),
        force_option,
        click.option("--clip", metavar="NAME", help=f"On a timeline: {clip_help}."),
        *place,
        click.option("--dry-run", is_flag=True, help="Say what it would cost, and make nothing."),
    )


def drawn_options(box_help: str, point_help: str) -> Options:
    """The options that say by boxes and points what is followed."""
    box, point = Parsed("X,Y,W,H[@FRAME]", parse_box), Parsed("X,Y[@FRAME]", parse_point)
    return (
        click.option("--box", "boxes", type=box, multiple=True, help=box_help),
        click.option("--point", "points", type=point, multiple=True, help=point_help),
    )


def seen_option(of_each: str) -> Option:
    """The option that asks for a picture of how much was truly seen of each frame, or border."""
    return click.option(
        "--seen-out",
        "seen_path",
        metavar="PNG",
        type=PATH,
        help=f"Write a small picture of how much of each {of_each} was truly seen, and made up.",
    )


@dataclass(frozen=True, slots=True)
class How:
    """How a command goes about it, whatever it makes."""

    dry_run: bool  # say what it would cost
    as_json: bool
    connect: str | None  # the engine's address
    seen_path: Path | None  # where a picture of what was truly seen goes


def read_how(values: dict[str, Any]) -> How:
    """What the parsed values say of that; they keep what they say of the work."""
    del values["verbose"]  # looked at where errors are told
    return How(
        values.pop("dry_run"),
        values.pop("as_json"),
        values.pop("connect"),
        values.pop("seen_path", None),
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


def run_clip_call(
    call: ClipCall[Chosen],
    how: How,
    *,
    check: Callable[[Chosen], None],
    media: Callable[..., job_pb2.JobSpec],
    clip: Callable[[Engine, ClipCall[Chosen]], ClipJob],
) -> None:
    """As `run_call`, once the options mean something to `check`: a wrong call needs no engine.

    `media` is `inpaint_spec` or one like it.
    """
    check(call.options)
    if how.seen_path is not None:
        _check_place(how.seen_path)

    def spec(engine: Engine, call: ClipCall[Chosen]) -> job_pb2.JobSpec:
        return media(engine, call.input_path, call.output, options=call.options)

    run_call(call, how, media=spec, clip=clip)


def run_call(
    call: Asked,
    how: How,
    *,
    media: Callable[[Engine, Asked], job_pb2.JobSpec],
    clip: Callable[[Engine, Asked], ClipJob],
) -> None:
    """Make what is asked for, or say what it would cost, and print that.

    `media` is the request for a media file and `clip` the job for a clip of a timeline; each
    imports what it needs, for OpenTimelineIO takes its time.
    """
    if how.dry_run:
        _print_cost(call, media, clip, how)
        return
    result = _make(call, media, clip, how)
    if how.seen_path is not None and result.takes and result.takes[0].fillings_png:
        _write_picture(how.seen_path, result.takes[0].fillings_png)
    _print_result(result, as_json=how.as_json)


def _make(
    call: Asked,
    media: Callable[[Engine, Asked], job_pb2.JobSpec],
    clip: Callable[[Engine, Asked], ClipJob],
    how: How,
) -> Result:
    """What is asked for, made; only how it goes is shown, on stderr."""
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine

    silent = how.as_json and not sys.stderr.isatty()
    with Engine.open(how.connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        if call.on_timeline:
            from longtake_bridge.clip_edit import run_clip_job

            return run_clip_job(engine, clip(engine, call), on_change)
        from longtake_bridge.request import make_media

        return make_media(engine, media(engine, call), call.options, on_change)


def _print_cost(
    call: Asked,
    media: Callable[[Engine, Asked], job_pb2.JobSpec],
    clip: Callable[[Engine, Asked], ClipJob],
    how: How,
) -> None:
    from longtake_bridge.cli.estimate import print_estimates
    from longtake_bridge.client import Engine

    with Engine.open(how.connect) as engine:
        if call.on_timeline:
            from longtake_bridge.clip_edit import estimate_clip_job

            answer = estimate_clip_job(engine, clip(engine, call))
        else:
            answer = engine.estimate(media(engine, call))
    print_estimates((answer,), as_json=how.as_json)


def _print_result(result: Result, *, as_json: bool) -> None:
    from longtake_bridge.cli.report import result_lines

    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(result_lines(result)))


def _check_place(path: Path) -> None:
    """Nothing, where a picture can be put there, as far as it is known before the work."""
    if path.is_dir():
        raise wrong_call(f"{path} is a folder; name a file with --seen-out.")
    require_folder(absolute(path), "--seen-out")


def _write_picture(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise wrong_call(f"{path} cannot be written ({error.strerror}); choose another.") from error
