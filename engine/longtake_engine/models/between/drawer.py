"""Which library makes the pictures between: OpenCV, or torch where it is asked for."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec

from longtake_engine.errors import NotPossible
from longtake_engine.models.between.motion import Between, Made

Drawer = Callable[[Between, Sequence[float]], tuple[Made, ...]]  # pictures at times between


def drawer(device: str | None = None) -> Drawer:
    """What makes pictures on `device` of torch; "auto" is a graphics card where torch has one.

    OpenCV's where that is None, or "auto" finds nothing: on a processor it is the quicker one.

    Raises:
        NotPossible: If torch or the device is not here.
    """
    if device is None or (device == "auto" and find_spec("torch") is None):
        return _drawn
    if find_spec("torch") is None:
        raise NotPossible(
            f'torch, which would make pictures on "{device}", is not installed: install '
            "longtake[gpu], or leave the device out."
        )
    # Not before it is asked for: torch takes seconds and much memory.
    from longtake_engine.models.between.card import CardBetween, found  # noqa: PLC0415

    where = str(found(device))
    if device == "auto" and where == "cpu":
        return _drawn

    def drawn_there(between: Between, times: Sequence[float]) -> tuple[Made, ...]:
        there = CardBetween.of(between, where)
        return tuple(there.make(time) for time in times)

    return drawn_there


def _drawn(between: Between, times: Sequence[float]) -> tuple[Made, ...]:
    return tuple(between.make(time) for time in times)
