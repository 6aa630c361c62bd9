"""Times in MLT projects: frame numbers, clock time to the millisecond, or timecode."""

import re
from dataclasses import dataclass
from fractions import Fraction

from longtake_bridge.errors import BridgeError, bad_input
from longtake_bridge.timeline.timing import timecode_to_frame

_CLOCK = re.compile(r"(?:(\d+):)?(?:(\d+):)?(\d+)[.,](\d+)")


@dataclass(frozen=True, slots=True)
class Clock:
    """Reads and writes times of a project as MLT does, at the frame rate of its profile."""

    rate: Fraction  # frames a second
    in_frames: bool = False  # whether new times are written as frame numbers

    def frame(self, text: str) -> int:
        """The frame that a time means.

        Raises:
            BridgeError: BAD_INPUT; it is no time.
        """
        text = text.strip()
        if re.fullmatch(r"-?\d+", text):
            return int(text)
        match = _CLOCK.fullmatch(text)
        if match is not None:
            hours, minutes = (match[1], match[2]) if match[2] else (None, match[1])
            whole_s = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(match[3])
            seconds = whole_s + Fraction(int(match[4]), 10 ** len(match[4]))
            return round(seconds * self.rate)
        try:
            return timecode_to_frame(text, self.rate)
        except BridgeError:
            raise bad_input(
                f'The project holds a time "{text}" that cannot be read; save it from the editor '
                "again."
            ) from None

    def text(self, frame: int, like: str | None = None) -> str:
        """A time as `like`, the one that it replaces, is written; as the project does for None."""
        if self.in_frames if like is None else like.strip().lstrip("-").isdigit():
            return str(frame)
        seconds, milliseconds = divmod(round(frame / self.rate * 1000), 1000)
        minutes, seconds = divmod(seconds, 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"
