"""Which gaps and cuts of a timeline are left as they are, and why."""

from dataclasses import dataclass
from fractions import Fraction

from opentimelineio.schema import Stack, Timeline, Track, TrackKind, Transition

from longtake_bridge.timeline.clip_search import Nest, find_stack, track_label
from longtake_bridge.timeline.coverage import (
    Picture,
    covering,
    showing,
)
from longtake_bridge.timeline.look import Look, why_no_neighbour
from longtake_bridge.timeline.refusal import speed_fault
from longtake_bridge.timeline.spot import Spot


@dataclass(frozen=True, slots=True)
class Left:
    """Why a spot is left as it is, as a clause for a person."""

    why: str
    meant: bool = False  # the editor seems to want it so; who names the spot gets it done anyway


def why_impossible(look: Look, spot: Spot) -> Left | None:
    """What stands in the way of frames between the neighbours of a spot; None where nothing does.

    Gaps without a neighbour are the black at the head and tail of a track.
    """
    track = find_stack(look.document.timeline, spot.nest)[spot.track]
    if spot.before is None or spot.after is None:
        if spot.before is None and spot.after is None:
            return Left("nothing lies on this track")
        end = "head" if spot.before is None else "tail"
        return Left(f"it is the black at the {end} of the track")
    if any(isinstance(item, Transition) for item in track[spot.before + 1 : spot.after]):
        fade = "a fade" if spot.span.duration_frames else "a transition"
        return Left(f"{fade} lies on its edge")
    why = (
        _why_enclosed(look.document.timeline, spot)
        or why_no_neighbour(track[spot.before])
        or why_no_neighbour(track[spot.after])
    )
    if why is None and not spot.on_frames:
        why = "its edges lie between two frames of the timeline"
    return Left(why) if why else None


def why_meant(look: Look, spot: Spot, filled: dict[tuple[Nest, int], list[Picture]]) -> Left | None:
    """Why the editor seems to want a gap as it is; None where nothing shows that.

    `filled` are the gaps of tracks above that are going to be filled.
    """
    stack = find_stack(look.document.timeline, spot.nest)
    start_s, end_s = spot.span.start_s, spot.span.end_s
    if hidden := why_hidden(look, spot, start_s, end_s):
        return hidden
    for place in _video(stack):
        shown = None
        if place < spot.track and stack[place].enabled:
            shown = showing(look.lying(spot.nest, place), start_s, end_s)
        if shown is not None:
            name = f' ("{shown}")' if shown else ""
            return Left(f"{track_label(stack, place)} shows in it{name}", meant=True)
        if place > spot.track and covering(
            filled.get((spot.nest, place), []), start_s, end_s, look.is_opaque
        ):
            return Left(f"the gap above it on {track_label(stack, place)} is filled", meant=True)
    return None


def why_hidden(look: Look, spot: Spot, start_s: Fraction, end_s: Fraction) -> Left | None:
    """Why nobody sees a stretch of a track: a full frame lies over all of it; None where not."""
    stack = find_stack(look.document.timeline, spot.nest)
    for place in _video(stack):
        if place > spot.track:
            pictures = look.full_pictures(spot.nest, place)
            names = covering(pictures, start_s, end_s, look.is_opaque)
            if names:
                who = f'"{names[0]}"' if names[0] else "a clip"
                more = " and others lie" if len(names) > 1 else " lies"
                return Left(f"{who}{more} over it on {track_label(stack, place)}", meant=True)
    return None


def _video(stack: Stack) -> list[int]:
    return [
        place
        for place, track in enumerate(stack)
        if isinstance(track, Track) and track.kind == TrackKind.Video
    ]


def _why_enclosed(timeline: Timeline, spot: Spot) -> str | None:
    """What shows the track otherwise than it lies: a trim or a speed of all that holds it."""
    stack = timeline.tracks
    outers: list[Stack | Track] = [stack]
    for track, item in spot.nest:
        outers += [stack[track], stack[track][item]]
        stack = stack[track][item]
    outers.append(stack[spot.track])
    if not all(isinstance(child, Track) for child in stack):
        return "its timeline is not made of tracks alone"
    for outer in outers:
        name = f'"{outer.name}"' if outer.name else "its track"
        if not outer.enabled:
            return f"{name} is switched off"
        if fault := speed_fault(outer):
            return f"{name}, which holds it, {fault}"
        if outer.source_range is not None:
            return f"{name}, which holds it, is trimmed as a whole"
    return None
