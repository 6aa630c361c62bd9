"""How the picture moves when a camera does."""

from dataclasses import dataclass

import numpy as np

from longtake_engine.work import CameraKind, CameraMove

FOCAL = 1.2  # widths of the picture: what about 45 degrees across show
FAR, NEAR = 0.3, 1.2  # nearness (1 over the distance) at the top of the picture and at its foot
SUBJECT = 0.75  # nearness of what an orbit goes round
SWAY_HZ = (0.7, 1.6, 3.1)  # of a hand


@dataclass(frozen=True, slots=True)
class _Motion:
    """What a camera does over a whole shot: metres of its own scale, and radians."""

    right: float = 0.0
    down: float = 0.0
    ahead: float = 0.0
    turn_right: float = 0.0
    turn_up: float = 0.0
    longer: float = 0.0  # of its lens: natural logarithm

    def scaled(self, share: float) -> "_Motion":
        return _Motion(
            self.right * share,
            self.down * share,
            self.ahead * share,
            self.turn_right * share,
            self.turn_up * share,
            self.longer * share,
        )


_USUAL: dict[CameraKind, _Motion] = {
    "static": _Motion(),
    "pan_left": _Motion(turn_right=-0.35),
    "pan_right": _Motion(turn_right=0.35),
    "tilt_up": _Motion(turn_up=0.25),
    "tilt_down": _Motion(turn_up=-0.25),
    "dolly_in": _Motion(ahead=0.5),
    "dolly_out": _Motion(ahead=-0.5),
    "truck_left": _Motion(right=-0.35),
    "truck_right": _Motion(right=0.35),
    "zoom_in": _Motion(longer=0.4),
    "zoom_out": _Motion(longer=-0.4),
    # It turns against its way, so that the subject stays in the middle.
    "orbit_left": _Motion(right=-0.6, turn_right=0.6 * SUBJECT),
    "orbit_right": _Motion(right=0.6, turn_right=-0.6 * SUBJECT),
    "handheld": _Motion(),
}
_SWAY = 0.02  # radians that a hand is off its way, usually


def camera_flow(
    camera: CameraMove, seconds: float, at_s: float, size: tuple[int, int], seed: int = 0
) -> np.ndarray:
    """Pixels a second by which the picture moves, H W 2 float32, x before y.

    Implements the motion field of a camera that goes and turns (Longuet-Higgins and Prazdny 1980)
    over a ground that is near at the foot of the picture and far at its top.

    Args:
        camera: The move.
        seconds: Length of the shot, over which the move goes evenly.
        at_s: The moment, from the start of the shot.
        size: (height, width) of the picture.
        seed: Of a hand.
    """
    factor = (camera.amount or 0.5) * 2
    if camera.kind == "handheld":
        motion = _swaying(at_s, seed).scaled(factor)
    else:
        motion = _USUAL[camera.kind].scaled(factor / max(seconds, 1e-6))
    height, width = size
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width - 0.5)[None, :]
    y = ((np.arange(height, dtype=np.float32) + 0.5 - height / 2) / width)[:, None]
    near = (FAR + (NEAR - FAR) * (np.arange(height, dtype=np.float32) + 0.5) / height)[:, None]
    across = near * (x * motion.ahead - FOCAL * motion.right)
    across = across + x * y / FOCAL * motion.turn_up
    across = across - (FOCAL + x * x / FOCAL) * motion.turn_right + x * motion.longer
    along = near * (y * motion.ahead - FOCAL * motion.down)
    along = along + (FOCAL + y * y / FOCAL) * motion.turn_up
    along = along - x * y / FOCAL * motion.turn_right + y * motion.longer
    flow = np.stack(np.broadcast_arrays(across, along), axis=-1)
    return np.ascontiguousarray(flow * width, np.float32)


def _swaying(at_s: float, seed: int) -> _Motion:
    """How fast a hand turns the camera just now."""
    random = np.random.default_rng(seed)
    speeds = []
    for _ in range(2):
        phases = random.uniform(0, 2 * np.pi, len(SWAY_HZ))
        waves = 2 * np.pi * np.array(SWAY_HZ)
        speeds.append(float((_SWAY / len(SWAY_HZ) * np.cos(waves * at_s + phases) * waves).sum()))
    return _Motion(turn_right=speeds[0], turn_up=0.7 * speeds[1])
