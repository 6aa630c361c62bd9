"""Where the parts of a model lie while it works, and in how many bits: what fits decides, and
nothing is refused that would run somehow."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from longtake_engine.errors import OutOfMemory

Way = Literal[
    "whole",
    "part by part",
    "part by part in 8 bits",
    "layer by layer",
    "layer by layer in 8 bits",
    "processor",
    "processor in 8 bits",
]
WAYS: tuple[Way, ...] = get_args(Way)  # the quickest first

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
    def has_eight_bits(self) -> bool:
        """Whether it can hold numbers in 8 bits; Apple's cards cannot."""
        return self.device != "mps"

    @property
    def has_card(self) -> bool:
        """Whether there is more than the processor."""
        return self.device != "cpu"


@dataclass(frozen=True, slots=True)
class Need:
    """What a model takes."""

    name: str
    parts: Mapping[str, int]  # bytes of each part's weights as they are loaded
    small_parts: Mapping[str, int]  # the same held in 8 bits, as far as they can be
    working_bytes: int  # of what one step or one tile holds beside them
    instead: tuple[str, ...] = ()  # models that would fit

    @property
    def weights_bytes(self) -> int:
        """All parts together, as they are loaded."""
        return sum(self.parts.values())


def in_eight_bits(way: Way) -> bool:
    """Whether weights are held in 8 bits, and made wider layer by layer as they are used."""
    return way.endswith("in 8 bits")


def on_processor(way: Way) -> bool:
    """Whether the processor works, not a card."""
    return way.startswith("processor")


def choose_way(need: Need, machine: Machine, first: Way = "whole") -> Way:
    """The quickest way from `first` on in which the model fits.

    Raises:
        OutOfMemory: It fits in none; the sentence says how much it needs.
    """
    for way in WAYS[WAYS.index(first) :]:
        if not (machine.has_card or on_processor(way)):
            continue
        if in_eight_bits(way) and not machine.has_eight_bits:
            continue
        on_card, in_memory = needed_bytes(need, way)
        fits_card = on_processor(way) or on_card <= machine.card_free_bytes
        if fits_card and in_memory <= machine.memory_free_bytes:
            return way
    raise _too_large(need, machine)


def fits_card(need: Need, machine: Machine) -> bool:
    """Whether the model works on the machine's card in some way."""
    try:
        return not on_processor(choose_way(need, machine))
    except OutOfMemory:
        return False


def needed_bytes(need: Need, way: Way) -> tuple[int, int]:
    """Bytes of the card and of the machine's memory that a way takes."""
    held = need.small_parts if in_eight_bits(way) else need.parts
    largest = max(held.values(), default=0)
    beside = need.working_bytes + _MARGIN_BYTES
    match way:
        case "whole":
            return need.weights_bytes + beside, largest
        case "part by part" | "part by part in 8 bits":
            return largest + beside, need.weights_bytes
        case "layer by layer" | "layer by layer in 8 bits":
            return int(largest * _LAYERS_SHARE) + beside, need.weights_bytes
        case "processor" | "processor in 8 bits":
            # They are loaded as they are before they are made small.
            return 0, max(need.weights_bytes, sum(held.values()) + need.working_bytes)


def held_note(need: Need, machine: Machine, way: Way) -> str:
    """What an editor should know of how the weights were held; empty where as they are."""
    if not in_eight_bits(way):
        return ""
    free, where = machine.card_free_bytes, "your card"
    if on_processor(way):
        free, where = machine.memory_free_bytes, "this machine"
    return (
        f"The weights of {need.name} were held in 8 bits, to fit the {free / GB:.0f} GB that were"
        f" free on {where}; fine detail may differ a little from what 16 bits make."
    )


def _too_large(need: Need, machine: Machine) -> OutOfMemory:
    least_card, memory = needed_bytes(need, "layer by layer in 8 bits")
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
