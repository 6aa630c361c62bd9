"""What each quality of in-between pictures spends."""

from dataclasses import dataclass

from longtake_engine.work import Quality


@dataclass(frozen=True, slots=True)
class Preset:
    """How thoroughly motion is measured and used."""

    width: int  # pixels of the fields at most, of pictures of any width
    shrink: float  # fields are smaller than the picture by this or more
    fine: int  # finest level that motion is searched on: 0 is the given size, 1 half of it, ...
    fast: bool  # the quick search: enough for draft pictures
    residual: bool  # motion is searched once more between the two warped ends
    several: bool  # both ends' motions make pictures of their own that are mixed, not the fields
    detail: bool  # pictures are read with as much sharpening as they show to need


PRESETS: dict[Quality, Preset] = {
    "draft": Preset(640, 2, 2, fast=True, residual=False, several=False, detail=False),
    "standard": Preset(1024, 2, 1, fast=False, residual=True, several=False, detail=True),
    "best": Preset(2048, 1, 1, fast=False, residual=True, several=True, detail=True),
}
