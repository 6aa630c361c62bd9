"""An edit of a timeline file that a host names, done as the commands do it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from longtake_bridge.animate_timeline import animate_timeline
from longtake_bridge.broll.edit import BrollEdit, Wanted, broll_timeline
from longtake_bridge.client import Engine
from longtake_bridge.clip_edit import TimelineEdit
from longtake_bridge.errors import wrong_call
from longtake_bridge.extend_timeline import extend_timeline
from longtake_bridge.fill import TimelineFill, fill_timeline
from longtake_bridge.host.animation import animation_options
from longtake_bridge.host.context import Context, Settings, TaskName
from longtake_bridge.host.generation import broll_options
from longtake_bridge.host.preparation import chosen_options
from longtake_bridge.host.removal import removal_options
from longtake_bridge.host.reshaping import reshaping_options
from longtake_bridge.inpaint_timeline import inpaint_timeline
from longtake_bridge.length import parse_length
from longtake_bridge.marked import draw_at
from longtake_bridge.option import ExtendOptions, FillOptions, InterpolateOptions
from longtake_bridge.outpaint_timeline import outpaint_timeline
from longtake_bridge.request import OnChange
from longtake_bridge.result import Result
from longtake_bridge.slow_timeline import slow_timeline
from longtake_bridge.timeline.choice import Choice

_CLIP_TASKS: dict[TaskName, str] = {
    "extend": "is to be extended",
    "slow_motion": "is to be slowed down",
    "remove": "shows what is to go",
    "outpaint": "is to have another shape",
    "animate": "is to move",
}


def edit_file(
    engine: Engine, task: TaskName, context: Context, settings: Settings, on_change: OnChange
) -> Result:
    """What was made, and the new timeline that it lies on.

    Raises:
        BridgeError: It cannot be done, or was cancelled; no timeline has been written.
    """
    assert context.timeline is not None, "the caller has looked"
    path = Path(context.timeline)
    output = Path(settings.output) if settings.output is not None else None
    folder = Path(context.media_folder) if context.media_folder is not None else None
    chosen: dict[str, Any] = chosen_options(settings)
    edit = TimelineEdit(path, context.clip_name or "", output, settings.follow, folder)
    if task in _CLIP_TASKS and context.clip_name is None:
        raise wrong_call(f"Name the clip of {path.name} that {_CLIP_TASKS[task]}.")
    if task in _CLIP_TASKS:
        return _edit_clip(engine, task, edit, context, settings, on_change=on_change)
    if task == "generate":
        return _lay_broll(engine, edit, context, settings, on_change)
    jump_cuts = task == "smooth_jump_cut"
    choice = Choice(jump_cuts=jump_cuts, side_frames=settings.side_frames if jump_cuts else None)
    fill = TimelineFill(path, output, choice, folder)
    options = FillOptions(**chosen, join=settings.join, quality=settings.quality)
    filled = fill_timeline(engine, fill, options=options, on_change=on_change)
    failed = tuple(failure.sentence for failure in filled.failures)  # the others are filled
    return replace(filled.result, notes=(*filled.result.notes, *failed))


def _edit_clip(
    engine: Engine,
    task: TaskName,
    edit: TimelineEdit,
    context: Context,
    settings: Settings,
    *,
    on_change: OnChange,
) -> Result:
    if task == "extend":
        options = ExtendOptions(
            **chosen_options(settings),
            head=parse_length(settings.head) if settings.head is not None else None,
            tail=parse_length(settings.tail) if settings.tail is not None else None,
        )
        return extend_timeline(engine, edit, options=options, on_change=on_change)
    if task == "slow_motion":
        slow = InterpolateOptions(
            **chosen_options(settings), factor=settings.factor, quality=settings.quality
        )
        return slow_timeline(engine, edit, options=slow, on_change=on_change)
    if task == "remove":
        away = draw_at(removal_options(settings), timecode=context.at_timecode or "")
        return inpaint_timeline(engine, edit, options=away, on_change=on_change)
    if task == "outpaint":
        shape = draw_at(reshaping_options(settings), timecode=context.at_timecode or "")
        return outpaint_timeline(engine, edit, options=shape, on_change=on_change)
    return animate_timeline(engine, edit, options=animation_options(settings), on_change=on_change)


def _lay_broll(
    engine: Engine,
    edit: TimelineEdit,
    context: Context,
    settings: Settings,
    on_change: OnChange,
) -> Result:
    """One shot at the playhead where there is something to show; else all that markers ask for."""
    asked = bool(settings.prompt or settings.stills)
    at = context.at_timecode
    if at is None and context.at is not None:
        at = f"{context.at}f"
    if asked and at is None:
        raise wrong_call("Say where the shot shall begin: a timecode of the timeline.")
    at = at if asked else None
    wanted = Wanted(at=at, markers=at is None)
    track = context.track.name or None if context.track is not None else None
    broll = BrollEdit(edit.timeline_path, wanted, edit.output, edit.media_folder, track)
    options = broll_options(settings)
    laid = broll_timeline(engine, broll, options=options, on_change=on_change)
    failed = tuple(failure.sentence for failure in laid.failures)  # the others are laid
    return replace(laid.result, notes=(*laid.result.notes, *failed))
