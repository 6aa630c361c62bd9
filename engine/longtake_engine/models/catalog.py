"""The backends that this engine has."""

from longtake_engine.ability import ModelInfo, Task
from longtake_engine.errors import WrongCall
from longtake_engine.models import between
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.camerawork import Camerawork
from longtake_engine.models.loop import Loop
from longtake_engine.models.motion import Motion
from longtake_engine.models.removal import make_removals
from longtake_engine.models.retime import Retime
from longtake_engine.models.sight import Sights


def built_in() -> tuple[VideoBackend, ...]:
    """Those that need no download, in the order in which they are offered where nothing else
    decides."""
    sights = Sights()
    glide = Motion(
        sights=sights,
        name="glide",
        description="As motion, but hardly slows down: for pans, drives and drifting clouds.",
        camera_damping=0.99,
        steady_damping=0.99,
        unsteady_damping=0.95,
        strain=1.0,
    )
    settle = Motion(
        sights=sights,
        name="settle",
        description="As motion, but comes to rest within half a second: for gestures that end.",
        camera_damping=0.85,
        steady_damping=0.8,
        unsteady_damping=0.6,
        strain=0.4,
    )
    extending = (Motion(sights=sights), glide, settle, Camerawork(), Loop(), Retime())
    return (*extending, *make_removals())


def list_models() -> tuple[ModelInfo, ...]:
    """What each model is called and can do: the backends, and what makes frames between frames."""
    return (*(backend.info for backend in built_in()), between.INFO)


def find_backends(name: str, task: Task) -> tuple[VideoBackend, ...]:
    """The backends to ask for `task`: the one called `name`, or all for "auto".

    Raises:
        WrongCall: No backend of this name can do this.
    """
    able = [backend for backend in built_in() if task in backend.info.tasks]
    if name == "auto":
        return tuple(able)
    found = tuple(backend for backend in able if backend.info.name == name)
    if not found:
        names = ", ".join(backend.info.name for backend in able)
        raise WrongCall(f'No model "{name}" can {task} here; there are: auto, {names}.')
    return found
