"""Which joins of two shots to make, in what order, and why."""

from collections.abc import Iterator
from dataclasses import dataclass

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import WrongCall
from longtake_engine.models import between
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.catalog import check_installed, find_backends, installed
from longtake_engine.tasks.interpolate.completion import Completion
from longtake_engine.tasks.interpolate.join import (
    JoinMaker,
    Morph,
    plan_meeting,
)
from longtake_engine.tasks.interpolate.scene import Scene, compare_scenes
from longtake_engine.tasks.interpolate.shots import Shots
from longtake_engine.tasks.interpolate.sureness import Sureness
from longtake_engine.tasks.interpolate.trial import HoleTrial, try_holes
from longtake_engine.work import Interpolate, Join, Spec

BETWEEN = between.INFO.name


@dataclass(frozen=True, slots=True)
class Chosen:
    """A join to make and why it is this one."""

    join: JoinMaker | Completion
    why: tuple[str, ...]


def asked_join(join: Join, model: str) -> Join:
    """The join that `join` and `model` together ask for.

    Raises:
        WrongCall: They contradict each other, or no model of this name can fill a gap: there is
            none, or it would remake frames on both sides.
    """
    if model == BETWEEN:
        if join not in ("auto", "morph"):
            raise WrongCall(f"--model {BETWEEN} makes morphs; leave it out for a {join}.")
        return "morph"
    backends = find_backends("auto", "extend")
    infos = [backend.info for backend in backends if backend.info.quick]
    names = [info.name for info in infos if not info.remakes_known_frames]
    if model not in ("auto", *names):
        raise WrongCall(
            f'No model "{model}" can fill a gap here; there are: auto, {BETWEEN} and, to go on with'
            f" both shots, {', '.join(names)}."
        )
    if join == "morph" and model != "auto":
        raise WrongCall(f"--join morph is made by --model {BETWEEN}; leave {model} out.")
    return join


def find_filler(join: Join, model: str) -> VideoBackend | None:
    """The installed model called `model` that fills what lies between two shots; None where that
    is the name of something else.

    Raises:
        WrongCall: It does not make such a join.
        NotPossible: It could, and is not installed here.
    """
    if model in ("auto", BETWEEN):
        return None
    for backend in installed():
        if backend.info.name == model and "interpolate" in backend.info.tasks:
            if join not in ("auto", "morph"):
                raise WrongCall(
                    f"--model {model} makes what leads from one shot into the other; leave it out"
                    f" for a {join}."
                )
            return backend
    check_installed(model, "interpolate")
    return None


def choose_joins(spec: Spec, shots: Shots, cancel: CancelToken) -> Iterator[Chosen]:
    """As many joins as takes are asked for, at most one of each kind, the fittest first.

    Raises:
        WrongCall: The model and the join that were asked for do not go together.
        Cancelled: `cancel` was set.
    """
    work = spec.work
    assert isinstance(work, Interpolate)
    filler = find_filler(work.join, spec.model)
    if filler is not None:
        yield Chosen(Completion(shots, filler), ())
        return
    asked = asked_join(work.join, spec.model)
    scene = compare_scenes(shots.before.last(1)[0], shots.after.first(1)[0])
    trial = None
    if scene.moved or asked == "morph":
        trial = try_holes(shots, work.quality, cancel)
    order: list[Join] = _fittest(scene, trial)
    if asked != "auto":
        order = [asked, *(name for name in order if name != asked)]
    if spec.model not in ("auto", BETWEEN):
        order.remove("morph")
    for name in order[: max(1, spec.take_count)]:
        cancel.check()
        if name == "morph":
            trial = trial or try_holes(shots, work.quality, cancel)
            fusion = between.quickest_fusion(shots.before.last(1)[0])
            join = Morph(shots, work.quality, trial.morph, Sureness(), fusion)
        else:
            model = "auto" if spec.model == BETWEEN else spec.model
            join = plan_meeting(spec, model, shots, name, cancel)
        first = name == order[0]
        why = (_why(name, scene, trial),) if first and asked == "auto" else ()
        yield Chosen(join, (*why, *_doubts(name, scene)))


def _fittest(scene: Scene, trial: HoleTrial | None) -> list[Join]:
    """All joins, the one that hides the gap best first."""
    if scene.moved and trial is not None and trial.tears:
        return ["dissolve", "morph", "cut"]
    if scene.moved:
        return ["morph", "dissolve", "cut"]
    if scene.same_place:  # a cut would be a jump cut
        return ["dissolve", "cut", "morph"]
    return ["cut", "dissolve", "morph"]


def _why(name: Join, scene: Scene, trial: HoleTrial | None) -> str:
    """Why `auto` took it."""
    share = f"{100 * scene.agreement:.0f} %"
    if name == "morph":
        return (
            f"Joined by a morph: both shots show one scene, for motion carries {share} of the last"
            " picture of one onto the first of the other."
        )
    if scene.moved and trial is not None:
        gain = trial.meeting.psnr_db - trial.morph.score.psnr_db
        return (
            "Joined by a dissolve: both shots show one scene, but where frames of the shots"
            f" themselves were hidden, going on with both sides did {gain:.1f} dB better than a"
            " morph."
        )
    if scene.same_place:
        return (
            f"Joined by a dissolve: both shots show the same place ({scene.shared_corners} points"
            " are found again), where a cut would jump, but motion carries only"
            f" {share} of one picture onto the other."
        )
    return (
        f"Joined by a {name}: the shots show different scenes, for motion carries only {share} of"
        f" one picture onto the other and {_found(scene.shared_corners)}; both are gone on with"
        " toward each other."
    )


def _found(points: int) -> str:
    return f"only {points} points are found again" if points else "no point is found again"


def _doubts(name: Join, scene: Scene) -> tuple[str, ...]:
    if name == "morph" and not scene.moved:
        return (
            "The pictures on both sides of the gap have little in common: look closely at the"
            " morph, or take --join cut or dissolve.",
        )
    return ()
