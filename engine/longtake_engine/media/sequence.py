"""Pictures in files of their own: one still, a folder of images, a printf pattern."""

import re
from fractions import Fraction
from pathlib import Path

from longtake_engine.errors import BadInput, MissingInput

DEFAULT_RATE = Fraction(24)
_IMAGE_SUFFIXES = frozenset(
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".tif",
        ".tiff",
        ".bmp",
        ".dpx",
        ".exr",
        ".webp",
        ".tga",
        ".jp2",
        ".j2k",
        ".ppm",
        ".pgm",
        ".pbm",
        ".pnm",
        ".sgi",
    ]
)
_PATTERN = re.compile(r"%(0?)(\d*)d")
_NUMBER = re.compile(r"(.*?)(\d+)(\D*)")


def find_images(path: Path) -> tuple[Path, ...] | None:
    """The image files that `path` stands for, in order; None where it is a clip or not there.

    Raises:
        BadInput: A folder or pattern without images, with gaps, or with several sequences.
        MissingInput: A folder that may not be read or is not there.
    """
    if path.is_dir():
        return _in_folder(path)
    if _PATTERN.search(path.name) and not path.exists():
        return _by_pattern(path)
    if path.suffix.lower() in _IMAGE_SUFFIXES and path.exists():
        return (path,)
    return None


def _in_folder(folder: Path) -> tuple[Path, ...]:
    images = [p for p in _listing(folder) if p.suffix.lower() in _IMAGE_SUFFIXES]
    if not images:
        raise BadInput(
            f"{folder} holds no images; give a folder of numbered PNG, TIFF, JPEG, DPX or the like."
        )
    runs: dict[tuple[str, str], dict[int, Path]] = {}
    for image in images:
        match = _NUMBER.fullmatch(image.name)
        name = (match[1], match[3]) if match else (image.name, "")
        runs.setdefault(name, {})[int(match[2]) if match else 0] = image
    if len(runs) > 1:
        names = sorted(f"{before}…{after}" for before, after in runs)
        raise BadInput(
            f"{folder} holds several sequences ({', '.join(names[:3])}); name one by a pattern"
            f' such as "{folder.name}/shot.%04d.png".'
        )
    return _without_gaps(next(iter(runs.values())))


def _by_pattern(path: Path) -> tuple[Path, ...]:
    match = _PATTERN.search(path.name)
    assert match is not None
    width = int(match[2] or 0)
    before, after = path.name[: match.start()], path.name[match.end() :]
    number = re.compile(re.escape(before) + r"(\d+)" + re.escape(after))
    images: dict[int, Path] = {}
    for file in _listing(path.parent):
        found = number.fullmatch(file.name)
        if (
            found
            and len(found[1]) >= width
            and (len(found[1]) == width or found[1][0] != "0" or not width)
        ):
            images[int(found[1])] = file
    if not images:
        raise MissingInput(f"No image matches {path}; check the pattern.")
    return _without_gaps(images)


def _without_gaps(images: dict[int, Path]) -> tuple[Path, ...]:
    numbers = sorted(images)
    if numbers[-1] - numbers[0] + 1 != len(numbers):
        gap = next(n for n in range(numbers[0], numbers[-1]) if n not in images)
        raise BadInput(
            f"The sequence {images[numbers[0]]} lacks number {gap}; put the missing image back."
        )
    return tuple(images[n] for n in numbers)


def _listing(folder: Path) -> list[Path]:
    try:
        return sorted(p for p in folder.iterdir() if not p.name.startswith("."))
    except PermissionError as error:
        raise MissingInput(
            f"{folder} may not be read; give this user the right to read it."
        ) from error
    except (FileNotFoundError, NotADirectoryError) as error:
        raise MissingInput(f"{folder} does not exist; check the path.") from error
