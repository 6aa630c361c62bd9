"""`longtake models`."""

import click

from longtake_bridge.cli.option import connect_option, json_option, print_json, verbose_option


@click.command("models", short_help="List what can make frames here.")
@json_option
@connect_option
@verbose_option
def models_command(as_json: bool, connect: str | None, verbose: bool) -> None:
    """List what can make frames on this machine, and what for."""
    from longtake.v1 import model_pb2

    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        models = engine.models()
    rows = [
        {
            "name": model.name,
            "description": model.description,
            "built_in": model.built_in,
            "tasks": [
                model_pb2.Task.Name(task).removeprefix("TASK_").lower() for task in model.tasks
            ],
            "takes_prompt": model.takes_prompt,
            "min_known_frames": model.min_known_frames,
            "max_new_frames": model.max_new_frames or None,
            "license": model.license,
        }
        for model in models
    ]
    if as_json:
        print_json({"models": rows})
        return
    width = max((len(row["name"]) for row in rows), default=0)
    for row in rows:
        click.echo(f"{row['name'].ljust(width)}  {', '.join(row['tasks'])}: {row['description']}")
