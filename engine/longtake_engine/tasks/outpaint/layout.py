"""How the old picture lies in the new one."""

import math
from dataclasses import dataclass, replace

from longtake_engine.errors import NotPossible, WrongCall
from longtake_engine.media.info import VideoInfo
from longtake_engine.picture import PictureFormat
from longtake_engine.tasks.inpaint.place import upright_size
from longtake_engine.work import Anchor, Fit, Outpaint

LEAST_KEPT = 1 / 12  # of the new picture: with less to go by, nearly all would be made up
LEAST_SIDE, MOST_SIDE = 16, 16384  # pixels
_SAMPLINGS = {(1, 1): "4:2:0", (1, 0): "4:2:2", (2, 0): "4:1:1", (2, 2): "4:1:0", (0, 1): "4:4:0"}
# Anchors turned a quarter clockwise.
_TURNED: dict[Anchor, Anchor] = {
    "center": "center",
    "top": "right",
    "right": "bottom",
    "bottom": "left",
    "left": "top",
    "top_left": "top_right",
    "top_right": "bottom_right",
    "bottom_right": "bottom_left",
    "bottom_left": "top_left",
}


@dataclass(frozen=True, slots=True)
class Axis:
    """One direction of the picture, across or down. Numbers are luma pixels of the new picture."""

    old: int  # pixels of the old picture
    size: int  # of the new one
    scaled: int  # that all of the old picture takes up
    at: int  # where the old one begins; below 0 where it is cut off. What is not followed
    step: int  # a chroma sample covers so many

    @property
    def scale(self) -> float:
        """New pixels for an old one."""
        return self.scaled / self.old

    @property
    def cropped(self) -> bool:
        """Whether some of the old picture is cut off."""
        return self.scaled > self.size

    @property
    def known(self) -> range:
        """Pixels that the old picture covers."""
        return range(max(0, self.at), min(self.size, self.at + self.scaled))


@dataclass(frozen=True, slots=True)
class Layout:
    """The old picture in the new one, both as they are stored."""

    source: PictureFormat
    format: PictureFormat  # of the new picture
    across: Axis
    down: Axis

    @property
    def whole(self) -> bool:
        """Whether the old picture covers the new one, and nothing is to be made."""
        return self.made_share == 0

    @property
    def made_share(self) -> float:
        """Of the new picture that the old one does not cover."""
        known = len(self.across.known) * len(self.down.known)
        return 1 - known / (self.format.width * self.format.height)

    @property
    def exact(self) -> bool:
        """Whether the old picture is taken pixel for pixel."""
        return all(axis.scaled == axis.old for axis in (self.across, self.down))


def plan_layout(work: Outpaint, video: VideoInfo, source: PictureFormat) -> Layout:
    """Where the old picture lies.

    Raises:
        WrongCall: The new shape, or the place in it, cannot mean anything.
        NotPossible: Too little of the old picture would be in it.
    """
    old = upright_size(video)
    _check_size(work.size, old, source)
    fit = _choose_fit(work, old)
    scaled = _scaled(fit, old, work.size)
    _check_place(work, scaled)
    turns = video.rotation_degrees // 90
    size = work.size if turns % 2 == 0 else work.size[::-1]
    scaled = scaled if turns % 2 == 0 else scaled[::-1]
    anchor = work.anchor
    for _ in range((4 - turns) % 4):
        anchor = _TURNED[anchor]
    format = replace(source, width=size[0], height=size[1])
    step_x, step_y = 1 << source.chroma_shift_x, 1 << source.chroma_shift_y
    for number, step in enumerate((step_x, step_y)):
        if size[number] % step:
            raise _odd(work.size, source)
    sides = (("left", "right"), ("top", "bottom"))
    across = _axis(source.width, size[0], scaled[0], step_x, anchor=anchor, sides=sides[0])
    down = _axis(source.height, size[1], scaled[1], step_y, anchor=anchor, sides=sides[1])
    layout = Layout(source, format, across, down)
    if 1 - layout.made_share < LEAST_KEPT:
        raise NotPossible(
            f"Of a picture of {work.size[0]}×{work.size[1]} the clip would fill only"
            f" {1 - layout.made_share:.0%}, too little to go by; make it smaller, or add --fit"
            " inside or --fit fill."
        )
    return layout


