from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_engine.media.pixel import describe
from longtake_engine.picture import Color, Picture, PictureFormat
from longtake_engine.testing.backend import Uncover
from longtake_engine.testing.doing import Done, do_work
from longtake_engine.testing.film import write_film
from longtake_engine.testing.picture import crossing, format_of, textured
from longtake_engine.work import Inpaint, Output, Spec

SIZE = (96, 64)  # width, height
SQUARE = 16  # pixels: the side of what goes by
STEP = 4  # pixels that it goes in a frame
COUNT = 12  # frames


@dataclass(frozen=True)
class Scene:
    """A square goes by over a still background; where it is, and what lies behind it."""

    path: Path
    pictures: list[Picture]
    behind: Picture
    masks: list[np.ndarray]  # H W uint8: 255 where the square is

    @property
    def format(self) -> PictureFormat:
        return self.behind.format


@pytest.fixture(autouse=True)
def simple_backend(use: Callable[..., None]) -> None:
    """One that is exact before a camera that stands still."""
    use(Uncover())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write pictures as a video without loss, perhaps with sound (int16 C S, 48 kHz)."""

    def video(
        pictures: Sequence[Picture],
        name: str = "clip",
        sound: np.ndarray | None = None,
        rate: Fraction = Fraction(25),
    ) -> Path:
        return write_film(tmp_path / f"{name}.mkv", pictures, rate=rate, sound=sound)

    return video


@pytest.fixture
def make_scene(write: Callable[..., Path]) -> Callable[..., Scene]:
    """Write the scene as a clip; `pixel_format` is FFmpeg's name."""

    def scene(pixel_format: str = "yuv420p", size: tuple[int, int] = SIZE, **options: Any) -> Scene:
        format = format_of(pixel_format, *size)
        pictures = crossing(format, COUNT, STEP, SQUARE)
        top = (format.height - SQUARE) // 2 // 2 * 2
        masks = []
        for number in range(COUNT):
            mask = np.zeros((format.height, format.width), np.uint8)
            left = 16 + STEP * number
            mask[top : top + SQUARE, left : left + SQUARE] = 255
            masks.append(mask)
        return Scene(write(pictures, **options), pictures, textured(format), masks)

    return scene


@pytest.fixture
def scene(make_scene: Callable[..., Scene]) -> Scene:
    return make_scene()


@pytest.fixture
def mask_video(write: Callable[..., Path]) -> Callable[[Sequence[np.ndarray]], Path]:
    """Write masks H W uint8 as a grey video."""

    def video(masks: Sequence[np.ndarray], name: str = "mask") -> Path:
        height, width = masks[0].shape
        format = describe("gray", width, height, Color(range="pc"))
        return write([Picture((mask,), format) for mask in masks], name)

    return video


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the result goes: alone in a folder, so that what is left over shows."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "out.mkv"


@pytest.fixture
def ask(out: Path) -> Callable[..., Spec]:
    """A spec to fill holes, without loss; options are those of `Inpaint`, `Output` and `Spec`.

    A mask is taken as it is where no margin is named.
    """

    def make(source: Path, mask: Path | None = None, **options: Any) -> Spec:
        if mask is not None:
            options.setdefault("margin", 0)
        names = set(Inpaint.__struct_fields__) & set(options)
        work = Inpaint(source, mask, **{name: options.pop(name) for name in names})
        output = Output(
            options.pop("path", out),
            options.pop("codec", "ffv1"),
            no_audio=options.pop("no_audio", False),
        )
        return Spec(work, output, **options)

    return make


@pytest.fixture
def fill(ask: Callable[..., Spec]) -> Callable[..., Done]:
    """Fill holes and give what came of it; arguments as of `ask`."""

    def inpaint(source: Path, mask: Path | None = None, **options: Any) -> Done:
        return do_work(ask(source, mask, **options))

    return inpaint


@pytest.fixture
def unchanged() -> Callable[..., None]:
    """Asserts that a picture is another's, number by number, but where a mask hides it."""

    def check(made: Picture, own: Picture, mask: np.ndarray) -> None:
        assert made.format.pixel_format == own.format.pixel_format
        for plane, source in zip(made.planes, own.planes, strict=True):
            down, across = (-(-a // b) for a, b in zip(mask.shape, plane.shape, strict=True))
            height, width = plane.shape
            wide = np.zeros((height * down, width * across), bool)
            wide[: mask.shape[0], : mask.shape[1]] = mask > 0
            hidden = wide.reshape(height, down, width, across).any(axis=(1, 3))
            assert np.array_equal(plane[~hidden], source[~hidden])

    return check
