"""Defects that are found by themselves: what stays put, and what is there for a single frame."""

from collections.abc import Iterator, Sequence

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput
from longtake_engine.models.defect import find_dust
from longtake_engine.tasks.inpaint.clip import Clip
from longtake_engine.tasks.inpaint.margin import grow
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.pictures import Pictures
from longtake_engine.work import Defect


def find_defects(  # noqa: PLR0917 # one caller, and each of another type
    clip: Clip,
    shots: Sequence[range],
    defects: Sequence[Defect],
    margin: int | None,
    mattes: Mattes,
    cancel: CancelToken,
) -> Iterator[str]:
    """Let `mattes` hide all that is found, and a margin round it; says now and then what is done.

    Raises:
        BadInput: Nothing is found.
    """
    if "dust" in defects:
        found = 0
        for shot in shots:
            pictures = Pictures(clip.reader, shot, cancel.check)
            for dusty in find_dust(pictures, shot, cancel):
                if dusty.matte is not None:
                    mattes.add((dusty.frame,), grow(_stored(dusty.matte), margin or 0))
                    found += 1
                at = dusty.frame - clip.seen.start + 1
                yield f"looking for dust (frame {at} of {len(clip.seen)})"
        if not found:
            raise BadInput(
                "No dust was found: nothing is there for a single frame alone; give a mask of what"
                " you see."
            )


def _stored(matte: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(matte.astype(np.float32), 0, 1) * 255).astype(np.uint8)
