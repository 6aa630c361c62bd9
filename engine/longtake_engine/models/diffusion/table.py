"""Which family runs a model of the catalogue."""

from longtake_engine.models.diffusion.family import Family
from longtake_engine.models.diffusion.wan import wan_family
from longtake_engine.weights.entry import Entry


def family_of(entry: Entry) -> Family | None:
    """The family that runs a model; None where none does yet.

    Each module's function answers for the classes of pipelines that it knows.
    """
    return wan_family(entry)
