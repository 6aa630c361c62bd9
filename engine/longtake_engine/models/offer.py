"""Which models with open weights could do a kind of work, installed or not."""

from longtake_engine.ability import Task
from longtake_engine.weights.catalogue import Catalogue


def names_for(task: Task) -> tuple[str, ...]:
    """Their names, by name."""
    return tuple(entry.name for entry in Catalogue() if task in entry.tasks)
