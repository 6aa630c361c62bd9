"""What an editor should know of a take, one sentence each."""

from collections.abc import Iterable
from fractions import Fraction

from longtake_engine.ability import ModelInfo
from longtake_engine.media.info import MediaInfo
from longtake_engine.picture import PictureFormat
from longtake_engine.splice.sound.continuation import Continuation, Music
from longtake_engine.tasks.side import Side
from longtake_engine.work import Score

NEAR = 25  # frames beside the join; a cut further off is of no weight
LOW = 0.35  # confidence under which a take is rather not cut with


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


def untried_note(model: str) -> str:
    """What to know of a take by a model that is not tried on the clip beforehand."""
    return (
        f"{model} is not tried on the clip beforehand, for that would take as long as the work"
        " itself: the score says nothing, look at the new frames."
    )


def enlarged_notes(info: ModelInfo, format: PictureFormat) -> tuple[str, ...]:
    """That a model's pictures are made larger to be of the clip's size, where they are."""
    pixels = format.width * format.height
    if not info.max_pixels or pixels <= info.max_pixels:
        return ()
    times = (pixels / info.max_pixels) ** 0.5
    return (
        f"{info.name} makes pictures of {info.max_pixels / 1e6:.1f} megapixels; the new frames are"
        f" enlarged {times:.1f} times to the clip's {format.width}×{format.height}, and softer.",
    )


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


def sound_notes(heard: Iterable[Continuation], music: Music) -> tuple[str, ...]:
    """What became of the words and the music that were heard beside the joins."""
    heard = tuple(heard)
    notes = []
    if any(sound.speech for sound in heard):
        notes.append(
            "People speak beside the join: under the new frames is the room's sound without words."
        )
    if any(sound.pad is not None for sound in heard):
        what = (
            "its last chord is held under the new frames; --music fade lets it fade instead."
            if music == "hold"
            else "it fades within a second of the join; --music hold holds its last chord instead."
        )
        notes.append(f"Music plays beside the join: {what}")
    elif any(sound.music for sound in heard):
        notes.append("Music plays under the words beside the join: it ends with them.")
    return tuple(notes)
