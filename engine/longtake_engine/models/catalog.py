"""The backends that this engine has."""

from msgspec.structs import replace

from longtake_engine.ability import ModelInfo, Task
from longtake_engine.errors import WrongCall
from longtake_engine.models import between
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.between.device import card_is_told_of
from longtake_engine.models.border import make_borders
from longtake_engine.models.camerawork.camerawork import Camerawork
from longtake_engine.models.camerawork.loop import Loop
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.family import tasks_of
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.models.diffusion.wan import led_wan
from longtake_engine.models.motion import Motion, Sights
from longtake_engine.models.removal import make_removals
from longtake_engine.models.retime import Retime
from longtake_engine.models.schedule import Scheduled
from longtake_engine.models.still import current, cutout, stillcamera
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.store import ModelStore


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
    return (*extending, *make_removals(), *make_borders())


def installed() -> tuple[VideoBackend, ...]:
    """The open-weights models that are installed whole and that a family here can run, by name.

    What they are is known from the catalogue: nothing is loaded.
    """
    store = ModelStore.here()
    found = []
    for entry in Catalogue():
        family = family_of(entry)
        if family is not None and store.standing(entry.name).state == "installed":
            found.append(Scheduled(Diffusion(entry, family, store)))
    return tuple(found)


def list_models() -> tuple[ModelInfo, ...]:
    """What each model is called and can do: the backends, and what makes frames between frames
    and moves parts of pictures."""
    backends = (*built_in(), *installed())
    others = (between.INFO, current.INFO, cutout.INFO, stillcamera.INFO)
    return (*(backend.info for backend in backends), *others)


def find_backends(name: str, task: Task) -> tuple[VideoBackend, ...]:
    """The backends to ask for `task`: the one called `name`, or all for "auto".

    A model that takes minutes is among all only where the machine has a card for it. It comes after
    those that can be tried first.

    Raises:
        WrongCall: No backend of this name can do this.
        NotPossible: It is a model that is not installed here.
        MissingInput: It was installed, and its files are not what they were.
    """
    able = [backend for backend in (*built_in(), *installed()) if task in backend.info.tasks]
    if name == "auto":
        card = card_is_told_of()
        return tuple(backend for backend in able if backend.info.quick or card)
    found = tuple(backend for backend in able if backend.info.name == name)
    found = found or _led(name, task)
    if not found:
        check_installed(name, task)
        names = ", ".join(backend.info.name for backend in able)
        raise WrongCall(f'No model "{name}" can {task} here; there are: auto, {names}.')
    return found


def _led(name: str, task: Task) -> tuple[VideoBackend, ...]:
    """The model called `name`, led on from a clip though it was made for words alone: only where it
    is asked for by name, as those that were taught to go on do it better."""
    store = ModelStore.here()
    for entry in Catalogue():
        family = led_wan(entry) if entry.name == name and task == "extend" else None
        if family is not None:
            store.find(name)
            return (Scheduled(Diffusion(replace(entry, tasks=(task,)), family, store)),)
    return ()


def check_installed(name: str, task: Task) -> None:
    """Nothing, where `name` is no open-weights model that could do `task` if it were installed.

    Raises:
        NotPossible: It is one, and it is not installed here.
        MissingInput: It was, and its files are not what they were.
    """
    for entry in Catalogue():
        family = family_of(entry) if entry.name == name else None
        if family is not None and task in tasks_of(family.conditioning, entry.tasks):
            ModelStore.here().find(name)
