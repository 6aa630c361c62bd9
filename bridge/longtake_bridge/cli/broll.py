"""`longtake broll`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.generate import SHOT_OPTIONS
from longtake_bridge.cli.option import (
    LENGTH,
    MAKE_OPTIONS,
    PATH,
    force_option,
    print_json,
    with_options,
)
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import BrollOptions
from longtake_bridge.output import TIMELINE_SUFFIXES, is_timeline

if TYPE_CHECKING:
    from longtake_bridge.broll.edit import BrollEdit

_FOLDER = click.Path(path_type=Path, file_okay=False)
_OPTIONS = (
    click.argument("timeline_path", metavar="TIMELINE", type=PATH),
    click.option(
        "-o",
        "--output",
        metavar="OUT",
        type=PATH,
        help='The new timeline; "NAME (b-roll)" beside TIMELINE where left out.',
    ),
    click.option("--at", metavar="TC", help="One shot, at this timecode of the timeline."),
    click.option(
        "--markers",
        is_flag=True,
        help='A shot at every marker whose name or note begins with "broll:".',
    ),
    click.option(
        "--script",
        "script_path",
        type=PATH,
        metavar="FILE",
        help="A shot for every passage of an .srt, a .vtt, or lines of text that begin with a "
        "time.",
    ),
    click.option(
        "--duration",
        type=LENGTH,
        help="How long a shot is: with --at; of markers that mark a moment; at most, of passages.",
    ),
    click.option(
        "--image",
        "still_paths",
        type=PATH,
        multiple=True,
        metavar="STILL",
        help="With --at: a still over which a camera moves; several share the time.",
    ),
    click.option(
        "--track",
        "track_name",
        metavar="NAME",
        help='The video track; a new one on top, called "B-roll", where left out.',
    ),
    click.option(
        "--bin",
        "bins",
        type=_FOLDER,
        multiple=True,
        metavar="DIR",
        help="Look for footage in here as well; several times.",
    ),
    click.option(
        "--own-first/--make",
        default=True,
        show_default=True,
        help="Lay footage of your own where some fits before anything is made; or make at once.",
    ),
    click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing."),
    *SHOT_OPTIONS,
    *MAKE_OPTIONS,
    force_option,
    click.option(
        "--media",
        "media_folder",
        metavar="DIR",
        type=_FOLDER,
        help="Where the new media goes; a folder beside OUT where left out.",
    ),
)


@click.command(
    "broll", short_help="Lay B-roll over a timeline: own footage, stills, or made shots."
)
@with_options(*_OPTIONS)
def broll_command(
    *, as_json: bool, connect: str | None, verbose: bool, dry_run: bool, **values: Any
) -> int:
    """Lay B-roll over a timeline, on a video track of its own.

    After "broll:" a marker says what to show: the path of a still or a clip, or words. For words,
    footage of your own is looked for first: by the names, notes, markers and metadata of what lies
    on the timeline, in its bin and beside it on the disk, and by transcripts (.srt, .vtt) beside
    the clips. Where some fits, it is laid; else a shot is made, for which a model must be
    installed. Over stills a camera moves, without any. Shots have the size, the rate and the
    colours of the timeline, and no sound.

    TIMELINE is .otio, .otioz, .otiod, .kdenlive or .mlt, whose guides are markers; .xml, .fcpxml,
    .aaf or .edl with longtake[formats]. T is 2s, 48f or a timecode.
    """
    edit, options = _read(values)
    if dry_run:
        return _plan(edit, options, as_json=as_json, connect=connect)
    return _lay(edit, options, as_json=as_json, connect=connect)


def _plan(edit: BrollEdit, options: BrollOptions, *, as_json: bool, connect: str | None) -> int:
    from longtake_bridge.broll.edit import plan_broll
    from longtake_bridge.cli.broll_report import plan_json, plan_lines
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        plan = plan_broll(engine, edit, options=options)
    if as_json:
        print_json(plan_json(plan))
    else:
        click.echo("\n".join(plan_lines(plan)))
    return 0


def _lay(edit: BrollEdit, options: BrollOptions, *, as_json: bool, connect: str | None) -> int:
    from longtake_bridge.broll.edit import broll_timeline
    from longtake_bridge.cli.broll_report import result_json
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.cli.report import result_lines
    from longtake_bridge.client import Engine

    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        laid = broll_timeline(engine, edit, options=options, on_change=on_change)
    if as_json:
        print_json(result_json(laid))
    else:
        click.echo("\n".join(result_lines(laid.result)))
    for failure in laid.failures:
        click.echo(f"longtake: {failure.sentence}", err=True)
    # A script proposes: passages for which nothing is found are no failure of the rest.
    proposed = edit.wanted.script_path is not None
    return laid.failures[0].error.exit_code if laid.failures and not proposed else 0


def _read(values: dict[str, Any]) -> tuple[BrollEdit, BrollOptions]:
    """What the parsed values ask for.

    Raises:
        BridgeError: WRONG_CALL; they contradict each other.
    """
    from longtake_bridge.broll.edit import BrollEdit, Wanted, check_broll

    path = values.pop("timeline_path")
    if not is_timeline(path):
        kinds = ", ".join(sorted(TIMELINE_SUFFIXES))
        raise wrong_call(f"{path.name} is no timeline; give one of {kinds}.")
    edit = BrollEdit(
        path,
        Wanted(values.pop("at"), values.pop("markers"), values.pop("script_path")),
        values.pop("output"),
        values.pop("media_folder"),
        values.pop("track_name"),
        values.pop("bins"),
    )
    options = BrollOptions(**values)
    check_broll(edit, options)
    return edit, options
