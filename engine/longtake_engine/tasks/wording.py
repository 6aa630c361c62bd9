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
    guidance, work = spec.guidance, spec.work
    if not guidance.prompt.strip():
        return spec, ()
    written = _written(spec, guidance.prompt, cancel)
    notes = (*_told(written), *written.notes)
    if isinstance(work, Generate) and work.shots:
        others = [_written(spec, shot.prompt, cancel) for shot in work.shots]
        shots = zip(work.shots, others, strict=True)
        work = replace(work, shots=tuple(replace(shot, prompt=one.prompt) for shot, one in shots))
        every = (note for one in others for note in (*_told(one), *one.notes))
        notes = tuple(dict.fromkeys((*notes, *every)))
    elif not written.added:
        return spec, notes
    guidance = replace(guidance, prompt=written.prompt, expand_prompt=False)
    return replace(spec, work=work, guidance=guidance), notes


def _written(spec: Spec, prompt: str, cancel: CancelToken) -> Expansion:
    """One prompt as models shall hear it; what shots share stays as it was called."""
    guidance, work = spec.guidance, spec.work
    if not guidance.expand_prompt:
        return expand(prompt, guidance.camera, ())
    written = write_out(prompt, guidance.camera, cancel, shown=_is_shown(spec))
    subject = work.subject if isinstance(work, Generate) else ""
    if subject.lower() in written.prompt.lower():
        return written
    return expand(prompt, guidance.camera)


def noted(
    events: Iterator[Progress | Take],
    guidance: Guidance,
    notes: tuple[str, ...],
    cancel: CancelToken,
) -> Iterator[Progress | Take]:
    """`events`, with `notes` on the takes of models that hear a prompt, and on each take what of
    `guidance` its model could not be told, and what was remarked of it meanwhile."""
    hear = frozenset(model.name for model in list_models() if model.takes_prompt) if notes else ()
    for event in events:
        if isinstance(event, Take):
            said = notes if event.model in hear else ()
            more = (*said, *unheard(guidance, event.model), *cancel.remarks_on(event.model))
            event = replace(event, notes=(*event.notes, *more))  # noqa: PLW2901
        yield event


def _is_shown(spec: Spec) -> bool:
    """Whether pictures say already what the shot looks like."""
    work = spec.work
    return not isinstance(work, Generate) or bool(work.still_paths or work.input_path)


def _told(written: Expansion) -> tuple[str, ...]:
    if not written.added:
        return ()
    by = "" if written.written_by == "template" else f" by {written.written_by}"
    return (f'The prompt was written out{by}: "{written.prompt}"',)
