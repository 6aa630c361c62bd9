"""A move of the camera in the words that video models were taught with."""

from longtake_engine.work import CameraKind, CameraMove

_PHRASES: dict[CameraKind, str] = {
    "static": "static camera, locked off on a tripod",
    "pan_left": "the camera {}pans to the left",
    "pan_right": "the camera {}pans to the right",
    "tilt_up": "the camera {}tilts up",
    "tilt_down": "the camera {}tilts down",
    "dolly_in": "the camera {}dollies in",
    "dolly_out": "the camera {}dollies out",
    "truck_left": "the camera {}trucks to the left",
    "truck_right": "the camera {}trucks to the right",
    "zoom_in": "the lens {}zooms in",
    "zoom_out": "the lens {}zooms out",
    "orbit_left": "the camera {}orbits to the left around the subject",
    "orbit_right": "the camera {}orbits to the right around the subject",
    "handheld": "{}handheld camera",
}
SLOW, FAST = 0.35, 0.75  # amounts up to which and from which a move is said to be so


def words_of(camera: CameraMove) -> str:
    """What the camera does, as part of a sentence."""
    how = ""
    if 0 < camera.amount <= SLOW:
        how = "slightly " if camera.kind == "handheld" else "slowly "
    elif camera.amount >= FAST:
        how = "very shaky " if camera.kind == "handheld" else "quickly "
    return _PHRASES[camera.kind].format(how)
