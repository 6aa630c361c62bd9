"""Several shots of one subject by a video model of tiny random weights."""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_engine.cancel import CancelToken
from longtake_engine.errors import Cancelled, NotPossible, WrongCall
from longtake_engine.models.diffusion.backend import Diffusion
from longtake_engine.models.diffusion.table import family_of
from longtake_engine.models.schedule import Scheduled
from longtake_engine.tasks.run import estimate
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.work import Estimate, Generate, Guidance, Length, Output, SiblingShot, Spec

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("diffusers") is None, reason="diffusers is not installed"
)
SUBJECT = "red fox"
ROAD, BED, SEA = "A red fox on a road", "the Red  Fox in a bed", "a red fox at sea"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Scheduled:
    import torch
    from longtake_engine.testing.tiny_store import install_tiny

    torch.set_num_threads(1)
    store = install_tiny("wan-t2v", "wan-t2v-1.3b", tmp_path_factory.mktemp("home"))
    entry = Catalogue().find("wan-t2v-1.3b")
    runs: Any = family_of(entry)
    runs = replace(runs, steps=2, grid=replace(runs.grid, area=32 * 32, max_frames=9))
    return Scheduled(Diffusion(entry, runs, store))


@pytest.fixture
def use(model: Scheduled, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("longtake_engine.models.catalog.installed", lambda: (model,))
    monkeypatch.setattr("longtake_engine.tasks.generate.maker.installed", lambda: (model,))
    yield


@pytest.fixture
def shoot(generate: Callable[..., Any], use: None) -> Callable[..., Any]:
    """Makes shots of the prompts together, the first 7 frames long and the others 5."""

    def make(*prompts: str, subject: str = SUBJECT, frames: int = 7, **more: Any) -> Any:
        shots = tuple(SiblingShot(prompt, Length(frames=5)) for prompt in prompts[1:])
        said = more.pop("guidance", Guidance(prompt=prompts[0], seed=3))
        size = more.pop("size", (32, 32))
        return generate(
            frames=frames, size=size, guidance=said, subject=subject, shots=shots, **more
        )

    return make


def test_each_shot_is_a_take_of_its_own_length(shoot: Callable[..., Any]) -> None:
    done = shoot(ROAD, BED)
    assert [take.duration_frames for take in done.takes] == [7, 5]
    assert [take.media_path.name for take in done.takes] == ["made.mkv", "made-2.mkv"]
    assert [len(done.pictures(number)) for number in (0, 1)] == [7, 5]
    assert all("“red fox” looks the same" in take.notes[-1] for take in done.takes)


def test_a_shot_is_another_beside_another_and_the_same_beside_the_same(
    shoot: Callable[..., Any], tmp_path: Path
) -> None:
    """The attention of each reaches the others: that is what makes the subject one."""
    one, again, other = (
        shoot(ROAD, beside, path=tmp_path / f"{name}.mkv").pictures()[-1].planes[0]
        for name, beside in (("a", BED), ("b", BED), ("c", SEA))
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_chosen_camera_is_told_to_every_shot(shoot: Callable[..., Any]) -> None:
    from longtake_engine.tasks.wording import word
    from longtake_engine.work import CameraMove

    work = Generate(Length(frames=5), subject=SUBJECT, shots=(SiblingShot(BED),))
    said = Guidance(prompt=ROAD, camera=CameraMove("pan_left"))
    spec, notes = word(Spec(work, Output(Path("out.mov")), said), CancelToken())
    assert spec.guidance.prompt.endswith("The camera pans to the left.")
    assert isinstance(spec.work, Generate)
    assert spec.work.shots[0].prompt.endswith("The camera pans to the left.")
    assert len(notes) == 2


def test_every_shot_names_the_subject(shoot: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match='"red fox" is not in "a dog"'):
        shoot(ROAD, "a dog")
    assert not list(tmp_path.glob("made*"))


def test_shots_longer_than_a_run_are_refused(shoot: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(WrongCall, match=r"of one subject of .* s at most"):
        shoot(ROAD, BED, frames=60)
    assert not list(tmp_path.glob("made*"))


def test_a_cancelled_series_leaves_nothing(shoot: Callable[..., Any], tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.listen(lambda words, _: cancel.cancel() if words.startswith("step") else None)
    with pytest.raises(Cancelled):
        shoot(ROAD, BED, cancel=cancel)
    assert not list(tmp_path.glob("*made*"))


def test_a_model_whose_attention_cannot_be_reached_is_a_sentence(
    shoot: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, model: Scheduled
) -> None:
    entry = Catalogue().find("wan-vace-1.3b")
    runs = family_of(entry)
    assert runs is not None
    deaf = Scheduled(Diffusion(entry, runs, model.backend.store))  # type: ignore[attr-defined]
    for place in ("models.catalog", "tasks.generate.maker"):
        monkeypatch.setattr(f"longtake_engine.{place}.installed", lambda: (deaf,))
    with pytest.raises(NotPossible, match=r"attention of no model .*wan-t2v-1\.3b.*--reference"):
        shoot(ROAD, BED)


def test_the_shots_are_reckoned_together(use: None, tmp_path: Path) -> None:
    def reckoned(*shots: SiblingShot) -> Estimate:
        subject = SUBJECT if shots else ""
        work = Generate(Length(frames=7), (32, 32), subject=subject, shots=shots)
        spec = Spec(work, Output(tmp_path / "out.mkv"), Guidance(prompt=ROAD))
        return estimate(spec)

    alone, three = reckoned(), reckoned(SiblingShot(BED), SiblingShot(SEA))
    assert (alone.total_frames, three.total_frames) == (7, 21)
    assert three.seconds - 1 > 2 * (alone.seconds - 1)  # a second goes to what is common
