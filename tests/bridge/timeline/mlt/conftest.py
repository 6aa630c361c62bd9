"""Projects as the editors wrote them, and extending their clips without an engine.

`interview.kdenlive` was saved by Kdenlive 22.12.3 and `three.mlt` by Shotcut 22.12, both less what
they note of codecs. Media lies beside them: A to C, P with its proxy, and T.
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from difflib import unified_diff
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.length import Length
from longtake_bridge.timeline.api import FinishedEdit, Target, finish, prepare
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.plan import MadeTake
from lxml import etree

PROJECTS = Path(__file__).parent / "projects"
FRAMES = {"A": 100, "B": 100, "C": 80, "P": 50, "T": 100}


@pytest.fixture
def project(tmp_path: Path) -> Callable[[str], Path]:
    """Copies a project, with files of no content where its media lies."""

    def copy(name: str) -> Path:
        for stem in FRAMES:
            (tmp_path / f"{stem}.mkv").write_bytes(stem.encode())
        (tmp_path / "proxy").mkdir(exist_ok=True)
        (tmp_path / "proxy" / "P.mkv").write_bytes(b"small")
        return Path(shutil.copy(PROJECTS / name, tmp_path / name))

    return copy


@dataclass
class Extender:
    """Extends clips of a project, standing in for the engine."""

    frames: dict[str, int]  # of media, by the stem of its name
    rate: Fraction = Fraction(25)
    has_sound: bool = True

    def probe(self, path: Path, sequence_rate: Fraction | None) -> MediaFacts:
        assert path.is_file(), f"asked for {path}"
        return MediaFacts(path, self.rate, self.frames[path.stem], 0, self.has_sound)

    def __call__(
        self, path: Path, clip: str, out: str, *, takes: int = 1, remade: int = 0, **asked: Any
    ) -> FinishedEdit:
        sides = {side: Length(frames=asked[side]) for side in ("head", "tail") if side in asked}
        prepared = prepare(
            path,
            clip,
            head=sides.get("head"),
            tail=sides.get("tail"),
            follow=asked.get("follow", "gap"),
            target=Target(path.parent / out, replace_existing=asked.get("force", False)),
            request={"task": "extend", "follow": asked.get("follow", "gap")},
            probe=self.probe,
        )
        made: dict[Any, list[MadeTake]] = {}
        for work in prepared.to_make:
            work.output_path.parent.mkdir(exist_ok=True)
            first = self.frames[work.input_path.stem] - remade
            for number in range(takes):
                file = work.output_path.with_stem(f"{work.side}-{number + 1}")
                file.write_bytes(b"frames")
                facts = MediaFacts(file, self.rate, work.frames + remade, 0, self.has_sound)
                start = first if work.side == "tail" else -work.frames
                take = MadeTake(facts, start, f"model{number}", {"confidence": 0.5})
                made.setdefault(work.side, []).append(take)
        return finish(prepared, made)


@pytest.fixture
def extend() -> Extender:
    return Extender(FRAMES)


@dataclass(frozen=True)
class Changes:
    """The opening tags, with their text, that differ in two projects' canonical XML."""

    gone: list[str]
    new: list[str]


@pytest.fixture
def changes() -> Callable[[Path, Path], Changes]:
    def compare(before: Path, after: Path) -> Changes:
        lines = unified_diff(_lines(before), _lines(after), n=0, lineterm="")
        found = [line for line in lines if line[:2] != "@@"][2:]
        return Changes(
            [line[1:] for line in found if line[0] == "-" and _opens(line[1:])],
            [line[1:] for line in found if line[0] == "+" and _opens(line[1:])],
        )

    return compare


def _opens(line: str) -> bool:
    return line.startswith("<") and not line.startswith("</")


def _lines(path: Path) -> list[str]:
    parser = etree.XMLParser(remove_blank_text=True)
    text = etree.tostring(etree.parse(path, parser), method="c14n").decode()
    return text.replace("><", ">\n<").splitlines()
