"""Decoded pictures in the order they are shown, each with the first frame that shows it."""

from collections.abc import Generator
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from longtake_engine.errors import BadInput
from longtake_engine.media.info import VideoInfo
from longtake_engine.media.opening import open_media

Placed = tuple[int, VideoFrame]  # the first frame that shows the picture, and the picture

# Seconds before the wanted frame to look for a key picture, first the one, then the other.
_STEPS_BACK_S = (1, 10)


def decode_images(images: tuple[Path, ...], start: int) -> Generator[Placed]:
    """Yield the picture of every image from number `start` on.

    Raises:
        BadInput: One cannot be decoded.
    """
    for number in range(start, len(images)):
        with open_media(images[number]) as container:
            try:
                frame = next(container.decode(video=0))
            except (StopIteration, FFmpegError, IndexError) as error:
                raise BadInput(
                    f"{images[number].name} cannot be decoded; replace it or copy it again."
                ) from error
        yield number, frame


def decode_stream(path: Path, video: VideoInfo, start: int) -> Generator[Placed]:
    """Yield the pictures of a stream, from the one that frame `start` shows or an earlier one."""
    if video.timing.kind != "counted" and start > video.rate:
        with open_media(path) as container:
            stream = _stream(container, video)
            # These containers know exactly where their key pictures are.
            if {"mov", "matroska"} & set(container.format.name.split(",")):
                for back_s in _STEPS_BACK_S:
                    run = _from_key(container, stream, video, start, back_s)
                    first = next(run, None)
                    if first is not None and first[0] <= start:
                        yield first
                        yield from run
                        return
    with open_media(path) as container:
        yield from _place(container, _stream(container, video), video)


def _stream(container: InputContainer, video: VideoInfo) -> VideoStream:
    stream = container.streams[video.index]
    assert isinstance(stream, VideoStream)
    stream.codec_context.thread_type = "AUTO"
    return stream


def _from_key(
    container: InputContainer, stream: VideoStream, video: VideoInfo, start: int, back_s: int
) -> Generator[Placed]:
    """Yield from the first key picture at or after `back_s` seconds before `start`.

    Pictures that come out before it, or that are shown before it, may lean on what was not decoded,
    and are left out.
    """
    timing = video.timing
    since_first = start / video.rate - back_s
    if since_first <= 0:
        return
    target = timing.first_pts + int(since_first / timing.time_base)
    _prime(container, stream)
    container.seek(target, stream=stream, backward=True)
    key: int | None = None
    for frame, picture in _place(container, stream, video):
        if key is None and picture.key_frame:
            key = frame
        if key is not None and frame >= key:
            yield frame, picture


def _prime(container: InputContainer, stream: VideoStream) -> None:
    """Show the decoder the first packet of the stream, whatever comes of it.

    It may hold what the decoder needs all along: x264 names its version there, and FFmpeg decodes
    4:4:4 pictures of older versions wrongly where it has not read that.
    """
    for packet in container.demux(stream):
        try:
            packet.decode()
        except FFmpegError:
            continue
        return


def _place(container: InputContainer, stream: VideoStream, video: VideoInfo) -> Generator[Placed]:
    timing = video.timing
    count = 0
    for picture in _decode(container, stream):
        stamp = picture.pts if picture.pts is not None else picture.dts
        frame = count
        if stamp is not None and timing.kind != "counted":
            frame = timing.frame_at(stamp)
        count = frame + 1
        if frame >= 0:
            yield frame, picture


def _decode(container: InputContainer, stream: VideoStream) -> Generator[VideoFrame]:
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except FFmpegError:
            continue  # damaged; the reader bridges the hole or says that it is too long
