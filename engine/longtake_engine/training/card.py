"""The model card of a training: what made the weights, and what they are measured at."""

from dataclasses import asdict
from pathlib import Path

from longtake_engine.training.checkpoint import read_told
from longtake_engine.training.log import Log
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.whole import write_text

LICENCE = "Apache-2.0"


def write_card(folder: Path, path: Path, figures: str = "") -> None:
    """Write the card of what `folder` holds, as Markdown.

    Args:
        folder: Of a training.
        path: Where the card goes.
        figures: Markdown about measurements on real clips.

    Raises:
        EngineError: There is no checkpoint in the folder, or not this program's.
    """
    told = read_told(folder)
    settings = asdict(told.settings)
    usual = asdict(TrainingSettings())
    command = f"python -m longtake_engine.training {told.task} --out DIR --size {told.size}"
    options = [_option(name, value) for name, value in settings.items() if value != usual[name]]
    hours = ", ".join(f"{seconds / 3600:.2f} h on {name}" for name, seconds in told.seconds.items())
    last = [line for line in Log(folder).lines() if line["kind"] == "validation"]
    parts = [
        f"# Longtake's network: {told.task} ({told.size})",
        f"License: {LICENCE}. Learnt from scenes that Longtake's own program drew and from nothing "
        "else: no footage, no pictures, no other network's weights.",
        f"```\n{' '.join([command, *options])}\n```",
        f"{told.step} of {settings['steps']} steps with seed {settings['seed']}: {hours}.",
    ]
    if last:
        parts.append("On drawn scenes that it never learnt from, first and last:")
        parts.append(_table([last[0], last[-1]]))
    if figures:
        parts.append(figures.strip())
    write_text(path, "\n\n".join(parts) + "\n")


def _option(name: str, value: object) -> str:
    word = f"--{name.replace('_', '-')}"
    if isinstance(value, bool):
        return word if value else word.replace("--", "--no-")
    return f"{word} {value}"


def _table(lines: list[dict[str, float]]) -> str:
    names = [name for name in lines[0] if name not in ("kind", "hours")]
    head = f"| {' | '.join(names)} |\n|{' --- |' * len(names)}"
    rows = [f"| {' | '.join(f'{line[name]:g}' for name in names)} |" for line in lines]
    return "\n".join([head, *rows])
