"""Which backends fill the holes of a clip, the best first."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import NotPossible
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.catalog import find_backends, installed
from longtake_engine.models.removal import Removal
from longtake_engine.models.schedule import keep_windows, windows_folder
from longtake_engine.models.suggestion import suggest_for
from longtake_engine.tasks.backtest import UNKNOWN
from longtake_engine.tasks.inpaint.hole import Hole
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.trial import Trial, plan_trial, try_backend
from longtake_engine.work import Score, Spec

CHANCE = 0.01  # of SSIM: a smaller lead in the trial often turns round on the whole clip
BELIEVED_LESS = 0.02  # of SSIM: the lead by which a removal that believes less goes instead
WELL = 0.8  # SSIM in the trial: none that comes later was clearly better where it was so high


@dataclass(frozen=True, slots=True)
class Candidate:
    """A backend, and how well it filled holes of this clip whose truth is known."""

    backend: VideoBackend
    score: Score

    def kept(self, path: Path, job_id: str) -> "Candidate":
        """The same, keeping what it makes window by window for the file that will be `path`."""
        folder = windows_folder(path, job_id)
        return replace(self, backend=keep_windows(self.backend, folder))


def find_candidates(spec: Spec) -> tuple[VideoBackend, ...]:
    """The backends that may be asked.

    Raises:
        NotPossible: None of them hears a prompt, and one was given.
        WrongCall: There is none of the name that was given.
    """
    backends = find_backends(spec.model, "inpaint")
    if not spec.guidance.prompt:
        return backends
    # Whoever says what to put there asks for a model, be it slow.
    hearing = tuple(backend for backend in backends if backend.info.takes_prompt)
    if not hearing and spec.model == "auto":
        hearing = tuple(b for b in installed() if "inpaint" in b.info.tasks and b.info.takes_prompt)
    if not hearing:
        raise NotPossible(
            "Replacing by a prompt needs a video model, and none that can is installed"
            f"{suggest_for('inpaint')}; or leave --prompt out to remove what is hidden."
        )
    return hearing


def rank(
    spec: Spec, reader: VideoReader, mattes: Mattes, holes: list[Hole], cancel: CancelToken
) -> Iterator[Candidate]:
    """Every candidate with its score, in the order of asking.

    Where one take is wanted and a candidate does well, those after it are not tried: what would be
    gained is less than what the trial costs.
    """
    largest = max(holes, key=_weight_of(mattes))
    trial = plan_trial(reader, mattes, largest.frames, largest.shot, cancel.check)
    settled = False
    for number, backend in enumerate(find_candidates(spec)):
        cancel.check()
        tried = backend.info.quick and not settled
        score = try_backend(backend, trial, cancel) if tried else UNKNOWN
        settled = settled or (spec.take_count == 1 and score.ssim > WELL)
        candidate = Candidate(backend, score)
        # The first is nearly always the one that fills.
        yield candidate if number else with_fit_trust(candidate, trial, cancel)


def with_fit_trust(candidate: Candidate, trial: Trial | None, cancel: CancelToken) -> Candidate:
    """`candidate`, or the same believing less of what other frames show, if the `trial` says that
    it believes too much."""
    backend = candidate.backend
    if not isinstance(backend, Removal) or candidate.score == UNKNOWN:
        return candidate
    warier = Candidate(backend.warier, try_backend(backend.warier, trial, cancel))
    return warier if _ssim(warier) - _ssim(candidate) > BELIEVED_LESS else candidate


def best_first(candidates: list[Candidate], count: int) -> list[Candidate]:
    """The `count` best, by likeness of structure: it chooses better than any error of levels.

    The first of them is the best on most clips, and stays first unless another one is better by
    more than chance. Where nothing could be measured they stay as they are.
    """
    measured = [candidate for candidate in candidates if candidate.score != UNKNOWN]
    ranked = sorted(measured, key=_ssim, reverse=True)
    if measured and _ssim(ranked[0]) - _ssim(measured[0]) < CHANCE:
        ranked.remove(measured[0])
        ranked.insert(0, measured[0])
    rest = [candidate for candidate in candidates if candidate.score == UNKNOWN]
    return [*ranked, *rest][: max(1, count)]


def _ssim(candidate: Candidate) -> float:
    return candidate.score.ssim


def _weight_of(mattes: Mattes) -> Callable[[Hole], float]:
    return lambda hole: sum(mattes.share(frame) for frame in hole.frames)
