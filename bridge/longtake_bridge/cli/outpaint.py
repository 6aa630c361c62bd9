"""`longtake outpaint`."""

from __future__ import annotations

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
from longtake_bridge.cli.option import PATH, SIZE, with_options
from longtake_bridge.option import ANCHORS, FITS, OutpaintOptions

if TYPE_CHECKING:
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import ClipJob


_OPTIONS = (
    click.argument("input_path", metavar="INPUT", type=PATH),
    click.option(
        "--size",
        type=SIZE,
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
    *drawn_options(
        "A box round the subject, which is followed through its shot; again on a frame of "
        "another shot, or where it was lost.",
        "A point on the subject, followed as a box is.",
    ),
    seen_option("border"),
    *clip_options("outpainted", "the clip that is to be reshaped"),
)


def _clip(engine: Engine, call: ClipCall[OutpaintOptions]) -> ClipJob:
    from longtake_bridge.outpaint_timeline import outpaint_clip

    return outpaint_clip(engine, call.edit, call.options)


@click.command("outpaint", short_help="Give a clip's picture another shape, and make its border.")
@with_options(*_OPTIONS)
def outpaint_command(**values: Any) -> None:
    """Give a clip's picture another shape, and make what it has beside the old one.

    What other frames saw there comes back; what none saw is made up. With --follow the new picture
    is cut out of the old one round the subject, and goes with it as a camera operator would; then
    nothing, or little, is to be made.

    INPUT is a media file, a folder or pattern of images, or a timeline together with --clip NAME:
    the part of the clip that is shown is made anew and takes its place, as takes beside the
    original. FRAME counts the frames of the clip's file from 0, or is a timecode that INPUT shows.
    """
    from longtake_bridge.outpaint import check_outpaint, outpaint_spec

    how = read_how(values)
    call = read_clip_call(values, OutpaintOptions)
    run_clip_call(call, how, check=check_outpaint, media=outpaint_spec, clip=_clip)
