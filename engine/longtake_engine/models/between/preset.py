"""What each quality of in-between pictures spends."""

from dataclasses import dataclass

from longtake_engine.work import Quality


@dataclass(frozen=True, slots=True)
class Preset:
    """How thoroughly motion is measured and used."""

    width: int  # pixels of the fields at most, of pictures of any width
    shrink: float  # fields are smaller than the picture by this or more
    finest: int  # level that motion is searched down to: 0 is the fields' size, 1 half of it, ...
    stride: int  # pixels between the patches that are searched for, of 8 × 8
    smoothing: int  # rounds of it at each level
    residual: bool  # motion is searched once more between the two warped ends
    detail: bool  # pictures are read with as much sharpening as they show to need


# Measured with tests/bench/interpolate: small fields searched to their full size are quicker and
# better than large ones searched to half of it.
PRESETS: dict[Quality, Preset] = {
    "draft": Preset(480, 4, finest=1, stride=3, smoothing=5, residual=False, detail=False),
    "standard": Preset(1024, 3, finest=0, stride=3, smoothing=3, residual=False, detail=True),
    "best": Preset(1024, 2.5, finest=0, stride=3, smoothing=5, residual=True, detail=True),
}
