"""`longtake inpaint`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

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
from longtake_bridge.length import Length, parse_position
from longtake_bridge.mark import Box, Point, parse_box, parse_point
from longtake_bridge.option import DEFECTS, MASK_HIDES, InpaintOptions
from longtake_bridge.output import is_timeline

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

    from longtake_bridge.cli.option import Command
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import TimelineEdit
    from longtake_bridge.request import OnChange
    from longtake_bridge.result import Result


class BoxType(click.ParamType):
    """X,Y,W,H or X,Y,W,H@FRAME."""

    name = "X,Y,W,H[@FRAME]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Box:
        """The box; raises a BridgeError where it is none."""
        return value if isinstance(value, Box) else parse_box(value)


class PointType(click.ParamType):
    """X,Y or X,Y@FRAME."""

    name = "X,Y[@FRAME]"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Point:
        """The point; raises a BridgeError where it is none."""
        return value if isinstance(value, Point) else parse_point(value)


_PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.argument("input_path", metavar="INPUT", type=_PATH),
    click.option(
        "--mask",
        "mask_path",
        type=_PATH,
        help="What is to go: an image for all frames, a folder or pattern of images, or a video, "
        "of INPUT's size; soft edges are kept.",
    ),
    click.option(
        "--mask-hides",
        type=click.Choice(MASK_HIDES),
        default="auto",
        show_default=True,
        help="What of the mask is to go: where it is white, black, opaque (alpha) or transparent "
        "(clear); auto takes the smaller part.",
    ),
    click.option(
        "--mask-start",
        "mask_start_frame",
        type=click.IntRange(0),
        metavar="FRAME",
        help="The frame of INPUT at which the mask begins, where it is shorter.",
    ),
    click.option(
        "--box",
        "boxes",
        type=BoxType(),
        multiple=True,
        help="A box round a thing to go, which is followed through its shot from there; again for "
        "another thing, or on another frame where the thing was lost.",
    ),
    click.option(
        "--point",
        "points",
        type=PointType(),
        multiple=True,
        help="A point on a thing to go, followed as a box is.",
    ),
    click.option("--logo", is_flag=True, help="Find and remove what stays put over the picture."),
    click.option("--dust", is_flag=True, help="Find and remove what is there for a single frame."),
    click.option(
        "--between",
        nargs=2,
        metavar="T T",
        help="Remove from the first T up to the second alone: 2s, 48f or a timecode that INPUT "
        "shows.",
    ),
    click.option(
        "--margin",
        type=click.IntRange(0, 200),
        metavar="PIXELS",
        help="Grow what is removed on all sides. Where left out: by how fast a thing moves, a"
        " little for a mask with hard edges, not at all for a soft one.",
    ),
    click.option(
        "--matte-out",
        "matte_path",
        metavar="PATH",
        type=_PATH,
        help="Write the matte as a video (.mkv, .mov, .mp4), to be corrected and given as --mask.",
    ),
    click.option(
        "--seen-out",
        "seen_path",
        metavar="PNG",
        type=_PATH,
        help="Write a small picture of how much of each frame was truly seen, and made up.",
    ),
    output_option("inpainted"),
    *MAKE_OPTIONS,
    click.option(
        "--sequence-rate",
        type=RateType(),
        metavar="FPS",
        help="Frames a second of a sequence of images; 24 where left out.",
    ),
    force_option,
    click.option("--clip", metavar="NAME", help="On a timeline: the clip that shows it."),
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
class InpaintCall:
    """What the command line asks for."""

    input_path: Path
    output: Path | None
    options: InpaintOptions
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


@click.command("inpaint", short_help="Remove a thing from a clip, and make what lies behind it.")
@_with_options
@json_option
@connect_option
@verbose_option
def inpaint_command(
    *, dry_run: bool, as_json: bool, connect: str | None, verbose: bool, **values: Any
) -> None:
    """Remove a thing from a clip, and make what lies behind it.

    What is to go is drawn on one frame (--box, --point) and followed, given as a mask (--mask), or
    found (--logo, --dust). What other frames saw behind it comes back; what none saw is made up.
    Everything else stays as it is, and so does the sound.

    INPUT is a media file, a folder or pattern of images, or a timeline together with --clip NAME:
    the part of the clip that is shown is made anew and takes its place, as takes beside the
    original. FRAME counts the frames of the clip's file from 0, or is a timecode that INPUT shows.
    """
    from longtake_bridge.inpaint import check_inpaint

    call = _read_call(values)
    check_inpaint(call.options)  # a wrong call needs no engine
    if dry_run:
        _estimate(call, as_json=as_json, connect=connect)
        return
    from longtake_bridge.cli.report import result_lines

    result = _inpaint(call, as_json=as_json, connect=connect)
    if call.seen_path is not None and result.takes:
        write_picture(call.seen_path, result.takes[0].fillings_png)
    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(result_lines(result)))


def _read_call(values: dict[str, Any]) -> InpaintCall:
    start, end = _positions(values.pop("between"))
    found = (values.pop("logo"), values.pop("dust"))
    call = InpaintCall(
        input_path=values.pop("input_path"),
        output=values.pop("output"),
        clip=values.pop("clip"),
        media_folder=values.pop("media_folder"),
        seen_path=values.pop("seen_path"),
        options=InpaintOptions(
            defects=tuple(name for name, wanted in zip(DEFECTS, found, strict=True) if wanted),
            between_start=start,
            between_end=end,
            **values,
        ),
    )
    name = call.input_path.name
    if call.on_timeline and call.clip is None:
        raise wrong_call(f"{name} is a timeline; name the clip with --clip NAME.")
    for option, given in (("--clip", call.clip), ("--media", call.media_folder)):
        if given is not None and not call.on_timeline:
            raise wrong_call(f"{option} is for timelines, and {name} is media; leave it out.")
    return call


def _positions(between: tuple[str, str] | None) -> tuple[Length | None, Length | None]:
    if between is None:
        return None, None
    start, end = (parse_position(text) for text in between)
    if end is None:
        raise wrong_call(f"--between {between[0]} {between[1]} is no time at all; end it later.")
    return start, end


def _inpaint(call: InpaintCall, *, as_json: bool, connect: str | None) -> Result:
    """What is asked for, made; only how it goes is shown, on stderr."""
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine

    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        return _make(engine, call, on_change)


def _make(engine: Engine, call: InpaintCall, on_change: OnChange) -> Result:
    if call.on_timeline:
        # OpenTimelineIO takes its time to load, and media needs none of it.
        from longtake_bridge.inpaint_timeline import inpaint_timeline

        return inpaint_timeline(engine, _edit(call), options=call.options, on_change=on_change)
    from longtake_bridge.inpaint import inpaint_media

    return inpaint_media(
        engine, call.input_path, call.output, options=call.options, on_change=on_change
    )


def _estimate(call: InpaintCall, *, as_json: bool, connect: str | None) -> None:
    from longtake_bridge.cli.estimate import print_estimates
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        print_estimates((_reckon(engine, call),), as_json=as_json)


def _reckon(engine: Engine, call: InpaintCall) -> job_pb2.EstimateJobResponse:
    if call.on_timeline:
        from longtake_bridge.inpaint_timeline import estimate_inpaint_timeline

        return estimate_inpaint_timeline(engine, _edit(call), options=call.options)
    from longtake_bridge.inpaint import inpaint_spec

    spec = inpaint_spec(engine, call.input_path, call.output, options=call.options)
    return engine.estimate(spec)


def _edit(call: InpaintCall) -> TimelineEdit:
    from longtake_bridge.clip_edit import TimelineEdit

    return TimelineEdit(
        call.input_path, call.clip or "", output=call.output, media_folder=call.media_folder
    )


def write_picture(path: Path, data: bytes) -> None:
    """Write a small picture; raises a BridgeError where it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError as error:
        raise wrong_call(f"{path} cannot be written ({error.strerror}); choose another.") from error
