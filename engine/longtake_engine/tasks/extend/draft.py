"""The takes before they are made: which backends, in what order, over which frames."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Known
from longtake_engine.errors import WrongCall
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.recall import RecallingReader
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import check_output
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.catalog import find_backends
from longtake_engine.picture import Picture
from longtake_engine.rate import count_frames
from longtake_engine.tasks.aliveness import camera_stands
from longtake_engine.tasks.backtest import (
    HELD,
    UNKNOWN,
    WIDTH,
    Trial,
    back_test,
    plan_trials,
    shrink,
)
from longtake_engine.tasks.ending import Ending, known_pictures, read_ending
from longtake_engine.tasks.extend.side import Side, look_back, plan_side
from longtake_engine.work import Extend, Score, Spec

TRIED_AT_ONCE = 2  # backends tried side by side: most of a trial runs outside Python's lock
WHOLE = 0.25  # confidence up to which a picture that stays whole is worth more than a guess
GLANCE_FRAMES = 4  # known frames behind the first glance


@dataclass(frozen=True, slots=True)
class Clip:
    """The clip to extend, and by how much."""

    info: MediaInfo
    reader: VideoReader
    head_frames: int
    tail_frames: int

    @property
    def rate(self) -> Fraction:
        """Frames a second."""
        return self.reader.rate

    @property
    def forward(self) -> bool:
        """Whether backends are tried at the tail rather than at the head."""
        return self.tail_frames > 0


@dataclass(frozen=True, slots=True)
class Draft:
    """One take before it is made: a backend, and what it makes on each side."""

    backend: VideoBackend
    score: Score
    head: Side
    tail: Side
    frames: range  # of the made file, numbered as in the source
    path: Path

    @property
    def made(self) -> list[range]:
        """The runs of made frames, numbered as in the source."""
        return [side.wanted for side in (self.head, self.tail) if side.new_frames]

    @property
    def remade_frames(self) -> int:
        """Real frames that are made anew."""
        return self.head.remade_frames + self.tail.remade_frames


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of a clip before any backend is asked."""

    endings: dict[bool, Ending]  # by whether it is the tail; of the sides to extend
    trials: tuple[Trial, ...]


def open_clip(spec: Spec) -> Clip:
    """The clip that `spec` speaks of, checked against how it is to be written.

    Raises:
        EngineError: It cannot be read, or not be written as asked.
    """
    work = _extension(spec)
    info = probe(work.input_path, spec.sequence_rate)
    reader = RecallingReader(info, deinterlace=spec.deinterlace)
    check_output(spec.output.path, spec.output.codec, reader.format, info)
    head = count_frames(work.head, reader.rate) if work.head else 0
    tail = count_frames(work.tail, reader.rate) if work.tail else 0
    if not head and not tail:
        raise WrongCall("Nothing to make: say how much with --head or --tail, such as --tail 2s.")
    if head and tail and work.contents == "new_only":
        raise WrongCall(
            "New frames alone can be of the head or of the tail; ask for one at a time."
        )
    return Clip(info, reader, head, tail)


def _extension(spec: Spec) -> Extend:
    assert isinstance(spec.work, Extend)
    return spec.work


def survey_clip(clip: Clip, cancel: CancelToken) -> Survey:
    """What the ends to extend are like, and frames to try backends on."""
    sides = {False: clip.head_frames, True: clip.tail_frames}
    endings = {
        end: read_ending(clip.reader, forward=end, check=cancel.check)
        for end, new in sides.items()
        if new
    }
    trials = plan_trials(
        clip.reader,
        forward=clip.forward,
        new_frames=clip.tail_frames or clip.head_frames,
        ending=endings.get(clip.forward),
    )
    return Survey(endings, trials)


def first_glance(spec: Spec, clip: Clip, survey: Survey, cancel: CancelToken) -> Picture | None:
    """A small first new picture by the first backend, at once: which one it will be comes later.

    None where the clip is too short for it.
    """
    backend = find_backends(spec.model, "extend")[0]
    if not backend.info.quick:
        return None
    ending = survey.endings[clip.forward]
    if ending.still:
        return next((shrink(p, WIDTH) for p in known_pictures(clip.reader, ending, 1)), None)
    known = [shrink(p, WIDTH) for p in known_pictures(clip.reader, ending, GLANCE_FRAMES)]
    if len(known) < backend.info.min_known_frames or backend.info.remakes_known_frames:
        return None
    wanted = range(len(known), len(known) + 1) if clip.forward else range(-1, 0)
    canvas = Canvas(known[0].format, clip.rate, {n: Known(p) for n, p in enumerate(known)}, wanted)
    return next(iter(backend.complete(canvas, spec.guidance, cancel))).picture


