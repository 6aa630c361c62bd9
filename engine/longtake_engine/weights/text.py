"""Models of text on this machine: named by a setting, installed by the store, or laid in a folder
of its own."""

import os
from dataclasses import dataclass
from pathlib import Path

from longtake_engine.weights.store import ModelStore


@dataclass(frozen=True, slots=True)
class TextModel:
    """A folder as transformers saves it, and what its model is called."""

    folder: Path
    name: str

    @property
    def is_whole(self) -> bool:
        """Whether it has what a model is loaded from, weights in safetensors among it."""
        return (self.folder / "config.json").is_file() and any(self.folder.glob("*.safetensors"))


def named_by(setting: str) -> TextModel | None:
    """The model in the folder that the environment names by `setting`, whole or not; None where
    nothing is named."""
    said = os.environ.get(setting, "")
    folder = Path(said).expanduser()
    return TextModel(folder, folder.name) if said else None


def installed_text_model(names: tuple[str, ...], place: str) -> TextModel | None:
    """The first of the catalogue's `names` that is installed whole, else what lies in the folder
    `place` among this engine's models; None where neither is there."""
    store = ModelStore.here()
    for name in names:
        if store.standing(name).state == "installed":
            return TextModel(store.find(name).folder, name)
    laid = TextModel(store.folder / place, place)
    return laid if laid.is_whole else None
