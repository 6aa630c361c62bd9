"""What an editor should know of a take whose holes were filled, one sentence each."""

from collections.abc import Sequence

from msgspec.structs import replace

from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.inpaint.filling import Fillings
from longtake_engine.tasks.note import LOW, untried_note
from longtake_engine.work import Score

MADE_UP = 0.5  # share of the confidence that what was never seen keeps
MOST_CUTS = 8  # that are named
LITTLE = 0.005  # share made up that goes without saying


def score_seen(score: Score, seen_share: float) -> Score:
    """`score`, the less sure the more was made up: there the measured holes say little."""
    if score == UNKNOWN:
        return score
    return replace(score, confidence=score.confidence * (MADE_UP + (1 - MADE_UP) * seen_share))


def cut_notes(shots: Sequence[range], filled: range) -> tuple[str, ...]:
    """Where cuts part what was filled, counted in frames of the clip."""
    cuts = [shot.start for shot in shots[1:] if filled.start < shot.start < filled.stop]
    if not cuts:
        return ()
    named = ", ".join(map(str, cuts[:MOST_CUTS]))
    more = f" and {len(cuts) - MOST_CUTS} more" if len(cuts) > MOST_CUTS else ""
    cut, lie = ("A cut", "lies at frame") if len(cuts) == 1 else ("Cuts", "lie at frames")
    return (f"{cut} {lie} {named}{more}: nothing is taken across.",)


def take_notes(
    notes: Sequence[str], score: Score, fillings: Fillings, grain: float, *, untried: str = ""
) -> tuple[str, ...]:
    """The notes of a take: `notes` of its clip, and what came up while it was made; `untried` is
    the name of a model that is not tried beforehand."""
    made_up = 1 - fillings.seen_share
    found = list(notes)
    if made_up < LITTLE:
        found.append("What was hidden is seen in other frames all through; nothing is made up.")
    else:
        found.append(
            f"Of what was hidden {1 - made_up:.0%} is seen in other frames and {made_up:.0%} is"
            f" made up, most of it in frame {fillings.least_seen} of the made file."
        )
    if grain:
        found.append(
            "The clip is grainy: what was filled has grain of its own, as strong and as coarse"
            f" (about {grain:.0f} of 255 levels)."
        )
    if untried:
        found.append(untried_note(untried))
    elif score == UNKNOWN:
        found.append("There was no room beside the hole to measure on, so the score says nothing.")
    elif score.confidence < LOW:
        found.append(
            "Look closely at the filled region: of moved copies of the hole, little was got right."
        )
    return tuple(found)