def draft_takes(spec: Spec, clip: Clip, survey: Survey, cancel: CancelToken) -> Iterator[Draft]:
    """Drafts, each with its backend's score on this clip, in the order of the catalog.

    Those that are not for a clip of its kind are asked only where more takes are wanted than the
    others give.
    """
    asked = _candidates(spec, survey)
    sides = [_plan_sides(clip, backend, survey.endings) for backend in asked]
    if all(side.still for side in sides[0] if side.new_frames):
        # Held pictures are the same whoever is asked.
        yield Draft(asked[0], HELD, *sides[0], range(0), spec.output.path)
        return
    new_frames = clip.tail_frames or clip.head_frames

    def score(backend: VideoBackend) -> Score:
        cancel.check()
        if not backend.info.quick:
            return UNKNOWN
        return back_test(backend, survey.trials, cancel, new_frames=new_frames)

    with ThreadPoolExecutor(TRIED_AT_ONCE) as pool:
        for backend, pair, measured in zip(asked, sides, pool.map(score, asked), strict=True):
            yield Draft(backend, measured, *pair, range(0), spec.output.path)


def _candidates(spec: Spec, survey: Survey) -> list[VideoBackend]:
    """The backends to try, those that suit the clip first.

    One that follows the camera has nothing to do where it stands; one that remakes real frames
    slows the clip, and an editor asked for more of it, not for slower. Where somebody says what to
    make, those that hear it are asked, if there are any.
    """
    stands = bool(survey.trials) and all(camera_stands(t.shown) for t in survey.trials)

    def suits(backend: VideoBackend) -> bool:
        info = backend.info
        return not (info.remakes_known_frames or (info.follows_camera and stands))

    found = find_backends(spec.model, "extend")
    if spec.guidance.prompt:
        found = tuple(b for b in found if b.info.takes_prompt) or found
    backends = sorted(found, key=suits, reverse=True)
    wanted = max(1, spec.take_count)
    return [b for number, b in enumerate(backends) if number < wanted or suits(b)]


def _plan_sides(
    clip: Clip, backend: VideoBackend, endings: dict[bool, Ending]
) -> tuple[Side, Side]:
    """What the backend is asked for at the head and at the tail."""
    sides = []
    for forward, new in ((False, clip.head_frames), (True, clip.tail_frames)):
        side = plan_side(
            clip.reader, backend, forward=forward, new_frames=new, ending=endings.get(forward)
        )
        sides.append(look_back(side) if backend.info.remakes_known_frames else side)
    return _share_known(*sides)


def finish_drafts(spec: Spec, clip: Clip, drafts: list[Draft]) -> list[Draft]:
    """The drafts to make, best first, with their frames and paths.

    Takes of new frames alone all cover the same frames, so that one clip on a timeline can hold
    them all.
    """
    chosen = sorted(drafts, key=_rank, reverse=True)[: max(1, spec.take_count)]
    work = _extension(spec)
    frames = range(-clip.head_frames, clip.reader.frame_count + clip.tail_frames)
    if work.contents == "new_only":
        runs = [run for draft in chosen for run in draft.made]
        frames = range(min(r.start for r in runs), max(r.stop for r in runs))
    return [
        replace(
            draft,
            head=look_back(draft.head),
            tail=look_back(draft.tail),
            frames=frames,
            path=path,
        )
        for draft, path in zip(chosen, spec.take_paths, strict=False)  # fewer models than takes
    ]


def _rank(draft: Draft) -> tuple[bool, float]:
    """Those that make new frames before those that slow the clip, the surest first.

    Where nobody foretells much, an eased camera over a picture that stays whole cuts better than a
    guess that may tear: looked at on pans after animals and people, at no loss in the mean.
    """
    info, worth = draft.backend.info, draft.score.confidence
    if info.follows_camera:
        worth = max(worth, WHOLE)
    return not info.remakes_known_frames, worth


def _share_known(head: Side, tail: Side) -> tuple[Side, Side]:
    """Both sides such that no known frame is remade twice."""
    count = head.reader.frame_count
    if head.remade_frames + tail.remade_frames < count:
        return head, tail
    half = max(1, (count - 1) // 2)  # one that remakes frames cannot do without
    return replace(head, remade_frames=min(head.remade_frames, half)), replace(
        tail, remade_frames=min(tail.remade_frames, half)
    )
