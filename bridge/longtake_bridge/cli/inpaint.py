"""`longtake inpaint`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.clip_command import (
    ClipCall,
    clip_options,
    drawn_options,
    read_clip_call,
    read_how,
    run_clip_call,
    seen_option,
)
from longtake_bridge.cli.option import PATH, with_options
from longtake_bridge.errors import wrong_call
from longtake_bridge.length import Length, parse_position
from longtake_bridge.option import DEFECTS, MASK_HIDES, InpaintOptions

if TYPE_CHECKING:
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import ClipJob


_OPTIONS = (
    click.argument("input_path", metavar="INPUT", type=PATH),
    click.option(
        "--mask",
        "mask_path",
        type=PATH,
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
    *drawn_options(
        "A box round a thing to go, which is followed through its shot from there; again for "
        "another thing, or on another frame where the thing was lost.",
        "A point on a thing to go, followed as a box is.",
    ),
    click.option("--logo", is_flag=True, help="Find and remove what stays put over the picture."),
    click.option("--dust", is_flag=True, help="Find and remove what is there for a single frame."),
    click.option(
        "--scratches",
        is_flag=True,
        help="Find and remove thin upright lines along the film, which do not go with the scene.",
    ),
    click.option(
        "--spots",
        is_flag=True,
        help="Find and remove what lies on the sensor while the scene moves behind it: soft dark "
        "spots of dust, and dead pixels.",
    ),
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
        type=PATH,
        help="Write the matte as a video (.mkv, .mov, .mp4), to be corrected and given as --mask.",
    ),
    seen_option("frame"),
    *clip_options("inpainted", "the clip that shows it"),
)


def _clip(engine: Engine, call: ClipCall[InpaintOptions]) -> ClipJob:
    from longtake_bridge.inpaint_timeline import inpaint_clip

    return inpaint_clip(engine, call.edit, call.options)


@click.command("inpaint", short_help="Remove a thing from a clip, and make what lies behind it.")
@with_options(*_OPTIONS)
def inpaint_command(**values: Any) -> None:
    """Remove a thing from a clip, and make what lies behind it.

    What is to go is drawn on one frame (--box, --point) and followed, given as a mask (--mask), or
    found (--logo, --dust, --scratches, --spots). What other frames saw behind it comes back; what
    none saw is made up. Everything else stays as it is, and so does the sound.

    INPUT is a media file, a folder or pattern of images, or a timeline together with --clip NAME:
    the part of the clip that is shown is made anew and takes its place, as takes beside the
    original. FRAME counts the frames of the clip's file from 0, or is a timecode that INPUT shows.
    """
    from longtake_bridge.inpaint import check_inpaint, inpaint_spec

    how = read_how(values)
    call = _read_call(values)
    run_clip_call(call, how, check=check_inpaint, media=inpaint_spec, clip=_clip)


def _read_call(values: dict[str, Any]) -> ClipCall[InpaintOptions]:
    start, end = _positions(values.pop("between"))
    found = [values.pop(name) for name in DEFECTS]
    return read_clip_call(
        values,
        partial(
            InpaintOptions,
            defects=tuple(name for name, wanted in zip(DEFECTS, found, strict=True) if wanted),
            between_start=start,
            between_end=end,
        ),
    )


def _positions(between: tuple[str, str] | None) -> tuple[Length | None, Length | None]:
    if between is None:
        return None, None
    start, end = (parse_position(text) for text in between)
    if end is None:
        raise wrong_call(f"--between {between[0]} {between[1]} is no time at all; end it later.")
    return start, end
