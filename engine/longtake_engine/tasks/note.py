"""What an editor should know of a take, one sentence each."""

from collections.abc import Iterable

from longtake_engine.ability import ModelInfo
from longtake_engine.picture import PictureFormat
from longtake_engine.splice.sound.continuation import Continuation, Music

LOW = 0.35  # confidence under which a take is rather not cut with


def untried_note(model: str) -> str:
    """What to know of a take by a model that is not tried on the clip beforehand."""
    return (
        f"{model} is not tried on the clip beforehand, for that would take as long as the work"
        " itself: the score says nothing, look at the new frames."
    )


def enlarged_notes(info: ModelInfo, format: PictureFormat) -> tuple[str, ...]:
    """That a model's pictures are made larger to be of the clip's size, where they are."""
    pixels = format.width * format.height
    if not info.max_pixels or pixels <= info.max_pixels:
        return ()
    times = (pixels / info.max_pixels) ** 0.5
    return (
        f"{info.name} makes pictures of {info.max_pixels / 1e6:.1f} megapixels; the new frames are"
        f" enlarged {times:.1f} times to the clip's {format.width}×{format.height}, and softer.",
    )


def sound_notes(heard: Iterable[Continuation], music: Music) -> tuple[str, ...]:
    """What became of the words and the music that were heard beside the joins."""
    heard = tuple(heard)
    notes = []
    if any(sound.speech for sound in heard):
        notes.append(
            "People speak beside the join: under the new frames is the room's sound without words."
        )
    if any(sound.pad is not None for sound in heard):
        what = (
            "its last chord is held under the new frames; --music fade lets it fade instead."
            if music == "hold"
            else "it fades within a second of the join; --music hold holds its last chord instead."
        )
        notes.append(f"Music plays beside the join: {what}")
    elif any(sound.music for sound in heard):
        notes.append("Music plays under the words beside the join: it ends with them.")
    return tuple(notes)
