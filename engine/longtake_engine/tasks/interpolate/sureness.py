"""How sure made pictures are of themselves, over a whole take."""

from dataclasses import dataclass


@dataclass(slots=True)
class Sureness:
    """A mean that grows as pictures go by."""

    total: float = 0.0
    count: int = 0

    def add(self, sureness: float) -> None:
        """Count one picture, 0 (a guess) to 1 (certain)."""
        self.total += sureness
        self.count += 1

    @property
    def mean(self) -> float:
        """0 to 1; 1 where nothing was made."""
        return self.total / self.count if self.count else 1.0
