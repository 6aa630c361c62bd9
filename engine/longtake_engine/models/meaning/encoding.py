"""What every encoder gives."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

LONGEST = 256  # tokens of a text that are looked at


@dataclass(frozen=True, slots=True)
class Encoded:
    """Texts, token by token."""

    tokens: np.ndarray  # N T D float32
    said: np.ndarray  # N T float32, 0 where a text has no such token


class Encoder(Protocol):
    """Turns texts into numbers."""

    def encode(self, texts: Sequence[str]) -> Encoded:
        """Every token of every text."""
        ...
