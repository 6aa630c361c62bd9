"""The clips beside a gap: shown for longer, and looked to for what the piece between wears."""

from fractions import Fraction

from opentimelineio.schema import Clip, Gap, Track

from longtake_bridge.errors import wrong_call
from longtake_bridge.timeline import track_edit
from longtake_bridge.timeline.made_clip import widen_media
from longtake_bridge.timeline.placement import Anchor, Placement, Span, Trim


def apply_trim(track: Track, trim: Trim) -> None:
    """Moves an edge of a clip out into the gap beside it, in place.

    Raises:
        BridgeError: WRONG_CALL; the clip is not there any more, or has no such gap beside it.
    """
    rate, tail = trim.anchor.record_range.rate, trim.side == "tail"
    by_s = trim.frames / rate
    index = _find_edge(track, trim.anchor, tail=tail)
    free_s = (track_edit.free_after_s if tail else track_edit.free_before_s)(track, index)
    if free_s is not None and free_s < by_s - _half_frame_s(rate):
        raise wrong_call(
            f"Less than {trim.frames} frames are free {'after' if tail else 'before'} "
            f'"{trim.anchor.clip_name}" now; make the placement anew.'
        )
    clip = track[index]
    if tail:
        track_edit.take_gap_after(track, index, by_s)
        track_edit.grow_tail(clip, by_s, float(rate))
    else:
        track_edit.take_gap_before(track, index, by_s)
        track_edit.grow_head(clip, by_s, float(rate))
    widen_media(clip)


def check_gap(track: Track, span: Span) -> None:
    """Nothing, where nothing but gap lies at `span`.

    Raises:
        BridgeError: WRONG_CALL; something does.
    """
    slack_s = _half_frame_s(span.rate)
    for lying in track_edit.lay_out(track):
        reaches_in = lying.start_s < span.end_s - slack_s and lying.end_s > span.start_s + slack_s
        if reaches_in and not isinstance(lying.item, Gap):
            raise wrong_call(f'"{track.name}" has no gap at frame {span.start_frame} to fill.')


def find_dresser(track: Track, edit: Placement) -> Clip | None:
    """The clip whose effects the made piece takes on: the anchor, beside the piece; None without.

    Other edits may have moved the anchor's far edge, so it is known by the edge that they share.
    """
    if edit.anchor is None:
        return None
    span = edit.record_range
    slack_s = _half_frame_s(span.rate)
    for lying in track_edit.lay_out(track):
        beside = (
            abs(lying.end_s - span.start_s) < slack_s or abs(lying.start_s - span.end_s) < slack_s
        )
        if beside and isinstance(lying.item, Clip) and lying.item.name == edit.anchor.clip_name:
            return lying.item
    return None


def _find_edge(track: Track, anchor: Anchor, *, tail: bool) -> int:
    """The index of the clip whose tail or head is where the anchor's was."""
    span = anchor.record_range
    wanted_s = span.end_s if tail else span.start_s
    for lying in track_edit.lay_out(track):
        edge_s = lying.end_s if tail else lying.start_s
        if (
            isinstance(lying.item, Clip)
            and lying.item.name == anchor.clip_name
            and abs(edge_s - wanted_s) < _half_frame_s(span.rate)
        ):
            return lying.index
    raise wrong_call(
        f'"{anchor.clip_name}" no longer lies where the placement was made for; make it anew.'
    )


def _half_frame_s(rate: Fraction) -> Fraction:
    return 1 / rate / 2
