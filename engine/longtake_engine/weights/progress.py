"""How far the store is with something, counted in bytes."""

from collections.abc import Callable

import msgspec


class StoreProgress(msgspec.Struct, frozen=True, tag=True):
    """One moment of it."""

    phase: str  # in a few words
    file: str = ""  # the file at work
    done_bytes: int = 0  # those that were there before among them
    total_bytes: int = 0  # 0: not known yet
    fresh_bytes: int = 0  # done by this errand: what its speed is measured by


Tell = Callable[[StoreProgress], None]


class Tally:
    """Counts the bytes of one phase over many files, and tells of every change."""

    def __init__(self, tell: Tell, phase: str, total_bytes: int) -> None:
        self._tell = tell
        self._phase = phase
        self._total_bytes = total_bytes
        self._before_bytes = 0  # of the files before this one
        self._old_bytes = 0  # what was there before
        self._file = ""
        self._file_bytes = 0

    def begin(self, file: str) -> None:
        """Go on to the next file."""
        self._before_bytes += self._file_bytes
        self._file, self._file_bytes = file, 0
        self._say(self._phase)

    def reach(self, position: int) -> None:
        """This file has come as far as that."""
        self._file_bytes = position
        self._say(self._phase)

    def add(self, count: int) -> None:
        """This file has come further by that."""
        self.reach(self._file_bytes + count)

    def find(self, count: int) -> None:
        """So much more of this file was there before."""
        self._old_bytes += count
        self.add(count)

    def reject(self) -> None:
        """What was found of this file does not count."""
        self._old_bytes -= self._file_bytes
        self.reach(0)

    def pause(self, phase: str) -> None:
        """Tell what is done with this file, now that it has come; the next step ends that."""
        self._say(phase)

    def _say(self, phase: str) -> None:
        done = self._before_bytes + self._file_bytes
        fresh = done - self._old_bytes
        self._tell(StoreProgress(phase, self._file, done, self._total_bytes, fresh))
