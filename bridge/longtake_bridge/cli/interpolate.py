"""`longtake interpolate`."""

from __future__ import annotations

import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import (
    MAKE_OPTIONS,
    LengthType,
    RateType,
    connect_option,
    force_option,
    json_option,
    output_option,
    print_json,
    verbose_option,
)
from longtake_bridge.length import parse_factor
from longtake_bridge.option import JOINS, QUALITIES, InterpolateOptions

if TYPE_CHECKING:
    from longtake_bridge.cli.option import Command
    from longtake_bridge.result import Result


class FactorType(click.ParamType):
    """2, 2.5 or 5/2."""

    name = "N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Fraction:
        """The factor; raises a BridgeError where it is none."""
        return value if isinstance(value, Fraction) else parse_factor(value)


_OPTIONS = (
    click.argument(
        "input_paths", metavar="INPUT [SECOND]", nargs=-1, type=click.Path(path_type=Path)
    ),
    click.option(
        "--factor",
        type=FactorType(),
        help="Slow motion: make INPUT N times as long (2, 2.5, 5/2), at its own frame rate.",
    ),
    click.option(
        "--rate",
        "frame_rate",
        type=RateType(),
        metavar="FPS",
        help="Convert INPUT to FPS frames a second (25, 23.976, 24000/1001), as long as it is.",
    ),
    click.option(
        "--duration", type=LengthType(), help="The gap between INPUT and SECOND: 2s, 12f, ..."
    ),
    click.option(
        "--join",
        type=click.Choice(JOINS),
        default="auto",
        show_default=True,
        help="How the gap is crossed: motion from shot to shot (morph), or both shots gone on "
        "with into a cut or a dissolve; auto looks at both and says why.",
    ),
    click.option(
        "--quality",
        type=click.Choice(QUALITIES),
        default="standard",
        show_default=True,
        help="What a frame may cost: draft is quick, best is slower.",
    ),
    output_option("interpolated"),
    *MAKE_OPTIONS,
    click.option(
        "--sequence-rate",
        type=RateType(),
        metavar="FPS",
        help="Frames a second of a sequence of images; 24 where left out.",
    ),
    force_option,
    click.option("--dry-run", is_flag=True, help="Say what it would cost, and make nothing."),
)


def _with_options(command: Command) -> Command:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.command("interpolate", short_help="Make frames between frames: slow motion, rates, gaps.")
@_with_options
@json_option
@connect_option
@verbose_option
def interpolate_command(
    *,
    input_paths: tuple[Path, ...],
    output: Path | None,
    dry_run: bool,
    as_json: bool,
    connect: str | None,
    verbose: bool,
    **values: Any,
) -> None:
    """Make frames between frames.

    Of one clip: slow motion (--factor), or another frame rate (--rate). Frames that are due are
    the clip's own, bit by bit; nothing is blended across a cut; pictures that are held (pulldown,
    animation on twos) are told from motion. Slowed sound keeps its pitch.

    Of two shots: the frames of a gap between them (--duration), as a file of their own, at the
    rate and in the format of the first.
    """
    options = InterpolateOptions(**values)
    if dry_run:
        _estimate(input_paths, output, options, as_json=as_json, connect=connect)
        return
    from longtake_bridge.cli.report import result_lines

    result = _interpolate(input_paths, output, options, as_json=as_json, connect=connect)
    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(result_lines(result)))


def _interpolate(
    input_paths: tuple[Path, ...],
    output: Path | None,
    options: InterpolateOptions,
    *,
    as_json: bool,
    connect: str | None,
) -> Result:
    """What is asked for, made; only how it goes is shown, on stderr."""
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine
    from longtake_bridge.interpolate import interpolate_media, interpolate_spec

    interpolate_spec(input_paths, output, options=options)  # a wrong call needs no engine
    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        return interpolate_media(engine, input_paths, output, options=options, on_change=on_change)


def _estimate(
    input_paths: tuple[Path, ...],
    output: Path | None,
    options: InterpolateOptions,
    *,
    as_json: bool,
    connect: str | None,
) -> None:
    from longtake_bridge.cli.estimate import print_estimates
    from longtake_bridge.client import Engine
    from longtake_bridge.interpolate import interpolate_spec

    spec = interpolate_spec(input_paths, output, options=options)
    with Engine.open(connect) as engine:
        print_estimates((engine.estimate(spec),), as_json=as_json)
