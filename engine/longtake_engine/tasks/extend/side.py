"""One side of an extension: the canvas before the head or after the tail, and the pictures made on
it."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice, repeat

from longtake_engine.cancel import CancelToken
from longtake_engine.canvas import Canvas, Completed
from longtake_engine.errors import BadInput
from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.backend import VideoBackend
from longtake_engine.models.schedule import Scheduled
from longtake_engine.picture import Picture
from longtake_engine.splice.color import ColorShift, measure_shift
from longtake_engine.tasks.ending import Ending, reach, whole_clip
from longtake_engine.tasks.ending.pulldown import Pulldown
from longtake_engine.tasks.known import KnownFrames
from longtake_engine.work import Guidance

BESIDE = 8  # known pictures that colour is measured on


@dataclass(frozen=True, slots=True)
class Side:
    """What one backend is asked to make on one side of the clip."""

    reader: VideoReader
    backend: VideoBackend
    forward: bool  # after the tail rather than before the head
    new_frames: int  # 0 for a side that stays as it is
    remade_frames: int  # known frames at the join that the backend makes anew
    ending: Ending

    @property
    def wanted(self) -> range:
        """The frames to make, numbered as in the source."""
        count = self.reader.frame_count
        if self.forward:
            return range(count - self.remade_frames, count + self.new_frames)
        return range(-self.new_frames, self.remade_frames)

    @property
    def still(self) -> bool:
        """Whether the picture beside the join just stays: no backend is asked to move it."""
        return self.ending.still or _too_short(self.ending, self.backend)

    @property
    def canvas(self) -> Canvas:
        """The block to complete: the known pictures beside the join that the backend makes use
        of."""
        pulldown = self._pulldown
        known = pulldown.known()
        numbers = sorted(known, reverse=not self.forward)
        numbers = numbers[-self.backend.context_frames(pulldown.new_pictures(self.new_frames)) :]
        shown = set(pulldown.shown(self.wanted))
        if not pulldown.plain and not self.remade_frames:
            shown -= known.keys()  # a real picture that is owed some more frames
        wanted = range(min(shown, default=0), max(shown, default=-1) + 1)
        holds = self.ending.cadence
        return Canvas(
            self.reader.format,
            self.reader.rate * Fraction(len(holds), sum(holds)),
            self._known({number: known[number] for number in sorted(numbers)}),
            wanted,
        )

    def pictures(self, guidance: Guidance, cancel: CancelToken) -> Iterator[Picture]:
        """The made pictures in time order, in the colours of the known ones."""
        if not self.new_frames:
            return iter(())
        if self.still:
            return repeat(self._last, len(self.wanted))
        shown = self._paced(self._made(guidance, cancel))
        return self._faded(shown) if self.ending.fade else shown

    def _made(self, guidance: Guidance, cancel: CancelToken) -> Iterator[Picture]:
        """What the backend makes, one by one."""
        canvas = self.canvas
        if not canvas.wanted:
            return iter(())
        made = self._complete(canvas, guidance, cancel)
        if self.forward:
            first = next(made)
            shift = self._shift(first.picture)
            made = chain([first], made)
        else:
            shift = self._shift(self._nearest(guidance, cancel))
        return shift.apply(completed.picture for completed in made)

    def _paced(self, made: Iterator[Picture]) -> Iterator[Picture]:
        """Each made picture for as many frames as the clip holds its own."""
        if self._pulldown.plain:
            yield from made
            return
        wanted = self.canvas.wanted
        picture, at = self._last, None
        for number in self._pulldown.shown(self.wanted):
            if number not in wanted:
                picture = self._last
            elif number != at:
                picture = next(made)
            at = number
            yield picture

    def _faded(self, pictures: Iterator[Picture]) -> Iterator[Picture]:
        """`pictures`, all as dark as the one beside the join, on the fade's way on."""
        fade = self.ending.fade
        assert fade is not None
        for frame, picture in zip(self.wanted, pictures, strict=True):
            step = frame - self.reader.frame_count + 1 if self.forward else -frame
            yield fade.at(picture, fade.level(step))

    @property
    def _last(self) -> Picture:
        """The picture to go on from."""
        frame = self.ending.sources(1)[0]
        return next(self.reader.frames(frame, frame + 1))

    @property
    def _pulldown(self) -> Pulldown:
        return Pulldown(self.ending, self.reader.frame_count)

    def _known(self, frames: dict[int, int]) -> KnownFrames:
        return KnownFrames(self.reader, frames, self.ending.steady)

    def _complete(
        self, canvas: Canvas, guidance: Guidance, cancel: CancelToken
    ) -> Iterator[Completed]:
        """What the backend makes, held to what was asked for: every wanted frame once, in order."""
        made = self.backend.complete(canvas, guidance, cancel)
        for frame, completed in zip(canvas.wanted, made, strict=True):
            if completed.frame != frame or completed.picture.format != canvas.format:
                name = self.backend.info.name
                raise RuntimeError(f"backend {name} made frame {completed.frame}, not {frame}")
            yield completed

    def _nearest(self, guidance: Guidance, cancel: CancelToken) -> Picture:
        """The made picture next to the head, ahead of those that come before it in time."""
        whole = self.canvas
        frame = whole.wanted.stop - 1
        nearest = Canvas(whole.format, whole.rate, whole.known, range(frame, frame + 1))
        # Its place in time, or what it shows, depends on the whole stretch.
        if self.remade_frames or isinstance(self.backend, Scheduled):
            made = self.backend.complete(whole, guidance, cancel)
            return next(islice(made, len(whole.wanted) - 1, None)).picture
        return next(self.backend.complete(nearest, guidance, cancel)).picture

    def _shift(self, made: Picture) -> ColorShift:
        """What the made picture at the join is off the colours of those known beside it."""
        remade = self.wanted
        sources = [frame for frame in self.ending.sources() if frame not in remade][-BESIDE:]
        known = self._known({frame: frame for frame in sorted(sources)})
        pictures = {frame: known[frame].picture for frame in known}
        beside = [pictures[frame] for frame in sources]
        return measure_shift(beside, made) if len(beside) > 1 else ColorShift()


