"""Motion as a picture, in the colours that video models know it by."""

import numpy as np

# Steps from one colour to the next around the wheel, as many as eyes tell apart there.
_STEPS = (
    ("red", "yellow", 15),
    ("yellow", "green", 6),
    ("green", "cyan", 4),
    ("cyan", "blue", 11),
    ("blue", "magenta", 13),
    ("magenta", "red", 6),
)
_COLORS = {
    "red": (1, 0, 0),
    "yellow": (1, 1, 0),
    "green": (0, 1, 0),
    "cyan": (0, 1, 1),
    "blue": (0, 0, 1),
    "magenta": (1, 0, 1),
}
_LEAST = 1e-3  # pixels: less is no motion at all


def color_flow(flow: np.ndarray) -> np.ndarray:
    """H W 3 float32, R'G'B' 0 to 1: the direction as a hue, the speed as its strength.

    Implements the colour wheel of Baker et al. (2007), "A Database and Evaluation Methodology for
    Optical Flow": white where nothing moves, full where it moves fastest in this picture.

    Args:
        flow: H W 2, in any unit, x (right) before y (down).
    """
    speed = np.hypot(flow[..., 0], flow[..., 1])
    top = float(speed.max(initial=0.0))
    if top < _LEAST:
        return np.ones((*speed.shape, 3), np.float32)
    wheel = _wheel()
    # The wheel's last hue is not quite its first: seen where things go right, and in what models
    # were trained with too.
    angle = np.arctan2(-flow[..., 1], -flow[..., 0]) / np.pi
    place = (angle + 1) / 2 * (len(wheel) - 1)
    first = np.floor(place).astype(int)
    share = (place - first)[..., None]
    hue = (1 - share) * wheel[first] + share * wheel[(first + 1) % len(wheel)]
    return (1 - (speed / top)[..., None] * (1 - hue)).astype(np.float32)


def _wheel() -> np.ndarray:
    """N 3: the hues, each step's first colour whole, the next one not yet."""
    parts = []
    for start, end, count in _STEPS:
        share = (np.arange(count) / count)[:, None]
        one, two = (np.array(_COLORS[name], np.float64) for name in (start, end))
        parts.append((1 - share) * one + share * two)
    return np.concatenate(parts)
