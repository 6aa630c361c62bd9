"""Which open-weights model would make a shot on this machine, where none is installed."""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec

import psutil

from longtake_engine.ability import Beginning, Task
from longtake_engine.models.between.device import card_is_told_of
from longtake_engine.models.diffusion.family import beginnings_of, tasks_of
from longtake_engine.models.diffusion.placement import GB
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.entry import Entry

MOST_NAMED = 3
_FREE = ("Apache-2.0", "MIT")
_WHAT = {
    "words": "No model that makes shots from words is installed",
    "still": "No model that makes shots from stills and words is installed",
    "clip": "No model that makes a shot from a clip is installed",
}


def suggest(beginning: Beginning, otherwise: str = "") -> str:
    """One sentence: nothing here makes a shot from that, what would fit this machine, and the
    command that installs it. `otherwise` says what can be done without."""
    end = f", or {otherwise}" if otherwise else ""
    return f"{_WHAT[beginning]}{_advice(_able(Catalogue(), beginning))}{end}."


def suggest_sharing(name: str = "") -> str:
    """One sentence: that the model called `name`, or none that is installed, can make several shots
    of one subject together, and what could."""
    able = []
    for entry in Catalogue():
        family = family_of(entry)
        if family is not None and family.conditioning.shares:
            able.append(entry)
    said = f"The attention of {name}" if name else "The attention of no model that is installed"
    cannot = "cannot" if name else "can"
    return (
        f"{said} {cannot} be reached to show one subject in several shots{_advice(able)}, or show"
        " it the subject with --reference and a model that looks at it."
    )


def suggest_for(task: Task) -> str:
    """What would do `task` on this machine and the command that installs it, or that nothing would:
    the end of a sentence that says what is missing, without its full stop."""
    able = []
    for entry in Catalogue():
        family = family_of(entry)
        if family is not None and task in tasks_of(family.conditioning, entry.tasks):
            able.append(entry)
    return _advice(able)


def _advice(able: Iterable[Entry]) -> str:
    """Which of those that could would fit, with what parts it from the words before it."""
    memory, on_card = _memory_bytes()
    fitting = _fitting(able, memory / GB)
    if not fitting:
        return ", and none in `longtake models` fits this machine"
    first, *more = (entry.name for entry in fitting[:MOST_NAMED])
    others = f" (or {', '.join(more)})" if more else ""
    where = "this machine's card" if on_card else "this machine, though slowly without a card"
    return f"; {first}{others} would fit {where}: run `longtake models install {first}`"


def _fitting(able: Iterable[Entry], memory_gb: float) -> Sequence[Entry]:
    """Entries that fit, those free for every use first, then the smaller."""
    fitting = (entry for entry in able if 0 < entry.memory_gb <= memory_gb)
    return sorted(fitting, key=lambda entry: (entry.license.name not in _FREE, entry.memory_gb))


def _able(entries: Iterable[Entry], beginning: Beginning) -> Iterable[Entry]:
    for entry in entries:
        family = family_of(entry) if "generate" in entry.tasks else None
        if family is not None and beginning in beginnings_of(family.conditioning):
            yield entry


def _memory_bytes() -> tuple[int, bool]:
    """Bytes that a model may take, and whether they are a card's."""
    if card_is_told_of() and find_spec("torch") is not None:
        import torch  # noqa: PLC0415 # heavy

        if torch.cuda.is_available():
            return torch.cuda.get_device_properties(0).total_memory, True
    return psutil.virtual_memory().total, False
