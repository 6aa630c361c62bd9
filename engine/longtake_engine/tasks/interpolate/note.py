"""What an editor should know of a clip that was slowed down or converted, one sentence each."""

from collections.abc import Sequence
from fractions import Fraction

from longtake_engine.media.info import MediaInfo
from longtake_engine.models.between import INFO, Fusion
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.interpolate.frames import Retiming
from longtake_engine.tasks.interpolate.refining import Refining
from longtake_engine.tasks.interpolate.survey import Found
from longtake_engine.tasks.interpolate.timing import Course
from longtake_engine.tasks.interpolate.trial import Trial
from longtake_engine.tasks.note import LOW

MOST_CUTS = 8  # that are named
COMBED = 0.7  # share of the moving frames from which the clip is taken for combed
# What people call the beats that have a name.
_BEATS = {Fraction(5, 2): "2:3 pulldown", Fraction(2): "on twos", Fraction(3): "on threes"}


def clip_notes(info: MediaInfo, retiming: Retiming, trial: Trial) -> tuple[str, ...]:
    """The notes of a take, once all its frames are made."""
    course, found = retiming.course, retiming.found
    notes = [*info.notes, *_cut_notes(found.cuts, course), *_held_notes(found)]
    notes += [*card_notes(retiming.fusion), *_refining_notes(retiming.refining)]
    beyond = _beyond_end(course, retiming.reader.frame_count)
    if beyond > 1:
        what = (
            "hold the clip's last picture"
            if retiming.quality == "draft"
            else "lie beyond the clip's last picture and carry its motion on"
        )
        notes.append(f"The last {beyond} frames {what}: nothing was filmed after it.")
    if found.moving >= 4 and found.combed > COMBED * found.moving:
        notes.append(
            "The pictures are combed, though the file says progressive: mark the clip as"
            " interlaced, or deinterlace it before you slow it down."
        )
    if trial.score == UNKNOWN:
        notes.append("The clip is too short to measure on, so the score says nothing.")
    elif trial.score.confidence < LOW:
        notes.append(
            "Much moves here that motion alone cannot explain: look closely at the frames."
        )
    return tuple(notes)


def card_notes(fusion: Fusion) -> list[str]:
    """Where pictures are made, if not on the processor."""
    return [f"Made on {fusion.device}."] if fusion.device else []


def _refining_notes(refining: Refining) -> list[str]:
    share = round(100 * refining.share)
    if not share:
        return []
    where = "" if share == 100 else f" in {share} % of the clip"
    return [
        f"A network that was trained on drawn scenes betters the motion{where}, by"
        f" {refining.gain_db:.2f} dB on frames that were hidden from it; --model {INFO.name} does"
        " without it."
    ]


def _cut_notes(cuts: Sequence[int], course: Course) -> list[str]:
    """Where cuts lie in the made file."""
    # The first that shows the new shot.
    numbers = [-int(-(cut - course.first) // course.step) for cut in cuts]
    frames = [str(number) for number in numbers if 0 < number < course.frame_count]
    if not frames:
        return []
    named = ", ".join(frames[:MOST_CUTS])
    if len(frames) > MOST_CUTS:
        named += f" and {len(frames) - MOST_CUTS} more"
    if len(frames) == 1:
        return [f"A cut or flash lies at frame {named} of the new file: nothing is blended there."]
    return [
        f"Cuts or flashes lie at frames {named} of the new file: nothing is blended across them."
    ]


def _held_notes(found: Found) -> list[str]:
    if not found.copies:
        return []
    beats = {beat: frames for beat, frames in found.beats.items() if beat != 1}
    if beats:
        beat = max(beats, key=lambda beat: beats[beat])
        name = _BEATS.get(beat, f"{beat.denominator} pictures in {beat.numerator} frames")
        return [
            f"Pictures are held in the clip ({name}): {found.copies} frames only repeat the one"
            " before, and motion runs from picture to picture instead."
        ]
    one = found.copies == 1
    frames, repeat = ("frame", "repeats") if one else ("frames", "repeat")
    return [
        f"{found.copies} {frames} of the clip only {repeat} the one before amid motion: the moment"
        " that was lost there is made."
    ]


def _beyond_end(course: Course, source_frames: int) -> int:
    """Frames of the made file beyond the clip's last picture."""
    # The last that does not lie beyond it.
    last = int((source_frames - 1 - course.first) // course.step)
    return max(0, course.frame_count - 1 - last)
