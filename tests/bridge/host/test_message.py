"""The words of the session: PROTOCOL.md names every one of them, and no other."""

import ast
import json
import re
import typing
from fractions import Fraction
from pathlib import Path

import msgspec
import pytest
from longtake_bridge import host, option
from longtake_bridge.errors import BridgeError
from longtake_bridge.host import change, context, message

FOLDER = Path(host.__file__).parent
SECTIONS = re.split(r"^##+ ", (FOLDER / "PROTOCOL.md").read_text("utf-8"), flags=re.MULTILINE)
REQUEST_PART = next(i for i, text in enumerate(SECTIONS) if text.startswith("Requests\n"))
ANSWER_PART = next(i for i, text in enumerate(SECTIONS) if text.startswith("Answers\n"))


def told(name: str, sections: list[str]) -> list[str]:
    (section,) = [text for text in sections if text.split("\n")[0].strip("`") == name]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def spoken(kind: type) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


def tag(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)


@pytest.mark.parametrize("kind", message.REQUESTS, ids=tag)
def test_every_request_is_told(kind: type) -> None:
    names = told(tag(kind), SECTIONS[REQUEST_PART:ANSWER_PART])
    assert len(names) == len(set(names))
    assert set(names) == spoken(kind)


@pytest.mark.parametrize("kind", message.ANSWERS, ids=tag)
def test_every_answer_is_told(kind: type) -> None:
    assert set(told(tag(kind), SECTIONS[ANSWER_PART:])) == spoken(kind)


OTHERS = (
    *(context.Context, context.Item, context.Track, context.Settings),
    *(message.TaskAbility, message.ModelChoice, message.TakeFile),
)


@pytest.mark.parametrize("kind", OTHERS, ids=lambda kind: kind.__name__)
def test_what_they_hold_is_told(kind: type) -> None:
    assert set(told(kind.__name__, SECTIONS)) == spoken(kind)


@pytest.mark.parametrize("kind", typing.get_args(change.Change), ids=tag)
def test_every_change_is_told(kind: type) -> None:
    assert set(told(tag(kind), SECTIONS)) == spoken(kind)


def test_nothing_else_is_told() -> None:
    titles = {text.split("\n")[0].strip("`") for text in SECTIONS[1:]}
    kinds = {tag(k) for k in (*message.REQUESTS, *message.ANSWERS, *typing.get_args(change.Change))}
    kinds |= {kind.__name__ for kind in OTHERS}
    parts = {"Requests", "What requests hold", "Answers", "Changes"}
    assert titles == kinds | parts


def test_choices_are_those_of_the_command_line() -> None:
    kinds = {f.encode_name: f.type for f in msgspec.structs.fields(context.Settings)}
    for name, choices in {
        "codec": option.CODECS,
        "join": option.JOINS,
        "music": option.MUSIC,
        "quality": option.QUALITIES,
        "mask_hides": option.MASK_HIDES,
    }.items():
        assert typing.get_args(kinds[name]) == choices
    assert typing.get_args(typing.get_args(kinds["defects"])[0]) == option.DEFECTS


def hello(**fields: object) -> dict[str, object]:
    return {"type": "hello", "id": "1", "version": 1, "host": "test"} | fields


def test_a_request_is_read() -> None:
    request = message.read_request(hello(preview="none"))
    assert isinstance(request, message.Hello)
    assert request.preview == "none"
    assert request.on_close == "cancel"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (25, Fraction(25)),
        (12.5, Fraction(25, 2)),
        (23.976, Fraction(24000, 1001)),
        (30 / 1.001, Fraction(30000, 1001)),
        ("24000/1001", Fraction(24000, 1001)),
    ],
)
def test_rates_are_exact(said: object, meant: Fraction) -> None:
    value = {"type": "start", "id": "1", "task": "extend", "context": {"rate": said}}
    request = message.read_request(value)
    assert isinstance(request, message.Start)
    assert request.context.rate == meant


WRONG = {
    "no type": ({}, "UNKNOWN_MESSAGE"),
    "another type": ({"type": "dance"}, "UNKNOWN_MESSAGE"),
    "a type that is no text": ({"type": ["hello"]}, "UNKNOWN_MESSAGE"),
    "another version": (hello(version=2), "UNKNOWN_VERSION"),
    "no version": ({"type": "hello", "id": "1", "host": "test"}, "UNKNOWN_VERSION"),
    "a field too many": (hello(colour="red"), "WRONG_CALL"),
    "a field too few": ({"type": "start", "id": "1"}, "WRONG_CALL"),
    "a wrong choice": (hello(preview="film"), "WRONG_CALL"),
    "an id that is no text": (hello(id=7), "WRONG_CALL"),
    "a rate of nothing": (
        {"type": "start", "id": "1", "task": "extend", "context": {"rate": 0}},
        "WRONG_CALL",
    ),
    "a rate that is none": (
        {"type": "start", "id": "1", "task": "extend", "context": {"rate": True}},
        "WRONG_CALL",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_a_sentence(name: str) -> None:
    value, reason = WRONG[name]
    with pytest.raises(BridgeError) as caught:
        message.read_request(dict(value))
    assert caught.value.reason == reason
    assert caught.value.sentence.endswith(".")


@pytest.mark.parametrize("line", ["", "{", "[]", "7", '"hello"', "\ufffd\x00"])
def test_a_line_that_is_none_is_a_sentence(line: str) -> None:
    with pytest.raises(BridgeError, match="one object a line"):
        message.parse_line(line)


def test_an_answer_is_one_line_of_ascii() -> None:
    answer = message.Failure(id="é", reason="BAD_INPUT", message="Zwei\nZeilen – so.")
    line = message.write_answer(answer)
    assert "\n" not in line
    assert line.isascii()
    assert json.loads(line)["message"] == "Zwei\nZeilen – so."


@pytest.mark.parametrize("name", ["client_for_hosts.py", "edits_for_hosts.py"])
def test_what_plugins_share_needs_only_the_standard_library_of_python_3_6(name: str) -> None:
    source = (FOLDER / name).read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 6))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    allowed = ("collections", "itertools", "json", "os", "subprocess", "sys", "threading", "time")
    assert imported <= {*allowed}
    assert not any(isinstance(node, ast.ImportFrom) for node in ast.walk(tree))
