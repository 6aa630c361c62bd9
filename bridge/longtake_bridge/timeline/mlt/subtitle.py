"""Subtitles of an MLT project: beside it as .srt or .ass, or inside it, as Shotcut keeps them.

Texts are given as latin-1, so that whatever encoding they have comes back byte for byte.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from longtake_bridge.timeline.mlt.element import Element, find_property, get_property
from longtake_bridge.timeline.mlt.tree import Tree

SUFFIXES = (".srt", ".ass")

_TIME = r"(?:(?P<{0}h>\d+):)?(?P<{0}m>\d+):(?P<{0}s>\d+)(?P<{0}p>[.,])(?P<{0}f>\d+)"
_BOTH = (_TIME.format("a"), _TIME.format("b"))
_SRT = re.compile(rf"^(?P<head>[ \t]*){_BOTH[0]}(?P<gap>[ \t]*-->[ \t]*){_BOTH[1]}", re.M)
_ASS = re.compile(
    rf"^(?P<head>(?:Dialogue|Comment):[^,\n]*,[ \t]*){_BOTH[0]}(?P<gap>,[ \t]*){_BOTH[1]}", re.M
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle."""

    start_s: Fraction
    text: str


def sidecars(path: Path) -> list[Path]:
    """The subtitle files beside a project, which Kdenlive finds by its name."""
    return [
        one
        for one in sorted(path.parent.iterdir())
        if one.name.startswith(path.name) and one.suffix.lower() in SUFFIXES and one != path
    ]


def cues_of(tree: Tree, path: Path) -> list[Cue]:
    """All subtitles of the project at `path`: of its files, then those inside it."""
    found: list[Cue] = []
    for one in sidecars(path):
        found += read_cues(one.read_text("latin-1"))
    for element in _inside(tree):
        found += read_cues(element.text or "")
    return found


def read_cues(text: str) -> list[Cue]:
    """The subtitles in the text of a file, in its order."""
    found = [(match, _seconds(match, "a")) for match in _pattern(text).finditer(text)]
    return [Cue(start_s, _first_line(text, match.end())) for match, start_s in found]


def move_cues(text: str, shifts_s: Sequence[Fraction]) -> str:
    """The text of a file with its subtitles later, each by as many seconds."""
    left = iter(shifts_s)

    def move(match: re.Match[str]) -> str:
        shift_s = next(left, Fraction(0))
        if not shift_s:
            return match[0]
        return "".join(
            [match["head"], _later(match, "a", shift_s), match["gap"], _later(match, "b", shift_s)]
        )

    return _pattern(text).sub(move, text)


def move_inside(tree: Tree, shifts_s: Sequence[Fraction]) -> None:
    """Puts the subtitles inside a project later, each by as many seconds."""
    at = 0
    for element in _inside(tree):
        text = element.text or ""
        count = len(read_cues(text))
        element.text = move_cues(text, shifts_s[at : at + count])
        at += count


def _inside(tree: Tree) -> Iterator[Element]:
    """Shotcut's subtitles (24.08 and later): SRT in a property of the timeline."""
    for one in tree.root.iter("filter"):
        text = find_property(one, "text")
        if get_property(one, "mlt_service") == "subtitle_feed" and text is not None:
            yield text


def _pattern(text: str) -> re.Pattern[str]:
    return _ASS if "[Events]" in text else _SRT


def _seconds(match: re.Match[str], edge: str) -> Fraction:
    whole_s = (int(match[f"{edge}h"] or 0) * 60 + int(match[f"{edge}m"])) * 60
    digits = match[f"{edge}f"]
    return whole_s + int(match[f"{edge}s"]) + Fraction(int(digits), 10 ** len(digits))


def _later(match: re.Match[str], edge: str, shift_s: Fraction) -> str:
    hours, digits = match[f"{edge}h"], len(match[f"{edge}f"])
    units = round((_seconds(match, edge) + shift_s) * 10**digits)
    seconds, part = divmod(max(units, 0), 10**digits)
    minutes, seconds = divmod(seconds, 60)
    whole_hours, minutes = divmod(minutes, 60)
    width = len(hours) if hours else 2
    front = f"{whole_hours:0{width}}:" if hours or whole_hours else ""
    return f"{front}{minutes:02}:{seconds:02}{match[f'{edge}p']}{part:0{digits}}"


def _first_line(text: str, end: int) -> str:
    rest = text[end:].split("\n", 2)
    line = rest[0].rpartition(",,")[2] if rest[0].startswith(",") else "".join(rest[1:2])
    try:
        return line.strip().encode("latin-1").decode("utf-8")
    except UnicodeError:
        return line.strip()
