"""What an editor should know of an edit in an MLT project, one sentence each."""

from opentimelineio.schema import Clip, Timeline

from longtake_bridge.timeline.made_clip import METADATA_KEY
from longtake_bridge.timeline.mlt.reading import address_of
from longtake_bridge.timeline.mlt.tree import Tree


def say_takes(tree: Tree, timeline: Timeline) -> tuple[str, ...]:
    """Where the takes of new clips lie that are not shown."""
    counts = [len(clip.media_references()) for clip in _made(timeline)]
    if max(counts, default=0) < 2:
        return ()
    if tree.bin is None:
        said = "The active take is on the timeline; the others lie beside it in the media folder."
        return (said,)
    where = (
        'in the folder "Longtake" of the bin' if tree.dialect.name == "kdenlive" else "in the bin"
    )
    return (f"The active take is on the timeline; the other takes are {where}.",)


def _made(timeline: Timeline) -> list[Clip]:
    """The clips that are new on the timeline."""
    return [
        clip
        for clip in timeline.find_clips()
        if address_of(clip) is None and METADATA_KEY in clip.metadata
    ]
