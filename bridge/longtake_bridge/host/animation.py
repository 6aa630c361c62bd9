"""Parts of a host's clip or still moved: the same frames, in which they flow or go along boxes."""

from dataclasses import replace
from pathlib import Path

from longtake_bridge.animate import animate_job, check_animate
from longtake_bridge.animate_timeline import animate_request, drawn_files, on_media
from longtake_bridge.client import Engine
from longtake_bridge.host.context import Settings
from longtake_bridge.host.preparation import Preparation, chosen_options
from longtake_bridge.host.replacement import (
    Anew,
    drawn_frame,
    find_selected,
    prepare_replacement,
)
from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.option import AnimateOptions
from longtake_bridge.stroke import (
    Region,
    parse_direction,
    parse_move,
    parse_region,
    with_directions,
    with_masks,
)
from longtake_bridge.timeline.region import RegionPlan, plan_region
from longtake_bridge.timeline.still_region import plan_still


def animation_options(settings: Settings) -> AnimateOptions:
    """What `settings` say is to move.

    Raises:
        BridgeError: WRONG_CALL; they say nothing, or nothing that can be understood.
    """
    regions = [parse_region(text) for text in settings.regions]
    moves = [parse_move(text) for text in settings.moves]
    options = AnimateOptions(
        **chosen_options(settings),
        regions=with_directions(regions, [parse_direction(one) for one in settings.directions]),
        moves=with_masks(moves, [Path(text) for text in settings.move_masks]),
    )
    check_animate(options)
    return options


def prepare_animation(engine: Engine, sequence: HostSequence, settings: Settings) -> Preparation:
    """What moving parts of the selected clip takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    options = animation_options(settings)
    address, media = find_selected(engine, sequence, "is to move")
    is_still = media.frame_count == 1
    plan_clip = plan_still if is_still else plan_region
    plan = plan_clip(sequence.timeline, address, media=media, rate=sequence.rate)
    asked = on_media(plan, _drawn_at(sequence, plan, options), is_still=is_still)
    shown = None if is_still else plan.output_range
    request = animate_request(asked)
    anew = Anew(
        task="animate",
        label="moving",
        note="moving",
        said=[request["regions"], request["moves"], *drawn_files(asked)],
        spec=lambda path: animate_job(media.path, path, asked, shown=shown),
    )
    return prepare_replacement(sequence, plan, settings, anew)


def _drawn_at(sequence: HostSequence, plan: RegionPlan, options: AnimateOptions) -> AnimateOptions:
    """`options` with the regions that say no frame drawn at the playhead."""
    frame = drawn_frame(sequence, plan)

    def on(region: Region) -> Region:
        says = region.timecode or region.frame is not None
        return region if says else region.on_frame(frame)

    return replace(options, regions=tuple(on(region) for region in options.regions))
