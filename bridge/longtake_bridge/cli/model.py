"""`longtake models`: what can make frames here, and the store of open weights."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from longtake_bridge.cli.option import connect_option, json_option, print_json, verbose_option
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import CAMERAS

accept_option = click.option(
    "--accept-licence",
    "accept",
    is_flag=True,
    help="You have read the model's licence and accept it.",
)
camera_option = click.option(
    "--camera",
    type=click.Choice(CAMERAS),
    metavar="MOVE",
    help=f"A move of the camera that was taught beside the model: {', '.join(CAMERAS)}.",
)
_NOT_RUN = "No backend of this Longtake runs it yet."


@click.group("models", invoke_without_command=True, short_help="List, install and remove models.")
@json_option
@connect_option
@verbose_option
@click.pass_context
def models_command(
    context: click.Context, as_json: bool, connect: str | None, verbose: bool
) -> None:
    """List what can make frames, install open-weights models, and remove them.

    They lie on the engine's machine: with --connect, on that one.
    """
    if context.invoked_subcommand is None:
        _list(connect, as_json=as_json)


@models_command.command("list")
@json_option
@connect_option
@verbose_option
def list_command(as_json: bool, connect: str | None, verbose: bool) -> None:
    """List the built-in models, and those with open weights, installed or not."""
    _list(connect, as_json=as_json)


@models_command.command("show")
@click.argument("name", metavar="NAME")
@json_option
@connect_option
@verbose_option
def show_command(name: str, as_json: bool, connect: str | None, verbose: bool) -> None:
    """Say what the model NAME does, what it needs and who may use it."""
    from longtake_bridge.cli.model_report import built_in_row, open_row, show_lines
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        backends = {model.name: model for model in engine.models()}
        if name in backends and backends[name].built_in:
            row = built_in_row(backends[name])
        else:
            (model,) = engine.open_models(name)
            row = open_row(model)
    if as_json:
        print_json(row)
        return
    for line in show_lines(row):
        click.echo(line)
    if row["state"] == "installed" and row["tasks"] and name not in backends:
        click.echo(_NOT_RUN)


@models_command.command("install")
@click.argument("name", metavar="NAME")
@accept_option
@click.option(
    "--to",
    "to_folder",
    metavar="DIR",
    help="Keep it in DIR, on another disk perhaps; in the hub's cache where left out.",
)
@click.option("--revision", metavar="REV", default="", help="Another revision of its repository.")
@click.option("--dry-run", is_flag=True, help="Say what would be downloaded, and do not.")
@json_option
@connect_option
@verbose_option
def install_command(
    name: str,
    *,
    accept: bool,
    to_folder: str | None,
    revision: str,
    dry_run: bool,
    as_json: bool,
    connect: str | None,
    verbose: bool,
) -> None:
    """Download the model NAME, verify it and take it into use.

    What was downloaded before, or lies in the hub's cache, is not downloaded again; Ctrl-C keeps
    what has come. HF_ENDPOINT, HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE and HF_TOKEN are heard.
    """
    from longtake.v1 import model_pb2

    from longtake_bridge.cli.model_report import open_row
    from longtake_bridge.client import Engine
    from longtake_bridge.hub_setting import hub_settings

    request = model_pb2.InstallModelRequest(
        name=name,
        accept_license=accept,
        to_folder=_on_engine(to_folder, connect) if to_folder else "",
        revision=revision,
        dry_run=dry_run,
        settings=hub_settings(connect),
    )
    with Engine.open(connect) as engine:
        again = f"the same `longtake models install {name}` goes on from there"
        (answer,) = _follow(
            engine.install_model(request), f"Ended; what has come is kept, and {again}.", as_json
        )
        is_run = not answer.model.tasks or name in {model.name for model in engine.models()}
    if as_json:
        row = open_row(answer.model) | {"downloaded_bytes": answer.downloaded_bytes}
        print_json(row | {"dry_run": dry_run})
        return
    click.echo(_installed(name, answer, dry_run=dry_run))
    if not (dry_run or is_run):
        click.echo(_NOT_RUN)


def _installed(name: str, answer: Any, *, dry_run: bool) -> str:
    """What an installation came to, for a person."""
    from longtake_bridge.cli.estimate import size_text

    size, folder = size_text(answer.downloaded_bytes), answer.model.folder
    if dry_run:
        return f"{size} would be downloaded to {folder}."
    if answer.downloaded_bytes:
        return f"{name} is installed: {size} were downloaded to {folder}."
    return f"{name} is installed in {folder}; there was nothing to download."


@models_command.command("import")
@click.argument("folder", metavar="DIR|FILE")
@click.option("--as", "name", metavar="NAME", default="", help="Which model it is, or is for.")
@camera_option
@click.option(
    "--strength",
    type=click.FloatRange(0, 4, min_open=True),
    help="With --camera: how much of FILE is added to the model; 1 where left out.",
)
@accept_option
@json_option
@connect_option
@verbose_option
def import_command(
    folder: str,
    *,
    name: str,
    camera: str | None,
    strength: float | None,
    accept: bool,
    as_json: bool,
    connect: str | None,
    verbose: bool,
) -> int:
    """Take the models in DIR into use, where they lie; nothing is copied.

    DIR is a pipeline's folder as diffusers saves it, or holds such: a hub's cache, the models of
    ComfyUI. Each file is looked through first.

    With --as NAME --camera MOVE it is the FILE of a camera move that was taught beside a model
    (LoRA): `--camera MOVE` of every command then makes it so.
    """
    from longtake.v1 import model_pb2

    from longtake_bridge.cli.model_report import open_row
    from longtake_bridge.client import Engine

    if strength is not None and camera is None:
        raise wrong_call("--strength is of a camera move; say which with --camera MOVE.")
    request = model_pb2.ImportModelsRequest(
        folder=_on_engine(folder, connect),
        name=name,
        accept_license=accept,
        camera=_camera_kind(camera),
        strength=strength or 0.0,
    )
    with Engine.open(connect) as engine:
        answers = _follow(
            engine.import_models(request), "Ended; what was imported by then is in use.", as_json
        )
    models = [answer.model for answer in answers if answer.WhichOneof("event") == "model"]
    refusals = [answer.refusal for answer in answers if answer.WhichOneof("event") == "refusal"]
    if as_json:
        print_json({"models": [open_row(model) for model in models], "refused": refusals})
        return 0 if models else 3
    for model in models:
        click.echo(_imported(model, folder, camera))
    for refusal in refusals:
        click.echo(f"Not used: {refusal}", err=True)
    return 0 if models else 3


def _imported(model: Any, folder: str, camera: str | None) -> str:
    """What was taken into use, for a person."""
    from longtake_bridge.cli.estimate import size_text

    if camera is not None:
        return f"{model.name} makes the camera move {camera} by {folder} from now on."
    size = size_text(model.disk_bytes)
    return f"{model.name} is in use from {model.folder} ({size}, nothing was copied)."


@models_command.command("verify")
@click.argument("name", metavar="[NAME]", required=False, default="")
@json_option
@connect_option
@verbose_option
def verify_command(name: str, as_json: bool, connect: str | None, verbose: bool) -> int:
    """Read the files of the model NAME again, or of all, and compare them with what they were.

    Ends with 3 where one is damaged; it is not used until `longtake models install` has mended it.
    """
    from longtake_bridge.cli.estimate import size_text
    from longtake_bridge.cli.model_report import open_row
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        answers = _follow(engine.verify_models(name), "Ended; nothing was changed.", as_json)
    models = [answer.model for answer in answers]
    if as_json:
        print_json({"models": [open_row(model) for model in models]})
    elif not models:
        click.echo("No open-weights model is installed.")
    else:
        for model in models:
            whole = f"whole, {size_text(model.disk_bytes)} were looked through."
            click.echo(f"{model.name}: {model.problem or whole}")
    return 3 if any(model.problem for model in models) else 0


@models_command.command("remove")
@click.argument("name", metavar="NAME")
@camera_option
@json_option
@connect_option
@verbose_option
def remove_command(
    name: str, camera: str | None, as_json: bool, connect: str | None, verbose: bool
) -> None:
    """Delete the model NAME, and say what is free now; an imported one is only forgotten.

    With --camera MOVE only what it was taught of that move is forgotten.
    """
    from longtake_bridge.cli.estimate import size_text
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        removed = engine.remove_model(name, _camera_kind(camera))
    if as_json:
        print_json(
            {
                "removed": name,
                "freed_bytes": removed.freed_bytes,
                "folder": removed.folder,
                "kept_files": removed.kept_files,
            }
        )
    elif camera is not None:
        click.echo(f"{name} makes the camera move {camera} without {removed.folder} from now on.")
    elif removed.kept_files:
        click.echo(f"{name} is forgotten; its files are where they were, in {removed.folder}.")
    else:
        click.echo(f"{name} is removed; {size_text(removed.freed_bytes)} are free now.")


def _list(connect: str | None, *, as_json: bool) -> None:
    from longtake_bridge.cli.model_report import built_in_row, list_lines, open_row
    from longtake_bridge.client import Engine

    with Engine.open(connect) as engine:
        rows = [built_in_row(model) for model in engine.models() if model.built_in]
        known = {row["name"] for row in rows}
        rows += [open_row(model) for model in engine.open_models() if model.name not in known]
    if as_json:
        print_json({"models": rows})
        return
    for line in list_lines(rows):
        click.echo(line)


def _camera_kind(camera: str | None) -> Any:
    """The number that the wire has for a move of the camera; 0 for none."""
    from longtake.v1 import job_pb2

    if camera is None:
        return job_pb2.CAMERA_KIND_UNSPECIFIED
    return job_pb2.CameraKind.Value(f"CAMERA_KIND_{camera.upper().replace('-', '_')}")


def _on_engine(folder: str, connect: str | None) -> str:
    """A folder as the engine knows it: whole, where that is on this machine."""
    return folder if connect is not None else str(Path(folder).expanduser().absolute())


def _follow(answers: Any, ended: str, as_json: bool) -> list[Any]:
    """All answers but progress, which is shown as it comes.

    Raises:
        BridgeError: CANCELLED with the sentence `ended`, on Ctrl-C; or what the engine says.
    """
    from longtake_bridge.cli.store_progress import show_store_progress
    from longtake_bridge.errors import BridgeError

    kept = []
    try:
        with show_store_progress(sys.stderr, silent=as_json) as show:
            for answer in answers:
                if answer.WhichOneof("event") == "progress":
                    show(answer.progress)
                else:
                    kept.append(answer)
    except KeyboardInterrupt:
        answers.close()
        raise BridgeError(ended, "CANCELLED") from None
    return kept
