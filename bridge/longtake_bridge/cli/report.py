"""A result in a few plain lines for a person."""

from longtake_bridge.result import Result, Seam, Take

_UNSEEN = 1.5  # times the clip's own change, up to which a jump is not seen


def result_lines(result: Result) -> list[str]:
    """Where the result lies, what was made, how sure it is, and what to know of it."""
    lines = [result.timeline] if result.timeline else []
    lines += list(result.notes)
    for number, take in enumerate(result.takes, start=1):
        label = f"Take {number}: " if len(result.takes) > 1 else ""
        lines.append(f"{label}{take.media}")
        lines += [f"  {line}" for line in take_lines(take)]
    return lines


def take_lines(take: Take) -> list[str]:
    """What was made, how sure it is, each join, and the notes."""
    shown = take.duration_frames / take.rate if take.rate else 0
    done = "filled" if take.fillings else "made"
    return [
        f"{_spans(take)} {done} by {take.model}; {take.duration_frames} frames "
        f"at {float(take.rate):.6g} fps in all ({float(shown):.2f} s).",
        *_confidence(take),
        *(seam_text(seam) for seam in take.seams),
        *take.notes,
    ]


def _confidence(take: Take) -> list[str]:
    """Nothing of a take that nobody could measure, or that was not tried: a note says so."""
    if take.score is None:
        return []
    return [f"Confidence {confidence_text(take.score.confidence)}."]


def confidence_text(confidence: float) -> str:
    """The measured confidence in words, with its number."""
    if confidence > 0.6:
        words = "good: usually cuts"
    elif confidence >= 0.3:
        words = "fair: look at it before you cut"
    else:
        words = "low: rather another take or model"
    return f"{confidence:.2f} ({words})"


def seam_text(seam: Seam) -> str:
    """One join in a sentence."""
    faults = []
    if seam.color_jump > _UNSEEN:
        faults.append(f"colour steps {seam.color_jump:.1f}× what the clip's own frames do")
    if not 1 / _UNSEEN <= seam.sharpness_ratio <= _UNSEEN:
        faults.append(_than(seam.sharpness_ratio, "sharper", "softer"))
    if not 1 / _UNSEEN <= seam.noise_ratio <= _UNSEEN:
        faults.append(_than(seam.noise_ratio, "noisier", "cleaner"))
    if not 0.4 <= seam.motion_ratio <= 2:
        faults.append(f"motion is {seam.motion_ratio:.1f}× the clip's own")
    told = "; ".join(faults) if faults else "within what the clip's own frames do"
    return f"Join at the {seam.side} (frame {seam.frame}): {told}."


def _than(ratio: float, more: str, less: str) -> str:
    return f"the new frames are {more if ratio > 1 else less} ({ratio:.1f}×)"


def _spans(take: Take) -> str:
    """How many new frames lie where."""
    if take.fillings:
        count = sum(len(filling.filled) for filling in take.fillings)
        return f"A region in {count} of {take.duration_frames} frames"
    if len(take.made) == 1 and take.made[0][1] == take.duration_frames:
        return f"{take.duration_frames} new frames"
    inner = [start for start, count in take.made if start and start + count < take.duration_frames]
    if inner:  # between frames of the clip, rather than beside it
        count = sum(duration for _, duration in take.made)
        return f"{count} of {take.duration_frames} frames"
    places = []
    for start, duration in take.made:
        place = "before the head" if start == 0 else "after the tail"
        places.append(f"{duration} new frames {place}")
    return " and ".join(places) if places else "No new frames"
