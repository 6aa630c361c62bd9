"""The small differences between the projects of Kdenlive, of Shotcut, and plain MLT."""

from dataclasses import dataclass
from typing import Literal

from longtake_bridge.timeline.mlt.element import Element, get_property


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an editor calls things in its projects."""

    name: Literal["kdenlive", "shotcut", "mlt"]
    title: str  # for a person
    caption: str  # property of a producer: the clip's name
    kept: str  # property of a producer in which Longtake keeps its request; editors carry it on
    hash: str = ""  # property of a producer: MD5 of the ends of its file
    splits_sound: bool = False  # the sound of a clip lies on a track of its own


KDENLIVE = Dialect(
    "kdenlive",
    "a Kdenlive project",
    caption="kdenlive:clipname",
    kept="kdenlive:longtake",
    hash="kdenlive:file_hash",
    splits_sound=True,
)
SHOTCUT = Dialect(
    "shotcut",
    "a Shotcut project",
    caption="shotcut:caption",
    kept="shotcut:longtake",
    hash="shotcut:hash",
)
PLAIN = Dialect("mlt", "MLT XML", caption="title", kept="longtake")


def dialect_of(root: Element) -> Dialect:
    """Whose project it is."""
    for bin_list in root.iterchildren("playlist"):
        if bin_list.get("id") == "main_bin":
            for one in bin_list.iterchildren("property"):
                if (one.get("name") or "").startswith("kdenlive:docproperties."):
                    return KDENLIVE
    if any(get_property(one, "shotcut") for one in root.iterchildren("tractor")):
        return SHOTCUT
    return PLAIN
