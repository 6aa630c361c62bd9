"""Where the parts of a model lie while it works: what fits decides, and nothing is refused that
would run somehow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from longtake_engine.errors import OutOfMemory

Way = Literal["whole", "part by part", "layer by layer", "processor"]
WAYS: tuple[Way, ...] = ("whole", "part by part", "layer by layer", "processor")

GB = 10**9
_MARGIN_BYTES = GB // 2  # of the card, for what nobody counts
# Bytes that a layer at work and its neighbours being brought take, of its part.
_LAYERS_SHARE = 0.08
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Machine:
    """What a model can work on."""

    device: str = "cpu"  # as torch calls it
    card_free_bytes: int = 0
    memory_free_bytes: int = 0
    half: Literal["bfloat16", "float16", "float32"] = "float32"  # what it reckons quickly in

    @property
    def has_card(self) -> bool:
        """Whether there is more than the processor."""
        return self.device != "cpu"


@dataclass(frozen=True, slots=True)
class Need:
    """What a model takes."""

    name: str
    parts: Mapping[str, int]  # bytes of each part's weights as they are loaded
    working_bytes: int  # of what one step or one tile holds beside them
    instead: tuple[str, ...] = ()  # models that would fit

    @property
    def weights_bytes(self) -> int:
        """All parts together."""
        return sum(self.parts.values())


def choose_way(need: Need, machine: Machine, first: Way = "whole") -> Way:
    """The quickest way from `first` on in which the model fits.

    Raises:
        OutOfMemory: It fits in none; the sentence says how much it needs.
    """
    for way in WAYS[WAYS.index(first) :]:
        if way != "processor" and not machine.has_card:
            continue
        on_card, in_memory = needed_bytes(need, way)
        fits_card = way == "processor" or on_card <= machine.card_free_bytes
        if fits_card and in_memory <= machine.memory_free_bytes:
            return way
    raise _too_large(need, machine)


def fits_card(need: Need, machine: Machine) -> bool:
    """Whether the model works on the machine's card in some way."""
    try:
        return choose_way(need, machine) != "processor"
    except OutOfMemory:
        return False


def needed_bytes(need: Need, way: Way) -> tuple[int, int]:
    """Bytes of the card and of the machine's memory that a way takes."""
    largest = max(need.parts.values(), default=0)
    match way:
        case "whole":
            return need.weights_bytes + need.working_bytes + _MARGIN_BYTES, largest
        case "part by part":
            return largest + need.working_bytes + _MARGIN_BYTES, need.weights_bytes
        case "layer by layer":
            layers = int(largest * _LAYERS_SHARE)
            return layers + need.working_bytes + _MARGIN_BYTES, need.weights_bytes
        case "processor":
            return 0, need.weights_bytes + need.working_bytes


def _too_large(need: Need, machine: Machine) -> OutOfMemory:
    least_card, memory = needed_bytes(need, "layer by layer")
    free = f"{machine.memory_free_bytes / GB:.1f} GB of memory"
    if machine.has_card:
        free = f"{machine.card_free_bytes / GB:.1f} GB on the card and {free}"
    advice = "take a smaller model: `longtake models` says what each needs"
    if need.instead:
        advice = f"take one that would fit: {', '.join(need.instead[:_MOST_NAMED])}"
    return OutOfMemory(
        f"{need.name} needs {memory / GB:.1f} GB of memory and {least_card / GB:.1f} GB on a card"
        f" even layer by layer, and {free} are free here; close what holds them, or {advice}."
    )
