from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from longtake_engine.picture import Picture
from longtake_engine.testing.backend import Uncover
from longtake_engine.testing.doing import Done, do_work
from longtake_engine.work import Outpaint, Output, Spec


@pytest.fixture(autouse=True)
def simple_backend(use: Callable[..., None]) -> None:
    """One that is quick."""
    use(Uncover())


@pytest.fixture
def ask(out: Path) -> Callable[..., Spec]:
    """A spec to reshape a clip, without loss; options are those of `Outpaint` and `Spec`."""

    def make(source: Path, size: tuple[int, int], **options: Any) -> Spec:
        names = set(Outpaint.__struct_fields__) & set(options)
        work = Outpaint(source, size, **{name: options.pop(name) for name in names})
        output = Output(options.pop("path", out), options.pop("codec", "ffv1"))
        return Spec(work, output, **options)

    return make


@pytest.fixture
def reshape(ask: Callable[..., Spec]) -> Callable[..., Done]:
    """Reshape a clip and give what came of it; arguments as of `ask`."""

    def outpaint(source: Path, size: tuple[int, int], **options: Any) -> Done:
        return do_work(ask(source, size, **options))

    return outpaint


@pytest.fixture
def cut_out() -> Callable[..., Picture]:
    """A part of a picture, by luma pixels that chroma samples are whole in."""

    def cut(picture: Picture, left: int, top: int, size: tuple[int, int]) -> Picture:
        planes = []
        format = picture.format
        for number, plane in enumerate(picture.planes):
            chroma = format.is_chroma(number)
            x = format.chroma_shift_x if chroma else 0
            y = format.chroma_shift_y if chroma else 0
            rows = slice(top >> y, (top >> y) + -(-size[1] >> y))
            columns = slice(left >> x, (left >> x) + -(-size[0] >> x))
            planes.append(np.ascontiguousarray(plane[rows, columns]))
        return Picture(tuple(planes), format)

    return cut
