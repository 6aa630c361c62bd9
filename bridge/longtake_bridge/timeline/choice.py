"""Which of the gaps or cuts of a timeline are worked on, and what is done about each."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from opentimelineio.schema import Timeline

from longtake_bridge.errors import BridgeError, not_possible, wrong_call
from longtake_bridge.length import Length
from longtake_bridge.timeline.clip_search import Nest, find_stack, track_label
from longtake_bridge.timeline.coverage import Picture
from longtake_bridge.timeline.gap_plan import plan_gap
from longtake_bridge.timeline.gap_sound import with_sound
from longtake_bridge.timeline.jump_cut import LONGEST_MISSING_S, default_side_frames, plan_cut
from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.meant import Left, why_hidden, why_impossible, why_meant
from longtake_bridge.timeline.piece import PiecePlan
from longtake_bridge.timeline.spot import (
    Spot,
    find_cuts,
    find_gaps,
    spot_timecode,
    video_tracks,
)
from longtake_bridge.timeline.timing import count_frames, seconds_of, timecode_to_frame

NOT_ASKED = Left("not asked for")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for."""

    tracks: tuple[str, ...] = ()  # numbers from 1, V1, V2, ... or names; all where empty
    numbers: tuple[int, ...] = ()  # of gaps, in the listing; all where empty
    longest: Length | None = None  # longer gaps, or pieces left out at a jump cut, are left alone
    jump_cuts: bool = False  # jump cuts instead of gaps
    side_frames: int | None = None  # made on either side of a jump cut
    at: tuple[str, ...] = ()  # timecodes of the cuts that are meant


@dataclass(frozen=True, slots=True)
class Chosen:
    """A gap or a cut and what is done about it: exactly one of `plan` and `left` is there."""

    spot: Spot
    timecode: str  # where it begins
    plan: PiecePlan | None
    left: Left | None

    @property
    def name(self) -> str:
        """How a sentence speaks of it."""
        kind = "gap" if self.spot.span.duration_frames else "the cut"
        number = f" {self.spot.number}" if self.spot.span.duration_frames else ""
        return f"{kind}{number} on {self.spot.label} at {self.timecode}"


def choose(look: Look, choice: Choice) -> tuple[Chosen, ...]:
    """Every gap and what is done about it; of cuts only those that are jump cuts or asked for.

    Raises:
        BridgeError: WRONG_CALL where the choice speaks of what is not there; NOT_POSSIBLE where
            nothing can be done about what it names.
    """
    _check_tracks(look.document.timeline, choice.tracks)
    return _choose_cuts(look, choice) if choice.jump_cuts else _choose_gaps(look, choice)


def _choose_gaps(look: Look, choice: Choice) -> tuple[Chosen, ...]:
    document = look.document
    spots = find_gaps(document.timeline, document.rate)
    for number in choice.numbers:
        if not 1 <= number <= len(spots):
            count = f"{len(spots)} gaps" if len(spots) != 1 else "one gap"
            raise wrong_call(
                f"There is no gap {number}: the timeline has {count if spots else 'no gaps'}; "
                "see them all with --dry-run."
            )
    filled: dict[tuple[Nest, int], list[Picture]] = {}
    found: list[Chosen] = []
    # From the top: what is filled there hides what lies below.
    for spot in sorted(spots, key=lambda one: one.track, reverse=True):
        verdict = _verdict_of_gap(look, choice, spot, filled)
        if isinstance(verdict, Left):
            found.append(_left(look, spot, verdict, named=spot.number in choice.numbers))
            continue
        filled.setdefault((spot.nest, spot.track), []).append(
            Picture(spot.span.start_s, spot.span.end_s, "")
        )
        found.append(Chosen(spot, _timecode(look, spot), verdict, None))
    return tuple(sorted(found, key=lambda one: one.spot.number))


def _verdict_of_gap(
    look: Look, choice: Choice, spot: Spot, filled: dict[tuple[Nest, int], list[Picture]]
) -> PiecePlan | Left:
    named = spot.number in choice.numbers
    if (choice.numbers and not named) or not _is_on(look.document.timeline, spot, choice.tracks):
        return NOT_ASKED
    left = why_impossible(look, spot)
    if left is None and not named:
        left = why_meant(look, spot, filled)
    if left is None and choice.longest is not None:
        most = count_frames(choice.longest, spot.span.rate)
        if spot.span.duration_frames > most:
            left = Left(f"it is longer than {choice.longest}", meant=True)
    if left is not None:
        return left
    try:
        return with_sound(look, _with_effects_note(plan_gap(look, spot)), spot)
    except BridgeError as error:
        return _unreadable(error)


