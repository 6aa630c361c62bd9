"""`longtake outpaint`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.clip_command import ClipCall, clip_options, read_clip_call, run_call
from longtake_bridge.cli.inpaint import BoxType, PointType
from longtake_bridge.cli.option import (
    connect_option,
    json_option,
    verbose_option,
)
from longtake_bridge.option import ANCHORS, FITS, OutpaintOptions

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

    from longtake_bridge.cli.option import Command
    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import ClipJob


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
    *clip_options("outpainted", "the clip that is to be reshaped"),
)


def _with_options(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _media(engine: Engine, call: ClipCall[OutpaintOptions]) -> job_pb2.JobSpec:
    from longtake_bridge.outpaint import outpaint_spec

    return outpaint_spec(engine, call.input_path, call.output, options=call.options)


def _clip(engine: Engine, call: ClipCall[OutpaintOptions]) -> ClipJob:
    from longtake_bridge.outpaint_timeline import outpaint_clip

    return outpaint_clip(engine, call.edit, call.options)


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

    seen_path = values.pop("seen_path")
    call = _read_call(values)
    check_outpaint(call.options)  # a wrong call needs no engine
    run_call(
        call,
        media=_media,
        clip=_clip,
        dry_run=dry_run,
        as_json=as_json,
        connect=connect,
        seen_path=seen_path,
    )


def _read_call(values: dict[str, Any]) -> ClipCall[OutpaintOptions]:
    return read_clip_call(values, OutpaintOptions)
