"""What the daemon and a worker process say to each other: one JSON object a line, each way."""

from fractions import Fraction
from pathlib import Path

import msgspec

from longtake_engine.jobs.experience import Experience
from longtake_engine.jobs.fault import Fault
from longtake_engine.work import CameraMove, Progress, SheetRow, Spec, Take, from_json, to_json


class RunJob(msgspec.Struct, frozen=True, tag="run_job"):
    """Do this; answered by any number of `Progress` and `Take`, then `Done` or `Broken`."""

    job_id: str
    spec: Spec


class StopJob(msgspec.Struct, frozen=True, tag="stop_job"):
    """Cancel this job if it still runs; answered by the job's own end."""

    job_id: str


class AskProbe(msgspec.Struct, frozen=True, tag="ask_probe"):
    """What does this file hold? Answered by `Answer` or `Broken`."""

    path: Path
    sequence_rate: Fraction | None = None


class AskEstimate(msgspec.Struct, frozen=True, tag="ask_estimate"):
    """What would this cost? Answered by `Answer` or `Broken`."""

    spec: Spec


class AskModels(msgspec.Struct, frozen=True, tag="ask_models"):
    """What can complete frames here? Answered by `Answer` or `Broken`."""


class AskSheet(msgspec.Struct, frozen=True, tag="ask_sheet"):
    """What do these frames look like beside each other? Answered by `Answer` or `Broken`."""

    rows: tuple[SheetRow, ...]


class AskPrompt(msgspec.Struct, frozen=True, tag="ask_prompt"):
    """How would this prompt be written out? Answered by `Answer` or `Broken`."""

    prompt: str
    camera: CameraMove | None
    shown: bool  # by pictures that the shot goes on from


class AskLikeness(msgspec.Struct, frozen=True, tag="ask_likeness"):
    """Which of these texts mean alike? Answered by `Answer` or `Broken`."""

    wishes: tuple[str, ...]
    texts: tuple[str, ...]


class Done(msgspec.Struct, frozen=True, tag="done"):
    """The job has ended well; its takes came before."""

    experience: Experience | None = None  # what it took, where that can be told


class Broken(msgspec.Struct, frozen=True, tag="broken"):
    """The job or question has ended badly."""

    fault: Fault


class Answer(msgspec.Struct, frozen=True, tag="answer"):
    """The answer to a question, as the JSON of what was asked for."""

    value: msgspec.Raw


Question = AskProbe | AskEstimate | AskModels | AskSheet | AskPrompt | AskLikeness
Command = RunJob | StopJob | Question
Event = Progress | Take | Done | Broken | Answer


class CommandLine(msgspec.Struct, frozen=True):
    """One line to a worker."""

    command: Command


class EventLine(msgspec.Struct, frozen=True):
    """One line from a worker."""

    event: Event


def command_line(command: Command) -> bytes:
    """The line that says `command`."""
    return to_json(CommandLine(command)) + b"\n"


def event_line(event: Event) -> bytes:
    """The line that says `event`."""
    return to_json(EventLine(event)) + b"\n"


def read_command(line: bytes) -> Command:
    """The command that a line says; raises `msgspec.MsgspecError` where it says none."""
    return from_json(line, CommandLine).command


def read_event(line: bytes) -> Event:
    """The event that a line says; raises `msgspec.MsgspecError` where it says none."""
    return from_json(line, EventLine).event
