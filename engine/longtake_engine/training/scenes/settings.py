"""What kinds of scenes are drawn, and how often each."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SceneSettings:
    """The mix of scenes.

    Shares are the part of all scenes that has something, 0 to 1. Motions are in pixels of a
    256-pixel picture from the first time to the last and grow with the picture.
    """

    layers: int = 5  # the most things before the background, limbs and shadows not counted
    speed: float = 1.0  # all motion is multiplied by it
    still_share: float = 0.15  # scenes in which the camera and most things stand
