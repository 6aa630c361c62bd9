"""What is followed: things in the shared clips whose true mattes are known, and things pasted."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.media.still import to_rgb8
from longtake_engine.picture import Picture
from measure.footage import excerpt

Array = np.ndarray
MASKS = {
    "blackswan": "davis_blackswan_480p/masks",
    "bmx": "davis_bmx_trees_480p/masks",
    "dogsjump": "sttn_dogs_jump_240p/masks",
}
# Each thing of a clip by the values that its masks have on it; 0 stands for all.
THINGS = {
    "swan": ("blackswan", 0),
    "rider": ("bmx", 0),
    "group": ("dogsjump", 0),
    "dog black": ("dogsjump", 1),
    "dog grey": ("dogsjump", 2),
    "person": ("dogsjump", 3),
}
LEAST = 40  # true pixels of a thing that is in the picture


@dataclass(frozen=True, slots=True)
class Shot:
    """A thing in a shot, and where it truly is."""

    name: str
    pictures: tuple[Picture, ...]
    mattes: tuple[Array, ...]  # H W bool

    @property
    def frames(self) -> range:
        """All of them."""
        return range(len(self.pictures))

    def shows(self, frame: int) -> bool:
        """Whether the thing is in the picture."""
        return bool(self.mattes[frame].sum() >= LEAST)

    def start(self, share: float) -> int:
        """The frame nearest to `share` of the shot on which the thing shows."""
        wanted = share * (len(self.pictures) - 1)
        showing = [frame for frame in self.frames if self.shows(frame)]
        return min(showing, key=lambda frame: abs(frame - wanted))

    def box(self, frame: int) -> tuple[int, int, int, int]:
        """X, y, width and height of what encloses the thing."""
        return box_of(self.mattes[frame])

    def rgb(self) -> list[Array]:
        """The frames as H W 3 uint8."""
        return [to_rgb8(picture) for picture in self.pictures]


def box_of(matte: Array) -> tuple[int, int, int, int]:
    """X, y, width and height of what encloses a matte (H W bool); zeros where it is empty."""
    x, y, wide, high = cv2.boundingRect(matte.astype(np.uint8))
    return int(x), int(y), int(wide), int(high)


def masks_of(footage: Path, clip: str) -> list[Array]:
    """The shared masks of a clip, H W uint8, as their values are."""
    found = []
    for path in sorted((footage / MASKS[clip]).glob("*.png")):
        found.append(_values(path))
    return found


def _values(path: Path) -> Array:
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    assert image is not None, path
    if image.ndim == 2:
        return image
    # A palette comes as its colours, one bit of the value in each: red 1, green 2, blue 4.
    blue, green, red = (image[..., channel] > 0 for channel in range(3))
    return (red + 2 * green + 4 * blue).astype(np.uint8)


def shared_shot(footage: Path, name: str) -> Shot:
    """One of THINGS in its clip."""
    clip, value = THINGS[name]
    masks = masks_of(footage, clip)
    pictures = excerpt(footage, clip, len(masks)).pictures
    mattes = tuple(mask > 0 if value == 0 else mask == value for mask in masks)
    assert len(pictures) == len(mattes), name
    return Shot(name, pictures, mattes)


def every(shot: Shot, step: int) -> Shot:
    """Every `step`th frame of a shot: all moves that many times as fast."""
    if step == 1:
        return shot
    return Shot(f"{shot.name} ×{step}", shot.pictures[::step], shot.mattes[::step])
