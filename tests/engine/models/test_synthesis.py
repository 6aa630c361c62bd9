"""What no frame ever saw is made up from its surroundings."""

import numpy as np
import pytest
from longtake_engine.models.synthesis import fill_still
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of, textured

SIZE = (160, 96)


def a_hole() -> np.ndarray:
    hole = np.zeros(SIZE[::-1], bool)
    hole[33:61, 50:90] = True
    return hole


def painted(picture: Picture, hole: np.ndarray, level: float) -> Picture:
    """`picture` with `level` (0 to 1) in its hole, chroma's shared samples too."""
    planes = []
    for number, plane in enumerate(picture.planes):
        height, width = picture.format.plane_size(number)
        row, column = np.nonzero(hole)
        plane = plane.copy()
        plane[row * height // hole.shape[0], column * width // hole.shape[1]] = (
            picture.format.max_value * level
        )
        planes.append(plane)
    return Picture(tuple(planes), picture.format)


@pytest.mark.parametrize("name", ["yuv420p", "yuv422p10le", "yuv444p16le", "gbrp", "gray12le"])
def test_what_lies_in_the_hole_is_never_read_and_the_rest_is_kept(name):
    picture, hole = textured(format_of(name, *SIZE)), a_hole()
    first, second = (fill_still(painted(picture, hole, level), hole) for level in (0.0, 1.0))
    for one, other, source in zip(
        first.picture.planes, second.picture.planes, picture.planes, strict=True
    ):
        assert np.array_equal(one, other)
        if source.shape == hole.shape:
            assert np.array_equal(one[~hole], source[~hole])
            # Copied in the plane's own depth: every number is one of the picture's.
            assert np.isin(one[hole], source[~hole]).all()
