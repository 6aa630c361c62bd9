"""What an editor should know of moving parts, one sentence each."""

from longtake_engine.tasks.animate.source import Source
from longtake_engine.work import Animate, Guidance


def source_notes(source: Source, work: Animate, guidance: Guidance, takes: int) -> tuple[str, ...]:
    """Of what is made of `source`, known before it is made."""
    notes = list(source.info.notes)
    if guidance.strokes:
        notes.append(
            "The regions flow in what they show already: nothing new comes in, and what has an"
            " outline of its own is best left out of them."
        )
    if guidance.box_paths:
        notes.append(
            "What lay behind a thing that moves is made up"
            + (" where no frame saw it" if not source.is_still else "")
            + "; its shadow and its reflection stay where they are."
        )
    if takes > 1 and not guidance.box_paths:
        notes.append("Regions flow in one way only, so there is one take.")
    if work.loop:
        notes.append("The last frame leads over into the first.")
    return tuple(notes)
