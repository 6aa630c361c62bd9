"""Which backends make the border of a clip, the best first."""

from collections.abc import Iterator, Mapping

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import NotPossible
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.catalog import find_backends
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.inpaint.choice import Candidate
from longtake_engine.tasks.inpaint.trial import try_backend
from longtake_engine.tasks.outpaint.clip import Clip
from longtake_engine.tasks.outpaint.placing import Place
from longtake_engine.tasks.outpaint.trial import plan_trial
from longtake_engine.work import Spec


def find_candidates(spec: Spec) -> tuple[VideoBackend, ...]:
    """The backends that may be asked.

    Raises:
        NotPossible: None of them hears a prompt, and one was given.
        WrongCall: There is none of the name that was given.
    """
    backends = find_backends(spec.model, "outpaint")
    if not spec.guidance.prompt:
        return backends
    hearing = tuple(backend for backend in backends if backend.info.takes_prompt)
    if not hearing:
        raise NotPossible(
            "Making a border by a prompt needs a video model such as Wan VACE, and none is"
            " installed here (see `longtake models`); leave --prompt out."
        )
    return hearing


def rank(
    spec: Spec, clip: Clip, shots: list[range], places: Mapping[int, Place], cancel: CancelToken
) -> Iterator[Candidate]:
    """Every candidate with its score, in the order of asking."""
    longest = max(shots, key=len)
    trial = plan_trial(clip.reader, clip.layout, places, longest, cancel.check)
    for backend in find_candidates(spec):
        cancel.check()
        tried = backend.info.quick
        yield Candidate(backend, try_backend(backend, trial, cancel) if tried else UNKNOWN)
