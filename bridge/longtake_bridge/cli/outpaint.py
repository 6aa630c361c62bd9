"""`longtake outpaint`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.inpaint import BoxType, PointType, write_picture
from longtake_bridge.cli.option import (
    MAKE_OPTIONS,
    RateType,
    connect_option,
    force_option,
    json_option,
    output_option,
    print_json,
    verbose_option,
)
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import ANCHORS, FITS, OutpaintOptions
from longtake_bridge.output import is_timeline

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

    from longtake_bridge.cli.option import Command
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import TimelineEdit
    from longtake_bridge.request import OnChange
    from longtake_bridge.result import Result


class SizeType(click.ParamType):
    """WIDTHxHEIGHT."""

    name = "WxH"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        """Width and height; raises a BridgeError where it is no size."""
        from longtake_bridge.outpaint import parse_size

        return value if isinstance(value, tuple) else parse_size(value)


_PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.argument("input_path", metavar="INPUT", type=_PATH),
    click.option(
        "--size",
        type=SizeType(),
        required=True,
        help="Width and height of the new picture, such as 1080x1920.",
    ),
    click.option(
        "--anchor",
        type=click.Choice(ANCHORS),
        default="center",
        show_default=True,
        help="Which part of the new picture the old one keeps to.",
    ),
    click.option(
        "--fit",
        type=click.Choice(FITS),
        default="auto",
        show_default=True,
        help="keep: pixel for pixel, what juts out is cut off; inside: all of it is shown, and the "
        "rest made; fill: cut, so that nothing is to be made; auto: keep where the new picture "
        "holds all of the old one, else fill with --follow and inside without.",
    ),
    click.option(
        "--follow",
        is_flag=True,
        help="Go with the subject: what --box and --point show, or what moves against the camera.",
    ),
    click.option(
        "--box",
        "boxes",
        type=BoxType(),
        multiple=True,
        help="A box round the subject, which is followed through its shot; again on a frame of "
        "another shot, or where it was lost.",
    ),
    click.option(
        "--point",
        "points",
        type=PointType(),
        multiple=True,
        help="A point on the subject, followed as a box is.",
    ),
    click.option(
        "--seen-out",
        "seen_path",
        metavar="PNG",
        type=_PATH,
        help="Write a small picture of how much of each border was truly seen, and made up.",
    ),
    output_option("outpainted"),
    *MAKE_OPTIONS,
    click.option(
        "--sequence-rate",
        type=RateType(),
        metavar="FPS",
        help="Frames a second of a sequence of images; 24 where left out.",
    ),
    force_option,
    click.option("--clip", metavar="NAME", help="On a timeline: the clip that is to be reshaped."),
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
class OutpaintCall:
    """What the command line asks for."""

    input_path: Path
    output: Path | None
    options: OutpaintOptions
    clip: str | None
    media_folder: Path | None
    seen_path: Path | None

    @property
    def on_timeline(self) -> bool:
        """Whether the input is a timeline rather than media."""
        return is_timeline(self.input_path)


def _with_options(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("outpaint", short_help="Give a clip's picture another shape, and make its border.")
@_with_options
@json_option
@connect_option
@verbose_option
def outpaint_command(
    *, dry_run: bool, as_json: bool, connect: str | None, verbose: bool, **values: Any
) -> None:
    """Give a clip's picture another shape, and make what it has beside the old one.

    What other frames saw there comes back; what none saw is made up. With --follow the new picture
    is cut out of the old one round the subject, and goes with it as a camera operator would; then
    nothing, or little, is to be made.

    INPUT is a media file, a folder or pattern of images, or a timeline together with --clip NAME:
    the part of the clip that is shown is made anew and takes its place, as takes beside the
    original. FRAME counts the frames of the clip's file from 0, or is a timecode that INPUT shows.
    """
    from longtake_bridge.outpaint import check_outpaint

    call = _read_call(values)
    check_outpaint(call.options)  # a wrong call needs no engine
    if dry_run:
        _estimate(call, as_json=as_json, connect=connect)
        return
    from longtake_bridge.cli.report import result_lines

    result = _outpaint(call, as_json=as_json, connect=connect)
    if call.seen_path is not None and result.takes and result.takes[0].fillings_png:
        write_picture(call.seen_path, result.takes[0].fillings_png)
    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(result_lines(result)))


def _read_call(values: dict[str, Any]) -> OutpaintCall:
    call = OutpaintCall(
        input_path=values.pop("input_path"),
        output=values.pop("output"),
        clip=values.pop("clip"),
        media_folder=values.pop("media_folder"),
        seen_path=values.pop("seen_path"),
        options=OutpaintOptions(**values),
    )
    name = call.input_path.name
    if call.on_timeline and call.clip is None:
        raise wrong_call(f"{name} is a timeline; name the clip with --clip NAME.")
    for option, given in (("--clip", call.clip), ("--media", call.media_folder)):
        if given is not None and not call.on_timeline:
            raise wrong_call(f"{option} is for timelines, and {name} is media; leave it out.")
    return call


def _outpaint(call: OutpaintCall, *, as_json: bool, connect: str | None) -> Result:
    """What is asked for, made; only how it goes is shown, on stderr."""
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine

    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        return _make(engine, call, on_change)


def _make(engine: Engine, call: OutpaintCall, on_change: OnChange) -> Result:
    if call.on_timeline:
        # OpenTimelineIO takes its time to load, and media needs none of it.
        from longtake_bridge.outpaint_timeline import outpaint_timeline

        return outpaint_timeline(engine, _edit(call), options=call.options, on_change=on_change)
    from longtake_bridge.outpaint import outpaint_media

    return outpaint_media(
        engine, call.input_path, call.output, options=call.options, on_change=on_change
    )


def _estimate(call: OutpaintCall, *, as_json: bool, connect: str | None) -> None:
    from longtake_bridge.cli.estimate import print_estimates
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        print_estimates((_reckon(engine, call),), as_json=as_json)


def _reckon(engine: Engine, call: OutpaintCall) -> job_pb2.EstimateJobResponse:
    if call.on_timeline:
        from longtake_bridge.outpaint_timeline import estimate_outpaint_timeline

        return estimate_outpaint_timeline(engine, _edit(call), options=call.options)
    from longtake_bridge.outpaint import outpaint_spec

    spec = outpaint_spec(engine, call.input_path, call.output, options=call.options)
    return engine.estimate(spec)


def _edit(call: OutpaintCall) -> TimelineEdit:
    from longtake_bridge.clip_edit import TimelineEdit

    return TimelineEdit(
        call.input_path, call.clip or "", output=call.output, media_folder=call.media_folder
    )
