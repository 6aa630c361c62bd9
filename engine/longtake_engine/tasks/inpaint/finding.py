"""Defects that are found by themselves: what stays put, and what is there for a single frame."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from longtake_engine.cancel import CancelToken
from longtake_engine.errors import BadInput
from longtake_engine.luma import luma8
from longtake_engine.models.defect import ScratchWatch, SpotWatch, find_dust, find_logo
from longtake_engine.tasks.inpaint.clip import Clip
from longtake_engine.tasks.inpaint.margin import grow
from longtake_engine.tasks.inpaint.matte import Mattes
from longtake_engine.tasks.inpaint.pictures import Pictures
from longtake_engine.work import Defect


@dataclass(frozen=True, slots=True)
class Finding:
    """Looks for defects in a clip and hides them."""

    clip: Clip
    shots: Sequence[range]
    margin: int | None  # pixels beyond what is found
    mattes: Mattes  # that hide it

    def run(self, defects: Sequence[Defect], cancel: CancelToken) -> Iterator[str]:
        """Hide all of `defects`; says now and then what is being done.

        Raises:
            BadInput: Nothing is found.
        """
        if "logo" in defects:
            yield from self._find_logos(cancel)
        if "dust" in defects:
            yield from self._find_dust(cancel)
        if "scratches" in defects:
            yield from self._find_scratches(cancel)
        if "spots" in defects:
            yield from self._find_spots(cancel)

    def _find_logos(self, cancel: CancelToken) -> Iterator[str]:
        lasting: list[np.ndarray] = []  # over all of a shot
        bare: list[range] = []  # shots on which nothing is found
        found = 0
        for shot in self.shots:
            yield f"looking for a logo (frame {self._count(shot.start)})"
            pictures = Pictures(self.clip.reader, shot, cancel.check)
            standing = find_logo(pictures, shot, cancel)
            for one in standing:
                self._hide(one.frames, one.matte)
                found += 1
                if one.frames == shot:
                    lasting.append(one.matte)
            if not standing:
                bare.append(shot)
        # A logo lies over every shot, but only where the scene moves under it can it be told.
        for shot in bare:
            for matte in lasting:
                self._hide(shot, matte)
        if not found:
            raise BadInput(
                "No logo or title was found: nothing stays put while the picture moves under it;"
                " draw it with --box, or give a mask."
            )

    def _find_dust(self, cancel: CancelToken) -> Iterator[str]:
        found = 0
        for shot in self.shots:
            pictures = Pictures(self.clip.reader, shot, cancel.check)
            for dusty in find_dust(pictures, shot, cancel):
                if dusty.matte is not None:
                    self._hide((dusty.frame,), dusty.matte)
                    found += 1
                yield f"looking for dust (frame {self._count(dusty.frame)})"
        if not found:
            raise BadInput(
                "No dust was found: nothing is there for a single frame alone; give a mask of what"
                " you see."
            )

    def _find_scratches(self, cancel: CancelToken) -> Iterator[str]:
        size = (self.clip.reader.format.height, self.clip.reader.format.width)
        found = 0
        for shot in self.shots:
            watch = ScratchWatch(shot.start)
            for frame, luma in self._lumas(shot, cancel):
                watch.see(luma)
                yield f"looking for scratches (frame {self._count(frame)})"
            for scratch in watch.end():
                found += 1
                for frame in scratch.frames:
                    cancel.check()
                    self._hide((frame,), scratch.matte(frame, size))
        if not found:
            raise BadInput(
                "No scratch was found: no thin upright line stays while the picture moves behind"
                " it, or runs alone from the top of a still one to its bottom; give a mask of what"
                " you see."
            )

    def _find_spots(self, cancel: CancelToken) -> Iterator[str]:
        found = can_tell = False
        for shot in self.shots:
            watch = SpotWatch()
            for frame, luma in self._lumas(shot, cancel):
                watch.see(luma)
                yield f"looking for spots (frame {self._count(frame)})"
            spots = watch.end()
            can_tell = can_tell or spots.can_tell
            if spots.mask is not None:
                found = True
                self._hide(shot, spots.mask)
        if found:
            return
        if can_tell:
            raise BadInput(
                "No spot that stays in one place was found while the picture moves behind it; give"
                " a mask of what you see."
            )
        raise BadInput(
            "No spot that stays in one place was found: the picture hardly moves, or goes straight"
            " ahead, so that a spot cannot be told from what is filmed; give a mask of what you"
            " see."
        )

    def _lumas(self, shot: range, cancel: CancelToken) -> Iterator[tuple[int, np.ndarray]]:
        pictures = Pictures(self.clip.reader, shot, cancel.check)
        for frame in shot:
            cancel.check()
            yield frame, luma8(pictures[frame])

    def _hide(self, frames: Sequence[int], matte: np.ndarray) -> None:
        levels = np.rint(np.clip(matte.astype(np.float32), 0, 1) * 255).astype(np.uint8)
        self.mattes.add(frames, grow(levels, self.margin or 0))

    def _count(self, frame: int) -> str:
        return f"{frame - self.clip.seen.start + 1} of {len(self.clip.seen)}"
