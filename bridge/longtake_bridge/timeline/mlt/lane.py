"""A track of an MLT project: what lies on it and where, and which clips fade into each other."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from longtake_bridge.timeline.mlt.element import Element, get_property
from longtake_bridge.timeline.mlt.tree import Tree, tracks_of

_BACKGROUNDS = ("background", "black_track", "black")


@dataclass(frozen=True, slots=True)
class Piece:
    """An entry of a playlist; half-open, in timeline frames."""

    entry: Element
    playlist: int  # which of the lane's
    start: int
    end: int
    in_frame: int  # of its producer, at `start`


@dataclass(frozen=True, slots=True)
class Mix:
    """A transition between two pieces of one track; half-open, in timeline frames.

    Kdenlive lets the pieces reach into it from both sides, on two playlists; Shotcut has it as an
    entry of its own between them.
    """

    element: Element | None  # None where nothing but the overlap says that there is one
    start: int
    end: int
    cut: int  # where the one clip is taken to end and the other to begin
    own_entry: bool
    playlist: int = 0


@dataclass(frozen=True, slots=True)
class Lane:
    """A track."""

    place: int  # among the tracks of the sequence, the background included
    kind: str  # "video" or "audio"
    name: str
    holder: Element  # what the sequence has for the track: a tractor, or the playlist itself
    playlists: tuple[Element, ...]
    pieces: tuple[Piece, ...] = ()  # by their start
    mixes: tuple[Mix, ...] = field(default=())

    @property
    def end(self) -> int:
        """The frame after the last piece."""
        return max((piece.end for piece in self.pieces), default=0)


def lanes_of(tree: Tree) -> tuple[Lane, ...]:
    """The tracks of a project, video from the bottom up, then audio from A1 on."""
    sequence = tree.sequence
    if sequence is None:  # plain MLT: a playlist alone is a timeline too
        lists = [one for one in tree.root.iterchildren("playlist") if one.get("id") != "main_bin"]
        return tuple(_lane(tree, 0, None, one) for one in lists[-1:])
    lanes = list(_lanes(tree, sequence))
    video = [lane for lane in lanes if lane.kind == "video"]
    audio = [lane for lane in lanes if lane.kind == "audio"]
    if tree.dialect.name == "kdenlive":  # its A1 is the highest of its audio tracks
        audio.reverse()
    return (*video, *audio)


def _lanes(tree: Tree, sequence: Element) -> Iterator[Lane]:
    for place, track in enumerate(tracks_of(sequence)):
        holder = tree.producer_of(track)
        if holder is None or holder.get("id") in _BACKGROUNDS:
            continue
        if holder.tag in ("playlist", "tractor"):
            yield _lane(tree, place, track, holder)


def _lane(tree: Tree, place: int, track: Element | None, holder: Element) -> Lane:
    lists = [holder] if holder.tag == "playlist" else _lists(tree, holder)
    pieces: list[Piece] = []
    mixes: list[Mix] = []
    for number, playlist in enumerate(lists):
        for piece in _pieces(tree, playlist, number):
            producer = tree.producer_of(piece.entry)
            if producer is not None and get_property(producer, "shotcut:transition"):
                cut = (piece.start + piece.end) // 2
                mixes.append(Mix(piece.entry, piece.start, piece.end, cut, True, number))
            else:
                pieces.append(piece)
    pieces.sort(key=lambda piece: (piece.start, piece.end))
    mixes += _overlaps(tree, holder, pieces)
    mixes.sort(key=lambda mix: mix.start)
    kind, name = _kind(tree, track, holder), _name(tree, holder)
    return Lane(place, kind, name, holder, tuple(lists), tuple(pieces), tuple(mixes))


def _lists(tree: Tree, holder: Element) -> list[Element]:
    found = (tree.producer_of(track) for track in tracks_of(holder))
    return [one for one in found if one is not None and one.tag == "playlist"]


def _pieces(tree: Tree, playlist: Element, number: int) -> Iterator[Piece]:
    at = 0
    for child in playlist.iterchildren("entry", "blank"):
        if child.tag == "blank":
            at += tree.clock.frame(child.get("length") or "0")
            continue
        begin, out = child.get("in"), child.get("out")
        producer = tree.producer_of(child)
        in_frame = tree.clock.frame(begin) if begin else 0
        if out is not None:
            frames = tree.clock.frame(out) - in_frame + 1
        else:
            frames = (tree.length(producer) if producer is not None else 0) - in_frame
        yield Piece(child, number, at, at + frames, in_frame)
        at += frames


def _overlaps(tree: Tree, holder: Element, pieces: list[Piece]) -> Iterator[Mix]:
    """Mixes as Kdenlive has them: pieces of two playlists that overlap."""
    transitions = [
        (tree.clock.frame(one.get("in") or "0"), one) for one in holder.iterchildren("transition")
    ]
    for before, after in pairwise(pieces):
        if after.start >= before.end:
            continue
        element = next((one for begin, one in transitions if begin == after.start), None)
        right = get_property(element, "kdenlive:mixcut") if element is not None else ""
        cut = before.end - int(right) if right.isdigit() else 0
        if not after.start <= cut <= before.end:
            cut = (after.start + before.end) // 2
        yield Mix(element, after.start, before.end, cut, False)


def _kind(tree: Tree, track: Element | None, holder: Element) -> str:
    if tree.dialect.name == "kdenlive":  # a hidden video track is hidden, not sound
        sound = get_property(holder, "kdenlive:audio_track") == "1"
    elif tree.dialect.name == "shotcut":
        sound = get_property(holder, "shotcut:audio") == "1"
    else:
        sound = track is not None and track.get("hide") == "video"
    return "audio" if sound else "video"


def _name(tree: Tree, holder: Element) -> str:
    named = {"kdenlive": "kdenlive:track_name", "shotcut": "shotcut:name"}
    return get_property(holder, named.get(tree.dialect.name, "title"))
