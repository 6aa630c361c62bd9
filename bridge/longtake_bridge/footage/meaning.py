"""How well texts fit in meaning, by the engine's sentence encoder, and in words besides."""

from collections.abc import Sequence

from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.footage.search import Judge
from longtake_bridge.footage.words import Words

# What all-MiniLM-L6-v2 says of a wish and of what is not for it, and of a wish and of what says the
# same in other words. What lies between is spread over 0 to 1, which puts WORTH_TELLING at 0.32 and
# FITS at 0.45 of its own; measured by tests/bench/search.
APART, ALIKE = 0.23, 0.67
AT_ONCE = 1000  # texts that one question holds: some ten seconds' work


class Meaning:
    """Texts that wishes are held against; all wishes are asked about at once."""

    def __init__(self, model: str, rows: dict[str, list[float]], words: Words) -> None:
        self._model, self._rows, self._words = model, rows, words

    @property
    def name(self) -> str:
        """For a person."""
        return f"meaning ({self._model})"

    def scores(self, wish: str) -> list[float]:
        """How well each text fits a wish, 0 to 1: by meaning, to which words can only add.

        Words alone, such as a name that no encoder knows, have to say all of a wish to fit it.
        """
        by_words = self._words.scores(wish)
        row = self._rows.get(wish)
        if row is None:
            return by_words
        spread = [min(max((value - APART) / (ALIKE - APART), 0.0), 1.0) for value in row]
        return [max(one, (one + word) / 2) for one, word in zip(spread, by_words, strict=True)]


def best_judge(
    engine: Engine, wishes: Sequence[str], texts: Sequence[str]
) -> tuple[Judge, tuple[str, ...]]:
    """By meaning where the engine has a sentence encoder, else by words; and what a person should
    know of that."""
    words = Words(texts)
    if not (wishes and texts):
        return words, ()
    try:
        return _asked(engine, list(dict.fromkeys(wishes)), texts, words) or words, ()
    except BridgeError as error:
        if error.reason in ("ENGINE_DOWN", "ENGINE_MISSING", "UNAUTHENTICATED", "STOPPING"):
            raise
        return words, (f"{error.sentence} Footage is found by words meanwhile.",)


def _asked(
    engine: Engine, wishes: Sequence[str], texts: Sequence[str], words: Words
) -> Meaning | None:
    """None where the engine has no sentence encoder."""
    model = ""
    rows: dict[str, list[float]] = {wish: [] for wish in wishes}
    for start in range(0, len(texts), AT_ONCE):
        answer = engine.compare_texts(wishes, texts[start : start + AT_ONCE])
        model = answer.model
        if not model:
            return None
        for wish, row in zip(wishes, answer.likeness, strict=True):
            rows[wish].extend(row.scores)
    return Meaning(model, rows, words)
