"""`longtake jobs` and `longtake cancel`: the queue."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import connect_option, json_option, print_json, verbose_option
from longtake_bridge.errors import wrong_call

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

_MOST_ENDED = 10  # of them without --all


@click.command("jobs", short_help="List the queue.")
@click.option("--all", "show_all", is_flag=True, help=f"Not only the last {_MOST_ENDED} ended.")
@json_option
@connect_option
@verbose_option
def jobs_command(show_all: bool, as_json: bool, connect: str | None, verbose: bool) -> None:
    """List what runs, what waits and what has ended, newest first."""
    from longtake_bridge.client import ENDED, Engine

    with Engine.open(connect, any_version=True) as engine:
        jobs = list(engine.list_jobs())
    if not show_all:
        ended = [job.id for job in jobs if job.state in ENDED][_MOST_ENDED:]
        jobs = [job for job in jobs if job.id not in ended]
    if as_json:
        print_json({"jobs": [_job_json(job) for job in jobs]})
    elif not jobs:
        click.echo("No jobs.")
    else:
        for row in _table([_job_row(job) for job in jobs]):
            click.echo(row)


@click.command("cancel", short_help="End a job.")
@click.argument("job_id", metavar="ID", required=False)
@click.option("--all", "cancel_all", is_flag=True, help="End every job that runs or waits.")
@json_option
@connect_option
@verbose_option
def cancel_command(
    job_id: str | None, cancel_all: bool, as_json: bool, connect: str | None, verbose: bool
) -> None:
    """End the job ID, or all of them, and remove what they had half written."""
    from longtake_bridge.client import UNENDED, Engine

    if (job_id is None) == (not cancel_all):
        raise wrong_call("Name one job (`longtake jobs` lists them), or say --all.")
    with Engine.open(connect, any_version=True) as engine:
        if cancel_all:
            # The waiting ones first, lest one of them begins when the running one ends.
            open_jobs = [job for job in engine.list_jobs() if job.state in UNENDED]
            open_jobs.sort(key=lambda job: job.state)
            ids = [job.id for job in open_jobs]
        else:
            ids = [job_id or ""]
        jobs = [engine.cancel_job(each) for each in ids]
    if as_json:
        print_json({"jobs": [_job_json(job) for job in jobs]})
        return
    if not jobs:
        click.echo("Nothing runs or waits.")
    for job in jobs:
        click.echo(f"{job.id}: {_state(job)}")


def _state(job: job_pb2.Job) -> str:
    from longtake.v1 import job_pb2

    return job_pb2.JobState.Name(job.state).removeprefix("JOB_STATE_").lower()


def _job_row(job: job_pb2.Job) -> tuple[str, ...]:
    total = job.progress.total_frames
    frames = f"{job.progress.done_frames}/{total}" if total else ""
    created = job.create_time.ToDatetime(UTC).astimezone().strftime("%Y-%m-%d %H:%M")
    told = job.error.message or job.spec.output.path
    return (job.id, _state(job), frames, created, job.spec.WhichOneof("work") or "", told)


def _job_json(job: job_pb2.Job) -> dict[str, Any]:
    from longtake_bridge.result import takes_of

    return {
        "job": job.id,
        "state": _state(job),
        "work": job.spec.WhichOneof("work"),
        "output": job.spec.output.path,
        "create_time": job.create_time.ToJsonString(),
        "done_frames": job.progress.done_frames,
        "total_frames": job.progress.total_frames,
        "attempt": job.attempt,
        "error": job.error.message or None,
        "takes": [take.to_json() for take in takes_of(job)],
    }


def _table(rows: list[tuple[str, ...]]) -> list[str]:
    rows = [("JOB", "STATE", "FRAMES", "ASKED AT", "WORK", "OUTPUT OR ERROR"), *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
