"""A file of the user's own, and all that is said of it."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

Source = Literal["name", "note", "marker", "metadata", "transcript"]


@dataclass(frozen=True, slots=True)
class Said:
    """Words that somebody gave a file, or that are spoken in it."""

    text: str
    source: Source
    start_s: Fraction | None = None  # from the file's first frame; None where they are of all of it
    end_s: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Footage:
    """A clip or a still."""

    path: Path  # absolute
    is_still: bool
    said: tuple[Said, ...]

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.path.name
