"""What the engine can do, as a host hears of it."""

from longtake.v1 import job_pb2, media_pb2, model_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.host.message import Capabilities, ModelChoice, Models, TaskAbility
from longtake_bridge.option import CODECS, JOINS, QUALITIES

# What a host may show, and the kind of work that the engine does for it. The last three are not in
# the session's words yet, whatever the engine can do.
_TASKS = (
    ("extend", "Extend", "extend"),
    ("fill_gap", "Fill gap", "interpolate"),
    ("smooth_jump_cut", "Smooth jump cut", "interpolate"),
    ("slow_motion", "Slow motion", "interpolate"),
    ("remove_object", "Remove object", ""),
    ("outpaint", "Out-paint", ""),
    ("generate", "Generate B-roll", ""),
)
_NOWHERE = "/longtake-asks-what-can-be-done"  # no engine finds it, and none has to


def read_capabilities(engine: Engine, request_id: str) -> Capabilities:
    """What can be done with `engine`.

    Raises:
        BridgeError: The engine does not answer.
    """
    models = engine.models()
    able = {work for model in models for work in _works(model)}
    why_not = {work: "" if work in able else _refusal(engine, work) for _, _, work in _TASKS}
    return Capabilities(
        id=request_id,
        tasks=tuple(
            TaskAbility(name, title, not why_not[work], why_not[work])
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


def _refusal(engine: Engine, work: str) -> str:
    """Why the engine cannot do a kind of work that no model of its list names; empty where it can.

    Frames between frames are made without a model to choose: the engine is asked what such work
    would cost, and names what it lacks before it looks at the clip, which is not there.
    """
    if work != "interpolate":
        return "This Longtake cannot do that yet."
    spec = job_pb2.JobSpec(
        interpolate=job_pb2.InterpolateSpec(
            input_paths=[_NOWHERE], factor=media_pb2.Rational(numerator=2, denominator=1)
        ),
        output=job_pb2.OutputSpec(path=f"{_NOWHERE}.mov"),
    )
    try:
        engine.estimate(spec)
    except BridgeError as error:
        return error.sentence if error.reason == "NOT_POSSIBLE" else ""
    return ""
