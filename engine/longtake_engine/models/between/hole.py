"""The frames of a hole between two runs of known frames of one shot."""

from collections.abc import Iterator, Sequence

from longtake_engine.errors import BadInput
from longtake_engine.models.between.motion import Between, Made
from longtake_engine.picture import Picture
from longtake_engine.work import Quality


def fill_hole(
    before: Sequence[Picture],
    after: Sequence[Picture],
    count: int,
    quality: Quality = "standard",
) -> Iterator[Made]:
    """The `count` frames between the last of `before` and the first of `after`, in time order.

    Args:
        before: Known frames up to the hole in time order, at least one.
        after: Known frames from the hole on in time order, at least one, of the same format.
        count: Missing frames.
        quality: What a frame may cost.

    Raises:
        BadInput: There is no known frame on one side.
    """
    if not before or not after:
        raise BadInput("A hole needs a known frame on both sides; give one before and one after.")
    between = Between.measure(before[-1], after[0], quality)
    for number in range(1, count + 1):
        yield between.make(number / (count + 1))
