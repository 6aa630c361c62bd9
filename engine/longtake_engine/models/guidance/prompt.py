"""A prompt written out as a shot: what it leaves open is said, what it says stays as it is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from longtake_engine.models.guidance.move import words_of
from longtake_engine.models.guidance.vocabulary import TRAITS, Trait, choices, fits, says
from longtake_engine.work import CameraMove

TEMPLATE = "template"

# Words that are frequent in other languages and are none in English.
_FOREIGN = re.compile(
    r"\b(?:der|das|und|ein|eine|einen|einem|mit|auf|im|für|durch"
    r"|le|les|une|et|avec|dans|sur|el|los|las|una|con|por|di|della|nel|il|uma|com|een|het|och)\b",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|without|never|nor)(?: an?| any| the)? [\w-]+", re.IGNORECASE)
_OTHER_SCRIPT = re.compile(r"[^\W\d_a-zA-Z\u00c0-\u024f]")


@dataclass(frozen=True, slots=True)
class Expansion:
    """A prompt as it goes to a model."""

    prompt: str
    added: tuple[str, ...] = ()  # what the person had not said
    written_by: str = ""  # "template" or the name of a language model; empty where nothing is added
    notes: tuple[str, ...] = ()  # what the person should know, one sentence each


def expand(
    prompt: str, camera: CameraMove | None = None, traits: Sequence[Trait] = TRAITS
) -> Expansion:
    """`prompt` with what it leaves open of size, angle, move, light and lens.

    Nothing is said of a trait that the prompt speaks of, in whatever words, and none is chosen that
    goes against another. A prompt in another language than English, or none at all, gets the
    camera's move alone: what else would go with it cannot be told.

    Args:
        prompt: As the person wrote it.
        camera: The move that was chosen besides.
        traits: Those that may be added to; a chosen move is said in any case.
    """
    said = " ".join(prompt.split())
    notes = []
    added = []
    if camera is not None and says("move", said):
        notes.append(
            "The prompt speaks of how the camera moves; the camera move that was chosen besides is"
            " left out of its words."
        )
        camera = None
    english = _is_english(said)
    if said and not english and set(traits) - {"move"}:
        notes.append(
            "The prompt is not in English, so no words of size, angle, light or lens were added."
        )
    for trait in TRAITS:
        if trait == "move" and camera is not None:
            added.append(words_of(camera))
        elif said and english and trait in traits and not says(trait, said):
            added.append(_choose(trait, said, added))
    if not added:
        return Expansion(said, notes=tuple(notes))
    return Expansion(_joined(said, added), tuple(added), TEMPLATE, tuple(notes))


def _choose(trait: Trait, said: str, added: list[str]) -> str:
    """What is usual of a trait for what is shown, and for what was said of the shot so far."""
    text = " ".join((_DENIED.sub(" ", said), *added))
    return next(choice.phrase for choice in choices(trait) if fits(choice, text))


def _joined(said: str, added: list[str]) -> str:
    tail = ", ".join(added)
    if not said:
        return f"{tail[0].upper()}{tail[1:]}."
    end = "" if said[-1] in ".!?…" else "."
    return f"{said}{end} {tail[0].upper()}{tail[1:]}."


def _is_english(text: str) -> bool:
    return not _OTHER_SCRIPT.search(text) and len(_FOREIGN.findall(text)) < 2
