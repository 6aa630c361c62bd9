"""`longtake generate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import (
    LENGTH,
    MAKE_OPTIONS,
    PATH,
    RATE,
    SIZE,
    Parsed,
    deinterlace_option,
    force_option,
    output_option,
    print_json,
    with_options,
)
from longtake_bridge.option import CAMERAS, Camera, GenerateOptions, SiblingShot

if TYPE_CHECKING:
    from longtake_bridge.result import Result


def _parse_camera(text: str) -> Camera:
    from longtake_bridge.generate import parse_camera

    return parse_camera(text)


# The options of every command that makes whole shots: the fields of `ShotOptions` beside those of
# `MakeOptions`.
SHOT_OPTIONS = (
    click.option(
        "--camera",
        type=Parsed("MOVE[:AMOUNT]", _parse_camera),
        help=f"How the camera moves: {', '.join(CAMERAS)}; AMOUNT from 0, hardly, to 1. Chosen by "
        "what a still shows where left out.",
    ),
    click.option(
        "--reference",
        "reference_paths",
        type=PATH,
        multiple=True,
        metavar="PIC",
        help="A picture of what should appear, for models that look at it; several times.",
    ),
    click.option(
        "--same-subject",
        default="",
        metavar="WORDS",
        help="Make all shots whose words name this together, so that it looks the same in them; "
        "for models whose attention can be reached.",
    ),
    click.option(
        "--expand-prompt",
        is_flag=True,
        help="Write the prompt out as a shot: size, angle, move, light, lens. It is told what came "
        "of it.",
    ),
)
_OPTIONS = (
    click.option("--duration", type=LENGTH, help="How long: 4s, 96f or 00:00:04:00."),
    click.option(
        "--image",
        "still_paths",
        type=PATH,
        multiple=True,
        metavar="STILL",
        help="A still over which a camera moves, or with --prompt from which a model goes on; "
        "several share the time.",
    ),
    click.option(
        "--matte",
        "matte_path",
        type=PATH,
        metavar="PIC",
        help="Of one still: white, or opaque, where what is near lies, which then goes by faster "
        "than what lies behind; a still's own alpha says so too.",
    ),
    click.option(
        "--input",
        "input_path",
        type=PATH,
        metavar="CLIP",
        help="A clip to make the shot from, with --strength.",
    ),
    click.option(
        "--strength",
        type=click.FloatRange(0, 1),
        default=0.0,
        help="How far the shot may leave the clip of --input, over 0 to 1.",
    ),
    click.option(
        "--size",
        type=SIZE,
        help="Width and height; as --like or the still has it where left out.",
    ),
    click.option(
        "--rate",
        "frame_rate",
        type=RATE,
        help="Frames a second; those of --like, or 24, where left out.",
    ),
    click.option(
        "--like",
        "like_path",
        type=PATH,
        metavar="CLIP",
        help="A clip that it is to cut with: its size, rate and colours are taken over.",
    ),
    click.option(
        "--shot",
        "shots",
        type=Parsed("TEXT", SiblingShot),
        multiple=True,
        metavar="TEXT",
        help="With --same-subject: another shot of it, in these words; several times. They lie "
        "beside OUT as OUT-2, OUT-3 and so on.",
    ),
    *SHOT_OPTIONS,
    output_option("generated"),
    *MAKE_OPTIONS,
    deinterlace_option,
    force_option,
    click.option("--dry-run", is_flag=True, help="Say what it would cost, and make nothing."),
    click.option(
        "--show-prompt",
        is_flag=True,
        help="Say how --expand-prompt would write the prompt out, to be edited; make nothing.",
    ),
)


@click.command("generate", short_help="Make a shot of stills, of words or of a clip.")
@with_options(*_OPTIONS)
def generate_command(
    *,
    output: Path | None,
    dry_run: bool,
    show_prompt: bool,
    as_json: bool,
    connect: str | None,
    verbose: bool,
    **values: Any,
) -> None:
    """Make a shot of stills, of words or of a clip.

    Over stills a camera moves, smoothly and in fractions of a pixel, and before what a still's
    alpha shows the rest goes by more slowly; that needs no model. Shots from words, and from a
    still as a model imagines it to go on, need one that is installed: `longtake models`.

    T is 2s, 48f or a timecode. Each of --takes is another move, or another seed.
    """
    from longtake_bridge.cli.report import result_lines
    from longtake_bridge.generate import check_generate

    options = GenerateOptions(**values)
    if show_prompt:
        _show_prompt(options, as_json=as_json, connect=connect)
        return
    check_generate(options)  # a wrong call needs no engine
    if dry_run:
        _estimate(output, options, as_json=as_json, connect=connect)
        return
    result = _generate(output, options, as_json=as_json, connect=connect)
    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(result_lines(result)))


def _generate(
    output: Path | None, options: GenerateOptions, *, as_json: bool, connect: str | None
) -> Result:
    """What is asked for, made; only how it goes is shown, on stderr."""
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine
    from longtake_bridge.generate import generate_media

    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        return generate_media(engine, output, options=options, on_change=on_change)


def _show_prompt(options: GenerateOptions, *, as_json: bool, connect: str | None) -> None:
    from longtake_bridge.client import Engine
    from longtake_bridge.generate import write_prompt

    with Engine.open(connect) as engine:
        written = write_prompt(engine, options)
    if as_json:
        print_json(written.to_json())
        return
    click.echo(written.prompt)
    for note in written.notes:
        click.echo(note, err=True)


def _estimate(
    output: Path | None, options: GenerateOptions, *, as_json: bool, connect: str | None
) -> None:
    from longtake_bridge.cli.estimate import print_estimates
    from longtake_bridge.client import Engine
    from longtake_bridge.generate import generate_spec

    with Engine.open(connect) as engine:
        estimate = engine.estimate(generate_spec(output, options=options))
        print_estimates((estimate,), as_json=as_json)
