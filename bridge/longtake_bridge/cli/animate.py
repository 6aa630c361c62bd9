"""`longtake animate`."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.clip_command import ClipCall, clip_options, read_clip_call, run_call
from longtake_bridge.cli.option import (
    LengthType,
    RateType,
    connect_option,
    json_option,
    verbose_option,
)
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import AnimateOptions
from longtake_bridge.stroke import (
    Move,
    Region,
    parse_direction,
    parse_move,
    parse_region,
    with_directions,
    with_masks,
)

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

    from longtake_bridge.cli.option import Command
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import ClipJob


class RegionType(click.ParamType):
    """MASK, or a box X,Y,W,H; each perhaps @FRAME."""

    name = "MASK"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Region:
        """The region; raises a BridgeError where it is none."""
        return value if isinstance(value, Region) else parse_region(value)


class DirectionType(click.ParamType):
    """DX,DY."""

    name = "DX,DY"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[float, float]:
        """Pixels a second; raises a BridgeError where it is no direction."""
        return value if isinstance(value, tuple) else parse_direction(value)


class MoveType(click.ParamType):
    """BOX@F0 BOX@F1 ..."""

    name = "BOX@F0 BOX@F1"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Move:
        """The move; raises a BridgeError where it is none."""
        return value if isinstance(value, Move) else parse_move(value)


class AnimateCommand(click.Command):
    """A command whose --move takes all the boxes that follow it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does, the boxes of each --move as one value."""
        joined: list[str] = []
        for arg in args:
            if arg.startswith("--move="):
                joined += ["--move", arg.removeprefix("--move=")]
            elif len(joined) > 1 and joined[-2] == "--move" and _is_box(arg):
                joined[-1] += f" {arg}"
            else:
                joined.append(arg)
        return super().parse_args(ctx, joined)


def _is_box(text: str) -> bool:
    numbers, at, _ = text.partition("@")
    return bool(at) and numbers.count(",") == 3


_PATH = click.Path(path_type=Path)
_OPTIONS = (
    click.argument("input_path", metavar="INPUT", type=_PATH),
    click.option(
        "--region",
        "regions",
        type=RegionType(),
        multiple=True,
        help="What flows: an image of INPUT's size, white where it does, soft edges kept, or a box "
        "X,Y,W,H; again for another region. Of a clip, @FRAME says on which frame it was drawn.",
    ),
    click.option(
        "--direction",
        "directions",
        type=DirectionType(),
        multiple=True,
        help="Which way a region flows, in pixels a second to the right and down; one for each.",
    ),
    click.option(
        "--move",
        "moves",
        type=MoveType(),
        multiple=True,
        help="A thing, from the box X,Y,W,H@FRAME that it lies in along further boxes; larger boxes"
        " make it larger, and those outside the picture let it leave. Again for another thing.",
    ),
    click.option(
        "--mask",
        "masks",
        type=_PATH,
        multiple=True,
        help="Where the thing of a --move is, as an image, white on it; it is found in its box "
        "where left out.",
    ),
    click.option(
        "--duration",
        type=LengthType(),
        help="How long: 4s, 96f or a timecode. A clip is as long as it was where left out.",
    ),
    click.option(
        "--rate",
        "frame_rate",
        type=RateType(),
        metavar="FPS",
        help="Frames a second that are made of a still; 24 where left out.",
    ),
    click.option("--loop", is_flag=True, help="Let the last frame lead over into the first."),
    *clip_options("moving", "the clip or still that is to move"),
)


def _with_options(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _media(engine: Engine, call: ClipCall[AnimateOptions]) -> job_pb2.JobSpec:
    from longtake_bridge.animate import animate_spec

    return animate_spec(engine, call.input_path, call.output, options=call.options)


def _clip(engine: Engine, call: ClipCall[AnimateOptions]) -> ClipJob:
    from longtake_bridge.animate_timeline import animate_clip

    return animate_clip(engine, call.edit, call.options)


@click.command(
    "animate", cls=AnimateCommand, short_help="Let parts of a still or a clip flow and move."
)
@_with_options
@json_option
@connect_option
@verbose_option
def animate_command(
    *, dry_run: bool, as_json: bool, connect: str | None, verbose: bool, **values: Any
) -> None:
    """Let parts of a still or a clip flow and move.

    Water, cloud, smoke and hair flow where they lie (--region, --direction) and never run dry. A
    thing is lifted out of its place, which is filled, and goes along boxes (--move). Everything
    else stays as it is, and so does the sound of a clip.

    INPUT is an image, a media file, or a timeline together with --clip NAME: what the clip shows is
    made anew and takes its place, as takes beside the original. FRAME counts the frames of the
    clip's file, or those made of a still, from 0, or is a timecode that INPUT shows.
    """
    from longtake_bridge.animate import check_animate

    call = _read_call(values)
    check_animate(call.options)  # a wrong call needs no engine
    run_call(
        call,
        media=_media,
        clip=_clip,
        dry_run=dry_run,
        as_json=as_json,
        connect=connect,
    )


def _read_call(values: dict[str, Any]) -> ClipCall[AnimateOptions]:
    regions = with_directions(values.pop("regions"), values.pop("directions"))
    moves = with_masks(values.pop("moves"), values.pop("masks"))
    call = read_clip_call(values, partial(AnimateOptions, regions=regions, moves=moves))
    asked = (("--duration", call.options.duration), ("--rate", call.options.frame_rate))
    for option, given in asked:
        if given is not None and call.on_timeline:
            raise wrong_call(
                f"On a timeline what is made is as long and as fast as the clip; leave {option}"
                " out."
            )
    return call
