"""What an editor should know of an edit in an MLT project, one sentence each."""

from opentimelineio.schema import Clip, Timeline, Track, Transition

from longtake_bridge.timeline.made_clip import METADATA_KEY
from longtake_bridge.timeline.mlt.element import get_property
from longtake_bridge.timeline.mlt.lane import lanes_of
from longtake_bridge.timeline.mlt.reading import address_of
from longtake_bridge.timeline.mlt.source import effect_name, filters_of
from longtake_bridge.timeline.mlt.tree import Tree


def say_what_stays(tree: Tree, timeline: Timeline) -> tuple[str, ...]:
    """What does not go along with new clips and what was moved."""
    made = list(_made(timeline))
    if not made:
        return ()
    notes = [*_say_effects(tree, timeline), *_say_takes(tree, made)]
    if _is_rippled(timeline, made) and _has_subtitles(tree):
        notes.append(
            "Everything after the new frames is pushed later but for the subtitles; move those in "
            "the editor."
        )
    return tuple(notes)


def _made(timeline: Timeline) -> list[Clip]:
    """The clips that are new on the timeline."""
    return [
        clip
        for clip in timeline.find_clips()
        if address_of(clip) is None and METADATA_KEY in clip.metadata
    ]


def _say_effects(tree: Tree, timeline: Timeline) -> list[str]:
    notes: list[str] = []
    lanes = lanes_of(tree)
    for track in timeline.tracks:
        for index, item in enumerate(track):
            if not isinstance(item, Clip) or address_of(item) is not None:
                continue
            for beside in _beside(track, index):
                address = address_of(beside)
                if address is None or beside.name != _extended(item):
                    continue
                piece = lanes[address["lane"]].pieces[address["piece"]]
                found = filters_of(tree, piece.entry, tree.producer_of(piece.entry))
                names = dict.fromkeys(effect_name(one) for one in found)
                if names:
                    notes.append(
                        f'The effects of "{beside.name}" ({", ".join(names)}) stay on it; copy '
                        "what its new frames need in the editor."
                    )
    return list(dict.fromkeys(notes))


def _extended(clip: Clip) -> str:
    return str(clip.metadata.get(METADATA_KEY, {}).get("clip_name", ""))


def _beside(track: Track, index: int) -> list[Clip]:
    near = [track[i] for i in (index - 1, index + 1) if 0 <= i < len(track)]
    return [one for one in near if isinstance(one, Clip) and not isinstance(one, Transition)]


def _say_takes(tree: Tree, made: list[Clip]) -> list[str]:
    most = max(len(clip.media_references()) for clip in made)
    if most < 2:
        return []
    if tree.bin is None:
        return ["The active take is on the timeline; the others lie beside it in the media folder."]
    where = (
        'in the folder "Longtake" of the bin' if tree.dialect.name == "kdenlive" else "in the bin"
    )
    return [f"The active take is on the timeline; the other takes are {where}."]


def _is_rippled(timeline: Timeline, made: list[Clip]) -> bool:
    return any(
        clip.metadata[METADATA_KEY].get("request", {}).get("follow") == "ripple" for clip in made
    )


def _has_subtitles(tree: Tree) -> bool:
    return any(
        get_property(one, "mlt_service") in ("avfilter.subtitles", "subtitle")
        for one in tree.root.iter("filter")
    )
