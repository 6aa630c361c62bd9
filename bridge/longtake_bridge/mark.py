"""What is said in pixels: a picture's size, and boxes and points drawn on a frame of a clip."""

import re
from dataclasses import dataclass

from longtake_bridge.errors import wrong_call
from longtake_bridge.length import is_timecode

_BOX = re.compile(r"(-?\d{1,6}),(-?\d{1,6}),(\d{1,6}),(\d{1,6})(?:@(.+))?", re.ASCII)
_POINT = re.compile(r"(\d{1,6}),(\d{1,6})(?:@(.+))?", re.ASCII)
_SIZE = re.compile(r"(\d{1,5})\s*[x×X*]\s*(\d{1,5})", re.ASCII)
_FRAME = re.compile(r"(\d{1,9})f?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels from the top left of the upright picture.

    It lies on frame `frame` of the file, counted from 0, or at `timecode`, which the clip shows
    there, or on a timeline the timeline; where neither is set, on the first frame that is shown.
    """

    x: int
    y: int
    width: int  # 1 or more
    height: int  # 1 or more
    frame: int | None = None
    timecode: str = ""

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.width},{self.height}{_moment_text(self)}"


@dataclass(frozen=True, slots=True)
class Point:
    """A place in pixels from the top left of the upright picture, on a frame as a box is."""

    x: int
    y: int
    frame: int | None = None
    timecode: str = ""

    def __str__(self) -> str:
        return f"{self.x},{self.y}{_moment_text(self)}"


def parse_size(text: str) -> tuple[int, int]:
    """Width and height, of "1080x1920".

    Raises:
        BridgeError: WRONG_CALL; it is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise wrong_call(f'"{text}" is no size; give WIDTHxHEIGHT in pixels, such as 1080x1920.')
    return int(match[1]), int(match[2])


def parse_box(text: str) -> Box:
    """The box that X,Y,W,H or X,Y,W,H@FRAME means.

    Raises:
        BridgeError: WRONG_CALL; it is none.
    """
    match = _BOX.fullmatch(text.strip())
    if match is None:
        raise wrong_call(
            f'"{text}" is not a box; give X,Y,W,H in pixels from the top left, and the frame that'
            " it is drawn on, such as 120,80,60,40@48."
        )
    x, y, width, height = (int(match[n]) for n in range(1, 5))
    if not width or not height:
        raise wrong_call(f'The box "{text}" holds nothing; its width and height are 1 or more.')
    frame, timecode = _read_moment(match[5], text)
    return Box(x, y, width, height, frame, timecode)


def parse_point(text: str) -> Point:
    """The point that X,Y or X,Y@FRAME means.

    Raises:
        BridgeError: WRONG_CALL; it is none.
    """
    match = _POINT.fullmatch(text.strip())
    if match is None:
        raise wrong_call(
            f'"{text}" is not a point; give X,Y in pixels from the top left, and the frame that it'
            " lies on, such as 150,90@48."
        )
    frame, timecode = _read_moment(match[3], text)
    return Point(int(match[1]), int(match[2]), frame, timecode)


def _read_moment(moment: str | None, text: str) -> tuple[int | None, str]:
    if moment is None:
        return None, ""
    frame = _FRAME.fullmatch(moment)
    if frame is not None:
        return int(frame[1]), ""
    if is_timecode(moment):
        return None, moment
    raise wrong_call(f'"{moment}" in "{text}" is no frame; give its number from 0, or a timecode.')


def _moment_text(mark: Box | Point) -> str:
    if mark.timecode:
        return f"@{mark.timecode}"
    return "" if mark.frame is None else f"@{mark.frame}"
