"""`python -m longtake_engine.training`: train a network, look at its curves, write its card."""

import argparse
import math
import signal
import sys
from dataclasses import fields, replace
from pathlib import Path
from threading import Event
from typing import Any, get_args

from longtake_engine.errors import EngineError, WrongCall
from longtake_engine.training import checkpoint
from longtake_engine.training.card import write_card
from longtake_engine.training.checkpoint import write_weights
from longtake_engine.training.export import write_onnx
from longtake_engine.training.loop import train
from longtake_engine.training.plot import write_plot
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.tasks import NAMES, SIZES, training_of

PLOT, CARD, WEIGHTS, ONNX = "plot.png", "card.md", "weights.safetensors", "network.onnx"


def main(words: list[str] | None = None) -> int:
    """Do what the command line asks for; 0 where that was possible."""
    asked = _parser().parse_args(words)
    try:
        asked.act(asked)
    except EngineError as error:
        print(error.sentence, file=sys.stderr)
        return 2 if isinstance(error, WrongCall) else 3
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m longtake_engine.training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in NAMES:
        training = commands.add_parser(name, help=f"train the network for {name}")
        training.set_defaults(act=_train, task=name)
        _add_out(training)
        training.add_argument("--size", choices=SIZES, help="of the network; small to begin with")
        training.add_argument("--resume", action="store_true", help="go on from DIR's checkpoint")
        training.add_argument(
            "--minutes", type=float, default=math.inf, metavar="M", help="of this run"
        )
        _add_settings(training)
    plot = commands.add_parser("plot", help="draw the curves of a training's log as PNG")
    plot.set_defaults(act=lambda asked: write_plot(asked.out, _to(asked, PLOT)))
    card = commands.add_parser("card", help="write the model card of a training")
    card.set_defaults(act=_card)
    card.add_argument("--figures", type=Path, metavar="FILE", help="Markdown on real clips")
    weights = commands.add_parser("weights", help="write the averaged weights for the engine")
    weights.set_defaults(act=lambda asked: write_weights(asked.out, _to(asked, WEIGHTS)))
    onnx = commands.add_parser("onnx", help="write those for OpenCV, which needs no torch")
    onnx.set_defaults(act=lambda asked: write_onnx(asked.out / WEIGHTS, _to(asked, ONNX)))
    for command, name in ((plot, PLOT), (card, CARD), (weights, WEIGHTS), (onnx, ONNX)):
        _add_out(command)
        command.add_argument("--to", type=Path, metavar="PATH", help=f"else {name} in DIR")
    return parser


def _add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="of the training")


def _add_settings(parser: argparse.ArgumentParser) -> None:
    """One option for each setting; None where it is not given."""
    for field in fields(TrainingSettings):
        word = f"--{field.name.replace('_', '-')}"
        choices = get_args(field.type)
        if isinstance(field.default, bool):
            parser.add_argument(word, action=argparse.BooleanOptionalAction, default=None)
        elif choices:
            parser.add_argument(word, choices=choices, default=None)
        else:
            parser.add_argument(word, type=type(field.default), default=None, metavar="N")


def _train(asked: argparse.Namespace) -> None:
    there = (asked.out / checkpoint.NAME).exists()
    if there and not asked.resume:
        raise WrongCall(f"{asked.out} holds a training: add --resume, or give another folder.")
    told = checkpoint.read_told(asked.out) if asked.resume else None
    if told is not None and told.task != asked.task:
        raise WrongCall(f'{asked.out} holds a training of "{told.task}": give that name.')
    size = asked.size or (told.size if told else SIZES[0])
    task, usual = training_of(asked.task, size)
    names = (field.name for field in fields(TrainingSettings))
    given: dict[str, Any] = {name: getattr(asked, name) for name in names}
    given = {name: value for name, value in given.items() if value is not None}
    settings = replace(told.settings if told else usual, **given)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    train(
        task,
        settings,
        asked.out,
        size=size,
        resume=asked.resume,
        minutes=asked.minutes,
        stopped=stop.is_set,
    )


def _to(asked: argparse.Namespace, name: str) -> Path:
    return asked.to or asked.out / name


def _card(asked: argparse.Namespace) -> None:
    figures = asked.figures.read_text(encoding="utf-8") if asked.figures else ""
    write_card(asked.out, _to(asked, CARD), figures)


if __name__ == "__main__":
    sys.exit(main())
