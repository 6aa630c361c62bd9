"""What hides a stretch of a track, or shows where it is empty: the tracks above and below it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from opentimelineio.core import Item
from opentimelineio.schema import (
    Clip,
    Gap,
    GeneratorReference,
    MissingReference,
    Stack,
    TimeEffect,
    Track,
    TrackKind,
    Transition,
)

from longtake_bridge.timeline.timing import seconds_of
from longtake_bridge.timeline.track_edit import Lying, lay_out

IsOpaque = Callable[[Clip], bool]  # whether the media of a clip lets nothing through

# Generators that fill the frame; the others are titles and the like.
_FULL_GENERATORS = ("solidcolor", "black", "white", "colormatte", "smptebars", "bars")
# Words in the names of effects after which a picture need not fill the frame any more.
_FRAMING_WORDS = (
    *("scale", "size", "transform", "crop", "position", "motion", "picture", "pip", "rotat"),
    *("opacity", "composite", "blend", "mask", "matte", "key", "wipe", "alpha", "perspective"),
)


@dataclass(frozen=True, slots=True)
class Picture:
    """A stretch of record time in which a track shows something, in seconds; half-open."""

    start_s: Fraction
    end_s: Fraction
    name: str
    clip: Clip | None = None  # whose media may let something through


def full_pictures(track: Track) -> tuple[Picture, ...]:
    """Where a track shows pictures that fill the frame, but for what their media let through."""
    if not track.enabled or _reframes(track):
        return ()
    pictures: list[Picture] = []
    for lying in lay_out(track):
        start_s, end_s = lying.start_s, lying.end_s
        start_s += _fade_s(track, lying.index - 1, lying.index - 2)
        end_s -= _fade_s(track, lying.index + 1, lying.index + 2)
        if isinstance(lying.item, Stack):
            pictures += _inside(lying.item, lying.start_s, start_s, end_s)
        elif start_s < end_s and _fills_frame(lying.item):
            pictures.append(_picture(lying.item, start_s, end_s))
    return tuple(pictures)


def covering(
    pictures: Sequence[Picture], start_s: Fraction, end_s: Fraction, is_opaque: IsOpaque
) -> tuple[str, ...]:
    """The names of the pictures that together leave nothing of the range open; empty where not."""
    names: list[str] = []
    reaching = (one for one in pictures if one.end_s > start_s and one.start_s < end_s)
    for picture in sorted(reaching, key=lambda one: one.start_s):
        if picture.clip is not None and not is_opaque(picture.clip):
            continue
        if picture.start_s <= start_s < picture.end_s:
            names.append(picture.name)
            start_s = picture.end_s
        if start_s >= end_s:
            return tuple(dict.fromkeys(names))
    return ()


def showing(lying: Sequence[Lying], start_s: Fraction, end_s: Fraction) -> str | None:
    """The name of the first thing seen in a part of the range; None where nothing is."""
    for one in lying:
        overlaps = one.start_s < end_s and one.end_s > start_s
        if overlaps and not isinstance(one.item, Gap) and one.item.enabled:
            return one.item.name
    return None


def _picture(clip: Clip, start_s: Fraction, end_s: Fraction) -> Picture:
    generated = isinstance(clip.media_reference, GeneratorReference)
    return Picture(start_s, end_s, clip.name, None if generated else clip)


def _fills_frame(item: Item) -> bool:
    if not isinstance(item, Clip) or not item.enabled or _reframes(item):
        return False
    reference = item.media_reference
    if isinstance(reference, GeneratorReference):
        kind = reference.generator_kind.lower().replace(" ", "").replace("_", "")
        return kind in _FULL_GENERATORS
    # Titles and adjustment layers are exported without any media.
    return not isinstance(reference, MissingReference)


def _reframes(item: Item) -> bool:
    for effect in item.effects:
        name = f"{effect.name} {effect.effect_name}".lower()
        if not isinstance(effect, TimeEffect) and any(word in name for word in _FRAMING_WORDS):
            return True
    return False


def _inside(stack: Stack, lies_s: Fraction, start_s: Fraction, end_s: Fraction) -> list[Picture]:
    """What of a nested timeline fills the frame between two points of the outer one."""
    retimed = any(isinstance(effect, TimeEffect) for effect in stack.effects)
    if not stack.enabled or retimed or _reframes(stack):
        return []
    shown = stack.source_range
    shift_s = lies_s - (seconds_of(shown.start_time) if shown is not None else 0)
    pictures: list[Picture] = []
    for track in stack:
        if isinstance(track, Track) and track.kind == TrackKind.Video:
            for one in full_pictures(track):
                clipped = max(one.start_s + shift_s, start_s), min(one.end_s + shift_s, end_s)
                if clipped[0] < clipped[1]:
                    pictures.append(Picture(*clipped, stack.name or one.name, one.clip))
    return pictures


def _fade_s(track: Track, place: int, far: int) -> Fraction:
    """Seconds at an edge of a clip that a fade from or to nothing takes; 0 without one."""
    if not 0 <= place < len(track) or not isinstance(track[place], Transition):
        return Fraction(0)
    if 0 <= far < len(track) and not isinstance(track[far], Gap):
        return Fraction(0)
    transition = track[place]
    return seconds_of(transition.out_offset if far < place else transition.in_offset)
