"""What an editor should know of a take whose picture took another shape, one sentence each."""

from collections.abc import Sequence

from longtake_engine.models.offer import names_for
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.inpaint.filling import Fillings
from longtake_engine.tasks.note import LOW
from longtake_engine.tasks.outpaint.layout import Layout
from longtake_engine.work import Score

LITTLE = 0.005  # share made up that goes without saying


def layout_note(layout: Layout, *, moves: bool) -> str:
    """How the old picture lies in the new one; whether it `moves` in it between pixels."""
    if layout.exact and moves:
        return (
            "While the picture moves after its subject it is resampled, at rest its pixels are the"
            " clip's own; --fit keep moves by whole pixels."
        )
    if layout.exact:
        return "Every pixel that the clip has is kept as it was."
    scale = layout.across.scale
    return f"The clip's picture is scaled to {scale:.0%} of its size."


def whole_note() -> str:
    """Said where nothing was made."""
    return "The new picture lies within the clip's own: nothing is made, 0 % made up."


def take_notes(
    notes: Sequence[str], score: Score, fillings: Fillings, grain: float
) -> tuple[str, ...]:
    """The notes of a take: `notes` of its clip, and what came up while it was made."""
    seen = fillings.seen_share
    found = list(notes)
    if seen > 1 - LITTLE:
        found.append("All of the new border is seen in other frames; nothing is made up.")
    else:
        found.append(
            f"Of the new border {seen:.0%} is seen in other frames and {1 - seen:.0%} is made up,"
            f" most of it in frame {fillings.least_seen} of the made file."
        )
    if grain:
        found.append(
            "The clip is grainy: the border has grain of its own, as strong and as coarse"
            f" (about {grain:.0f} of 255 levels)."
        )
    if score != UNKNOWN and score.confidence < LOW:
        found.append(_low_note())
    return tuple(found)


def _low_note() -> str:
    names = names_for("outpaint")
    better = f"; a video model ({', '.join(names)}) may do better" if names else ""
    return (
        "Look closely at the border: of strips hidden at the edges of the clip itself, little was"
        f" got right{better}."
    )
