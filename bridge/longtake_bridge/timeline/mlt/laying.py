"""The playlists of a lane, laid out anew where what lies on them has changed."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction

from opentimelineio.schema import Clip

from longtake_bridge.timeline.made_clip import METADATA_KEY
from longtake_bridge.timeline.mlt.dressing import Dresser, Shown
from longtake_bridge.timeline.mlt.effect import stretch_effects
from longtake_bridge.timeline.mlt.element import Element, get_property, tidy
from longtake_bridge.timeline.mlt.lane import Lane, Mix, Piece
from longtake_bridge.timeline.mlt.shelf import Shelf
from longtake_bridge.timeline.mlt.source import media_path_of
from longtake_bridge.timeline.mlt.tree import Tree

Heard = tuple[str, int]  # media of a new clip on an audio track, and the frame at which it begins


@dataclass(frozen=True, slots=True)
class Put:
    """What lies on a lane in the end; half-open, in timeline frames."""

    start: int
    end: int
    in_frame: int
    clip: Clip | None = None  # None for a transition that is an entry of its own
    piece: Piece | None = None  # the one that it was; None for a new one
    mix: Mix | None = None
    was: Piece | None = None  # the one that a new one stands in the place of, showing it slower

    @property
    def frames(self) -> int:
        """How many it covers."""
        return self.end - self.start

    @property
    def place(self) -> tuple[int | None, int, int, int]:
        """What tells it from all else on its playlist, and whether it has moved."""
        element = self.piece.entry if self.piece else self.mix.element if self.mix else None
        in_frame = 0 if self.mix else self.in_frame
        return (id(element) if element is not None else None, self.start, self.end, in_frame)


class LaneWriter:
    """Puts what lies on a lane in the end back into its playlists."""

    def __init__(
        self, tree: Tree, lane: Lane, shelf: Shelf, dresser: Dresser, heard: set[Heard]
    ) -> None:
        self._tree = tree
        self._lane = lane
        self._shelf = shelf
        self._dresser = dresser
        self._heard = heard  # what new clips are heard on audio tracks
        self._used: set[int] = set()

    def write(self, laid: list[Put]) -> bool:
        """Lays out the playlists that differ; True where one does."""
        lying: list[tuple[Put, Element]] = []
        changed: dict[int, list[tuple[Put, Element]]] = {}
        for number, puts in self._by_playlist(laid).items():
            puts.sort(key=lambda put: put.start)
            if [put.place for put in puts] != self._places_on(number):
                changed[number] = [(put, self._entry(put)) for put in puts]
                lying += changed[number]
            else:
                lying += [(put, put.piece.entry) for put in puts if put.piece is not None]
        self._dress(lying)
        for number, entries in changed.items():
            self._lay(self._lane.playlists[number], entries)
        return bool(changed)

    def _dress(self, lying: list[tuple[Put, Element]]) -> None:
        """Lets new pieces look as the clips beside them; those may lie on the other playlist."""
        pieces = [(put, entry) for put, entry in lying if put.piece is not None]
        ends = {put.end: _shown(put, entry) for put, entry in pieces}
        starts = {put.start: _shown(put, entry) for put, entry in pieces}
        for put, entry in lying:
            if put.piece is None and put.clip is not None:
                factor = _factor(put.clip)
                if put.was is not None and factor is not None:
                    self._dresser.slow(_shown(put, entry), _shown_before(put), factor)
                    continue
                beside = ends.get(put.start), starts.get(put.end)
                self._dresser.dress(_shown(put, entry), put.clip, *beside)

    def _by_playlist(self, laid: list[Put]) -> dict[int, list[Put]]:
        taken: dict[int, list[Put]] = {number: [] for number in range(len(self._lane.playlists))}
        for put in laid:
            known = put.piece.playlist if put.piece else put.mix.playlist if put.mix else None
            if known is not None:
                taken[known].append(put)
        for put in laid:
            if put.piece is None and put.mix is None:
                taken[_free_playlist(taken, put)].append(put)
        return taken

    def _places_on(self, number: int) -> list[tuple[int | None, int, int, int]]:
        """What lay on a playlist, as `Put.place` tells it."""
        pieces = [
            (id(piece.entry), piece.start, piece.end, piece.in_frame)
            for piece in self._lane.pieces
            if piece.playlist == number
        ]
        mixes = [
            (id(mix.element), mix.start, mix.end, 0)
            for mix in self._lane.mixes
            if mix.own_entry and mix.playlist == number
        ]
        return sorted([*pieces, *mixes], key=lambda place: place[1])

    def _entry(self, put: Put) -> Element:
        """The element of what lies there: its own, a copy for a second part of it, or a new one."""
        if put.mix is not None:
            assert put.mix.element is not None, "an entry of its own is an element"
            return put.mix.element
        if put.piece is None:
            assert put.clip is not None, "what is no transition is a clip"
            playing = self._playing(put, put.clip)
            producer = self._shelf.producer(put.clip, playing, put.in_frame + put.frames)
            return self._shelf.entry(producer, put.in_frame, put.frames)
        entry, piece, clock = put.piece.entry, put.piece, self._tree.clock
        was = (piece.in_frame, piece.in_frame + piece.end - piece.start - 1)
        if id(entry) in self._used:
            entry = deepcopy(entry)
            begin, out = entry.get("in"), entry.get("out")
            was = (clock.frame(begin or "0"), clock.frame(out) if out else was[1])
        self._used.add(id(put.piece.entry))
        now = (put.in_frame, put.in_frame + put.frames - 1)
        if was != now:
            entry.set("in", clock.text(now[0], entry.get("in")))
            entry.set("out", clock.text(now[1], entry.get("out")))
            stretch_effects(self._tree, entry, was, now)
        return entry

    def _playing(self, put: Put, clip: Clip) -> dict[str, str]:
        """Which streams a new entry plays, in the editor's own words."""
        sound = self._lane.kind == "audio"
        if self._tree.dialect.splits_sound:
            mute, blind = not sound or not clip.enabled, sound or not clip.enabled
            return {"set.test_audio": str(int(mute)), "set.test_image": str(int(blind))}
        if sound:
            return {"video_index": "-1"}
        url = getattr(clip.media_reference, "target_url", "")
        apart = (url, put.start) in self._heard
        return {"audio_index": "-1"} if apart or self._is_mute(clip) else {}

    def _is_mute(self, clip: Clip) -> bool:
        """True of B-roll, and where the clip that was extended has had its sound taken away."""
        asked = dict(clip.metadata.get(METADATA_KEY, {}).get("request", {}))
        if asked.get("task") == "broll":
            return True
        for piece in self._lane.pieces:
            producer = self._tree.producer_of(piece.entry)
            if producer is not None and get_property(producer, "audio_index") == "-1":
                path = media_path_of(self._tree, producer)
                if path is not None and str(path) == asked.get("input"):
                    return True
        return False

    def _lay(self, playlist: Element, entries: list[tuple[Put, Element]]) -> None:
        """Gives a playlist these entries, with blanks between them."""
        old = list(playlist.iterchildren("entry", "blank"))
        place = playlist.index(old[0]) if old else sum(1 for _ in playlist.iterchildren("property"))
        like = next((one.get("length") for one in old if one.tag == "blank"), None)
        for one in old:
            playlist.remove(one)
        at = 0
        for put, entry in entries:
            if put.start > at:
                length = self._tree.clock.text(put.start - at, like)
                playlist.insert(place, playlist.makeelement("blank", {"length": length}))
                place += 1
            playlist.insert(place, entry)
            place += 1
            at = put.end
        tidy(playlist)


def _shown(put: Put, entry: Element) -> Shown:
    name = put.clip.name if put.clip is not None else ""
    return Shown(entry, name, put.in_frame, put.in_frame + put.frames - 1)


def _shown_before(put: Put) -> Shown:
    piece = put.was
    assert piece is not None and put.clip is not None, "only what is shown slower has been before"
    last = piece.in_frame + piece.end - piece.start - 1
    return Shown(piece.entry, put.clip.name, piece.in_frame, last)


def _factor(clip: Clip) -> Fraction | None:
    """How many times as long a clip lasts that Longtake has slowed down."""
    text = str(dict(clip.metadata.get(METADATA_KEY, {}).get("request", {})).get("factor", ""))
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def _free_playlist(taken: Mapping[int, list[Put]], put: Put) -> int:
    for number, puts in taken.items():
        if all(other.end <= put.start or other.start >= put.end for other in puts):
            return number
    return 0
