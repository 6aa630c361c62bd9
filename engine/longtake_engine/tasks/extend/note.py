"""What an editor should know of a take that is an extension, one sentence each."""

from fractions import Fraction

from longtake_engine.media.info import MediaInfo
from longtake_engine.tasks.extend.side import Side
from longtake_engine.tasks.note import LOW, untried_note
from longtake_engine.work import Score

NEAR = 25  # frames beside the join; a cut further off is of no weight


def take_notes(
    info: MediaInfo,
    score: Score,
    remade_frames: int,
    rate: Fraction,
    measured: str = "The clip",
    *,
    untried: str = "",
) -> tuple[str, ...]:
    """The notes of one take; `measured` is what the score was measured on, as `measured_on` says
    it, `untried` the name of a model that is not tried beforehand."""
    notes = list(info.notes)
    if untried:
        notes.append(untried_note(untried))
    elif score.psnr_db == 0:
        notes.append(f"{measured} is too short to measure on, so the score says nothing.")
    elif score.confidence < LOW and not remade_frames:
        notes.append(
            "What moves here cannot be foretold well by a built-in model: look closely at the new"
            " frames, or stretch the clip's own (--model retime). A video model such as Wan VACE"
            " could make them (`longtake models`)."
        )
    if remade_frames:
        seconds = float(remade_frames / rate)
        one = remade_frames == 1
        frames, slowed = ("frame", "is") if one else ("frames", "are")
        notes.append(
            f"{remade_frames} real {frames} ({seconds:.1f} s) beside the join {slowed} slowed down;"
            f" {'its' if one else 'their'} sound is not."
        )
    return tuple(notes)


def measured_on(side: Side) -> str:
    """What there was to measure on at an end, as the start of a sentence."""
    ending = side.ending
    if ending.closed and len(ending.known) < side.reader.frame_count:
        return f"The shot at the {'end' if side.forward else 'start'}"
    return "The clip"


def ending_notes(side: Side) -> tuple[str, ...]:
    """What was seen at the end that was extended, and what was made of it."""
    if not side.new_frames:
        return ()
    end, ends, join = ("end", "ends", "last") if side.forward else ("start", "starts", "first")
    ending = side.ending
    notes = []
    if ending.black or ending.bare:
        what = "black" if ending.black else "a plain picture"
        notes.append(f"The clip {ends} in {what}: that is held on.")
    elif ending.repetition.held:
        notes.append(
            f"The clip already stands still for its {join} {ending.repetition.held} frames:"
            f" its {join} picture is held on."
        )
    elif side.still:
        few = len(ending.sources())
        frames = "one frame" if few == 1 else f"{few} frames"
        notes.append(f"Only {frames} of the shot at the {end} can be gone by, so it is held still.")
    elif ending.cadence != (1,):
        notes.append(_pulldown_note(ending.cadence))
    if ending.skipped:
        one = ending.skipped == 1
        frames, show = ("frame", "shows") if one else (f"{ending.skipped} frames", "show")
        what = "another shot" if ending.another_shot else "a flash"
        notes.append(
            f"The clip's {join} {frames} {show} {what}: the new frames go on from the shot beside"
            f" it; trim the {'frame' if one else 'frames'} off before you extend."
        )
    if ending.fade:
        to = "white" if ending.fade.white else "black"
        notes.append(f"The clip {ends} in a fade to {to}: the fade goes on to its end and stays.")
    if ending.dissolving:
        notes.append(
            f"The clip {ends} within a dissolve: the new frames go on from the mixed picture;"
            " extend the shot without its dissolve and lay that over it again."
        )
    if ending.combed:
        notes.append(
            "The pictures are combed, though the file says progressive: mark the clip as"
            " interlaced, or deinterlace it before you extend it."
        )
    if _cut_short(side):
        notes.append(
            f"A cut lies {len(ending.known)} frames from the {end}: only the shot beside it is"
            " gone by."
        )
    return tuple(notes)


def _pulldown_note(cadence: tuple[int, ...]) -> str:
    if len(cadence) == 1:
        return f"Each picture is held for {cadence[0]} frames: the new ones are too."
    held = ":".join(str(hold) for hold in cadence)
    return f"Pictures are held for {held} frames in turn: the new ones are too."


def _cut_short(side: Side) -> bool:
    """Whether a cut left fewer frames to go by than the backend asks for."""
    ending = side.ending
    asked = min(side.backend.context_frames(side.new_frames), side.reader.frame_count)
    cut = len(ending.known) < side.reader.frame_count
    return ending.closed and cut and not side.still and len(ending.known) < min(asked, NEAR)
