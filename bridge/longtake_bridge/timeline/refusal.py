"""What cannot be extended, and why: one clear sentence each."""

import opentimelineio as otio
from opentimelineio.schema import Clip, Stack, TimeEffect, Timeline, Track, Transition

from longtake_bridge.errors import bad_input, not_possible
from longtake_bridge.timeline.clip_search import ClipAddress, find_item, find_stack, track_label
from longtake_bridge.timeline.placement import Follow
from longtake_bridge.timeline.track_edit import item_s


def check_clip(timeline: Timeline, address: ClipAddress, sides: tuple[str, ...]) -> None:
    """Nothing, where the edges of the clip at `address` can be moved.

    `sides` are those to be extended, "head" and "tail".

    Raises:
        BridgeError: NOT_POSSIBLE or BAD_INPUT, saying what stands in the way.
    """
    clip = find_item(timeline, address)
    stack = find_stack(timeline, address.nest)
    if not all(isinstance(child, Track) for child in stack):
        raise not_possible(
            f'"{clip.name}" lies on a timeline that is not made of tracks alone; export it from '
            "the editor again."
        )
    track = stack[address.track]
    label = track_label(stack, address.track)
    _check_speed(clip, f'"{clip.name}"')
    if item_s(clip) <= 0:
        raise bad_input(f'"{clip.name}" on {label} has no length; there is nothing to extend.')
    for side in sides:
        _check_transition(track, address.item, side, label)
    _check_enclosing(timeline, address, label)


def check_follow(timeline: Timeline, address: ClipAddress, follow: Follow) -> None:
    """Nothing, where what follows the clip can be treated as asked.

    Raises:
        BridgeError: NOT_POSSIBLE; a ripple would have to reach tracks outside the nested timeline.
    """
    if follow == "ripple" and address.nest:
        stack = find_stack(timeline, address.nest)
        raise not_possible(
            f'"{find_item(timeline, address).name}" lies inside the nested timeline '
            f'"{stack.name}", and pushing things later there would not move what lies outside; use '
            "--overwrite, or extend the clip on that timeline itself."
        )


def speed_fault(item: otio.core.Item) -> str | None:
    """What is unusual about the speed of an item, as a predicate; None for one that just runs."""
    for effect in item.effects:
        if not isinstance(effect, TimeEffect):
            continue
        if isinstance(effect, otio.schema.FreezeFrame):
            return "is a freeze frame"
        speed = getattr(effect, "time_scalar", None)
        if speed == 1.0:
            continue
        kind = "runs backwards" if speed is not None and speed < 0 else "has a speed effect"
        name = effect.name or effect.effect_name or type(effect).__name__
        times = f", {speed:g}×" if speed is not None else ""
        return f"{kind} ({name}{times})"
    return None


def _check_speed(item: otio.core.Item, what: str) -> None:
    fault = speed_fault(item)
    if fault == "is a freeze frame":
        raise not_possible(f"{what} is a freeze frame; make it longer in the editor.")
    if fault is not None:
        raise not_possible(
            f"{what} {fault}; render it in place in the editor and export the timeline again."
        )


def _check_transition(track: Track, index: int, side: str, label: str) -> None:
    beside = index + 1 if side == "tail" else index - 1
    if not 0 <= beside < len(track) or not isinstance(track[beside], Transition):
        return
    transition = track[beside]
    far = beside + 1 if side == "tail" else beside - 1
    other = f' with "{track[far].name}"' if 0 <= far < len(track) and track[far].name else ""
    kind = transition.transition_type or transition.name or "transition"
    raise not_possible(
        f'The {side} of "{track[index].name}" on {label} lies under a transition ({kind}{other}); '
        "remove it, extend the clip and put it back."
    )


def _check_enclosing(timeline: Timeline, address: ClipAddress, label: str) -> None:
    """Refuses what would show the clip otherwise than as it lies on its track."""
    name = find_item(timeline, address).name
    enclosing: list[Stack | Track] = [timeline.tracks]
    stack = timeline.tracks
    for track, item in address.nest:
        enclosing += [stack[track], stack[track][item]]
        stack = stack[track][item]
    enclosing.append(stack[address.track])
    for outer in enclosing:
        what = f'"{outer.name}"' if outer.name else f"the track {label}"
        _check_speed(outer, f'{what}, which holds "{name}",')
        if outer.source_range is not None:
            raise not_possible(
                f'"{name}" lies inside {what}, which is trimmed as a whole; open it in the editor '
                "and extend the clip there."
            )


def is_plain(clip: Clip, track: Track, index: int, sides: tuple[str, ...]) -> str | None:
    """None where sound can follow its picture, else what stands in the way."""
    if any(isinstance(effect, TimeEffect) for effect in clip.effects):
        return "it has a speed effect"
    for side in sides:
        beside = index + 1 if side == "tail" else index - 1
        if 0 <= beside < len(track) and isinstance(track[beside], Transition):
            return f"its {side} lies under a fade"
    return None
