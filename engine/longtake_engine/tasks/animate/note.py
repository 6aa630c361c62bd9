"""What an editor should know of moving parts, one sentence each."""

from longtake_engine.media.info import VideoInfo
from longtake_engine.tasks.animate.loop import frames_over
from longtake_engine.tasks.animate.source import Source
from longtake_engine.tasks.inpaint.place import upright_size
from longtake_engine.work import Animate, BoxPath, Guidance


def source_notes(source: Source, work: Animate, guidance: Guidance, takes: int) -> tuple[str, ...]:
    """Of what is made of `source`, known before it is made."""
    notes = list(source.info.notes)
    if guidance.strokes:
        notes.append(
            "The regions flow in what they show already: nothing new comes in, and what has an"
            " outline of its own is best left out of them."
        )
    if guidance.box_paths:
        notes.append(
            "What lay behind a thing that moves is made up"
            + (" where no frame saw it" if not source.is_still else "")
            + "; its shadow and its reflection stay where they are."
        )
    if takes > 1 and not guidance.box_paths:
        notes.append("Regions flow in one way only, so there is one take.")
    if work.loop and source.is_still:
        notes.append("The last frame leads over into the first.")
    elif work.loop:
        over = frames_over(len(source.output), source.rate)
        notes.append(
            "The last frame leads over into the first: what follows on it dissolves into the first"
            f" {over} frames, which are the clip's own no longer."
        )
    if guidance.strokes and not source.is_still:
        notes.append("A thing that goes by before a region is carried along with it.")
    if any(_is_cut_off(path, source.info.video) for path in guidance.box_paths):
        notes.append(
            "A thing is cut off by the picture's edge where it begins, and that edge shows where it"
            " comes in."
        )
    return tuple(notes)


def _is_cut_off(path: BoxPath, video: VideoInfo) -> bool:
    """Whether a thing moves away from an edge of the picture that its first box touches."""
    width, height = upright_size(video)
    first = path.boxes[0]
    for box in path.boxes[1:]:
        left = first.x <= 0 < box.x
        top = first.y <= 0 < box.y
        right = first.x + first.width >= width > box.x + box.width
        bottom = first.y + first.height >= height > box.y + box.height
        # One that comes from outside was not cut out there.
        outside = first.x + first.width <= 0 or first.x >= width
        outside |= first.y + first.height <= 0 or first.y >= height
        if (left or top or right or bottom) and not outside:
            return True
    return False
