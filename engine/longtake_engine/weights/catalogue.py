"""The open-weights models that Longtake knows: one file each in `entries/`."""

import difflib
from pathlib import Path

import msgspec

from longtake_engine.errors import WrongCall
from longtake_engine.weights.entry import Entry

ENTRIES = Path(__file__).with_name("entries")


class Catalogue:
    """All entries of a folder, read once."""

    def __init__(self, folder: Path = ENTRIES) -> None:
        """Reads every .toml file of `folder`; raises msgspec.MsgspecError for one that is wrong."""
        read = [
            msgspec.toml.decode(path.read_bytes(), type=Entry)
            for path in sorted(folder.glob("*.toml"))
        ]
        self._entries = {entry.name: entry for entry in sorted(read, key=_by_name)}

    def __iter__(self):
        """Every entry, by name."""
        return iter(self._entries.values())

    def find(self, name: str) -> Entry:
        """The entry called `name`.

        Raises:
            WrongCall: There is none; the sentence names what may have been meant.
        """
        entry = self._entries.get(name)
        if entry is None:
            near = difflib.get_close_matches(name, self._entries, n=3, cutoff=0.4)
            meant = f"perhaps {' or '.join(near)} was meant" if near else "see `longtake models`"
            raise WrongCall(f'There is no open-weights model "{name}"; {meant}.')
        return entry


def _by_name(entry: Entry) -> str:
    return entry.name
