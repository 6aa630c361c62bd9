"""What of a job's guidance a model cannot be told, as sentences for its take."""

from longtake_engine.models.diffusion.table import family_of
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.lora import LoraShelf
from longtake_engine.weights.store import ModelStore
from longtake_engine.work import Guidance

ABLE = "wan-vace-1.3b"  # hears of all but strength


def unheard(guidance: Guidance, model: str) -> tuple[str, ...]:
    """What the open-weights model called `model` left aside; empty for any other backend, which
    tells of it itself."""
    entry = next((entry for entry in Catalogue() if entry.name == model), None)
    family = None if entry is None else family_of(entry)
    if family is None:
        return ()
    told = family.conditioning
    sentences = []
    if (guidance.box_paths or guidance.strokes) and not told.control:
        sentences.append(
            f"{model} cannot be shown where things move, so the boxes and strokes were left aside;"
            f" {ABLE} can."
        )
    moves = guidance.camera is not None and guidance.camera.kind != "static"
    if moves and not told.control and not _taught(guidance, model):
        how = (
            "was told of the camera's move in words alone"
            if told.prompt and guidance.prompt
            else ("could not be told how the camera moves")
        )
        sentences.append(f"{model} {how}; {ABLE} is shown it.")
    if guidance.reference_paths and not told.references:
        sentences.append(
            f"{model} takes no reference pictures, so they were left aside; {ABLE} does."
        )
    if guidance.strength and not told.strength:
        sentences.append(
            f"{model} cannot make a clip anew by a share, so the strength was left aside."
        )
    return tuple(sentences)


def _taught(guidance: Guidance, model: str) -> bool:
    """Whether the model was taught the chosen move of the camera by a file beside it."""
    kinds = {lora.camera for lora in LoraShelf(ModelStore.here()).every(model)}
    return guidance.camera is not None and guidance.camera.kind in kinds
