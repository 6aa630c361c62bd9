"""The words that a job gives to models, before anything is made."""

from collections.abc import Iterator

from msgspec.structs import replace

from longtake_engine.cancel import CancelToken
from longtake_engine.models.catalog import list_models
from longtake_engine.models.guidance.prompt import Expansion, expand
from longtake_engine.models.guidance.unheard import unheard
from longtake_engine.models.guidance.writing import write_out
from longtake_engine.work import Generate, Guidance, Progress, Spec, Take


def word(spec: Spec, cancel: CancelToken) -> tuple[Spec, tuple[str, ...]]:
    """`spec` with its prompt as models shall hear it, and what an editor should know of that.

    A chosen camera move is put in words for all; the rest is written out where it was asked for.

    Raises:
        EngineError: A language model was named, and cannot be used.
        Cancelled: `cancel` was set.
    """
    guidance = spec.guidance
    if guidance.expand_prompt:
        written = write_out(guidance.prompt, guidance.camera, cancel, shown=_is_shown(spec))
    elif guidance.prompt.strip():
        written = expand(guidance.prompt, guidance.camera, ())
    else:
        return spec, ()
    if not written.added:
        return spec, written.notes
    guidance = replace(guidance, prompt=written.prompt, expand_prompt=False)
    return replace(spec, guidance=guidance), (_told(written), *written.notes)


def noted(
    events: Iterator[Progress | Take], guidance: Guidance, notes: tuple[str, ...]
) -> Iterator[Progress | Take]:
    """`events`, with `notes` on the takes of models that hear a prompt, and on each take what of
    `guidance` its model could not be told."""
    hear = frozenset(model.name for model in list_models() if model.takes_prompt) if notes else ()
    for event in events:
        if isinstance(event, Take):
            said = notes if event.model in hear else ()
            more = (*said, *unheard(guidance, event.model))
            event = replace(event, notes=(*event.notes, *more))  # noqa: PLW2901
        yield event


def _is_shown(spec: Spec) -> bool:
    """Whether pictures say already what the shot looks like."""
    work = spec.work
    return not isinstance(work, Generate) or bool(work.still_paths or work.input_path)


def _told(written: Expansion) -> str:
    by = "" if written.written_by == "template" else f" by {written.written_by}"
    return f'The prompt was written out{by}: "{written.prompt}"'
