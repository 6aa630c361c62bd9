"""Which tracker follows what is drawn."""

from longtake_engine.models.between.device import card_is_told_of
from longtake_engine.models.follow.sam2 import Sam2
from longtake_engine.models.follow.tracker import Segmenting, Tracker
from longtake_engine.weights.store import ModelStore

BY_SIZE = (
    "sam2.1-hiera-large",
    "sam2.1-hiera-base-plus",
    "sam2.1-hiera-small",
    "sam2.1-hiera-tiny",
)


def choose_tracker() -> Tracker:
    """The best tracker that is installed whole: of SAM 2 the largest where there is a card and the
    smallest where there is none; else the built-in one. Nothing is loaded."""
    store = ModelStore.here()
    names = BY_SIZE if card_is_told_of() else BY_SIZE[::-1]
    for name in names:
        if store.standing(name).state == "installed":
            return Sam2(store.find(name))
    return Segmenting()
