"""Which of the user's own footage fits a wish."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from longtake_bridge.footage.item import Footage, Said
from longtake_bridge.footage.words import Words

FITS = 0.5  # of the wish: what says as much of it is taken
WORTH_TELLING = 0.2
_ALL_OF_IT = 0.9  # of a file's score where what fits is not of one place in it, but of all


class Judge(Protocol):
    """Holds wishes against texts that were given to it."""

    @property
    def name(self) -> str:
        """What it goes by, to people."""
        ...

    def scores(self, wish: str) -> list[float]:
        """How well each text fits a wish, 0 to 1."""
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """Footage that may fit."""

    footage: Footage
    score: float  # 0 to 1
    why: Said  # what fits best
    at_s: Fraction | None = None  # where in it; None for anywhere

    @property
    def sentence(self) -> str:
        """For a person: what it is and why."""
        place = f" at {float(self.at_s):.1f} s" if self.at_s is not None else ""
        said = self.why.text if len(self.why.text) <= 60 else f"{self.why.text[:57]}..."
        return f'{self.footage.name}{place} ({self.score:.0%}, by its {self.why.source} "{said}")'


class Search:
    """Footage, to be asked again and again."""

    def __init__(self, footage: Sequence[Footage], judge: Judge | None = None) -> None:
        """`judge` holds `texts(footage)`; word stems where None."""
        self._entries = [(one, said) for one in footage for said in one.said]
        self._wholes = list(footage)
        self.judge = judge or Words(texts(footage))

    def find(self, wish: str, without: Collection[Path] = ()) -> list[Match]:
        """All that may fit a wish, best first; `without` these files."""
        scores = self.judge.scores(wish)
        parts = scores[: len(self._entries)]
        wholes = scores[len(self._entries) :]
        best: dict[Path, Match] = {}
        for (one, said), score in zip(self._entries, parts, strict=True):
            found = best.get(one.path)
            if found is None or score > found.score:
                best[one.path] = Match(one, score, said, said.start_s)
        for one, score in zip(self._wholes, wholes, strict=True):
            found = best[one.path]
            if _ALL_OF_IT * score > found.score:
                best[one.path] = Match(one, _ALL_OF_IT * score, found.why, found.at_s)
        matches = [one for one in best.values() if one.footage.path not in without]
        return sorted(
            (one for one in matches if one.score >= WORTH_TELLING),
            key=lambda one: (-one.score, one.footage.path),
        )


def texts(footage: Sequence[Footage]) -> list[str]:
    """What a judge is to hold: every saying of every file, then all that is said of each."""
    parts = [said.text for one in footage for said in one.said]
    return [*parts, *(". ".join(said.text for said in one.said) for one in footage)]
