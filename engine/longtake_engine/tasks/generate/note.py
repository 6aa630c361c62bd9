"""What an editor should know of a shot that was made of stills, one sentence each."""

from collections.abc import Sequence

from longtake_engine.tasks.generate.rostrum import Scene
from longtake_engine.tasks.generate.shape import Shape

SOFT = 0.8  # pixels of a still for one of the picture: with fewer it looks soft
_HDR = ("smpte2084", "arib-std-b67")


def still_notes(scenes: Sequence[Scene], shape: Shape, *, prompt: str) -> tuple[str, ...]:
    """How the camera moves over each still, and what falls short."""
    notes = list(shape.notes)
    moves = [
        f"{scene.move.kind.replace('_', ' ')} over {scene.still.path.name}" for scene in scenes
    ]
    notes.append(f"The camera: {', then '.join(moves)}.")
    for scene in scenes:
        notes += _notes_of(scene, shape)
    if prompt:
        notes.append("A moved still hears no prompt; it changed nothing.")
    if shape.format.color.transfer in _HDR:
        notes.append(
            "The clip to match is HDR: a still's numbers are laid into it as they are, so grade it."
        )
    return tuple(dict.fromkeys(notes))


def _notes_of(scene: Scene, shape: Shape) -> list[str]:
    still, move = scene.still, scene.move
    found = []
    width, height = still.shown
    wanted = float(shape.format.width * shape.pixel_aspect) / shape.format.height
    rows = move.closest * min(height, width / wanted)
    if rows < SOFT * shape.format.height:
        share = rows / shape.format.height
        found.append(
            f"{still.path.name} has {share:.0%} of the lines that its closest view is shown at, and"
            " looks soft there; a larger still would not."
        )
    if move.kind.startswith("orbit") and still.matte is None:
        found.append(
            f"Nothing says what of {still.path.name} is near, so the camera goes past it rather"
            " than round; give --matte."
        )
    if still.is_cutout and not shape.format.has_alpha:
        found.append(f"{still.path.name} is a cut-out, and lies on what its clear part holds.")
    return found
