"""Who makes a shot: a model that is installed, or a camera that goes over stills."""

from longtake_engine.ability import Beginning
from longtake_engine.errors import NotPossible, WrongCall
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.catalog import find_backends, installed
from longtake_engine.models.still import stillcamera
from longtake_engine.models.suggestion import suggest, suggest_sharing
from longtake_engine.work import Generate, Spec


def find_makers(spec: Spec) -> tuple[VideoBackend, ...]:
    """The models to make the shot of `spec`, in the order in which they are tried; none where a
    camera is to go over its stills.

    Stills without a word are for the camera, unless a model is asked for by name.

    Raises:
        WrongCall: There is nothing to make it from, or no model of that name.
        NotPossible: What would be needed is not installed.
    """
    work = spec.work
    assert isinstance(work, Generate)
    beginning = begins_with(spec)
    if spec.model == stillcamera.INFO.name:
        if beginning != "still":
            raise NotPossible(
                "The model still moves a camera over stills; give one with --image, or another"
                " --model."
            )
        return ()
    if beginning == "still" and spec.model == "auto" and not spec.guidance.prompt:
        return ()
    able = tuple(
        backend
        for backend in _named(spec.model, beginning)
        if not backend.info.makes_from or beginning in backend.info.makes_from
    )
    if work.shots:
        return _sharing(able, spec.model)
    if able or (beginning == "still" and spec.model == "auto"):
        return able
    if spec.model != "auto":
        raise NotPossible(f"{spec.model} cannot make a shot from {_SAID[beginning]}; {_OTHER}")
    raise NotPossible(suggest(beginning, _WITHOUT.get(beginning, "")))


def begins_with(spec: Spec) -> Beginning:
    """What the shot is made from.

    Raises:
        WrongCall: Nothing says.
    """
    work = spec.work
    assert isinstance(work, Generate)
    if work.input_path is not None:
        return "clip"
    if work.still_paths:
        return "still"
    if spec.guidance.prompt or spec.guidance.reference_paths:
        return "words"
    raise WrongCall("Say what to make: --prompt TEXT, or --image STILL for a shot of a still.")


def _sharing(able: tuple[VideoBackend, ...], name: str) -> tuple[VideoBackend, ...]:
    """Those that can make several shots of one subject together."""
    found = tuple(backend for backend in able if backend.info.shares_subject)
    if not found:
        raise NotPossible(suggest_sharing("" if name == "auto" else name))
    return found


_SAID = {"words": "words alone", "still": "stills", "clip": "a clip"}
_OTHER = "see what each makes with `longtake models`."
_WITHOUT = {"words": "give a still with --image, over which a camera moves without any"}


def _named(name: str, beginning: Beginning) -> tuple[VideoBackend, ...]:
    try:
        found = find_backends(name, "generate")
    except WrongCall:
        raise WrongCall(
            f'No model "{name}" can make a shot; take auto, still, or one of `longtake models`'
            " that can."
        ) from None
    if found or beginning == "still":
        return found
    # Without a card a model takes long; but nothing else makes a shot from nothing.
    return tuple(backend for backend in installed() if "generate" in backend.info.tasks)
