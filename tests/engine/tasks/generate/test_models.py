"""Shots by models: what they are asked for, and that it comes out whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_engine.ability import Beginning, ModelInfo
from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import BadInput, Cancelled, NotPossible
from longtake_engine.luma import luma8
from longtake_engine.models.backend import Cost
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.testing.barcode import read_number
from longtake_engine.testing.media import make_clip
from longtake_engine.work import Guidance

Make = Callable[..., Any]


@dataclass
class Painter:
    """Makes every frame as bright as its number and the seed say, and keeps what it was asked."""

    makes_from: tuple[Beginning, ...] = ("words", "still", "clip")
    name: str = "painter"
    asked: list[tuple[Canvas, Guidance]] = field(default_factory=list)

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(
            name=self.name,
            description="Paints.",
            tasks=("generate",),
            min_known_frames=0,
            built_in=False,
            takes_prompt=True,
            makes_from=self.makes_from,
        )

    def context_frames(self, new_frames: int) -> int:
        return 1

    def remade_frames(self, new_frames: int, known_frames: int) -> int:
        return 0

    def estimate(self, format: PictureFormat, wanted_frames: int) -> Cost:
        return Cost(2.0 * wanted_frames, 10**9)

    def complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        self.asked.append((canvas, guidance))
        for frame in canvas.wanted:
            cancel.check()
            level = (64 + 8 * frame + guidance.seed) << (canvas.format.bit_depth - 8)
            planes = tuple(
                np.full(canvas.format.plane_size(number), level >> 1, canvas.format.dtype)
                for number in range(canvas.format.plane_count)
            )
            yield Completed(frame, Picture(planes, canvas.format))


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the engine have these models alone."""

    def set_models(*models: Painter) -> None:
        monkeypatch.setattr("longtake_engine.models.catalog.built_in", lambda: models)
        monkeypatch.setattr("longtake_engine.models.catalog.installed", tuple)
        monkeypatch.setattr("longtake_engine.tasks.generate.maker.installed", lambda: models)

    return set_models


def test_a_shot_of_words_is_all_made(generate: Make, use: Make) -> None:
    painter = Painter()
    use(painter)
    done = generate(frames=9, guidance=Guidance(prompt="rain", seed=5))
    ((canvas, guidance),) = painter.asked
    assert (dict(canvas.known), canvas.wanted, canvas.rate) == ({}, range(9), Fraction(24))
    assert (guidance.prompt, guidance.seed) == ("rain", 5)
    assert done.take.model == "painter"
    levels = [int(luma8(picture)[0, 0]) for picture in done.pictures()]
    assert np.diff(levels).min() > 0
    assert len(levels) == 9


def test_takes_have_seeds_of_their_own(generate: Make, use: Make) -> None:
    painter = Painter()
    use(painter)
    done = generate(frames=3, take_count=3, guidance=Guidance(prompt="rain", seed=5))
    assert [guidance.seed for _, guidance in painter.asked] == [5, 6, 7]
    assert len(done.takes) == 3


def test_stills_stand_at_their_frames_and_the_model_makes_what_lies_between(
    generate: Make, use: Make, make_still: Make
) -> None:
    painter = Painter()
    use(painter)
    stills = [make_still(f"{number}.png", seed=number) for number in range(3)]
    done = generate(*stills, frames=11, guidance=Guidance(prompt="rain"))
    asked = [(sorted(canvas.known), canvas.wanted) for canvas, _ in painter.asked]
    assert asked == [([0, 5], range(1, 5)), ([5, 10], range(6, 10))]
    pictures = done.pictures()
    assert len(pictures) == 11
    for number, frame in enumerate((0, 5, 10)):
        known = painter.asked[min(number, 1)][0].known[frame].picture
        assert all(map(np.array_equal, pictures[frame].planes, known.planes))


def test_a_clip_is_given_whole_at_the_rate_of_the_shot(
    generate: Make, use: Make, tmp_path: Path
) -> None:
    painter = Painter()
    use(painter)
    clip = make_clip(tmp_path / "clip.mkv", frames=10, size=(128, 72), rate=Fraction(25))
    generate(
        frames=None, input_path=clip, size=None, frame_rate=Fraction(50),
        guidance=Guidance(prompt="in the style of a woodcut", strength=0.5),
    )  # fmt: skip
    ((canvas, guidance),) = painter.asked
    assert canvas.wanted == range(20)
    assert guidance.strength == 0.5
    shown = [read_number(canvas.known[frame].picture) for frame in range(20)]
    assert shown == [frame // 2 for frame in range(20)]
    woven = make_clip(tmp_path / "woven.mkv", frames=4, field_order="tt")
    with pytest.raises(BadInput, match="interlaced"):
        generate(frames=None, input_path=woven, guidance=Guidance(strength=0.5))
    with pytest.raises(BadInput, match=r"lasts 0\.4 s"):
        generate(frames=30, input_path=clip, guidance=Guidance(strength=0.5))


def test_stills_without_words_are_for_the_camera(
    generate: Make, use: Make, make_still: Make
) -> None:
    painter = Painter()
    use(painter)
    assert generate(make_still()).take.model == "still"
    assert not painter.asked


def test_words_beside_a_still_are_for_the_camera_where_no_model_goes_on_from_one(
    generate: Make, use: Make, make_still: Make
) -> None:
    use(Painter(makes_from=("words",)))
    take = generate(make_still(), guidance=Guidance(prompt="rain")).take
    assert take.model == "still"
    assert any("hears no prompt" in note for note in take.notes)


def test_a_model_is_asked_for_what_it_can_do_only(
    generate: Make, use: Make, make_still: Make, tmp_path: Path
) -> None:
    clip = make_clip(tmp_path / "clip.mkv", frames=3)
    use(Painter(makes_from=("words",)))
    with pytest.raises(NotPossible, match="from a clip is installed"):
        generate(input_path=clip, frames=None, guidance=Guidance(strength=0.5))
    with pytest.raises(NotPossible, match="painter cannot make a shot from stills"):
        generate(make_still(), model="painter")
    with pytest.raises(NotPossible, match="still moves a camera over stills"):
        generate(model="still", guidance=Guidance(prompt="rain"))


def test_a_model_that_is_cancelled_leaves_nothing(
    generate: Make, use: Make, tmp_path: Path
) -> None:
    use(Painter())
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        generate(guidance=Guidance(prompt="rain"), cancel=cancel)
    assert not list(tmp_path.glob("*made*"))
