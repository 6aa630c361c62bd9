"""`longtake extend`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import (
    EXTEND_OPTIONS,
    ExtendCall,
    print_json,
    read_call,
    with_options,
)

if TYPE_CHECKING:
    from longtake_bridge.clip_edit import TimelineEdit
    from longtake_bridge.result import Result


@click.command("extend", short_help="Add frames before or after a clip.")
@with_options(*EXTEND_OPTIONS)
def extend_command(as_json: bool, connect: str | None, verbose: bool, **values: Any) -> None:
    """Add frames before or after a clip.

    INPUT is a media file, a folder or pattern of images (shot.%04d.png), or a timeline (.otio,
    .otioz, .otiod; .xml, .fcpxml, .aaf and .edl with longtake[formats]). T is 2s, 48f or a
    timecode.

    OUT is the whole clip with its new frames; for a timeline, a new timeline with its media
    beside it.
    """
    from longtake_bridge.cli.report import result_lines

    result = extend_quietly(read_call(values), as_json=as_json, connect=connect)
    if as_json:
        print_json(result.to_json())
    else:
        click.echo("\n".join(result_lines(result)))


def extend_quietly(call: ExtendCall, *, as_json: bool, connect: str | None) -> Result:
    """What `call` asks for, made; only how it goes is shown, on stderr."""
    from longtake_bridge.cli.progress import show_progress
    from longtake_bridge.client import Engine
    from longtake_bridge.extend import extend_media

    silent = as_json and not sys.stderr.isatty()
    with Engine.open(connect) as engine, show_progress(sys.stderr, silent=silent) as on_change:
        if call.on_timeline:
            # OpenTimelineIO takes its time to load, and media needs none of it.
            from longtake_bridge.extend_timeline import extend_timeline

            return extend_timeline(
                engine, timeline_edit(call), options=call.options, on_change=on_change
            )
        return extend_media(
            engine,
            call.input_path,
            call.output,
            options=call.options,
            only_new=call.only_new,
            on_change=on_change,
        )


def timeline_edit(call: ExtendCall) -> TimelineEdit:
    """The part of `call` that speaks of the timeline."""
    from longtake_bridge.clip_edit import TimelineEdit

    return TimelineEdit(
        call.input_path,
        call.clip or "",
        output=call.output,
        follow=call.follow,
        media_folder=call.media_folder,
    )
