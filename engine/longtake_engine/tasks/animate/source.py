"""The still or the clip whose parts move, checked against how it is to be written."""

from dataclasses import dataclass, replace
from fractions import Fraction

from longtake_engine.errors import WrongCall
from longtake_engine.media.info import MediaInfo
from longtake_engine.media.probe import probe
from longtake_engine.media.sequence import DEFAULT_RATE
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.media.writer import check_output
from longtake_engine.picture import Color
from longtake_engine.rate import count_frames
from longtake_engine.tasks.shown import shown_frames
from longtake_engine.work import Animate, Guidance, Length, Spec


@dataclass(frozen=True, slots=True)
class Source:
    """What is given, and what of it is made."""

    info: MediaInfo
    reader: VideoReader
    output: range  # that the made file holds: frames of the clip; of a still counted from 0
    rate: Fraction  # of the made file

    @property
    def is_still(self) -> bool:
        """Whether it is one picture, however long it is shown."""
        return self.info.video.frame_count == 1


def open_source(spec: Spec) -> Source:
    """The still or clip that `spec` speaks of.

    Raises:
        EngineError: It cannot be read, cannot move as asked, or cannot be written so.
    """
    work = spec.work
    assert isinstance(work, Animate)
    info = with_colors(probe(work.input_path, spec.sequence_rate))
    reader = VideoReader(info, deinterlace=spec.deinterlace)
    check_output(spec.output.path, spec.output.codec, reader.format, info)
    if info.video.frame_count > 1:
        return Source(info, reader, _of_clip(work, reader, info), reader.rate)
    rate = work.frame_rate or DEFAULT_RATE
    return Source(info, reader, range(_length_of_still(work, spec.guidance, rate)), rate)


def with_colors(info: MediaInfo) -> MediaInfo:
    """`info`, of a still that does not say what its colours mean, with what stills mean by them.

    sRGB has the primaries of Rec. 709, and editors show its numbers as those of Rec. 709 video. All
    else is as it was.
    """
    video = info.video
    if video.frame_count > 1 or info.container != "image2":
        return info
    color = video.color
    tagged = Color(color.range, color.matrix, color.primaries or "bt709", color.transfer or "bt709")
    if color.transfer == "iec61966-2-1":
        tagged = replace(tagged, transfer="bt709")
    first = replace(video, color=tagged)
    return replace(info, video_streams=(first, *info.video_streams[1:]))


def _length_of_still(work: Animate, guidance: Guidance, rate: Fraction) -> int:
    if work.output_range is not None:
        raise WrongCall("A still has no frames to choose from; leave the range out.")
    if work.duration is not None:
        return count_frames(work.duration, rate)
    ends = [path.boxes[-1].frame for path in guidance.box_paths]
    if not ends:
        raise WrongCall(
            f"{work.input_path.name} is a still; say how long it shall move, such as --duration 4s."
        )
    return count_frames(Length(frames=max(ends) + 1), rate)


def _of_clip(work: Animate, reader: VideoReader, info: MediaInfo) -> range:
    name = info.path.name
    if work.frame_rate is not None:
        raise WrongCall(
            f"{name} is a clip and keeps its own rate; leave --rate out, or change the rate with"
            " `longtake interpolate` first."
        )
    shown = shown_frames(info, work.output_range)
    if work.duration is None:
        return shown
    wanted = count_frames(work.duration, reader.rate)
    if wanted > len(shown):
        raise WrongCall(
            f"{name} has {len(shown)} frames and --duration asks for {wanted}; ask for fewer, or"
            " lengthen it first with `longtake extend`."
        )
    return shown[:wanted]
