"""Strips of every Blender: all that depends on its version lies here.

The interface for strips moved in 4.4 (`sequences` became `strips`), 5.0 (`sequences` went, the
sequencer may show another scene) and 5.1 (new names for edges; the old ones go in 6).
"""

from .longtake_edits import Problem

# Edges of what is shown; where the file begins; frames of it cut away ("hard trim") and hidden.
_OLD = (
    ("frame_final_start", "frame_final_end", "frame_start"),
    ("animation_offset_start", "animation_offset_end", "frame_offset_start", "frame_offset_end"),
)
_NEW = (
    ("left_handle", "right_handle", "content_start"),
    ("content_trim_start", "content_trim_end", "left_handle_offset", "right_handle_offset"),
)


def sequencer_scene(context):
    """The scene that the sequencer shows; from 5.0 on not always the one of the window."""
    return getattr(context, "sequencer_scene", None) or context.scene


def lying_in(owner):
    """The strips that lie in a sequence editor, or in a meta strip."""
    found = getattr(owner, "strips", None)
    return owner.sequences if found is None else found


def strips_all(editor):
    """Those in meta strips, too."""
    found = getattr(editor, "strips_all", None)
    return editor.sequences_all if found is None else found


def spare_channel(strips):
    """A channel on which nothing lies."""
    used = {strip.channel for strip in strips}
    for channel in range(120, 0, -1):
        if channel not in used:
            return channel
    raise Problem("All channels are in use; free one and start again.")


class Edges:
    """Where a strip lies.

    Attributes:
        start, end: The frames from which and before which it is shown.
        content: The frame on which the first frame of the file lies, whether shown or not.
        whole: How long all of its file is on the timeline.
    """

    def __init__(self, strip):
        self.strip = strip
        shown, hidden = _NEW if hasattr(strip, "left_handle") else _OLD
        self._start, self._end, self._content = shown
        self._trim = int(getattr(strip, hidden[0], 0))
        self._read()
        rest = sum(int(round(getattr(strip, name, 0))) for name in hidden)
        self.whole = self.end - self.start + rest

    def lay(self, content, start, end):
        """Move the file to `content`, then show it from `start` to before `end`."""
        setattr(self.strip, self._content, content + self._trim)
        # Twice, for no edge can be laid past the other one.
        for name, frame in ((self._start, start), (self._end, end), (self._start, start)):
            setattr(self.strip, name, frame)
        self._read()
        if (self.start, self.end, self.content) != (start, end, content):
            raise Problem(
                'Blender laid "{0}" at {1} to {2} and not at {3} to {4}.'.format(
                    self.strip.name, self.start, self.end, start, end
                )
            )

    def _read(self):
        self.start = int(getattr(self.strip, self._start))
        self.end = int(getattr(self.strip, self._end))
        self.content = int(round(getattr(self.strip, self._content))) - self._trim
