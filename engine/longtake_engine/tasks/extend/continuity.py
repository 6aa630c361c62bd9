"""What goes on across a join besides what is seen: the clip's grain and the change of its light."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from longtake_engine.media.video_reader import VideoReader
from longtake_engine.models.flow import Array
from longtake_engine.picture import Picture
from longtake_engine.splice.clean import clean, clean_last, find_quiet
from longtake_engine.splice.grain import Grain, in_turn, measure_grain
from longtake_engine.splice.regrain import Stock, graininess, missing
from longtake_engine.tasks.alignment import align, align_triple
from longtake_engine.tasks.ending import Ending, known_pictures
from longtake_engine.tasks.ending.light import Light
from longtake_engine.tasks.extend.side import Side

MEASURED = 9  # pictures beside the join that grain is measured on
AVERAGED = 12  # and those that it is taken out of the last one by


@dataclass(frozen=True, slots=True)
class Continuity:
    """What goes on at one end of a clip."""

    grain: Grain | None = None
    last: Picture | None = None  # the picture beside the join without its grain
    quiet: Array | None = None  # H W uint8: 255 where the clip has no grain
    usual: float = 0.0  # graininess of the clip's pictures

    @staticmethod
    def makes(side: Side) -> bool:
        """Whether a backend makes pictures of its own there, rather than show the clip's again."""
        info = side.backend.info
        new = side.new_frames > 0 and not side.still
        return new and info.foretells and not info.remakes_known_frames

    def prepare(self, side: Side) -> Side:
        """`side`, whose backend sees no grain that would ride along with what it makes of it."""
        if self.grain is None or not self.makes(side):
            return side
        return replace(side, ending=replace(side.ending, change=self._cleaned(side.ending)))

    def finish(self, side: Side, pictures: Iterator[Picture], seed: int) -> Iterator[Picture]:
        """`pictures`, made by `side` in time order, with what goes on."""
        makes, light = self.makes(side), side.ending.light
        if makes and light:
            pictures = _lit(side, light, pictures)
        if self.grain is None or not side.new_frames or side.still:
            return pictures
        stock = Stock.make(self.grain, seed, self.quiet)
        if makes:
            return self._grained(side, pictures, stock)
        return self._topped_up(side, pictures, stock)

    def notes(self, side: Side) -> tuple[str, ...]:
        """What of it an editor should know."""
        if not self.makes(side):
            return ()
        notes = []
        if self.grain:
            notes.append(
                "The clip is grainy: the new frames have grain of their own, as strong and as"
                f" coarse (about {self.grain.strength:.0f} of 255 levels)."
            )
        light = side.ending.light
        if light:
            grows = "lighter" if light.speed > 0 else "darker"
            way = "toward its end" if side.forward else "back toward its start"
            notes.append(f"The picture grows {grows} {way}: that goes on and eases out.")
        return tuple(notes)

    def _cleaned(self, ending: Ending) -> Callable[[int, Picture], Picture]:
        grain, last = self.grain, self.last
        assert grain is not None and last is not None
        (join,) = ending.sources(1)
        return lambda frame, picture: last if frame == join else clean(picture, grain)

    def _grained(self, side: Side, pictures: Iterator[Picture], stock: Stock) -> Iterator[Picture]:
        """Held pictures keep their grain, as the clip's own do."""
        shown = grained = None
        for frame, picture in zip(side.wanted, pictures, strict=True):
            step = steps_out(side, frame)
            if step <= side.ending.repetition.owed:
                yield picture  # a real one that is shown on
                continue
            if grained is None or picture is not shown:
                fade = side.ending.fade
                grained = stock.on(picture, step, fade.level(step) if fade else 1.0)
            shown = picture
            yield grained

    def _topped_up(
        self, side: Side, pictures: Iterator[Picture], stock: Stock
    ) -> Iterator[Picture]:
        """The clip's own pictures, mixed: mixing takes some of the grain away."""
        for frame, picture in zip(side.wanted, pictures, strict=True):
            share = missing(picture, self.usual)
            number = steps_out(side, frame) % (1 << 16)  # below 0 for known frames made anew
            yield stock.on(picture, number, share) if share else picture


def _lit(side: Side, light: Light, pictures: Iterator[Picture]) -> Iterator[Picture]:
    for frame, picture in zip(side.wanted, pictures, strict=True):
        yield light.at(picture, steps_out(side, frame))


def steps_out(side: Side, frame: int) -> int:
    """How many frames `frame` lies beyond the last real one."""
    return frame - side.reader.frame_count + 1 if side.forward else -frame


def read_continuity(
    reader: VideoReader, ending: Ending, check: Callable[[], None] = lambda: None
) -> Continuity:
    """What goes on at the end that `ending` describes.

    Args:
        reader: Of the clip.
        ending: One end of it.
        check: Called between pictures; raises to stop.
    """
    if ending.still or not ending.grainy:
        return Continuity()
    pictures = _nearest_last(reader, ending, AVERAGED)
    near = pictures[-MEASURED:]
    triples = []
    for places in in_turn(len(near)):
        check()
        triples.append(align_triple([near[place] for place in places]))
    grain = measure_grain(triples)
    if grain is None:
        return Continuity()
    last = pictures[-1]
    others = ((picture, align(last, picture, check)) for picture in pictures[-2::-1])
    usual = float(np.median([graininess(picture) for picture in near]))
    return Continuity(grain, clean_last(last, others, grain), find_quiet(pictures), usual)


def _nearest_last(reader: VideoReader, ending: Ending, count: int) -> list[Picture]:
    pictures = list(known_pictures(reader, ending, count))
    return pictures if ending.forward else pictures[::-1]
