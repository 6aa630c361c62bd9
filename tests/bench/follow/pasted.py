"""Scenes put together from the shared clips, for what none of them shows with its truth."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from longtake_engine.media.pixel import describe
from longtake_engine.picture import Picture
from measure.footage import excerpt
from shots import Shot, shared_shot

Array = np.ndarray
SIZE = (480, 270)  # width, height of a scene
FRAMES = 48
SOFT = 0.7  # pixels: the edge of what is pasted


@dataclass(frozen=True, slots=True)
class Cutout:
    """A thing with its own moves, to be pasted."""

    shot: Shot
    height: int  # pixels that it is high, its own growing and shrinking left out
    mirrored: bool = False
    place: Callable[[float], tuple[float, float]] = lambda share: (0.5, 0.5)  # of its centre

    def layer(self, number: int) -> tuple[list[Array], Array]:
        """Its planes at the scene's size, and how much of each pixel it is, H W 0..1."""
        frame = number % (2 * len(self.shot.pictures) - 2)
        frame = min(frame, 2 * len(self.shot.pictures) - 2 - frame)  # forth and back
        matte = self.shot.mattes[frame].astype(np.float32)
        x, y, wide, high = self.shot.box(frame)
        scale = self.height / self.shot.box(0)[3]
        to_x, to_y = self.place(number / (FRAMES - 1))
        sign = -1 if self.mirrored else 1
        move = np.array(
            [
                [sign * scale, 0, to_x * SIZE[0] - sign * scale * (x + wide / 2)],
                [0, scale, to_y * SIZE[1] - scale * (y + high / 2)],
            ]
        )
        kept = cv2.GaussianBlur(cv2.warpAffine(matte, move, SIZE), (0, 0), SOFT)
        planes = []
        for plane in self.shot.pictures[frame].planes:
            whole = cv2.resize(plane, matte.shape[::-1], interpolation=cv2.INTER_LINEAR)
            planes.append(cv2.warpAffine(whole, move, SIZE, borderMode=cv2.BORDER_REPLICATE))
        return planes, kept


def _scene(name: str, ground: tuple[Picture, ...], layers: list[Cutout], thing: int) -> Shot:
    """The layers on each other, the last one on top; `thing` is the one to follow."""
    format = describe("yuv420p", *SIZE, ground[0].format.color, opaque=True)
    pictures, mattes = [], []
    for number in range(FRAMES):
        planes = [
            cv2.resize(plane, SIZE, interpolation=cv2.INTER_AREA).astype(np.float32)
            for plane in ground[number % len(ground)].planes[:3]
        ]
        true = np.zeros(SIZE[::-1], np.float32)
        for place, layer in enumerate(layers):
            over, kept = layer.layer(number)
            planes = [a + kept * (b - a) for a, b in zip(planes, over[:3], strict=True)]
            true = kept if place == thing else true * (1 - kept)
        small = [
            cv2.resize(plane, format.plane_size(at)[::-1], interpolation=cv2.INTER_AREA)
            for at, plane in enumerate(planes)
        ]
        eight = tuple(np.rint(np.clip(plane, 0, 255)).astype(np.uint8) for plane in small)
        pictures.append(Picture(eight, format))
        mattes.append(true > 0.5)
    return Shot(name, tuple(pictures), tuple(mattes))


def _ground(footage: Path, clip: str) -> tuple[Picture, ...]:
    return excerpt(footage, clip, FRAMES).pictures


def crossing(footage: Path) -> Shot:
    """A swan goes behind another one of its kind, and on."""
    swan = shared_shot(footage, "swan")
    behind = Cutout(swan, 110, place=lambda share: (0.2 + 0.6 * share, 0.55))
    before = Cutout(swan, 110, True, lambda share: (0.8 - 0.6 * share, 0.6))
    return _scene("crossing", _ground(footage, "camel"), [behind, before], 0)


def passing(footage: Path) -> Shot:
    """A person is passed by a swan that hides them for some frames."""
    person = Cutout(shared_shot(footage, "person"), 120, place=lambda share: (0.45, 0.55))
    swan = Cutout(shared_shot(footage, "swan"), 190, place=lambda share: (1.5 * share - 0.25, 0.6))
    return _scene("passing", _ground(footage, "bear"), [person, swan], 0)


def leaving(footage: Path) -> Shot:
    """A person goes out of the picture and comes back."""

    def place(share: float) -> tuple[float, float]:
        return 0.35 - 0.55 * float(np.sin(np.pi * share)), 0.5

    person = Cutout(shared_shot(footage, "person"), 140, place=place)
    return _scene("leaving", _ground(footage, "tea"), [person], 0)


def darting(footage: Path) -> Shot:
    """A small rider goes about fast before a moving camera."""

    def place(share: float) -> tuple[float, float]:
        turn = 2 * np.pi * share
        return 0.5 + 0.32 * float(np.sin(turn)), 0.5 + 0.25 * float(np.sin(1.5 * turn))

    rider = Cutout(shared_shot(footage, "rider"), 44, place=place)
    return _scene("darting", _ground(footage, "bear"), [rider], 0)


SCENES: dict[str, Callable[[Path], Shot]] = {
    "crossing": crossing,
    "passing": passing,
    "leaving": leaving,
    "darting": darting,
}
