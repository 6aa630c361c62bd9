"""A thing removed from a host's clip: the same frames, and in them what lay behind it."""

from pathlib import Path

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.host.context import Settings
from longtake_bridge.host.preparation import Preparation, chosen_options
from longtake_bridge.host.replacement import Anew, drawn_at, plan_selected, prepare_replacement
from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.inpaint import check_inpaint, inpaint_work
from longtake_bridge.inpaint_timeline import on_media
from longtake_bridge.length import parse_position
from longtake_bridge.mark import parse_box, parse_point
from longtake_bridge.option import InpaintOptions
from longtake_bridge.request import job_spec
from longtake_bridge.timeline.api import file_identity


def removal_options(settings: Settings) -> InpaintOptions:
    """What `settings` say is to go.

    Raises:
        BridgeError: WRONG_CALL; they say nothing, or nothing that can be understood.
    """
    if not (settings.boxes or settings.points or settings.mask or settings.defects):
        raise wrong_call(
            "Say what is to go: logo, dust, scratches, spots, a box X,Y,W,H or a point X,Y in"
            " pixels of the picture, or the path of a mask."
        )
    start, end = (
        parse_position(text) if text is not None else None
        for text in (settings.between_start, settings.between_end)
    )
    options = InpaintOptions(
        **chosen_options(settings),
        mask_path=Path(settings.mask) if settings.mask is not None else None,
        mask_hides=settings.mask_hides,
        boxes=tuple(parse_box(text) for text in settings.boxes),
        points=tuple(parse_point(text) for text in settings.points),
        defects=settings.defects,
        between_start=start,
        between_end=end,
        margin=settings.margin,
    )
    check_inpaint(options)
    return options


def prepare_removal(engine: Engine, sequence: HostSequence, settings: Settings) -> Preparation:
    """What removing a thing from the selected clip takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    options = removal_options(settings)
    plan = plan_selected(engine, sequence, "shows what is to go")
    asked = on_media(engine, plan, drawn_at(sequence, plan, options))
    mask = file_identity(asked.mask_path) if asked.mask_path is not None else []
    anew = Anew(
        task="remove",
        label="clean",
        note="clean",
        said=[*(str(mark) for mark in (*asked.boxes, *asked.points)), *mask],
        spec=lambda path: job_spec(
            inpaint_work(plan.media.path, asked, shown=plan.output_range), path, asked
        ),
    )
    return prepare_replacement(sequence, plan, settings, anew)
