"""Sound out of a file, sample by sample, lined up with its pictures."""

from collections.abc import Iterator
from fractions import Fraction
from types import TracebackType
from typing import Self

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError

from longtake_engine.errors import BadInput, WrongCall
from longtake_engine.media.info import AudioInfo, MediaInfo, SoundFormat
from longtake_engine.media.opening import open_media

_KINDS = {"u8": np.int16, "s16": np.int16, "s32": np.int32, "s64": np.int32}
# Stamps of compressed sound wander by some milliseconds; a hole or an overlap beyond this is meant.
_HOLE_S = Fraction(1, 50)


def sound_format(info: AudioInfo) -> SoundFormat:
    """What a stream decodes to: int16, int32 or float32.

    Compressed sound decodes to floats, but holds no more than 24 bits of sound.
    """
    dtype = np.dtype(_KINDS.get(info.sample_format.removesuffix("p"), np.float32))
    bits = max(info.bit_depth, 16)  # 8-bit sound comes out as 16
    if dtype.kind == "f" and not info.codec.startswith("pcm_"):
        bits = 24
    return SoundFormat(info.sample_rate, info.layout, info.channel_count, dtype, bits)


class SoundReader:
    """One audio stream of a file; a context manager. Sample 0 sounds where video frame 0 begins.

    Silence stands where the stream starts late, ends early or has a hole; what it holds before
    video frame 0 or after the last one is left out.

    Attributes:
        format: What the samples are.
        sample_count: Samples that `blocks()` yields in all: exactly as long as the picture.
    """

    def __init__(self, info: MediaInfo, stream: int = 0, *, shown: range | None = None) -> None:
        """Read audio stream number `stream`, counted from 0 among the audio streams of `info`.

        Args:
            info: Of the file.
            stream: Which one.
            shown: The frames of the video whose sound is read at all; sample 0 sounds where the
                first of them begins then. None for all.
        """
        if not 0 <= stream < len(info.audio_streams):
            raise WrongCall(f"{info.path.name} has no audio stream number {stream}.")
        video = info.video
        self._info = info
        self._audio = info.audio_streams[stream]
        frames = range(video.frame_count) if shown is None else shown
        start_s = frames.start / video.rate
        self._origin_s = video.timing.first_pts * video.timing.time_base + start_s
        self.format: SoundFormat = sound_format(self._audio)
        self.sample_count: int = round(Fraction(len(frames) * self._audio.sample_rate) / video.rate)

    @property
    def sample_rate(self) -> int:
        """Samples a second."""
        return self.format.sample_rate

    @property
    def layout(self) -> str:
        """FFmpeg's name of the channel layout."""
        return self.format.layout

    @property
    def channel_count(self) -> int:
        """Number of channels."""
        return self.format.channel_count

    @property
    def dtype(self) -> np.dtype:
        """int16, int32 or float32."""
        return self.format.dtype

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass  # every run of blocks() opens and closes the file by itself

    def blocks(self, start_sample: int = 0, stop_sample: int | None = None) -> Iterator[np.ndarray]:
        """Yield the samples from `start_sample` up to but not including `stop_sample`, arrays C S.

        None as `stop_sample` means the end. The arrays together have exactly the length asked for,
        within the stream's `sample_count`.
        """
        stop = self.sample_count if stop_sample is None else min(stop_sample, self.sample_count)
        due = max(start_sample, 0)
        for at, samples in self._placed(due):
            if at >= stop:
                break
            if at > due:
                yield from self._silence(at - due)
                due = at
            part = samples[:, max(due - at, 0) : stop - at]
            if part.shape[1]:
                yield np.ascontiguousarray(part)
                due += part.shape[1]
            if due >= stop:
                return
        yield from self._silence(stop - due)

    def _silence(self, count: int) -> Iterator[np.ndarray]:
        for done in range(0, count, self.sample_rate):
            yield np.zeros((self.channel_count, min(self.sample_rate, count - done)), self.dtype)

    def _placed(self, start: int) -> Iterator[tuple[int, np.ndarray]]:
        """Decoded samples, each run with the place of its first sample."""
        rate = self.sample_rate
        hole = round(_HOLE_S * rate)
        due: int | None = None
        with open_media(self._info.path) as container:
            stream = container.streams[self._audio.index]
            assert isinstance(stream, AudioStream)
            base = stream.time_base or Fraction(1, rate)
            self._seek(container, stream, base, start)
            for frame in _decoded(container, stream):
                samples = self._samples(frame)
                if frame.pts is not None:
                    stamped = round((frame.pts * base - self._origin_s) * rate)
                    if due is None or abs(stamped - due) > hole:
                        due = stamped
                at = due or 0
                due = at + samples.shape[1]
                yield at, samples

    def _seek(
        self,
        container: InputContainer,
        stream: AudioStream,
        base: Fraction,
        start: int,
    ) -> None:
        # Only uncompressed sound whose stamps count samples can be entered in the middle exactly.
        if self._audio.codec.startswith("pcm_") and base == Fraction(1, self.sample_rate):
            target = round(self._origin_s / base) + start - self.sample_rate
            if target > 0:
                container.seek(target, stream=stream, backward=True)

    def _samples(self, frame: AudioFrame) -> np.ndarray:
        channels = frame.layout.nb_channels
        if channels != self.channel_count or frame.sample_rate != self.sample_rate:
            raise BadInput(
                f"The sound of {self._info.path.name} changes its channels or sample rate midway;"
                " convert it to one layout first, or add --no-audio."
            )
        numbers = frame.to_ndarray()
        if not frame.format.is_planar:
            numbers = numbers.reshape(-1, channels).T
        if frame.format.name.startswith("u8"):
            return (numbers.astype(np.int16) - 128) << 8
        if frame.format.name.startswith("s64"):
            return (numbers.astype(np.int64) >> 32).astype(np.int32)
        return numbers.astype(self.dtype, copy=False)


def _decoded(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except FFmpegError:
            continue  # a damaged packet is a hole, and holes are silence