def _choose_cuts(look: Look, choice: Choice) -> tuple[Chosen, ...]:
    document = look.document
    spots = [
        spot
        for spot in find_cuts(document.timeline, document.rate)
        if _is_on(document.timeline, spot, choice.tracks)
    ]
    wanted = _named_frames(look, choice, spots)
    found: list[Chosen] = []
    for spot in spots:
        named = spot.span.start_frame in wanted and not spot.nest
        if wanted and not named:
            continue
        verdict = _verdict_of_cut(look, choice, spot, named=named)
        if isinstance(verdict, Left):
            found.append(_left(look, spot, verdict, named=named))
        elif verdict is not None:
            found.append(Chosen(spot, _timecode(look, spot), verdict, None))
    return tuple(found)


def _verdict_of_cut(
    look: Look, choice: Choice, spot: Spot, *, named: bool
) -> PiecePlan | Left | None:
    rate = spot.span.rate
    left = why_impossible(look, spot)
    if left is not None:
        return left if named else None
    assert spot.before is not None, "a cut has a shot before it"
    assert spot.after is not None, "a cut has a shot after it"
    # Files are opened for what can be a jump cut alone.
    if not named and not look.is_one_file(spot.nest, spot.track, spot.before, spot.after):
        return None
    longest_s = LONGEST_MISSING_S
    if choice.longest is not None:
        longest_s = count_frames(choice.longest, rate) / rate
    side_frames = choice.side_frames or default_side_frames(rate)
    try:
        plan = plan_cut(look, spot, side_frames, longest_s, named=named)
    except BridgeError as error:
        return _unreadable(error) if named else None
    if isinstance(plan, PiecePlan) and not named:
        # A jump is hidden where something lies over the frames on both sides of it.
        hidden = why_hidden(look, spot, spot.span.start_s - 1 / rate, spot.span.end_s + 1 / rate)
        if hidden:
            return hidden
    return _with_effects_note(plan) if isinstance(plan, PiecePlan) else plan


def _with_effects_note(plan: PiecePlan) -> PiecePlan:
    if not plan.make_frames or plan.before.effects == plan.after.effects:
        return plan
    note = (
        "The clips beside it wear different effects; the made piece wears those of "
        f'"{plan.before.anchor.clip_name}".'
    )
    return replace(plan, notes=(*plan.notes, note))


def _named_frames(look: Look, choice: Choice, spots: Sequence[Spot]) -> set[int]:
    """The record frames of the cuts that --at names."""
    document = look.document
    start = document.timeline.global_start_time
    start_s = seconds_of(start) if start is not None else Fraction(0)
    frames: set[int] = set()
    for text in choice.at:
        frame = timecode_to_frame(text, document.rate) - round(start_s * document.rate)
        cuts = [spot for spot in spots if not spot.nest]
        if not any(spot.span.start_frame == frame for spot in cuts):
            near = min(cuts, key=lambda one: abs(one.span.start_frame - frame), default=None)
            hint = f"the nearest is at {_timecode(look, near)}" if near else "there is none at all"
            raise wrong_call(f"No cut lies at {text}; {hint}.")
        frames.add(frame)
    return frames


def _left(look: Look, spot: Spot, left: Left, *, named: bool) -> Chosen:
    chosen = Chosen(spot, _timecode(look, spot), None, left)
    if named:
        raise not_possible(f"Nothing can be done about {chosen.name}: {left.why}.")
    return chosen


def _unreadable(error: BridgeError) -> Left:
    """Media that cannot be used leaves its own gaps alone; an engine in trouble ends it all."""
    if error.reason not in ("BAD_INPUT", "MISSING_INPUT", "PATH_REFUSED", "NOT_POSSIBLE"):
        raise error
    return Left(error.sentence.rstrip("."))


def _timecode(look: Look, spot: Spot) -> str:
    return spot_timecode(spot, look.document.timeline)


def _is_on(timeline: Timeline, spot: Spot, wanted: Sequence[str]) -> bool:
    """Whether a spot lies on one of the wanted tracks, or nested in something that does."""
    if not wanted:
        return True
    place = spot.nest[0][0] if spot.nest else spot.track
    return any(_is_called(timeline, place, text) for text in wanted)


def _check_tracks(timeline: Timeline, wanted: Sequence[str]) -> None:
    places = [place for nest, place in video_tracks(timeline.tracks) if not nest]
    for text in wanted:
        if not any(_is_called(timeline, place, text) for place in places):
            names = ", ".join(
                f'{track_label(timeline.tracks, place)} "{timeline.tracks[place].name}"'
                for place in places
            )
            raise wrong_call(f'There is no video track "{text}"; there are: {names}.')


def _is_called(timeline: Timeline, place: int, text: str) -> bool:
    label = track_label(find_stack(timeline, ()), place)
    return text in (timeline.tracks[place].name, label, label.removeprefix("V"), label.lower())
