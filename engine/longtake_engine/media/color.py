"""FFmpeg's numbers of colour properties and their names."""

from longtake_engine.picture import Color

_RANGES = {1: "tv", 2: "pc"}
_MATRICES = {
    0: "rgb",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "ycgco",
    9: "bt2020nc",
    10: "bt2020c",
    11: "smpte2085",
    12: "chroma-derived-nc",
    13: "chroma-derived-c",
    14: "ictcp",
    15: "ipt-c2",
    16: "ycgco-re",
    17: "ycgco-ro",
}
_PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}
_TRANSFERS = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    9: "log100",
    10: "log316",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}
_UNSPECIFIED = 2  # of matrix, primaries and transfer alike


def color_from_numbers(range_: int, matrix: int, primaries: int, transfer: int) -> Color:
    """The names of FFmpeg's numbers; empty for those that say nothing."""
    return Color(
        _RANGES.get(range_, ""),
        _MATRICES.get(matrix, ""),
        _PRIMARIES.get(primaries, ""),
        _TRANSFERS.get(transfer, ""),
    )


def color_numbers(color: Color) -> tuple[int, int, int, int]:
    """FFmpeg's numbers of range, matrix, primaries and transfer."""
    return (
        _number(_RANGES, color.range, 0),
        _number(_MATRICES, color.matrix, _UNSPECIFIED),
        _number(_PRIMARIES, color.primaries, _UNSPECIFIED),
        _number(_TRANSFERS, color.transfer, _UNSPECIFIED),
    )


def _number(names: dict[int, str], name: str, default: int) -> int:
    return next((number for number, known in names.items() if known == name), default)