def plan_side(
    reader: VideoReader,
    backend: VideoBackend,
    *,
    forward: bool,
    new_frames: int,
    ending: Ending | None = None,
) -> Side:
    """What `backend` is asked for on one side.

    Args:
        reader: Of the clip.
        backend: What makes the new frames.
        forward: After the tail rather than before the head.
        new_frames: 0 for a side that stays as it is.
        ending: What that end of the clip is like; None takes all of it for one even shot.

    Raises:
        BadInput: The clip has too few frames for it.
    """
    ending = ending or whole_clip(reader, forward=forward)
    known, least = reader.frame_count, backend.info.min_known_frames
    if new_frames and known < least:
        frames = "1 frame" if known == 1 else f"{known} frames"
        raise BadInput(
            f"The clip has {frames} and {backend.info.name} needs {least} to see how it moves;"
            " give a longer clip, or hold the still in your editor."
        )
    remade = 0
    if new_frames and not ending.still and not _too_short(ending, backend):
        remade = _remade_frames(reader, backend, new_frames, ending)
    return Side(reader, backend, forward, new_frames, remade, ending)


def look_back(side: Side) -> Side:
    """`side` with its shot followed as far back as its backend goes, which may be further than
    endings are looked at."""
    if not side.new_frames or side.still:
        return side
    asked = side.backend.context_frames(side.new_frames)
    ending = reach(side.reader, side.ending, asked)
    if ending is side.ending:
        return side
    return plan_side(
        side.reader,
        side.backend,
        forward=side.forward,
        new_frames=side.new_frames,
        ending=ending,
    )


def _remade_frames(
    reader: VideoReader, backend: VideoBackend, new_frames: int, ending: Ending
) -> int:
    """Frames at the join whose pictures the backend makes anew."""
    pulldown = Pulldown(ending, reader.frame_count)
    sources = ending.sources()
    pictures = backend.remade_frames(pulldown.new_pictures(new_frames), len(sources))
    if not pictures:
        return 0
    first = sources[-pictures]
    return reader.frame_count - first if ending.forward else first + 1


def _too_short(ending: Ending, backend: VideoBackend) -> bool:
    """Whether the shot at the end has too few frames to see how it moves."""
    return len(ending.sources()) < backend.info.min_known_frames
