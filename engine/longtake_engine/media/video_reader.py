"""Pictures out of a file, one by one, each exactly where it belongs."""

from collections.abc import Generator, Iterator
from contextlib import closing
from fractions import Fraction
from types import TracebackType
from typing import Self

from av.video.frame import VideoFrame

from longtake_engine.errors import BadInput
from longtake_engine.media.conform import conform
from longtake_engine.media.decoder import Placed, decode_images, decode_stream
from longtake_engine.media.deinterlacer import deinterlaced, first_needed
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.pixel import describe, planar_name, unpack
from longtake_engine.media.sequence import find_images
from longtake_engine.picture import Picture, PictureFormat

# A picture that cannot be decoded is bridged by the one before it, as players do; not for longer
# than this, nor more than a few at the end, where a cut-off file would show.
_MAX_BRIDGED_S = 1
_MAX_MISSING_AT_END = 2


class VideoReader:
    """The first video stream of a file as frames at its constant rate; a context manager.

    Attributes:
        format: The planar format of every picture.
        rate: Frames a second.
        frame_count: Frames that `frames()` yields in all.
    """

    def __init__(
        self,
        info: MediaInfo,
        *,
        deinterlace: bool = False,
        shown: range | None = None,
        target: PictureFormat | None = None,
        inside: tuple[int, int] | None = None,
    ) -> None:
        """Read what `probe` found.

        Args:
            info: Of the file.
            deinterlace: Make one whole frame of each pair of fields; of no effect on other clips.
            shown: The frames of the file that are read at all, of step 1 and within it; frame 0
                is the first of them then. None for all.
            target: What every picture is converted to; None leaves them in their own format.
            inside: Width and height that the picture has within `target`, black around it; None
                fills it.

        Raises:
            BadInput: There is no video, or it is interlaced and `deinterlace` is not set.
        """
        video = info.video
        if video.interlaced and not deinterlace:
            raise BadInput(
                f"{info.path.name} is interlaced; add --deinterlace to turn each pair of fields"
                " into one whole frame."
            )
        self._info = info
        self._video = video
        self._stored: PictureFormat = describe(
            video.pixel_format,
            video.width,
            video.height,
            video.color,
            opaque=not video.has_alpha,
        )
        self.format: PictureFormat = target or self._stored
        self._inside = inside
        self._deinterlace = video.interlaced
        self._planar = planar_name(video.pixel_format)
        self.rate: Fraction = video.rate
        self._shown = range(video.frame_count) if shown is None else shown
        self.frame_count: int = len(self._shown)

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

        The range is cut to what the file has. Runs may go on beside one another.

        Raises:
            BadInput: The file turns out to be damaged.
        """
        stop = self.frame_count if stop_frame is None else min(stop_frame, self.frame_count)
        stop += self._shown.start
        due = max(start_frame, 0) + self._shown.start
        if due >= stop:
            return
        held: Placed | None = None
        with closing(self._placed(due)) as placed:
            for frame, stored in placed:
                if held is not None and frame > due:
                    self._check_bridge(held[0], frame)
                    yield from self._show(held[1], min(frame, stop) - due)
                    due = min(frame, stop)
                if due >= stop:
                    return
                held = frame, stored
        if held is None:
            raise self._damaged(due, stop)
        self._check_end(held[0], stop)
        yield from self._show(held[1], stop - due)

    def _show(self, stored: VideoFrame, count: int) -> Iterator[Picture]:
        if planar_name(stored.format.name) != self._planar or (
            (stored.width, stored.height) != (self._stored.width, self._stored.height)
        ):
            raise BadInput(
                f"{self._info.path.name} changes the size or kind of its pictures midway; cut it"
                " where it changes, or convert it to one size first."
            )
        picture = conform(unpack(stored, self._stored), self.format, self._inside)
        for _ in range(count):
            yield picture

    def _placed(self, start: int) -> Generator[Placed]:
        first = first_needed(start) if self._deinterlace else start
        images = find_images(self._info.path) if self._info.container == "image2" else None
        if images is not None:
            placed = decode_images(images, first)
        else:
            placed = decode_stream(self._info.path, self._video, first)
        if self._deinterlace:
            return deinterlaced(placed, self._stored, self._video.scan)
        return placed

    def _check_bridge(self, held: int, frame: int) -> None:
        even = self._video.timing.kind == "even"
        if even and frame - held - 1 > _MAX_BRIDGED_S * self.rate:
            raise self._damaged(held + 1, frame)

    def _check_end(self, held: int, stop: int) -> None:
        lasting = self._video.timing.kind == "shown"  # its last picture may stay for long
        if not lasting and stop - held - 1 > _MAX_MISSING_AT_END:
            raise self._damaged(held + 1, stop)

    def _damaged(self, start: int, stop: int) -> BadInput:
        return BadInput(
            f"{self._info.path.name} is damaged: frames {start} to {stop - 1} cannot be decoded;"
            " copy it again, or cut them off."
        )
