"""The trainings there are, by name and size."""

from longtake_engine.errors import WrongCall
from longtake_engine.training.fill import fill_training
from longtake_engine.training.motion import motion_training
from longtake_engine.training.settings import TrainingSettings
from longtake_engine.training.task import TrainingTask

NAMES = ("motion", "fill")
SIZES = ("small", "full")


def training_of(name: str, size: str) -> tuple[TrainingTask, TrainingSettings]:
    """The task of that name for a network of that size, and its usual settings.

    Raises:
        WrongCall: There is none of that name or size.
    """
    if size not in SIZES:
        raise WrongCall(f'There is no size "{size}"; give one of {", ".join(SIZES)}.')
    if name == "motion":
        return motion_training(size)
    if name == "fill":
        return fill_training(size)
    raise WrongCall(f'There is no training "{name}"; give one of {", ".join(NAMES)}.')
