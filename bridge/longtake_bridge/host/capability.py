"""What the engine can do, as a host hears of it."""

from longtake.v1 import model_pb2

from longtake_bridge.client import Engine
from longtake_bridge.host.message import Capabilities, ModelChoice, Models, TaskAbility
from longtake_bridge.option import CODECS, JOINS, QUALITIES

# What a host may show, and the kind of work that the engine does for it; empty for what is not in
# the session's words yet, whatever the engine can do.
_TASKS = (
    ("extend", "Extend", "extend"),
    ("fill_gap", "Fill gap", "interpolate"),
    ("smooth_jump_cut", "Smooth jump cut", "interpolate"),
    ("slow_motion", "Slow motion", "interpolate"),
    ("remove", "Remove object", "inpaint"),
    ("outpaint", "Out-paint", "outpaint"),
    ("animate", "Move parts", "animate"),
    ("generate", "Generate B-roll", "generate"),
)
_NOT_YET = "This Longtake cannot do that yet."


def read_capabilities(engine: Engine, request_id: str) -> Capabilities:
    """What can be done with `engine`.

    Raises:
        BridgeError: The engine does not answer.
    """
    models = engine.models()
    able = {work for model in models for work in _works(model)}
    return Capabilities(
        id=request_id,
        tasks=tuple(
            TaskAbility(name, title, work in able, "" if work in able else _NOT_YET)
            for name, title, work in _TASKS
        ),
        takes_prompt=any(model.takes_prompt for model in models),
        codecs=CODECS,
        qualities=QUALITIES,
        joins=JOINS,
    )


def read_models(engine: Engine, request_id: str) -> Models:
    """What makes frames for `engine`.

    Raises:
        BridgeError: The engine does not answer.
    """
    choices = tuple(
        ModelChoice(
            name=model.name,
            description=model.description,
            tasks=_works(model),
            takes_prompt=model.takes_prompt,
            built_in=model.built_in,
            license=model.license,
        )
        for model in engine.models()
    )
    return Models(id=request_id, models=choices)


def _works(model: model_pb2.Model) -> tuple[str, ...]:
    return tuple(model_pb2.Task.Name(task).removeprefix("TASK_").lower() for task in model.tasks)
