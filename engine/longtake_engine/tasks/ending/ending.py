"""What happens at the end of a clip that must not be carried on as motion."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from math import ceil

from longtake_engine.media.video_reader import VideoReader
from longtake_engine.picture import Picture, PictureFormat
from longtake_engine.splice.grain import may_have_grain
from longtake_engine.tasks.alignment import align_triple
from longtake_engine.tasks.ending.fade import Fade, find_fade
from longtake_engine.tasks.ending.light import Light, find_light
from longtake_engine.tasks.ending.repetition import Repetition, find_repetition
from longtake_engine.tasks.glance import Glance, glance_at
from longtake_engine.tasks.shot import find_shot

SPAN_S = 2
BARE = 1.5  # spread of the luma, 8-bit levels, of a picture with nothing in it
FEW = 3  # pictures beside the join that may show grain
DARK = 10  # 8-bit levels above black that black may be


@dataclass(frozen=True, slots=True)
class Ending:
    """One end of a clip. Frames are numbered as in the source."""

    known: range  # frames of the shot beside the join, up to the join, as far as looked at
    forward: bool  # the end rather than the head
    left_out: frozenset[int] = frozenset()  # of `known`, what nothing is to be made from
    skipped: int = 0  # how many of them lie beside the join: a flash, or strays of another shot
    repetition: Repetition = field(default_factory=Repetition)
    bare: bool = False  # it ends in frames with nothing in them
    black: bool = False  # they are black
    fade: Fade | None = None
    light: Light | None = None  # how it grows lighter or darker, where that is no fade
    dissolving: bool = False
    combed: bool = False  # frames hold lines of two moments, though the file does not say so
    another_shot: bool = False  # what is skipped belongs to another shot
    grainy: bool = False  # it may have grain; a closer look tells
    closed: bool = False  # a cut was found: `known` is the whole shot, not only what was looked at
    change: Callable[[int, Picture], Picture] | None = None  # made to each known picture

    @property
    def still(self) -> bool:
        """Whether it ends in a picture that just stays."""
        return self.bare or self.repetition.held > 0

    @property
    def cadence(self) -> tuple[int, ...]:
        """Frames that each coming picture is shown, over and over; (1,) for all clips but
        animation on twos and the like."""
        return self.repetition.cadence

    def sources(self, count: int | None = None) -> tuple[int, ...]:
        """Frames to go by, the one nearest to the join last; the last `count` of them."""
        run = self.known if self.forward else self.known[::-1]
        frames = [frame for frame in run if frame not in self.left_out]
        return tuple(frames if count is None else frames[-count:])

    def steady(self, frame: int, picture: Picture) -> Picture:
        """The known picture `frame` as a backend should see it.

        Without a fade: as dark as the one beside the join; and changed by `change`.
        """
        if self.fade is not None:
            step = frame - self.known[-1] if self.forward else self.known[0] - frame
            picture = self.fade.at(picture, 1.0, self.fade.level(step))
        return self.change(frame, picture) if self.change else picture


def whole_clip(reader: VideoReader, *, forward: bool) -> Ending:
    """An end of which nothing is known: everything before it is taken for one shot."""
    return Ending(range(reader.frame_count), forward, closed=True)


def read_ending(
    reader: VideoReader,
    *,
    forward: bool,
    least_frames: int = 0,
    check: Callable[[], None] = lambda: None,
) -> Ending:
    """What is seen in the last (or first) two seconds, or `least_frames` if they are more.

    Args:
        reader: Of the clip.
        forward: Look at its end, else at its head.
        least_frames: How far to look back for a cut.
        check: Called between frames; raises to stop.
    """
    count = reader.frame_count
    span = min(count, max(ceil(SPAN_S * reader.rate), least_frames))
    frames = range(count - span, count) if forward else range(span)
    glances = []
    near: list[Picture] = []
    pictures = _keeping(near, reader.frames(frames.start, frames.stop), latest=forward)
    for glance in glance_at(pictures):
        check()
        glances.append(glance)
    if not forward:
        glances.reverse()
    ending = judge(glances, reader.format, float(reader.rate))
    grainy = _may_be_grainy(ending, near, span)

    def place(number: int) -> int:
        return frames.start + number if forward else frames.stop - 1 - number

    start = place(ending.known.start)
    return replace(
        ending,
        forward=forward,
        known=range(start, frames.stop) if forward else range(frames.start, start + 1),
        left_out=frozenset(place(number) for number in ending.left_out),
        grainy=grainy,
    )


def _may_be_grainy(ending: Ending, near: list[Picture], count: int) -> bool:
    """Whether a closer look at the `near` pictures, the last of `count`, is worth while."""
    if len(near) < FEW or ending.still:
        return False
    # Copies and flashes among them hide whether there is grain.
    plain = not ending.left_out.intersection(range(count - FEW, count))
    return not plain or may_have_grain(align_triple(near))


def _keeping(
    kept: list[Picture], pictures: Iterator[Picture], *, latest: bool
) -> Iterator[Picture]:
    """`pictures`, the last or first few of which are in `kept` then."""
    for picture in pictures:
        if latest or len(kept) < FEW:
            kept.append(picture)
            del kept[:-FEW]
        yield picture


def reach(reader: VideoReader, ending: Ending, frames: int) -> Ending:
    """`ending`, looked at again where a backend goes by more frames than were looked at."""
    enough = ending.closed or len(ending.known) >= min(frames, reader.frame_count)
    if enough:
        return ending
    return read_ending(reader, forward=ending.forward, least_frames=frames)


def judge(glances: list[Glance], format: PictureFormat, rate: float) -> Ending:
    """The ending of frames that were glanced at, the last of them beside the join; numbered by
    their place."""
    count = len(glances)
    shot = find_shot(glances, rate)
    bare = _bare_at_end(glances)
    if bare > 2:
        black = glances[-1].mean < _darkest(format)
        return Ending(range(shot.start, count), True, bare=True, black=black, closed=True)
    own = glances[shot.start : count - shot.trailing]
    repetition = find_repetition(own)
    copies = {shot.start + number for number in repetition.copies}
    if shot.trailing:
        repetition = Repetition()
    combed, whole = _combing(own)
    left_out = shot.strays | copies | {shot.start + number for number in combed}
    fade = None if repetition.held else find_fade(own, format, rate)
    even = [glance for number, glance in enumerate(own, shot.start) if number not in left_out]
    moves = not (fade or repetition.held or shot.dissolving or repetition.cadence != (1,))
    return Ending(
        range(shot.start, count),
        True,
        left_out=frozenset(left_out),
        skipped=shot.trailing,
        repetition=repetition,
        fade=fade,
        light=find_light(even, format, rate) if moves else None,
        dissolving=shot.dissolving,
        combed=whole,
        another_shot=bool(shot.trailing) and not _flashes(glances, shot.trailing),
        closed=shot.start > 0,
    )


def known_pictures(reader: VideoReader, ending: Ending, count: int) -> Iterator[Picture]:
    """The last `count` pictures to go by, without a fade, the one beside the join last for an end
    and first for a head."""
    wanted = sorted(ending.sources(count))
    if not wanted:
        return
    kept = frozenset(wanted)
    run = range(wanted[0], wanted[-1] + 1)
    for frame, picture in zip(run, reader.frames(run.start, run.stop), strict=True):
        if frame in kept:
            yield ending.steady(frame, picture)


def _bare_at_end(glances: list[Glance]) -> int:
    bare = 0
    for glance in reversed(glances):
        if glance.spread > BARE:
            break
        bare += 1
    return bare


def _darkest(format: PictureFormat) -> float:
    return DARK + (0 if format.color.range == "pc" or format.family == "rgb" else 16)


def _flashes(glances: list[Glance], trailing: int) -> bool:
    """Whether the last `trailing` frames are brighter copies of what was before."""
    before, after = glances[-trailing - 1], glances[-trailing]
    return after.mean > before.mean + 12


def _combing(glances: list[Glance]) -> tuple[set[int], bool]:
    """The combed frames that can be left out, since whole ones lie between them; or whether all
    are combed."""
    combed = {number for number, glance in enumerate(glances) if glance.combed}
    moving = sum(glance.combed is not None for glance in glances)
    if len(combed) > 0.7 * moving:
        return set(), len(combed) >= 4
    # One or two may be chance: fine lines, or noise.
    return (combed, False) if len(combed) >= 3 else (set(), False)
