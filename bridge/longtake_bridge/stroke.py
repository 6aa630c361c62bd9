"""What is drawn to move: regions that flow, and things that go along boxes; light, for --help loads
it."""

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from longtake_bridge.errors import wrong_call
from longtake_bridge.length import is_timecode
from longtake_bridge.mark import Box, parse_box

_NUMBER = r"[+-]?\d{1,6}(?:\.\d{1,6})?"
_DIRECTION = re.compile(rf"({_NUMBER}),({_NUMBER})", re.ASCII)
_LIKE_BOX = re.compile(r"[-\d.]+(,[-\d.]+)+(@.*)?", re.ASCII)
_FRAME = re.compile(r"(\d{1,9})f?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the picture that flows: what an image shows in white, or what lies in a box.

    It was drawn on frame `frame` of the file, or at `timecode`, as a box is; of a still neither
    counts.
    """

    mask_path: Path | None = None
    box: Box | None = None  # its frame is that of the region
    dx: float = 0.0  # pixels a second, to the right
    dy: float = 0.0  # down
    frame: int | None = None
    timecode: str = ""

    @property
    def mark(self) -> Box:
        """A box that says on which frame it lies."""
        return self.box or Box(0, 0, 1, 1, self.frame, self.timecode)

    def on_frame(self, frame: int | None) -> "Region":
        """The same, drawn on frame `frame`."""
        box = None if self.box is None else replace(self.box, frame=frame, timecode="")
        return replace(self, box=box, frame=frame, timecode="")

    def __str__(self) -> str:
        moment = self.timecode or self.frame
        at = "" if moment is None or moment == "" else f"@{moment}"
        drawn = str(self.box) if self.box is not None else f"{self.mask_path}{at}"
        return f"{drawn} {self.dx:g},{self.dy:g}"


@dataclass(frozen=True, slots=True)
class Move:
    """A thing that goes along boxes, two or more, each on a frame."""

    boxes: tuple[Box, ...]
    mask_path: Path | None = None  # where it is on the frame of the first; None to find it there

    def __str__(self) -> str:
        return " ".join(map(str, self.boxes))


def parse_region(text: str) -> Region:
    """The region that MASK, MASK@FRAME, X,Y,W,H or X,Y,W,H@FRAME means; it flows nowhere yet.

    Raises:
        BridgeError: WRONG_CALL; it is none.
    """
    if _LIKE_BOX.fullmatch(text.strip()) and not Path(text).exists():
        box = parse_box(text)
        return Region(box=box, frame=box.frame, timecode=box.timecode)
    name, at, moment = text.rpartition("@")
    if at and name and not Path(text).exists():
        frame = _FRAME.fullmatch(moment)
        if frame is not None:
            return Region(mask_path=Path(name), frame=int(frame[1]))
        if is_timecode(moment):
            return Region(mask_path=Path(name), timecode=moment)
    return Region(mask_path=Path(text))


def parse_direction(text: str) -> tuple[float, float]:
    """Pixels a second to the right and down, of "20,-5".

    Raises:
        BridgeError: WRONG_CALL; it is none, or leads nowhere.
    """
    match = _DIRECTION.fullmatch(text.strip())
    if match is None:
        raise wrong_call(
            f'"{text}" is no direction; give DX,DY in pixels a second, to the right and down, such'
            " as 20,-5."
        )
    dx, dy = float(match[1]), float(match[2])
    if math.hypot(dx, dy) == 0:
        raise wrong_call(f"The direction {text} leads nowhere; give one such as 20,0.")
    return dx, dy


def parse_move(text: str) -> Move:
    """The move along boxes that stand one after the other, with spaces between them.

    Raises:
        BridgeError: WRONG_CALL; there are fewer than two, or one lies on no frame.
    """
    boxes = tuple(parse_box(part) for part in text.split())
    if len(boxes) < 2:
        raise wrong_call(
            f'"{text}" is no move; give two boxes or more, each with its frame, such as'
            " 40,60,80,50@0 300,60,80,50@48."
        )
    if any(box.frame is None and not box.timecode for box in boxes):
        raise wrong_call(f'A box of the move "{text}" lies on no frame; write it as X,Y,W,H@FRAME.')
    return Move(boxes)


def with_directions(
    regions: Iterable[Region], directions: Iterable[tuple[float, float]]
) -> tuple[Region, ...]:
    """Each region with its direction.

    Raises:
        BridgeError: WRONG_CALL; they are not as many.
    """
    drawn, ways = tuple(regions), tuple(directions)
    if len(drawn) != len(ways):
        raise wrong_call(
            f"There are {len(drawn)} of --region and {len(ways)} of --direction; give each region"
            " its own direction, one after the other."
        )
    return tuple(
        replace(region, dx=dx, dy=dy) for region, (dx, dy) in zip(drawn, ways, strict=True)
    )


def with_masks(moves: Iterable[Move], masks: Iterable[Path]) -> tuple[Move, ...]:
    """Each move with its mask; none has one where there are none.

    Raises:
        BridgeError: WRONG_CALL; they are not as many.
    """
    going, given = tuple(moves), tuple(masks)
    if given and len(given) != len(going):
        raise wrong_call(
            f"There are {len(going)} of --move and {len(given)} of --mask; give a mask for each"
            " move, one after the other, or none."
        )
    if not given:
        return going
    return tuple(replace(move, mask_path=mask) for move, mask in zip(going, given, strict=True))


def on_frames(
    regions: Iterable[Region], moves: Iterable[Move], frame_of: Callable[[Box], int | None]
) -> tuple[tuple[Region, ...], tuple[Move, ...]]:
    """Both with everything on the frame that `frame_of` says.

    Raises:
        BridgeError: WRONG_CALL; the boxes of a move do not follow one another then.
    """
    placed = []
    for move in moves:
        boxes = tuple(replace(box, frame=frame_of(box), timecode="") for box in move.boxes)
        frames = [box.frame or 0 for box in boxes]
        if any(later <= earlier for earlier, later in pairwise(frames)):
            raise wrong_call(
                f'The boxes of the move "{move}" do not follow one another in time; give them on'
                " rising frames."
            )
        placed.append(replace(move, boxes=boxes))
    return tuple(region.on_frame(frame_of(region.mark)) for region in regions), tuple(placed)
