"""What is done about each shot that is wished for: own footage, a still, or words for a model."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from longtake_bridge.client import Engine
from longtake_bridge.errors import BridgeError
from longtake_bridge.footage.meaning import best_judge
from longtake_bridge.footage.search import FITS, Match, Search, texts
from longtake_bridge.footage.shelf import CLIPS, STILLS, is_still, look_through
from longtake_bridge.length import Length
from longtake_bridge.media_probe import probe_with
from longtake_bridge.option import BrollOptions, GenerateOptions
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.shot import OwnShot, PreparedShots, frames_of, path_beneath
from longtake_bridge.timeline.wish import Wish

LEAD_S = Fraction(1, 2)  # a clip is shown from a little before what was found in it
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done about one wish: `own` is laid, or what `make` says is made; or `error`."""

    wish: Wish
    own: OwnShot | None = None
    make: GenerateOptions | None = None
    matches: tuple[Match, ...] = ()  # own footage that may fit, best first
    error: BridgeError | None = None

    @property
    def nearest(self) -> str:
        """The footage of one's own that comes nearest, none of which fits well; empty for none."""
        if self.own is not None or not self.matches or (self.make and self.make.still_paths):
            return ""
        return "; ".join(match.sentence for match in self.matches[:MOST_NAMED])

    @property
    def sentence(self) -> str:
        """For a person: which shot, and what becomes of it."""
        wish = self.wish
        head = f"{wish.name[:1].upper()}{wish.name[1:]} ({wish.span.duration_frames} frames)"
        head = f'{head}, "{wish.text}"' if wish.text else head
        if self.error is not None:
            return f"{head}: {self.error.sentence}"
        if self.own is not None:
            start_s = float(self.own.start_frame / self.own.media.rate)
            why = f": {self.matches[0].sentence}" if self.matches else ""
            return f"{head}: own footage, {self.own.media.path.name} from {start_s:.2f} s{why}."
        assert self.make is not None, "a plan without an error does something"
        if self.make.still_paths:
            names = ", ".join(path.name for path in self.make.still_paths)
            why = f" ({self.matches[0].sentence})" if self.matches else ""
            return f"{head}: a camera over {names}{why}."
        near = f", for nothing of your own fits well; nearest: {self.nearest}"
        return f"{head}: to be made from words{near if self.nearest else ''}."


class Planner:
    """Says what to do about wishes on one timeline."""

    def __init__(
        self,
        engine: Engine,
        prepared: PreparedShots,
        options: BrollOptions,
        bins: Sequence[Path],
    ) -> None:
        self._engine, self._prepared, self._options = engine, prepared, options
        self._probe = probe_with(engine)
        self._bins = bins
        self._search: Search | None = None
        self._used: set[Path] = set()
        self.notes: tuple[str, ...] = ()

    def plans(self, wishes: Sequence[Wish]) -> tuple[Plan, ...]:
        """What to do about each wish, in their order.

        Raises:
            BridgeError: WRONG_CALL; a folder to look for footage in is none.
        """
        return tuple(self._plan(wish) for wish in wishes)

    def _plan(self, wish: Wish) -> Plan:
        if wish.number in self._prepared.taken:
            return Plan(wish, error=self._prepared.taken[wish.number])
        try:
            if self._options.still_paths:
                return Plan(wish, make=self._options_for(wish, self._options.still_paths))
            file = self._named_file(wish.text)
            if file is not None:
                return self._plan_file(wish, file, ())
            return self._plan_words(wish)
        except BridgeError as error:
            return Plan(wish, error=error)

    def _plan_words(self, wish: Wish) -> Plan:
        matches: tuple[Match, ...] = ()
        if self._options.own_first:
            beneath = self._beneath(wish)
            away = self._used | ({beneath} if beneath is not None else set())
            matches = tuple(self._searched().find(wish.text, away))
            for number, match in enumerate(matches):
                if match.score < FITS:
                    break
                with suppress(BridgeError):  # too short, or not readable: the next one then
                    return self._plan_file(wish, match.footage.path, matches[number:])
        return Plan(wish, make=self._options_for(wish, (), wish.text), matches=matches)

    def _plan_file(self, wish: Wish, path: Path, matches: tuple[Match, ...]) -> Plan:
        if is_still(path):
            plan = Plan(wish, make=self._options_for(wish, (path,)), matches=matches)
        else:
            media = self._probe(path, None)
            at_s = matches[0].at_s if matches else Fraction(0)
            plan = Plan(wish, own=OwnShot(media, _start(wish, media, at_s)), matches=matches)
        self._used.add(path)
        return plan

    def _searched(self) -> Search:
        if self._search is None:
            footage = look_through(self._prepared.document, self._bins)
            wishes = [wish.text for wish in self._prepared.wishes]
            judge, told = best_judge(self._engine, wishes, texts(footage))
            self._search = Search(footage, judge)
            if footage:
                self.notes = (
                    *told,
                    f"{len(footage)} files of your own were looked through by"
                    f" {self._search.judge.name}; --make leaves that out.",
                )
        return self._search

    def _named_file(self, text: str) -> Path | None:
        """The file that a wish names, from the timeline's folder or one of the bins."""
        path = Path(text.strip().strip("\"'")).expanduser()
        if path.suffix.lower() not in CLIPS | STILLS:
            return None
        folders = (self._prepared.document.path.parent, *self._bins)
        for folder in folders:
            if (folder / path).is_file():
                return (folder / path).absolute()
        raise BridgeError(
            f"{path} is not there; check the path, which begins at the timeline's folder.",
            "MISSING_INPUT",
        )

    def _beneath(self, wish: Wish) -> Path | None:
        with suppress(BridgeError):
            return path_beneath(self._prepared.document, wish.span.start_s)
        return None

    def _options_for(self, wish: Wish, stills: Sequence[Path], prompt: str = "") -> GenerateOptions:
        """What is to be made: as long as wished for, matched to the timeline, another move for
        every shot."""
        document, options = self._prepared.document, self._options
        project = document.project
        return GenerateOptions(
            model=options.model,
            take_count=options.take_count,
            prompt=prompt,
            negative_prompt=options.negative_prompt,
            seed=options.seed + wish.number - 1,
            codec=options.codec,
            no_audio=True,
            camera=options.camera,
            reference_paths=options.reference_paths,
            expand_prompt=options.expand_prompt,
            same_subject=options.same_subject,
            duration=Length(frames=wish.span.duration_frames),
            frame_rate=document.rate,
            size=project.size if project is not None else None,
            still_paths=tuple(stills),
            like_path=self._beneath(wish),
        )


def _start(wish: Wish, media: MediaFacts, at_s: Fraction | None) -> int:
    """The frame of a file from which it is shown: a little before what was found in it, else so
    that its middle is seen."""
    frames = frames_of(wish.span, media.rate)
    spare = media.frame_count - frames
    if spare < 0:
        raise BridgeError(
            f"{media.path.name} lasts {float(media.frame_count / media.rate):.2f} s, less than is"
            " wished for; wish for less.",
            "BAD_INPUT",
        )
    start = spare // 2 if at_s is None else int(max(at_s - LEAD_S, Fraction(0)) * media.rate)
    return min(start, spare)
