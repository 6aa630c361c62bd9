"""When the pictures of a stream are shown, told from its packets without decoding them all."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from longtake_engine.errors import BadInput
from longtake_engine.media.opening import open_media

_HEAD = 48  # packets decoded to see whether packets and pictures agree
_TRUSTED_HEAD = 8  # the same where container or codec leave little doubt
_LOOKED_AT = 4  # pictures looked at for what they are marked as


@dataclass(slots=True)
class Stamps:
    """The presentation times of a stream's pictures, in any order."""

    times: array  # in the stream's time base; of no meaning where not `reliable`
    last_duration: int  # of the picture shown last, 0 where not known
    reliable: bool  # every picture has a time and no two the same
    first_frames: list[VideoFrame]  # decoded, at least one


@dataclass(slots=True)
class _Packets:
    times: array
    complete: bool = True  # each packet has a presentation time
    last_duration: int = 0
    latest: int | None = None

    def add(self, time: int | None, duration: int) -> None:
        """Count a packet that makes a picture."""
        self.complete &= time is not None
        self.times.append(time or 0)
        if time is not None and (self.latest is None or time >= self.latest):
            self.latest, self.last_duration = time, duration


def films(container: InputContainer) -> list[VideoStream]:
    """The video streams but for pictures on the case, and those that FFmpeg has no decoder for."""
    cover = Disposition.attached_pic | Disposition.timed_thumbnails
    return [
        stream
        for stream in container.streams.video
        if stream.codec_context is not None and not stream.disposition & cover
    ]


def read_stamps(path: Path) -> dict[int, Stamps]:
    """The stamps of every video stream that is not a cover picture, by the stream's index.

    Raises:
        BadInput: The file is cut off, or none of its pictures can be decoded.
    """
    packets = _scan(path)
    stamps = {}
    for index, found in packets.items():
        with open_media(path) as container:
            stream = container.streams[index]
            assert isinstance(stream, VideoStream)
            stamps[index] = _verify(path, container, stream, found)
    return stamps


def _scan(path: Path) -> dict[int, _Packets]:
    with open_media(path) as container:
        streams = films(container)
        if not streams:
            return {}
        in_order = not any(s.codec_context.codec.reorder for s in streams)
        indexed = "mov" in container.format.name and in_order
        if indexed and all(len(s.index_entries) for s in streams):
            # Nothing is shown in another order than stored, so the index says it all, and hours of
            # mezzanine need not be read.
            found = {s.index: _from_index(s) for s in streams}
        else:
            found = _from_packets(path, container, streams)
        if "mov" in container.format.name:
            _check_whole(path, streams)
    if not any(len(f.times) for f in found.values()):
        raise BadInput(f"{path.name} holds no pictures; copy it again.")
    return {index: f for index, f in found.items() if len(f.times)}


def _from_index(stream: VideoStream) -> _Packets:
    packets = _Packets(array("q"))
    for entry in stream.index_entries:
        if not entry.is_discard:
            packets.add(entry.timestamp, 0)
    return packets


def _from_packets(
    path: Path, container: InputContainer, streams: list[VideoStream]
) -> dict[int, _Packets]:
    found = {s.index: _Packets(array("q")) for s in streams}
    try:
        for packet in container.demux(streams):
            if packet.size and not packet.is_discard:
                found[packet.stream_index].add(packet.pts, packet.duration or 0)
    except (FFmpegError, IndexError) as error:
        # The index error is PyAV's, where damage makes up streams.
        raise BadInput(f"{path.name} cannot be read to its end; copy it again.") from error
    return found


def _check_whole(path: Path, streams: list[VideoStream]) -> None:
    """Raise where the index of a .mov or .mp4 names pictures that lie past the end of the file."""
    size = path.stat().st_size
    for stream in streams:
        missing = sum(1 for e in stream.index_entries if e.pos + e.size > size)
        if missing:
            total = len(stream.index_entries)
            raise BadInput(
                f"{path.name} is cut off: its index names {total} pictures and the last {missing}"
                " are not there; copy it again."
            )


def _verify(
    path: Path, container: InputContainer, stream: VideoStream, packets: _Packets
) -> Stamps:
    """Compare packets with what the decoder makes of them; where they differ, decode everything."""
    trusted = bool({"mov", "matroska"} & set(container.format.name.split(",")))
    few = trusted or not stream.codec_context.codec.reorder
    head: list[Packet] = []
    frames: list[VideoFrame] = []
    for packet, made in _decoding(container, stream, _TRUSTED_HEAD if few else _HEAD):
        if packet is not None and packet.size and not packet.is_discard:
            head.append(packet)
        frames += made
    if not frames:
        raise BadInput(f"The pictures of {path.name} cannot be decoded; copy the file again.")
    if len(frames) < len(head) and frames[0].pts is not None and packets.complete:
        # A recording that begins in mid-stream: what comes before its first whole picture is lost.
        start = frames[0].pts
        head = [p for p in head if p.pts is not None and p.pts >= start]
        packets.times = array("q", (t for t in packets.times if t >= start))
    times = packets.times
    shown = [frame.pts for frame in frames if frame.pts is not None]
    if len(frames) != len(head) or shown != sorted(shown):
        times, packets.complete = _decode_all(path, stream.index)
    if not times:
        raise BadInput(f"The pictures of {path.name} cannot be decoded; copy the file again.")
    reliable = packets.complete and len(set(times)) == len(times)
    return Stamps(times, packets.last_duration, reliable, frames[:_LOOKED_AT])


def _decoding(
    container: InputContainer, stream: VideoStream, limit: int | None
) -> Iterator[tuple[Packet | None, list[VideoFrame]]]:
    """Yield packets with the pictures that came out, then None with those that the decoder held."""
    for count, packet in enumerate(container.demux(stream), start=1):
        if packet.size == 0:
            break
        try:
            made = packet.decode()
        except FFmpegError:
            made = []  # damaged
        yield packet, made
        if count == limit:
            break
    try:
        yield None, stream.decode(None)
    except FFmpegError:
        yield None, []


def _decode_all(path: Path, index: int) -> tuple[array, bool]:
    """The times of all pictures that the decoder makes, and whether each has one."""
    times, complete, last = array("q"), True, None
    with open_media(path) as container:
        stream = container.streams[index]
        assert isinstance(stream, VideoStream)
        stream.codec_context.thread_type = "AUTO"
        for _, frames in _decoding(container, stream, None):
            for frame in frames:
                # Pictures come out in the order they are shown; stamps in another are of no use.
                complete &= frame.pts is not None and (last is None or frame.pts > last)
                last = frame.pts
                times.append(frame.pts or 0)
    return times, complete
