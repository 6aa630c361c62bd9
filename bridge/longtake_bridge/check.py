"""One thing that `longtake doctor` looked at."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """What was found, and what to do about it."""

    name: str
    state: Literal["ok", "optional", "fault"]  # optional: not here, and only some will miss it
    found: str
    remedy: str = ""  # what to do; empty where nothing needs doing
