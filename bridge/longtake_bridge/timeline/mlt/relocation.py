"""Relative paths of a project that is written into another folder."""

import re
from pathlib import Path

from longtake_bridge.timeline.mlt.tree import Tree

_LONGEST = 1024  # characters of a text that may be a path
_SPEED = re.compile(r"-?\d+(?:\.\d+)?:")  # before the path in a timewarp's resource


def keep_paths(tree: Tree, old: Path, new: Path) -> None:
    """Lets relative paths lead where they led, from the folder that the project goes to.

    Where the project says which folder they start from, or stays in its own, nothing changes.
    """
    said = tree.root.get("root") or ""
    if old == new or (said and Path(said).is_absolute() and Path(said).is_dir()):
        return
    for one in tree.root.iter("property"):
        text = one.text or ""
        speed = _SPEED.match(text)
        name = text[speed.end() :] if speed else text
        if not name or len(name) > _LONGEST or "\n" in name or Path(name).is_absolute():
            continue
        # Any property may name a file: luma wipes, subtitles, look-up tables, logs of effects.
        if (tree.folder / name).is_file():
            one.text = text[: len(text) - len(name)] + str(tree.folder / name)
