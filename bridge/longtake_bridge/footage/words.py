"""How well words fit words: by their stems, the rarer the more.

The share of the wish that is said, each stem weighing as much as it is rare (inverse document
frequency: Spärck Jones 1972). It knows no synonyms.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W\d_]{2,}|\d+", re.UNICODE)
_SCRIPT = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")
# What says nothing of what is shown.
_EMPTY_WORDS = """
a an and are as at be but by for from had has have he her his i in into is it its of on or our out
over she so some that the their them then there they this to up us was we were what when where
which who will with you your shot clip footage video broll scene showing show shows close closeup
wide medium der die das den dem ein eine einen einem und oder mit auf im von zu le la les un une et
de des du dans avec sur el los las una con por
"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_STEMMER = "english"
ONE_FILE = 2  # texts in which a word stands that is said of one file once: its own, and all of them


class Words:
    """Texts that wishes are held against."""

    name = "word stems"

    def __init__(self, texts: Sequence[str]) -> None:
        self._stems = [stems(text) for text in texts]
        self._counts: dict[str, int] = {}
        for found in self._stems:
            for stem in found:
                self._counts[stem] = self._counts.get(stem, 0) + 1

    def scores(self, wish: str) -> list[float]:
        """How well each text fits a wish, 0 to 1."""
        wanted = stems(wish)
        whole = sum(self._weight(stem) for stem in wanted)
        if not whole:
            return [0.0] * len(self._stems)
        return [sum(self._weight(stem) for stem in wanted & found) / whole for found in self._stems]

    def _weight(self, stem: str) -> float:
        # A word that nobody says is no rarer than one that is said of a single file.
        return math.log(1 + len(self._stems) / max(self._counts.get(stem, 0), ONE_FILE))


def stems(text: str) -> frozenset[str]:
    """The stems of the words of a text that say something."""
    words = [word.lower() for word in _WORD.findall(text)]
    return frozenset(_stemmed(word) for word in words if word not in _EMPTY)


@lru_cache(maxsize=100_000)
def _stemmed(word: str) -> str:
    if _SCRIPT.search(word):
        return word
    return snowballstemmer.stemmer(_STEMMER).stemWord(word)
