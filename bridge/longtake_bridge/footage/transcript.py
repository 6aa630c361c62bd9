"""What is said when: SubRip, WebVTT, and plain text with times."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from longtake_bridge.errors import BridgeError, bad_input

SUFFIXES = (".srt", ".vtt")
_LARGEST_BYTES = 20_000_000
_CLOCK = r"(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:[.,](\d{1,6}))?"
_CUE = re.compile(rf"^\s*{_CLOCK}\s*-->\s*{_CLOCK}")
_LINE = re.compile(
    rf"^\s*[\[(]?{_CLOCK}[\])]?(?:\s*(?:-->|[-–—]|to|bis)\s*[\[(]?{_CLOCK}[\])]?)?[\s:|-]+"
)
_TAG = re.compile(r"<[^>]*>|\{\\[^}]*\}")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)]*$")


@dataclass(frozen=True, slots=True)
class Passage:
    """Words, and when they are said; seconds, half-open."""

    text: str
    start_s: Fraction
    end_s: Fraction | None = None  # None: nobody says


def read_transcript(path: Path) -> tuple[Passage, ...]:
    """The passages of a file in time order.

    Raises:
        BridgeError: It is not there, too large, or says nothing with a time.
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise bad_input(f"{path.name} is too large for a script; give one of a few pages.")
        text = _decoded(path.read_bytes())
    except FileNotFoundError:
        raise BridgeError(f"{path} is not there; check the path.", "MISSING_INPUT") from None
    except OSError as error:
        raise BridgeError(f"{path} cannot be read: {error.strerror}.", "BAD_INPUT") from None
    passages = tuple(_cues(text)) if "-->" in text else tuple(_timed_lines(text))
    if not passages:
        raise bad_input(
            f"{path.name} says nothing with a time; give an .srt, a .vtt, or lines that begin with"
            " one, such as 00:01:05 The harbour wakes."
        )
    return _ended(sorted(passages, key=lambda one: one.start_s))


def join_sentences(
    passages: tuple[Passage, ...], *, longest_s: Fraction, pause_s: Fraction = Fraction(1)
) -> tuple[Passage, ...]:
    """Passages put together as far as one sentence goes, up to `longest_s`: subtitles break a
    sentence where a line is full."""
    joined: list[Passage] = []
    for passage in passages:
        last = joined[-1] if joined else None
        if last is not None and last.end_s is not None and passage.end_s is not None:
            goes_on = not _SENTENCE_END.search(last.text)
            near = passage.start_s - last.end_s <= pause_s
            if goes_on and near and passage.end_s - last.start_s <= longest_s:
                joined[-1] = Passage(f"{last.text} {passage.text}", last.start_s, passage.end_s)
                continue
        joined.append(passage)
    return tuple(joined)


def _cues(text: str) -> Iterator[Passage]:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        match = _CUE.match(line)
        if match is None:
            continue
        words = []
        for after in lines[number + 1 :]:
            if not after.strip() or _CUE.match(after):
                break
            words.append(_TAG.sub("", after).strip())
        # Without a blank line between, the next cue's own number stands at the end.
        while words and words[-1].isdigit() and len(words) > 1:
            words.pop()
        said = " ".join(word for word in words if word)
        start_s, end_s = _seconds(match.groups()[:4]), _seconds(match.groups()[4:8])
        if said and end_s > start_s:
            yield Passage(said, start_s, end_s)


def _timed_lines(text: str) -> Iterator[Passage]:
    """Lines that begin with a time; what stands below one belongs to it."""
    current: Passage | None = None
    for line in text.splitlines():
        match = _LINE.match(line)
        if match is None:
            if current is not None and line.strip():
                words = f"{current.text} {line.strip()}".strip()
                current = Passage(words, current.start_s, current.end_s)
            continue
        if current is not None and current.text:
            yield current
        groups = match.groups()
        end_s = _seconds(groups[4:8]) if groups[5] is not None else None
        current = Passage(line[match.end() :].strip(), _seconds(groups[:4]), end_s)
    if current is not None and current.text:
        yield current


def _ended(passages: list[Passage]) -> tuple[Passage, ...]:
    """Each passage with an end: its own, or where the next one begins."""
    ended = []
    for number, one in enumerate(passages):
        following = passages[number + 1] if number + 1 < len(passages) else None
        end_s = one.end_s if one.end_s is not None else following.start_s if following else None
        ended.append(Passage(one.text, one.start_s, end_s))
    return tuple(ended)


def _seconds(parts: tuple[str | None, ...]) -> Fraction:
    hours, minutes, seconds, digits = parts
    whole = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    return whole + (Fraction(int(digits), 10 ** len(digits)) if digits else Fraction(0))


def _decoded(data: bytes) -> str:
    for encoding in (
        ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    ):
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return data.decode("latin-1")
