"""A host's clip in another shape: the same frames, and beside them what is made."""

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.host.context import Settings
from longtake_bridge.host.preparation import Preparation, chosen_options
from longtake_bridge.host.replacement import Anew, drawn_at, plan_selected, prepare_replacement
from longtake_bridge.host.sequence import HostSequence
from longtake_bridge.mark import parse_box, parse_point, parse_size
from longtake_bridge.option import OutpaintOptions
from longtake_bridge.outpaint import check_outpaint, outpaint_work
from longtake_bridge.outpaint_timeline import on_media, outpaint_request
from longtake_bridge.request import job_spec


def reshaping_options(settings: Settings) -> OutpaintOptions:
    """What shape `settings` ask for.

    Raises:
        BridgeError: WRONG_CALL; they name none, or contradict each other.
    """
    if settings.size is None:
        raise wrong_call('Say how large the new picture shall be, such as "1080x1920".')
    options = OutpaintOptions(
        **chosen_options(settings),
        size=parse_size(settings.size),
        anchor=settings.anchor,
        fit=settings.fit,
        follow=settings.follow_subject,
        boxes=tuple(parse_box(text) for text in settings.boxes),
        points=tuple(parse_point(text) for text in settings.points),
    )
    check_outpaint(options)
    return options


def prepare_reshaping(engine: Engine, sequence: HostSequence, settings: Settings) -> Preparation:
    """What giving the selected clip another shape takes.

    Raises:
        BridgeError: It cannot be done; it says why.
    """
    options = reshaping_options(settings)
    plan = plan_selected(engine, sequence, "is to have another shape")
    asked = on_media(plan, drawn_at(sequence, plan, options))
    anew = Anew(
        task="outpaint",
        label="outpainted",
        note=f"{options.size[0]}×{options.size[1]}",
        said=[{name: value for name, value in outpaint_request(asked).items() if name != "task"}],
        spec=lambda path: job_spec(
            outpaint_work(plan.media.path, asked, shown=plan.output_range), path, asked
        ),
    )
    return prepare_replacement(sequence, plan, settings, anew)
