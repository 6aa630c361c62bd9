"""`longtake fill`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import (
    LENGTH,
    MAKE_OPTIONS,
    PATH,
    deinterlace_option,
    force_option,
    music_option,
    no_audio_option,
    print_json,
    with_options,
)
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import JOINS, QUALITIES, FillOptions
from longtake_bridge.output import TIMELINE_SUFFIXES, is_timeline

if TYPE_CHECKING:
    from longtake_bridge.fill import TimelineFill


@click.command("fill", short_help="Fill the gaps between the shots of a timeline.")
@click.argument("timeline_path", metavar="TIMELINE", type=PATH)
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=PATH,
    help='The new timeline; "NAME (filled)" beside TIMELINE where left out.',
)
@click.option(
    "--track",
    "tracks",
    multiple=True,
    metavar="N|NAME",
    help="Only on this video track, 1 being the lowest; may be given several times.",
)
@click.option(
    "--gap",
    "gaps",
    multiple=True,
    type=click.IntRange(1),
    metavar="N",
    help="Only the Nth gap that --dry-run lists, even one that seems meant; several times.",
)
@click.option(
    "--max",
    "longest",
    type=LENGTH,
    help="Leave longer gaps alone; with --jump-cuts, jumps over more than T (10s).",
)
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option(
    "--jump-cuts",
    is_flag=True,
    help="Hide jump cuts, where one shot goes on with a piece taken out, instead of filling gaps.",
)
@click.option(
    "--frames",
    type=click.IntRange(2, 500),
    metavar="N",
    help="With --jump-cuts: frames replaced on either side; a sixth of a second where left out.",
)
@click.option(
    "--at",
    multiple=True,
    metavar="TC",
    help="With --jump-cuts: the cut at this timecode, whatever its shots; several times.",
)
@click.option(
    "--join",
    type=click.Choice(JOINS),
    default="auto",
    show_default=True,
    help="How two shots meet in made frames; auto looks and says why, over jump cuts it morphs.",
)
@click.option(
    "--quality",
    type=click.Choice(QUALITIES),
    default="standard",
    show_default=True,
    help="What a made frame may cost.",
)
@with_options(
    *MAKE_OPTIONS,
    no_audio_option,
    music_option,
    deinterlace_option,
    force_option,
    click.option(
        "--media",
        "media_folder",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="Where the new media goes; a folder beside OUT where left out.",
    ),
)
def fill_command(
    as_json: bool, connect: str | None, verbose: bool, dry_run: bool, **values: Any
) -> int:
    """Fill the gaps between the shots of a timeline.

    Real frames come first: where the shots beside a gap still hold frames past their cuts, those
    are used, and only what is then missing is made. Gaps that seem meant are left alone and
    listed: black at the head and tail of a track, what lies under a full frame or over a picture,
    gaps beside titles, fades and speed effects.

    With --jump-cuts no gap is filled: the frames on both sides of each jump cut are replaced by
    the motion between them. The timeline keeps its length, and the original sound.

    TIMELINE is .otio, .otioz, .otiod, .kdenlive or .mlt; .xml, .fcpxml, .aaf or .edl with
    longtake[formats].
    T is 2s, 48f or a timecode.
    """
    fill, options = _read(values)
    if dry_run:
        return _plan(fill, options, as_json=as_json, connect=connect)
    return _fill(fill, options, as_json=as_json, connect=connect)


def _plan(fill: TimelineFill, options: FillOptions, *, as_json: bool, connect: str | None) -> int:
    from longtake_bridge.cli.fill_report import plan_json, plan_lines
    from longtake_bridge.client import Engine
    from longtake_bridge.fill import plan_fill

    with Engine.open(connect) as engine:
        plan = plan_fill(engine, fill, options=options)
    if as_json:
        print_json(plan_json(plan, jump_cuts=fill.choice.jump_cuts))
    else:
        click.echo("\n".join(plan_lines(plan, jump_cuts=fill.choice.jump_cuts)))
    return 0


def _fill(fill: TimelineFill, options: FillOptions, *, as_json: bool, connect: str | None) -> int:
    from longtake_bridge.cli.fill_report import fill_json, fill_lines
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine
    from longtake_bridge.fill import fill_timeline

    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        filled = fill_timeline(engine, fill, options=options, on_change=on_change)
    if as_json:
        print_json(fill_json(filled, jump_cuts=fill.choice.jump_cuts))
    else:
        click.echo("\n".join(fill_lines(filled, jump_cuts=fill.choice.jump_cuts)))
    for failure in filled.failures:
        click.echo(f"longtake: {failure.sentence}", err=True)
    return filled.failures[0].error.exit_code if filled.failures else 0


def _read(values: dict[str, Any]) -> tuple[TimelineFill, FillOptions]:
    """What the parsed values ask for.

    Raises:
        BridgeError: WRONG_CALL; they contradict each other.
    """
    from longtake_bridge.fill import TimelineFill
    from longtake_bridge.timeline.choice import Choice

    path = values.pop("timeline_path")
    if not is_timeline(path):
        kinds = ", ".join(sorted(TIMELINE_SUFFIXES))
        raise wrong_call(f"{path.name} is no timeline; give one of {kinds}.")
    choice = Choice(
        tracks=values.pop("tracks"),
        numbers=values.pop("gaps"),
        longest=values.pop("longest"),
        jump_cuts=values.pop("jump_cuts"),
        side_frames=values.pop("frames"),
        at=values.pop("at"),
    )
    if choice.jump_cuts and choice.numbers:
        raise wrong_call("--gap is for gaps; name the cuts for --jump-cuts with --at TC.")
    for option, given in (("--frames", choice.side_frames), ("--at", choice.at)):
        if given and not choice.jump_cuts:
            raise wrong_call(f"{option} is for cuts; add --jump-cuts, or leave it out.")
    fill = TimelineFill(path, values.pop("output"), choice, values.pop("media_folder"))
    return fill, FillOptions(**values)
