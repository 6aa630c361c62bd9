from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from longtake_engine.picture import Picture
from longtake_engine.testing.doing import Done, do_work
from longtake_engine.testing.film import write_film
from longtake_engine.testing.picture import format_of, textured
from longtake_engine.work import Animate, BoxPath, Guidance, Output, Spec, Stroke

WIDTH, HEIGHT = 320, 192
REGION = np.s_[64:160, 96:288]  # rows and columns that flow


@pytest.fixture
def still(tmp_path: Path) -> Path:
    """Textured all over, 320 × 192, 8-bit RGB without a word on its colours."""
    picture = textured(format_of("gbrp", WIDTH, HEIGHT))
    path = tmp_path / "still.png"
    green, blue, red = picture.planes
    cv2.imwrite(str(path), np.dstack([blue, green, red]))
    return path


@pytest.fixture
def paint(tmp_path: Path) -> Callable[..., Path]:
    """Write a grey image, white in a part of it."""

    def image(
        part: Any = REGION, name: str = "region.png", size: tuple[int, int] = (HEIGHT, WIDTH)
    ) -> Path:
        mask = np.zeros(size, np.uint8)
        if part is not None:
            mask[part] = 255
        cv2.imwrite(str(tmp_path / name), mask)
        return tmp_path / name

    return image


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write pictures as a video without loss, perhaps with sound (int16 C S, 48 kHz)."""

    def video(
        pictures: Sequence[Picture], name: str = "clip", sound: np.ndarray | None = None
    ) -> Path:
        return write_film(tmp_path / f"{name}.mkv", pictures, sound=sound)

    return video


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where the result goes: alone in a folder, so that what is left over shows."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder / "out.mkv"


@pytest.fixture
def ask(out: Path) -> Callable[..., Spec]:
    """A spec to move parts, without loss; options are those of `Animate`, `Output` and `Spec`."""

    def make(
        source: Path, strokes: Sequence[Stroke] = (), paths: Sequence[BoxPath] = (), **options: Any
    ) -> Spec:
        names = set(Animate.__struct_fields__) & set(options)
        work = Animate(source, **{name: options.pop(name) for name in names})
        output = Output(options.pop("path", out), options.pop("codec", "ffv1"))
        guidance = Guidance(strokes=tuple(strokes), box_paths=tuple(paths))
        return Spec(work, output, guidance, **options)

    return make


@pytest.fixture
def move(ask: Callable[..., Spec]) -> Callable[..., Done]:
    """Move parts and give what came of it; arguments as of `ask`."""

    def animate(source: Path, *arguments: Any, **options: Any) -> Done:
        return do_work(ask(source, *arguments, **options))

    return animate