def _check_size(size: tuple[int, int], old: tuple[int, int], source: PictureFormat) -> None:
    said = f"{size[0]}×{size[1]}"
    if size == old:
        raise WrongCall(f"The clip is {said} already; give another --size.")
    if min(size) < LEAST_SIDE or max(size) > MOST_SIDE:
        raise WrongCall(
            f"A picture of {said} cannot be made; give a --size of {LEAST_SIDE} to {MOST_SIDE}"
            " pixels each way."
        )


def _odd(size: tuple[int, int], source: PictureFormat) -> WrongCall:
    shifts = (source.chroma_shift_x, source.chroma_shift_y)
    name = _SAMPLINGS.get(shifts, source.pixel_format)
    step = 1 << max(shifts)
    near = " or ".join(
        f"{low}×{high}"
        for low, high in dict.fromkeys(
            tuple(way(side / step) * step for side in size) for way in (math.floor, math.ceil)
        )
    )
    return WrongCall(
        f"{size[0]}×{size[1]} does not go with the clip's {name} colour, which takes whole groups"
        f" of {step} pixels; give {near}."
    )


def _choose_fit(work: Outpaint, old: tuple[int, int]) -> Fit:
    if work.fit != "auto":
        return work.fit
    if work.size[0] >= old[0] and work.size[1] >= old[1] and not work.follow:
        return "keep"
    return "fill" if work.follow else "inside"


def _scaled(fit: Fit, old: tuple[int, int], size: tuple[int, int]) -> tuple[int, int]:
    """Width and height that all of the old picture takes up, upright."""
    if fit == "keep":
        return old
    ratios = (size[0] / old[0], size[1] / old[1])
    number = ratios.index(min(ratios) if fit == "inside" else max(ratios))
    other = 1 - number
    scaled = [0, 0]
    scaled[number] = size[number]
    # The other side is rounded to what any sampling takes, never to less than fills.
    exact = old[other] * ratios[number]
    scaled[other] = round(exact / 4) * 4 if abs(exact - size[other]) > 1 else size[other]
    scaled[other] = (min if fit == "inside" else max)(scaled[other], size[other])
    scaled[other] = max(4, scaled[other])
    if scaled[number] == old[number]:
        scaled[other] = old[other]
    return scaled[0], scaled[1]


def _check_place(work: Outpaint, scaled: tuple[int, int]) -> None:
    """That the anchor and the subject have something to say."""
    free = [scaled[number] != work.size[number] for number in (0, 1)]
    cut = [scaled[number] > work.size[number] for number in (0, 1)]
    if work.follow and not any(cut):
        raise WrongCall(
            "There is nothing to follow in: the new picture holds all of the old one; add --fit"
            " fill to cut it to the subject, or leave out --follow."
        )
    named = {word for word in work.anchor.split("_") if word != "center"}
    for number, words in enumerate(({"left", "right"}, {"top", "bottom"})):
        said = " or ".join(named & words)
        if not said:
            continue
        across = ("across", "top or bottom") if number == 0 else ("up and down", "left or right")
        if not free[number]:
            raise WrongCall(
                f"The picture has no room to lie {said}: the old one is as large {across[0]} as"
                f" the new one; give --anchor {across[1]}, or leave it out."
            )
        if work.follow and cut[number]:
            raise WrongCall(
                f"Either the subject or --anchor {said} says where the picture is cut {across[0]};"
                " leave one of them out."
            )


def _axis(
    old: int, size: int, scaled: int, step: int, *, anchor: Anchor, sides: tuple[str, str]
) -> Axis:
    spare = size - scaled
    words = anchor.split("_")
    if sides[0] in words:
        at = 0
    elif sides[1] in words:
        at = spare
    else:
        at = spare // 2
    # Chroma samples stay whole; toward 0, so that a cut picture still covers all of the new one.
    return Axis(old, size, scaled, int(at / step) * step, step)
