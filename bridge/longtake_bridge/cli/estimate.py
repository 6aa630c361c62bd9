"""`longtake estimate`."""

from __future__ import annotations

from collections.abc import Sequence
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
    from longtake.v1 import job_pb2

    from longtake_bridge.client import Engine


@click.command("estimate", short_help="Say what an extension would cost.")
@with_options(*EXTEND_OPTIONS)
def estimate_command(as_json: bool, connect: str | None, verbose: bool, **values: Any) -> None:
    """Say what `longtake extend` with the same options would take: time, memory, disk."""
    from longtake_bridge.client import Engine

    call = read_call(values)
    with Engine.open(connect) as engine:
        answers = _estimate(engine, call)
    print_estimates(answers, as_json=as_json)


def print_estimates(answers: Sequence[job_pb2.EstimateJobResponse], *, as_json: bool) -> None:
    """Print what each piece of work would cost."""
    if as_json:
        print_json({"estimates": [_estimate_json(answer) for answer in answers]})
    elif not answers:
        click.echo("The source holds enough real frames; nothing would be made.")
    for answer in answers if not as_json else ():
        click.echo(_estimate_text(answer))


def _estimate(engine: Engine, call: ExtendCall) -> tuple[job_pb2.EstimateJobResponse, ...]:
    from longtake_bridge.cli.extend import timeline_edit
    from longtake_bridge.extend import media_spec

    if call.on_timeline:
        from longtake_bridge.extend_timeline import estimate_timeline

        return estimate_timeline(engine, timeline_edit(call), options=call.options)
    spec = media_spec(call.input_path, call.output, options=call.options, only_new=call.only_new)
    return (engine.estimate(spec),)


def _estimate_json(answer: job_pb2.EstimateJobResponse) -> dict[str, Any]:
    return {
        "model": answer.model,
        "new_frames": answer.new_frames,
        "total_frames": answer.total_frames,
        "seconds": answer.seconds,
        "memory_bytes": answer.memory_bytes,
        "disk_bytes": answer.disk_bytes,
        "disk_free_bytes": answer.disk_free_bytes,
        "measured": answer.measured,
    }


def _estimate_text(answer: job_pb2.EstimateJobResponse) -> str:
    from longtake_bridge.cli.progress import time_text

    return (
        f"{answer.new_frames} new frames by {answer.model}, {answer.total_frames} to write: about "
        f"{time_text(answer.seconds)} of work, {size_text(answer.memory_bytes)} of memory, "
        f"{size_text(answer.disk_bytes)} on disk ({size_text(answer.disk_free_bytes)} free)"
        f"{', as such work took here before' if answer.measured else ''}."
    )


def size_text(size_bytes: float) -> str:
    """A size for a person: "1.4 GB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if size_bytes < 1000:
            return f"{size_bytes:.3g} {unit}"
        size_bytes /= 1000
    return f"{size_bytes:.3g} TB"
