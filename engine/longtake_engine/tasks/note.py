"""What an editor should know of a take, one sentence each."""

from collections.abc import Iterable
from fractions import Fraction

from longtake_engine.media.info import MediaInfo
from longtake_engine.splice.sound.continuation import Continuation, Music
from longtake_engine.work import Score

LOW = 0.35  # confidence under which a take is rather not cut with


def take_notes(
    info: MediaInfo, score: Score, remade_frames: int, rate: Fraction
) -> tuple[str, ...]:
    """The notes of one take."""
    notes = list(info.notes)
    if score.psnr_db == 0:
        notes.append("The clip is too short to measure on, so the score says nothing.")
    elif score.confidence < LOW and not remade_frames:
        notes.append(
            "What moves here cannot be foretold well by a built-in model: look closely at the new"
            " frames, or stretch the clip's own (--model retime). A video model such as Wan VACE"
            " could make them; this engine cannot load one yet."
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
