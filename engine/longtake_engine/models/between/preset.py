"""What each quality of in-between pictures spends."""

from dataclasses import dataclass, replace

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
    # Measured and made as well, and the mean of all taken: where they differ each is a little
    # wrong in its own way (+0.15 dB with two others; several hypotheses, as in Sullivan 1993).
    others: tuple["Preset", ...] = ()


# Measured with tests/bench/interpolate: small fields searched to their full size are quicker and
# better than large ones searched to half of it.
_STANDARD = Preset(1024, 3, finest=0, stride=3, smoothing=3, residual=False, detail=True)
PRESETS: dict[Quality, Preset] = {
    "draft": Preset(480, 5, finest=0, stride=4, smoothing=1, residual=False, detail=False),
    "standard": _STANDARD,
    "best": Preset(
        1024,
        2.5,
        finest=0,
        stride=3,
        smoothing=5,
        residual=True,
        detail=True,
        others=(_STANDARD, replace(_STANDARD, shrink=4, stride=2)),
    ),
}
