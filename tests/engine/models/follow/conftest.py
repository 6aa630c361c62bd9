import cv2
import numpy as np
import pytest
from longtake_engine.picture import Picture
from longtake_engine.testing.picture import format_of, textured

WIDTH, HEIGHT, RADIUS = 160, 120, 18


class DiscClip:
    """A textured disc that goes over another texture, its true mattes, and where it is."""

    def __init__(
        self,
        places: list[tuple[int, int]],
        *,
        pixel_format: str = "yuv420p",
        camera: tuple[int, int] = (0, 0),
        post: int | None = None,
        like: list[tuple[int, int]] | None = None,
    ) -> None:
        """Go through `places` (x, y of the centre); behind a post of another texture, from column
        `post` on; with another disc, of the same colours and another pattern, before it, that goes
        through the places `like`."""
        self.format = format_of(pixel_format, WIDTH, HEIGHT)
        self.places = places
        self.mattes: list[np.ndarray] = []
        self.pictures: dict[int, Picture] = {}
        for number, place in enumerate(places):
            self._draw(number, place, camera, post)
        for number, place in enumerate(like or ()):
            self._lay_over(number, place)
        self.frames = range(len(places))

    def _lay_over(self, number: int, place: tuple[int, int]) -> None:
        skin = textured(self.format, 400 - place[0], 200 - place[1], seed=3)
        matte = cv2.circle(np.zeros((HEIGHT, WIDTH), np.uint8), place, RADIUS, (1,), -1)
        planes = []
        for plane, over in enumerate(skin.planes):
            under = self.pictures[number].planes[plane]
            part = cv2.resize(matte, under.shape[::-1], interpolation=cv2.INTER_NEAREST)
            tint = self.format.max_value // 4 if plane == 1 else 0
            planes.append(np.where(part > 0, over // 2 + tint, under).astype(under.dtype))
        self.pictures[number] = Picture(tuple(planes), self.format)
        self.mattes[number] &= matte == 0

    def _draw(
        self, number: int, place: tuple[int, int], camera: tuple[int, int], post: int | None
    ) -> None:
        ground = textured(self.format, camera[0] * number, camera[1] * number)
        skin = textured(self.format, 400 - place[0], 200 - place[1], seed=9)
        bar = textured(self.format, seed=5)
        matte = cv2.circle(np.zeros((HEIGHT, WIDTH), np.uint8), place, RADIUS, (1,), -1)
        if post is not None:
            matte[:, post : post + 40] = 0
        planes = []
        for plane, (under, over, front) in enumerate(
            zip(ground.planes, skin.planes, bar.planes, strict=True)
        ):
            size = under.shape[::-1]
            part = cv2.resize(matte, size, interpolation=cv2.INTER_NEAREST)
            tint = self.format.max_value // 4 if plane == 1 else 0
            painted = np.where(part > 0, over // 2 + tint, under)
            if post is not None:
                left = post * size[0] // WIDTH
                right = left + 40 * size[0] // WIDTH
                painted[:, left:right] = front[:, left:right]
            planes.append(np.ascontiguousarray(painted.astype(under.dtype)))
        self.mattes.append(matte > 0)
        self.pictures[number] = Picture(tuple(planes), self.format)

    def iou(self, frame: int, matte: np.ndarray) -> float:
        """How well a matte agrees with the truth."""
        found, true = matte > 0.5, self.mattes[frame]
        return float((found & true).sum() / max((found | true).sum(), 1))


@pytest.fixture
def disc_clip() -> type[DiscClip]:
    return DiscClip
