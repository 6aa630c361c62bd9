"""`longtake takes`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import (
    PATH,
    connect_option,
    force_option,
    json_option,
    print_json,
    verbose_option,
)
from longtake_bridge.errors import wrong_call

if TYPE_CHECKING:
    from longtake_bridge.result import Result
    from longtake_bridge.takes import MadeTimeline
    from longtake_bridge.timeline.take import MadeEdit


@click.command("takes", short_help="Compare the takes of what was made, choose, make more.")
@click.argument("timeline_path", metavar="TIMELINE", type=PATH)
@click.option("--clip", metavar="NAME|PLACE", help="Only this one: its name, or V1@00:00:05:00.")
@click.option(
    "--sheet",
    metavar="PNG",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw frames of every take on one picture, the ones that are shown with an edge.",
)
@click.option(
    "--choose",
    metavar="N|original",
    help="Show take N of the clip, or what it showed before Longtake.",
)
@click.option("--again", is_flag=True, help="Make another take of the clip, and show it.")
@click.option(
    "--count", type=click.IntRange(1, 7), default=1, show_default=True, help="With --again: takes."
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    metavar="N",
    help="With --again: for models that hear one; any new one where left out.",
)
@click.option("--model", metavar="NAME", help="With --again: by this one.")
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    type=PATH,
    help='The new timeline; "NAME (takes)" beside TIMELINE where left out.',
)
@force_option
@json_option
@connect_option
@verbose_option
def takes_command(as_json: bool, connect: str | None, verbose: bool, **values: Any) -> None:
    """List what Longtake has made on a timeline: every take, how sure it is, which one is shown.

    With --choose or --again a new timeline is written; TIMELINE stays as it is. Models without a
    seed make the same take every time: --again then takes a model that was not used yet.
    """
    from longtake_bridge.takes import find_edit, read_edits

    _check(values)
    made = read_edits(values["timeline_path"])
    changes = values["choose"] is not None or values["again"]
    edits = (find_edit(made, values["clip"]),) if changes or values["clip"] else made.edits
    if not edits:
        find_edit(made, None)  # says that nothing was made
    if values["sheet"] is not None:
        _draw(edits, values["sheet"], connect)
    if not changes:
        _list(edits, as_json=as_json)
        return
    result = _change(made, edits[0], values, connect, silent=as_json and not sys.stderr.isatty())
    if as_json:
        print_json(result.to_json())
        return
    from longtake_bridge.cli.report import result_lines

    click.echo("\n".join(result_lines(result)))


def _check(values: dict[str, Any]) -> None:
    if values["choose"] is not None and values["again"]:
        raise wrong_call("--choose shows a take, --again makes one; give one of them.")
    more = values["seed"] is not None or values["model"] is not None or values["count"] != 1
    if more and not values["again"]:
        raise wrong_call("--seed, --model and --count say how to make a take; add --again.")


def _change(
    made: MadeTimeline, edit: MadeEdit, values: dict[str, Any], connect: str | None, *, silent: bool
) -> Result:
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine
    from longtake_bridge.takes import More, choose, make_more

    output, force = values["output"], values["force"]
    if values["choose"] is not None:
        return choose(made, edit, _number(values["choose"]), output, force=force)
    more = More(values["count"], values["seed"], values["model"])
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        return make_more(engine, made, edit, more, output, force=force, on_change=on_change)


def _number(text: str) -> int | None:
    if text == "original":
        return None
    if not text.isdecimal() or int(text) < 1:
        raise wrong_call(f'--choose "{text}" is no take; give its number, or original.')
    return int(text)


def _draw(edits: Sequence[MadeEdit], path: Path, connect: str | None) -> None:
    from longtake_bridge.client import Engine
    from longtake_bridge.takes import draw_takes

    with Engine.open(connect) as engine:
        png = draw_takes(engine, edits)
    try:
        path.write_bytes(png)
    except OSError as error:
        raise wrong_call(f"{path} cannot be written ({error.strerror}); choose another.") from error


def _list(edits: Sequence[MadeEdit], *, as_json: bool) -> None:
    if as_json:
        print_json({"edits": [_edit_json(edit) for edit in edits]})
        return
    for edit in edits:
        click.echo(f'"{edit.clip_name}" at {edit.place}, {edit.task or "made"}:')
        if edit.has_original:
            click.echo(f"  {'>' if edit.active is None else ' '} original")
        for take in edit.takes:
            mark = ">" if take.number == edit.active else " "
            seed = f", seed {take.seed}" if take.seed else ""
            made = f"{take.model}, {take.sureness}{seed}"
            click.echo(f"  {mark} take {take.number}: {made}: {take.media}")


def _edit_json(edit: MadeEdit) -> dict[str, Any]:
    return {
        "clip": edit.clip_name,
        "place": edit.place,
        "task": edit.task,
        "active": edit.active if edit.active is not None else "original",
        "original": edit.has_original,
        "takes": [
            {
                "number": take.number,
                "model": take.model,
                "media": str(take.media),
                "confidence": take.confidence,
                "seed": take.seed,
                "seconds": take.details.get("seconds"),
            }
            for take in edit.takes
        ],
    }
