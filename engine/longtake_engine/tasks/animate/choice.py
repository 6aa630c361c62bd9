"""What moves parts of a picture, and in how many ways."""

from longtake_engine.ability import ModelInfo
from longtake_engine.errors import WrongCall
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.removal import make_removals
from longtake_engine.models.still import current, cutout
from longtake_engine.work import Guidance, Spec


def model_name(spec: Spec) -> str:
    """What does the work, as a take says it.

    Raises:
        WrongCall: It was asked of a model that cannot do it.
    """
    needed = _needed(spec.guidance)
    names = [info.name for info in needed]
    if spec.model not in ("auto", *names) or (spec.model != "auto" and len(names) > 1):
        can = {current.INFO.name: "lets regions flow", cutout.INFO.name: "moves things"}
        told = ", ".join(f"{name} {does}" for name, does in can.items())
        raise WrongCall(
            f'The model "{spec.model}" cannot do all that was asked for here: {told}; leave --model'
            " out."
        )
    return "+".join(names)


def take_count(spec: Spec, *, is_still: bool) -> int:
    """How many takes there are: what lay behind a thing can be filled in several ways."""
    if not spec.guidance.box_paths:
        return 1
    most = spec.take_count if is_still else len(fillers())
    return max(1, min(spec.take_count, most))


def fillers() -> tuple[VideoBackend, ...]:
    """What fills the place of a thing in a clip, in the order of asking."""
    return make_removals()


def _needed(guidance: Guidance) -> tuple[ModelInfo, ...]:
    flows = (current.INFO,) if guidance.strokes else ()
    return (*flows, cutout.INFO) if guidance.box_paths else flows
