"""Pictures and sound into a file that appears whole or not at all."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
from av.container import OutputContainer
from av.error import FFmpegError

from longtake_engine.errors import NotPossible, OutOfSpace, WrongCall
from longtake_engine.media.codec import CodecChoice, check_output, choose_encoding, default_suffix
from longtake_engine.media.convert import to_frame
from longtake_engine.media.info import MediaInfo, SoundFormat
from longtake_engine.media.opening import open_media
from longtake_engine.media.track import SoundTrack, VideoTrack
from longtake_engine.picture import Picture, PictureFormat

__all__ = ["MediaWriter", "check_output", "default_suffix", "made_by_longtake", "partial_path"]

_COMMENT = "Made with Longtake"
# FFmpeg keeps packets back until every stream has one of that time; this bounds how many.
_MAX_INTERLEAVE_US = "1000000"


def partial_path(path: Path, job_id: str) -> Path:
    """Where the file that will be `path` grows until it is whole."""
    return path.parent / f".{path.stem}.{job_id}.part{path.suffix}"


def made_by_longtake(path: Path) -> bool:
    """Whether a media file carries the mark that `MediaWriter` leaves.

    Raises:
        BadInput: It is no media file.
    """
    with open_media(path) as container:
        return _COMMENT in container.metadata.values()


class MediaWriter:
    """Writes beside `path` and renames on `commit()`; leaving without removes what was written.

    Pictures and sound may come in any order, also one after the other; in step they make a file
    that is quicker to play.
    """

    def __init__(
        self,
        path: Path,
        *,
        job_id: str,
        source: MediaInfo,
        format: PictureFormat,
        rate: Fraction,
        codec: CodecChoice,
        start_frame: int,
        sound: tuple[SoundFormat, ...],
    ) -> None:
        """Open the partial file for pictures of `format`, with the source's tags.

        Args:
            path: Where the file shall be; its suffix chooses the container.
            job_id: Part of the partial file's name.
            source: Whose pixel aspect, rotation and timecode are carried on.
            format: Of every picture.
            rate: Frames a second.
            codec: How to encode.
            start_frame: The source's frame that the file's first frame stands for; may be negative.
            sound: What each audio stream holds.

        Raises:
            WrongCall: The suffix does not go with the codec, or nothing can be written there.
            NotPossible: The codec cannot hold such pictures or sound.
        """
        check_output(path, codec, format, source)
        self._path = path
        self._partial = partial_path(path, job_id)
        self._encoding = choose_encoding(codec, format, source)
        self._frame_count = 0
        _check_folder(self._partial)
        try:
            with self._sentences():
                self._container = _open(self._partial)
                self._video = VideoTrack(
                    self._container, self._encoding, format, rate, source.video, start_frame
                )
                compressed = path.suffix.lower() in (".mp4", ".webm")
                self._sounds = [SoundTrack(self._container, s, compressed) for s in sound]
        except BaseException:
            self._partial.unlink(missing_ok=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(FFmpegError, OSError):
            self._container.close()
        self._partial.unlink(missing_ok=True)

    def write_picture(self, picture: Picture) -> None:
        """Add the next frame.

        Raises:
            OutOfSpace: The disk is full.
        """
        encoding = self._encoding
        frame = to_frame(picture, encoding.pixel_format, full_range=encoding.full_range)
        with self._sentences():
            self._container.mux(self._video.encode(frame))
        self._frame_count += 1

    def write_sound(self, stream: int, samples: np.ndarray) -> None:
        """Add samples C S, of that stream's dtype, to audio stream number `stream`, counted from 0.

        Raises:
            OutOfSpace: The disk is full.
        """
        with self._sentences():
            for packets in self._sounds[stream].encode(samples):
                self._container.mux(packets)

    def commit(self) -> None:
        """Finish the file and give it its name; from then on it is on the disk for good.

        Raises:
            OutOfSpace: The disk is full.
        """
        if not self._frame_count:
            raise WrongCall("A file without frames cannot be written.")
        with self._sentences():
            self._container.mux(self._video.finish())
            for sound in self._sounds:
                self._container.mux(sound.finish())
            self._container.close()
            _flush_to_disk(self._partial)
            self._partial.replace(self._path)
            _flush_to_disk(self._path.parent)

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        """Turn what FFmpeg and the system say into what a person can act on."""
        try:
            yield
        except (FFmpegError, OSError) as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                raise OutOfSpace(
                    f"The disk that holds {self._path.parent} is full; free some space there or"
                    " choose another place, then run this again."
                ) from error
            raise NotPossible(
                f"{self._path.name} cannot be written: {error.strerror}; try another --codec or"
                " place."
            ) from error


def _open(partial: Path) -> OutputContainer:
    container = av.open(
        partial.as_posix(), "w", container_options={"max_interleave_delta": _MAX_INTERLEAVE_US}
    )
    container.metadata["comment"] = _COMMENT
    return container


def _check_folder(partial: Path) -> None:
    """Make an empty partial file, so that a folder that takes none is known before the work."""
    folder = partial.parent
    try:
        with partial.open("wb"):
            pass
    except (FileNotFoundError, NotADirectoryError) as error:
        raise WrongCall(f"The folder {folder} does not exist; make it, or name another.") from error
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpace(f"The disk that holds {folder} is full; free some space.") from error
        raise WrongCall(
            f"Nothing can be written to {folder} ({error.strerror}); choose another folder."
        ) from error


def _flush_to_disk(path: Path) -> None:
    # Without this a power cut soon after the rename could leave a whole name on half a file.
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open folders for this
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
