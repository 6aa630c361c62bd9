"""How alike texts are, as a value light enough for the daemon."""

import msgspec


class Likeness(msgspec.Struct, frozen=True):
    """What a sentence encoder found."""

    model: str  # that judged; empty where there is none
    scores: tuple[tuple[float, ...], ...] = ()  # one row a wish, one number a text: -1 to 1
