"""Pictures out of a file, one by one, each exactly where it belongs."""

from collections.abc import Iterator
from contextlib import closing
from fractions import Fraction
from types import TracebackType
from typing import Self

from av.video.frame import VideoFrame

from longtake_engine.errors import BadInput
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.opening import open_media
from longtake_engine.media.pixel import describe, unpack
from longtake_engine.media.sequence import find_images
from longtake_engine.picture import Picture, PictureFormat


class VideoReader:
    """The first video stream of a file as frames at its constant rate; a context manager.

    Attributes:
        format: The planar format of every picture.
        rate: Frames a second.
        frame_count: Frames that `frames()` yields in all.
    """

    def __init__(self, info: MediaInfo, *, deinterlace: bool = False) -> None:
        """Read what `probe` found.

        Raises:
            BadInput: There is no video, or it is interlaced and `deinterlace` is not set.
        """
        video = info.video
        if video.interlaced and not deinterlace:
            raise BadInput(
                f"{info.path.name} is interlaced; add --deinterlace to turn each pair of fields into"
                " one whole frame."
            )
        self._info = info
        self._video = video
        self._deinterlace = video.interlaced and deinterlace
        self.format: PictureFormat = describe(
            video.pixel_format, video.width, video.height, video.color
        )
        self.rate: Fraction = video.rate
        self.frame_count: int = video.frame_count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass  # every run of frames() opens and closes the file by itself

    def frames(self, start_frame: int = 0, stop_frame: int | None = None) -> Iterator[Picture]:
        """Yield the frames from `start_frame` up to but not including `stop_frame` (None: the end).

        Raises:
            BadInput: The file turns out to be damaged.
        """
        stop = self.frame_count if stop_frame is None else min(stop_frame, self.frame_count)
        start = max(start_frame, 0)
        if start >= stop:
            return
        due = start
        held: VideoFrame | None = None
        with closing(self._pictures(start)) as pictures:
            for frame, picture in pictures:
                if held is not None and frame > due:
                    shown = unpack(held, self.format)
                    for _ in range(due, min(frame, stop)):
                        yield shown
                    due = min(frame, stop)
                if due >= stop:
                    return
                held = picture
        if held is not None:
            shown = unpack(held, self.format)
            for _ in range(due, stop):
                yield shown

    def _pictures(self, start: int) -> Iterator[tuple[int, VideoFrame]]:
        images = find_images(self._info.path)
        if images is None:
            yield from self._stream_pictures(start)
            return
        for number in range(start, len(images)):
            with open_media(images[number]) as container:
                yield number, next(container.decode(video=0))

    def _stream_pictures(self, start: int) -> Iterator[tuple[int, VideoFrame]]:
        timing = self._video.timing
        with open_media(self._info.path) as container:
            stream = container.streams[self._video.index]
            stream.codec_context.thread_type = "AUTO"
            for number, frame in enumerate(container.decode(stream)):
                if timing.kind == "counted" or frame.pts is None:
                    yield number, frame
                else:
                    yield timing.frame_at(frame.pts), frame
