"""The last picture with what earlier ones saw around it, and views of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.luma import luma8
from longtake_engine.models.camera import Similarity
from longtake_engine.models.camerawork.outward import grow_outward
from longtake_engine.models.camerawork.reach import Reach
from longtake_engine.models.camerawork.travel import refine
from longtake_engine.models.flow import Array, fill_unsure
from longtake_engine.models.overlay import Overlay
from longtake_engine.models.reel import Reel
from longtake_engine.picture import Picture, PictureFormat

MATCH_WIDTH = 640  # pictures are laid on each other by what they show at this width
DRIFT = 0.08  # of the largest value: more is not light that changed but something that came
DRIFT_WIDTH = 160
SPARE = 2  # pixels beyond the outermost that a view shows


@dataclass(slots=True)
class Mosaic:
    """A picture wider and higher by a margin on every side."""

    planes: list[Array]  # larger than those of `format`, each at its own subsampling
    format: PictureFormat
    margin_x: int  # luma pixels, a multiple of 16
    margin_y: int

    def hold(self, picture: Picture) -> None:
        """Show `picture` in the middle from now on."""
        for number, plane in enumerate(picture.planes):
            self.planes[number][self.middle(number)] = plane

    def view(self, camera: Similarity) -> Picture:
        """What is seen where the middle goes by `camera`."""
        if camera == Similarity():
            planes = [self.planes[n][self.middle(n)].copy() for n in range(len(self.planes))]
            return Picture(tuple(planes), self.format)
        planes = []
        for number, plane in enumerate(self.planes):
            height, width = self.format.plane_size(number)
            matrix = self.matrix(camera.inverse, number)
            seen = cv2.warpAffine(
                plane,
                matrix,
                (width, height),
                flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REFLECT_101,
            )
            planes.append(np.minimum(seen, plane.dtype.type(self.format.max_value)))
        return Picture(tuple(planes), self.format)

    def matrix(self, move: Similarity, number: int) -> Array:
        """From pixels of the middle of plane `number` to pixels of the whole plane."""
        x, y = self.margins(number)
        matrix = on_plane(move, self.format, number)
        matrix[:, 2] += (x, y)
        return matrix

    def margins(self, number: int) -> tuple[int, int]:
        """The margins of plane `number`, its own pixels."""
        chroma = self.format.is_chroma(number)
        shift_x = self.format.chroma_shift_x if chroma else 0
        shift_y = self.format.chroma_shift_y if chroma else 0
        return self.margin_x >> shift_x, self.margin_y >> shift_y

    def middle(self, number: int) -> tuple[slice, slice]:
        """Rows and columns of the middle of plane `number`."""
        x, y = self.margins(number)
        height, width = self.format.plane_size(number)
        return slice(y, y + height), slice(x, x + width)


def on_plane(move: Similarity, format: PictureFormat, number: int) -> Array:
    """The 2×3 matrix of `move` in pixels of plane `number`."""
    height, width = format.plane_size(number)
    across, down = width / format.width, height / format.height
    # Pixels are squares: their centres lie half a pixel in, at every size.
    shrink = np.array([[across, 0, (across - 1) / 2], [0, down, (down - 1) / 2], [0, 0, 1]])
    matrix = np.vstack([move.matrix(format.height, format.width), [0, 0, 1]])
    return (shrink @ matrix @ np.linalg.inv(shrink))[:2]


def build_mosaic(
    reel: Reel,
    to_last: Sequence[Similarity],
    cameras: Sequence[Similarity],
    cancel: CancelToken,
    *,
    last: Picture | None = None,
    overlay: Overlay | None = None,
) -> Mosaic:
    """The last picture in the middle, earlier ones around it where it saw nothing that a view
    shows; what none saw mirrors the border.

    Args:
        reel: The known pictures.
        to_last: From each of them to the last, full-size pixels.
        cameras: From the last picture to each view.
        cancel: Asked between pictures.
        last: To show instead of the last picture.
        overlay: A title that earlier pictures have, and `last` has not.
    """
    last = last or reel.picture(len(reel) - 1)
    format = reel.format
    margin_x, margin_y = _margins(cameras, format)
    mosaic = Mosaic([], format, margin_x, margin_y)
    for number, plane in enumerate(last.planes):
        x, y = mosaic.margins(number)
        mosaic.planes.append(cv2.copyMakeBorder(plane, y, y, x, x, cv2.BORDER_REFLECT_101))
    if not margin_x and not margin_y:
        return mosaic
    seen = np.zeros(mosaic.planes[0].shape, np.uint8)
    seen[mosaic.middle(0)] = 255
    small = luma8(last, MATCH_WIDTH)
    for number in Reach.of(to_last, format).choose(cameras)[1:]:
        cancel.check()
        picture = reel.picture(number)
        if overlay:
            picture = overlay.lifted([picture, last], [to_last[number]])[0]
        # Moves chained over many pictures add their errors up.
        move = refine(luma8(picture, MATCH_WIDTH), small, to_last[number], format.width)
        _add(mosaic, seen, picture, move)
    _mirror(mosaic, seen)
    grow_outward(mosaic.planes, seen, format.max_value)
    return mosaic


def _margins(cameras: Sequence[Similarity], format: PictureFormat) -> tuple[int, int]:
    """How far the cameras look beyond the picture, at most half of it."""
    half = complex(format.width / 2, format.height / 2)
    corners = np.array([half, -half, half.conjugate(), -half.conjugate()])
    ways = np.concatenate([c.inverse.a * corners + c.inverse.b - corners for c in cameras])
    reach = np.abs(ways.real).max(), np.abs(ways.imag).max()
    limits = format.width // 2, format.height // 2
    most = [
        min(-(-int(r + SPARE) // 16) * 16, -(-n // 16) * 16)
        for r, n in zip(reach, limits, strict=True)
    ]
    return (most[0], most[1]) if max(reach) > 0 else (0, 0)


def _add(mosaic: Mosaic, seen: Array, picture: Picture, move: Similarity) -> None:
    """Write into the unseen part of the mosaic what `picture` saw of it, in the light of what is
    there."""
    format = mosaic.format
    inside = _inside(mosaic, move)
    new = cv2.bitwise_and(inside, cv2.bitwise_not(seen))
    if not new.any():
        return
    both = cv2.bitwise_and(inside, seen)
    for number, plane in enumerate(picture.planes):
        target = mosaic.planes[number]
        placed = _place(plane, mosaic, move, number, cv2.INTER_CUBIC).astype(np.float32)
        size = target.shape[::-1]
        mask = cv2.resize(new, size, interpolation=cv2.INTER_NEAREST) > 0
        common = cv2.resize(both, size, interpolation=cv2.INTER_NEAREST)
        value = placed + _light(target, placed, common, format.max_value * DRIFT)
        target[mask] = np.clip(value[mask] + 0.5, 0, format.max_value).astype(target.dtype)
    seen[new > 0] = 255


def _light(target: Array, placed: Array, both: Array, most: float) -> Array:
    """What to add to `placed` so that it is as bright as `target` where both know the
    place, carried on evenly to where only `placed` does."""
    height, width = target.shape
    scale = min(1.0, DRIFT_WIDTH / width)
    size = max(2, round(width * scale)), max(2, round(height * scale))
    off = np.where(both > 0, target.astype(np.float32) - placed, 0)
    share = cv2.resize((both > 0).astype(np.float32), size, interpolation=cv2.INTER_AREA)
    off = cv2.resize(off, size, interpolation=cv2.INTER_AREA) / np.maximum(share, 1e-3)
    # Something that came or went is not light; nor are edges that lie a little off.
    share = share * np.exp(-((off / most) ** 2))
    spread = size[0] / 16
    weight = cv2.GaussianBlur(share, (0, 0), spread) + np.float32(1e-4)
    even = cv2.GaussianBlur(off * share, (0, 0), spread) / weight
    known = np.clip(weight * 4, 0, 1)
    filled = fill_unsure(np.dstack([even, even]), known)[..., 0]
    return cv2.resize(filled, (width, height), interpolation=cv2.INTER_LINEAR)


def _mirror(mosaic: Mosaic, seen: Array) -> None:
    """Fill what no picture saw with the nearest that one saw, mirrored at its border."""
    if seen.all():
        return
    unseen = np.where(seen == 0, np.uint8(255), np.uint8(0))
    _, found = cv2.distanceTransformWithLabels(
        unseen, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    labels = np.asarray(found, np.int64)
    rows, columns = np.nonzero(seen)
    nearest = np.zeros((int(labels.max()) + 1, 2), np.int32)
    nearest[labels[rows, columns]] = np.stack([rows, columns], 1)
    height, width = seen.shape
    at = np.nonzero(seen == 0)
    border = nearest[labels[at]]
    source = 2 * border - np.stack(at, 1)
    source = np.clip(source, 0, (height - 1, width - 1))
    blind = seen[source[:, 0], source[:, 1]] == 0
    source[blind] = border[blind]
    for plane in mosaic.planes:
        sx, sy = width / plane.shape[1], height / plane.shape[0]
        to = (at[0] / sy).astype(int), (at[1] / sx).astype(int)
        plane[to] = plane[(source[:, 0] / sy).astype(int), (source[:, 1] / sx).astype(int)]


def _place(plane: Array, mosaic: Mosaic, move: Similarity, number: int, kernel: int) -> Array:
    """A plane of an earlier picture where it lies in the mosaic, mirrored beyond its border: a
    kernel near it must not read black."""
    matrix, size = mosaic.matrix(move, number), mosaic.planes[number].shape[::-1]
    return cv2.warpAffine(plane, matrix, size, flags=kernel, borderMode=cv2.BORDER_REFLECT_101)


def _inside(mosaic: Mosaic, move: Similarity) -> Array:
    """255 where a picture lies in the mosaic, 0 elsewhere; of the size of the first plane."""
    white = np.full(mosaic.format.plane_size(0), 255, np.uint8)
    matrix, size = mosaic.matrix(move, 0), mosaic.planes[0].shape[::-1]
    placed = cv2.warpAffine(white, matrix, size, flags=cv2.INTER_NEAREST)
    return cv2.erode(placed, np.ones((5, 5), np.uint8))
