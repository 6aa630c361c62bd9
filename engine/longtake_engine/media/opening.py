"""Opening files to read, with FFmpeg's many errors turned into sentences."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
from av.container import InputContainer
from av.error import FFmpegError

from longtake_engine.errors import BadInput, MissingInput

# Lists of other files: following them could lead out of the folders that the engine was given.
_LISTS = {"hls", "concat", "concatf", "dash", "imf", "webvtt", "tty", "ansi", "lavfi"}


@contextmanager
def open_media(path: Path) -> Iterator[InputContainer]:
    """An FFmpeg container of `path`, closed at the end whatever happens.

    Raises:
        MissingInput: The file is not there or may not be read.
        BadInput: It is empty or no media file.
    """
    check_readable(path)
    try:
        container = av.open(
            path.as_posix(),
            "r",
            container_options={"protocol_whitelist": "file"},
            metadata_errors="replace",
        )
    except FFmpegError as error:
        raise _not_media(path) from error
    with container:
        if _LISTS & set(container.format.name.split(",")):
            raise _not_media(path)
        yield container


def check_readable(path: Path) -> None:
    """Raise a sentence where `path` is no file that can be read, or an empty one."""
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise MissingInput(f"{path} does not exist; check the path.") from error
    except PermissionError as error:
        raise MissingInput(
            f"{path} may not be read; give this user the right to read it."
        ) from error
    except IsADirectoryError as error:
        raise BadInput(f"{path} is a folder; give a clip or a folder of images.") from error
    except OSError as error:
        raise MissingInput(f"{path} cannot be read: {error.strerror}.") from error
    if empty:
        raise BadInput(f"{path.name} is empty; copy it again from where it came from.")


def _not_media(path: Path) -> BadInput:
    return BadInput(
        f"{path.name} is not a media file that FFmpeg can read; check that it plays and was copied"
        " whole."
    )
