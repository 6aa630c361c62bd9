"""What speaks for and against each pixel's being the thing, as log-odds."""

import cv2
import numpy as np

from longtake_engine.models.flow import Array, pixel_grid
from longtake_engine.models.follow.appearance import Looks, Palette, local_odds

SHAPE_SPREAD = 0.03  # of the thing's size: how far its outline may be off what motion says
MOST_SHAPE = 3.0  # log-odds
EDGE, AT_EDGE = (
    6.0,
    0.3,
)  # pixels from the outline in which a place's surroundings mislead, and a weight


def colour_odds(
    palette: Palette, looks: Looks, area: float, colours: Array, before: tuple[Array, Array, Array]
) -> Array:
    """By the colours of the whole and of the place, H W.

    Args:
        palette: Of the clip.
        looks: Of the thing and its surroundings, as marked and of late.
        area: Pixels of the thing.
        colours: The number of each pixel's colour, H W.
        before: The look and the matte of the frame before, and the motion to this one.
    """
    seen, matte, onward = before
    grid = pixel_grid(*colours.shape) + onward
    old = palette.levels(seen), np.clip(matte, 0, 1), grid[..., 0], grid[..., 1]
    return local_odds(colours, old, looks.odds(area))


def shape_odds(carried: Array, sure: Array, area: float) -> Array:
    """By how far inside or outside the outline a pixel lies that motion brought along, H W."""
    solid = (carried > 0.5).astype(np.uint8)
    inside = cv2.distanceTransform(solid, cv2.DIST_L2, 3)
    outside = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 3)
    spread = 1.5 + SHAPE_SPREAD * np.sqrt(max(area, 1.0))
    odds = np.clip((inside - outside) / spread, -MOST_SHAPE, MOST_SHAPE)
    # Where motion was not found it says little, but for what lies far off.
    odds *= 0.35 + 0.65 * sure
    return odds - np.clip((outside - 4 * spread) / spread, 0, 8)


def off_edge(carried: Array) -> Array:
    """How much what looks at a pixel's surroundings counts, H W: little near the outline that
    motion brought along, where they are half of the thing and half of what happens to lie behind.
    """
    solid = (carried > 0.5).astype(np.uint8)
    far = [cv2.distanceTransform(side, cv2.DIST_L2, 3) for side in (solid, 1 - solid)]
    return AT_EDGE + (1 - AT_EDGE) * np.clip((far[0] + far[1]) / EDGE, 0, 1)
