"""Pictures that are asked for again and again, decoded once."""

from collections.abc import Iterator
from threading import Lock

from longtake_engine.media.info import MediaInfo
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture

HELD_BYTES = 96 << 20


class RecallingReader(VideoReader):
    """A `VideoReader` that keeps the last pictures it has shown, as many as fit `HELD_BYTES`.

    The end of a clip is looked at by one question after the other, and a codec begins each run at
    a key frame, which may lie hundreds of frames before it. The pictures are shared: nobody may
    write into them.
    """

    def __init__(self, info: MediaInfo, *, deinterlace: bool = False) -> None:
        """As `VideoReader`."""
        super().__init__(info, deinterlace=deinterlace)
        self._held: dict[int, Picture] = {}
        self._lock = Lock()

    def frames(self, start_frame: int = 0, stop_frame: int | None = None) -> Iterator[Picture]:
        """As `VideoReader.frames`; runs may go on beside one another, on any thread."""
        stop = self.frame_count if stop_frame is None else min(stop_frame, self.frame_count)
        at = max(start_frame, 0)
        while at < stop and (picture := self._recalled(at)) is not None:
            yield picture
            at += 1
        for frame, picture in enumerate(super().frames(at, stop) if at < stop else (), at):
            self._keep(frame, picture)
            yield picture

    def _recalled(self, frame: int) -> Picture | None:
        with self._lock:
            return self._held.get(frame)

    def _keep(self, frame: int, picture: Picture) -> None:
        with self._lock:
            self._held.pop(frame, None)  # those shown last stay
            self._held[frame] = picture
            while len(self._held) * picture.format.size_bytes > HELD_BYTES:
                self._held.pop(next(iter(self._held)))
