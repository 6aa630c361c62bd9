"""What an editor should know of an edit in an MLT project, one sentence each."""

from opentimelineio.schema import Clip, Timeline

from longtake_bridge.timeline.made_clip import METADATA_KEY
from longtake_bridge.timeline.mlt.element import get_property
from longtake_bridge.timeline.mlt.reading import address_of
from longtake_bridge.timeline.mlt.tree import Tree


def say_what_stays(tree: Tree, timeline: Timeline) -> tuple[str, ...]:
    """What does not go along with new clips and what was moved."""
    made = list(_made(timeline))
    if not made:
        return ()
    notes = _say_takes(tree, made)
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
