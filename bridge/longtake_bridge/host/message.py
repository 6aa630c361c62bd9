"""The messages of the host session, one class each; PROTOCOL.md says the same in words.

Requests carry an `id` of the host's choice, and every answer to one carries it back.
"""

import json
from fractions import Fraction
from typing import Any, ClassVar, Literal

import msgspec
from msgspec import Struct

from longtake_bridge.errors import BridgeError, wrong_call
from longtake_bridge.host.change import Change
from longtake_bridge.host.context import Context, Settings, TaskName
from longtake_bridge.length import parse_rate

VERSION = 1
VERSIONS = (VERSION,)  # all that this session speaks


class Request(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    """What a host says."""

    id: str  # of the host's choice; of an edit until it has ended


class Hello(Request, frozen=True, tag="hello"):
    """Comes first. Answered by `welcome`."""

    version: int
    host: str  # "blender", "kdenlive", ...
    host_version: str = ""
    preview: Literal["path", "base64", "none"] = "path"
    on_close: Literal["cancel", "keep"] = "cancel"  # what becomes of jobs when the host is gone


class AskCapabilities(Request, frozen=True, tag="capabilities"):
    """What can be done here. Starts the engine."""


class AskModels(Request, frozen=True, tag="models"):
    """What can make frames here. Starts the engine."""


class AskEstimate(Request, frozen=True, tag="estimate"):
    """What an edit would cost; nothing is made."""

    task: TaskName
    context: Context
    settings: Settings = Settings()


class Start(Request, frozen=True, tag="start"):
    """An edit. Answered by `planned`, `progress` any number of times, then `result` or `error`."""

    task: TaskName
    context: Context
    settings: Settings = Settings()


class Cancel(Request, frozen=True, tag="cancel"):
    """End the edit of this id, which then answers with the error CANCELLED."""


class Answer(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What Longtake says; `id` is that of the request."""

    ends: ClassVar[bool] = True  # whether it is the last answer to its request

    id: str | None


class Welcome(Answer, frozen=True, tag="welcome"):
    """The answer to `hello`."""

    version: int  # spoken from now on
    longtake: str  # version of Longtake


class TaskAbility(Struct, frozen=True):
    """One task, and whether it can be done here."""

    name: str
    title: str  # for a menu
    available: bool
    why_not: str  # a sentence; empty where it can be done


class Capabilities(Answer, frozen=True, tag="capabilities"):
    """What can be done here; a plugin shows what is available."""

    tasks: tuple[TaskAbility, ...]
    takes_prompt: bool  # whether any model listens to a prompt
    codecs: tuple[str, ...]
    qualities: tuple[str, ...]
    joins: tuple[str, ...]


class ModelChoice(Struct, frozen=True):
    """One model."""

    name: str
    description: str
    tasks: tuple[str, ...]  # extend, interpolate, inpaint, generate
    takes_prompt: bool
    built_in: bool
    license: str


class Models(Answer, frozen=True, tag="models"):
    """What can make frames here, best known first; `auto` is always a choice too."""

    models: tuple[ModelChoice, ...]


class Estimate(Answer, frozen=True, tag="estimate"):
    """What an edit would cost."""

    real_frames: int  # timeline frames that come from the sources themselves
    new_frames: int  # frames to make, at the media's rate
    seconds: float
    memory_bytes: int
    disk_bytes: int
    disk_free_bytes: int
    notes: tuple[str, ...]


class Planned(Answer, frozen=True, tag="planned"):
    """What is about to be done."""

    ends: ClassVar[bool] = False

    real_frames: int
    new_frames: int
    notes: tuple[str, ...]


class Progress(Answer, frozen=True, tag="progress"):
    """How far an edit is."""

    ends: ClassVar[bool] = False

    phase: str  # a word or two for a person
    done_frames: int
    total_frames: int  # 0 until known
    remaining_s: float | None
    step: int  # from 1; an extension of both sides takes two
    steps: int
    preview_path: str | None  # a JPEG of the newest frame, there until the next one but one
    preview_base64: str | None


class TakeFile(Struct, frozen=True):
    """One way of doing the work, on disk."""

    media: str
    model: str
    frame_count: int
    rate: Fraction
    confidence: float | None  # 0 to 1: above 0.6 usually cuts, below 0.3 rather not
    seconds: float | None  # of work
    notes: tuple[str, ...]
    details: dict[str, Any]  # the take as `longtake extend --json` prints it


class Result(Answer, frozen=True, tag="result"):
    """An edit is made. `changes`, done in their order, put it on the host's timeline."""

    task: TaskName
    takes: tuple[TakeFile, ...]  # best first
    changes: tuple[Change, ...]  # empty for a timeline file
    placements: tuple[dict[str, Any], ...]  # the same as placements, for who reads those
    timeline: str | None  # path of the new timeline, where a file was given
    jobs: tuple[str, ...]
    notes: tuple[str, ...]  # what an editor should know, one sentence each


class Failure(Answer, frozen=True, tag="error"):
    """A request has failed, or a line was none. The session goes on."""

    reason: str  # UPPER_SNAKE_CASE, for programs
    message: str  # one sentence that says what to do


REQUESTS: tuple[type[Request], ...] = (
    Hello,
    AskCapabilities,
    AskModels,
    AskEstimate,
    Start,
    Cancel,
)
ANSWERS: tuple[type[Answer], ...] = (
    Welcome,
    Capabilities,
    Models,
    Estimate,
    Planned,
    Progress,
    Result,
    Failure,
)


def parse_line(line: str) -> dict[str, Any]:
    """The object that a line holds.

    Raises:
        BridgeError: WRONG_CALL; it holds none.
    """
    try:
        value = json.loads(line)
    except ValueError as error:
        raise wrong_call(f"This line is no JSON ({error}); send one object a line.") from None
    if not isinstance(value, dict):
        raise wrong_call("This line is no JSON object; send one object a line.")
    return value


def read_request(value: dict[str, Any]) -> Request:
    """The request that an object is.

    Raises:
        BridgeError: UNKNOWN_MESSAGE; its type is none of ours. UNKNOWN_VERSION. WRONG_CALL; a
            field is wrong, missing or not known.
    """
    kinds = {str(kind.__struct_config__.tag): kind for kind in REQUESTS}
    name = value.get("type")
    kind = kinds.get(name) if isinstance(name, str) else None
    if kind is None:
        raise BridgeError(
            f'There is no message "{name}"; there are {", ".join(kinds)}.', "UNKNOWN_MESSAGE"
        )
    if kind is Hello and value.get("version") not in VERSIONS:
        spoken = " and ".join(map(str, VERSIONS))
        raise BridgeError(
            f"This Longtake speaks version {spoken} of its words, the plugin version "
            f"{value.get('version')}; run `longtake plugins install` once more.",
            "UNKNOWN_VERSION",
        )
    try:
        return msgspec.convert(value, kind, dec_hook=_read_own)
    except msgspec.ValidationError as error:
        raise wrong_call(f'"{name}" is not as it should be: {error}.') from None


def write_answer(answer: Answer) -> str:
    """The line of an answer, without its end: ASCII, so that no code page spoils it."""
    value = msgspec.to_builtins(answer, enc_hook=_write_own)
    value = {"type": value.pop("type"), "id": value.pop("id"), **value}  # for who reads along
    return json.dumps(value, allow_nan=False)


def _read_own(kind: type, value: Any) -> Any:
    if kind is not Fraction:
        raise NotImplementedError
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("Expected a rate such as 25, 23.976 or 24000/1001")
    try:
        # Hosts divide, and say 29.970029970029973 for 30000/1001.
        return parse_rate(f"{value:.6f}" if isinstance(value, float) else str(value))
    except BridgeError as error:
        raise ValueError(error.sentence.rstrip(".")) from None


def _write_own(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise NotImplementedError
