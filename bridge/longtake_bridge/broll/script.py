"""The shots that a script wishes for."""

from fractions import Fraction
from pathlib import Path

from longtake_bridge.errors import wrong_call
from longtake_bridge.footage.transcript import join_sentences, read_transcript
from longtake_bridge.length import Length
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.timing import count_frames, nearest_frame
from longtake_bridge.timeline.wish import Wish, number_wishes, origin_frame

LONGEST_PASSAGE_S = Fraction(8)  # what is said longer in one sentence is shown in several shots
LEAST_PASSAGE_S = Fraction(1)
PASSAGE = Length(seconds=Fraction(4))  # where a script does not say how long


def script_wishes(
    document: TimelineDocument, path: Path, duration: Length | None
) -> tuple[Wish, ...]:
    """A wish for every passage that is long enough to be shown something under.

    Raises:
        BridgeError: The script cannot be read, or has no such passage.
    """
    rate = document.rate
    usual = count_frames(duration or PASSAGE, rate)
    origin_s = origin_frame(document) / rate
    passages = join_sentences(read_transcript(path), longest_s=LONGEST_PASSAGE_S)
    # Scripts are written with the timeline's own timecodes, or count from its start.
    shift_s = origin_s if origin_s and passages[0].start_s >= origin_s else Fraction(0)
    found = []
    for passage in passages:
        start = nearest_frame(passage.start_s - shift_s, rate)
        end_s = passage.end_s
        frames = usual if end_s is None else nearest_frame(end_s - passage.start_s, rate)
        if duration is not None:
            frames = min(frames, usual)
        if frames >= LEAST_PASSAGE_S * rate:
            found.append((start, min(frames, int(LONGEST_PASSAGE_S * rate)), passage.text))
    if not found:
        raise wrong_call(f"{path.name} has no passage of a second or more; nothing can be shown.")
    return number_wishes(document, found)
