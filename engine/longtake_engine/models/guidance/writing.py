"""A prompt as it goes to a model, by the best writer that is here."""

from longtake_engine.cancel import CancelToken
from longtake_engine.models.guidance.language import find_language_model
from longtake_engine.models.guidance.prompt import Expansion, expand
from longtake_engine.work import CameraMove


def write_out(
    prompt: str, camera: CameraMove | None, cancel: CancelToken, *, shown: bool = False
) -> Expansion:
    """`prompt` written out as a shot: by a language model where one is installed, else by the
    template.

    Args:
        prompt: As the person wrote it.
        camera: The move that was chosen besides.
        cancel: Noticed by a language model.
        shown: Whether the shot goes on from pictures: they show its size, angle, light and lens, so
            that the move alone is left to be said.

    Raises:
        EngineError: A language model was named, and cannot be used.
        Cancelled: `cancel` was set.
    """
    if shown or not prompt.strip():
        return expand(prompt, camera, ())
    model = find_language_model()
    if model is None:
        return expand(prompt, camera)
    cancel.say("writing the prompt out")
    return model.expand(prompt, camera, cancel)
