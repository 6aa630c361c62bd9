"""`longtake animate`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.clip_command import (
    ClipCall,
    clip_options,
    read_clip_call,
    read_how,
    run_clip_call,
)
from longtake_bridge.cli.option import LENGTH, PATH, RATE, Parsed, with_options
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import AnimateOptions
from longtake_bridge.stroke import (
    parse_direction,
    parse_move,
    parse_region,
    with_directions,
    with_masks,
)

if TYPE_CHECKING:
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import ClipJob


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


_OPTIONS = (
    click.argument("input_path", metavar="INPUT", type=PATH),
    click.option(
        "--region",
        "regions",
        type=Parsed("MASK", parse_region),
        multiple=True,
        help="What flows: an image of INPUT's size, white where it does, soft edges kept, or a box "
        "X,Y,W,H; again for another region. Of a clip, @FRAME says on which frame it was drawn.",
    ),
    click.option(
        "--direction",
        "directions",
        type=Parsed("DX,DY", parse_direction),
        multiple=True,
        help="Which way a region flows, in pixels a second to the right and down; one for each.",
    ),
    click.option(
        "--move",
        "moves",
        type=Parsed("BOX@F0 BOX@F1", parse_move),
        multiple=True,
        help="A thing, from the box X,Y,W,H@FRAME that it lies in along further boxes; larger boxes"
        " make it larger, and those outside the picture let it leave. Again for another thing.",
    ),
    click.option(
        "--mask",
        "masks",
        type=PATH,
        multiple=True,
        help="Where the thing of a --move is, as an image, white on it; it is found in its box "
        "where left out.",
    ),
    click.option(
        "--duration",
        type=LENGTH,
        help="How long: 4s, 96f or a timecode. A clip is as long as it was where left out.",
    ),
    click.option(
        "--rate",
        "frame_rate",
        type=RATE,
        metavar="FPS",
        help="Frames a second that are made of a still; 24 where left out.",
    ),
    click.option("--loop", is_flag=True, help="Let the last frame lead over into the first."),
    *clip_options("moving", "the clip or still that is to move"),
)


def _clip(engine: Engine, call: ClipCall[AnimateOptions]) -> ClipJob:
    from longtake_bridge.animate_timeline import animate_clip

    return animate_clip(engine, call.edit, call.options)


@click.command(
    "animate", cls=AnimateCommand, short_help="Let parts of a still or a clip flow and move."
)
@with_options(*_OPTIONS)
def animate_command(**values: Any) -> None:
    """Let parts of a still or a clip flow and move.

    Water, cloud, smoke and hair flow where they lie (--region, --direction) and never run dry. A
    thing is lifted out of its place, which is filled, and goes along boxes (--move). Everything
    else stays as it is, and so does the sound of a clip.

    INPUT is an image, a media file, or a timeline together with --clip NAME: what the clip shows is
    made anew and takes its place, as takes beside the original. FRAME counts the frames of the
    clip's file, or those made of a still, from 0, or is a timecode that INPUT shows.
    """
    from longtake_bridge.animate import animate_spec, check_animate

    how = read_how(values)
    call = _read_call(values)
    run_clip_call(call, how, check=check_animate, media=animate_spec, clip=_clip)


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
