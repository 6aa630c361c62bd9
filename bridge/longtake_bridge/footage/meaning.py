"""How well texts fit in meaning, by the engine's sentence encoder, and in words besides."""

from collections.abc import Sequence

from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.footage.search import Judge
from longtake_bridge.footage.words import Words

# What an encoder of sentences says of texts that have nothing to do with each other, and of two
# that say the same in other words; what lies between is spread over 0 to 1.
APART, ALIKE = 0.1, 0.8


class Meaning:
    """Texts that wishes are held against; all wishes are asked about at once."""

    def __init__(self, model: str, rows: dict[str, list[float]], words: Words) -> None:
        self._model, self._rows, self._words = model, rows, words

    @property
    def name(self) -> str:
        """For a person."""
        return f"meaning ({self._model})"

    def scores(self, wish: str) -> list[float]:
        """How well each text fits a wish, 0 to 1: by meaning or by words, whichever is more."""
        by_words = self._words.scores(wish)
        row = self._rows.get(wish)
        if row is None:
            return by_words
        spread = [min(max((value - APART) / (ALIKE - APART), 0.0), 1.0) for value in row]
        return [max(pair) for pair in zip(spread, by_words, strict=True)]


def best_judge(
    engine: Engine, wishes: Sequence[str], texts: Sequence[str]
) -> tuple[Judge, tuple[str, ...]]:
    """By meaning where the engine has a sentence encoder, else by words; and what a person should
    know of that."""
    words = Words(texts)
    if not (wishes and texts):
        return words, ()
    try:
        answer = engine.compare_texts(wishes, texts)
    except BridgeError as error:
        if error.reason in ("ENGINE_DOWN", "ENGINE_MISSING", "UNAUTHENTICATED", "STOPPING"):
            raise
        return words, (f"{error.sentence} Footage is found by words meanwhile.",)
    if not answer.model:
        return words, ()
    rows = {wish: list(row.scores) for wish, row in zip(wishes, answer.likeness, strict=True)}
    return Meaning(answer.model, rows, words), ()
