"""Random timelines filled, or their jump cuts hidden, against lists of frames.

The timeline keeps its length, all that was seen is still seen where it was, a gap is filled whole
or not touched, and real frames beside a gap run on without a jump. No edit depends on another.
"""

import random
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.timeline.choice import Choice, Chosen, choose
from longtake_bridge.timeline.document import TimelineDocument
from longtake_bridge.timeline.file_format import format_of
from longtake_bridge.timeline.look import Look
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.piece import place_piece
from longtake_bridge.timeline.placement import Placement
from longtake_bridge.timeline.plan import MadeTake
from longtake_bridge.timeline.screen import shown_on
from longtake_bridge.timeline.timing import seconds_of
from longtake_bridge.timeline.track_edit import lay_out
from opentimelineio.opentime import TimeRange

MEDIA_FRAMES = 120
RATES = [Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001)]
Frame = tuple[str, int] | None  # file and its frame; None in a gap


def random_lane(edit: Any, dice: random.Random, build: Any, sources: Sequence[str]) -> Any:
    """A track of random clips and gaps; every second track begins or ends in black."""
    items = []
    for _ in range(dice.randrange(3, 9)):
        if dice.random() < 0.4:
            items.append(edit.gap(dice.randrange(1, 50)))
            continue
        frames = dice.randrange(1, 50)
        start = dice.randrange(0, MEDIA_FRAMES - frames + 1)
        source = dice.choice(sources)
        url = f"file:///media/{source}.mov"
        name = f"{source}{len(items)}"
        items.append(edit.clip(name, start, frames, available=(0, MEDIA_FRAMES), url=url))
    return build(*items)


def random_timeline(edit: Any, dice: random.Random) -> Any:
    lane = random_lane(edit, dice, edit.video, "AB")
    sound = edit.audio(*[item.deepcopy() for item in lane])
    upper = random_lane(edit, dice, edit.video, "CD")
    other = random_lane(edit, dice, edit.audio, "AC")
    return edit.timeline(lane, upper, sound, other)


def seen(track: Any, rate: Fraction, length: int) -> list[Frame]:
    frames: list[Frame] = []
    for run in shown_on(track, rate):
        frames += [None] * (run.start_frame - len(frames))
        source = run.source_s * rate
        assert source.denominator == 1
        file = Path(run.url).stem
        frames += [(file, int(source) + n) for n in range(run.duration_frames)]
    return frames + [None] * (length - len(frames))


def check_end_to_end(track: Any, rate: Fraction) -> None:
    at = Fraction(0)
    for lying in lay_out(track):
        assert lying.start_s == at
        assert lying.end_s > lying.start_s
        assert (lying.end_s * rate).denominator == 1
        at = lying.end_s


def plan(timeline: Any, rate: Fraction, **asked: Any) -> list[Chosen]:
    def probe(path: Path, sequence_rate: Fraction | None) -> MediaFacts:
        return MediaFacts(path, rate, MEDIA_FRAMES, 0, True)

    path = Path("/edit/cut.otio")
    document = TimelineDocument(path, format_of(path), timeline, rate)
    return list(choose(Look(document, probe), Choice(**asked)))


def placements(chosen: list[Chosen], rate: Fraction) -> list[Placement]:
    placed = []
    for one in chosen:
        if one.plan is not None:
            facts = MediaFacts(Path("/made/made.mov"), rate, one.plan.make_frames, 0, True)
            takes = [MadeTake(facts, 0, "morph", {})] if one.plan.make_frames else []
            placed.append(place_piece(one.plan, takes, "made", {}))
    return placed


def apply(timeline: Any, edits: list[Placement]) -> Any:
    for edit in edits:
        timeline = edit.apply(timeline)
    return timeline


@pytest.mark.parametrize("seed", range(160))
def test_gaps(edit_at: Any, seed: int) -> None:
    dice = random.Random(seed)
    rate = dice.choice(RATES)
    timeline = random_timeline(edit_at(rate), dice)
    length = max(round(track.duration().to_seconds() * rate) for track in timeline.tracks)
    untouched = timeline.to_json_string()
    before = [seen(track, rate, length) for track in timeline.tracks]
    chosen = plan(timeline, rate)
    edits = placements(chosen, rate)
    result = apply(timeline, edits)
    assert timeline.to_json_string() == untouched
    after = [seen(track, rate, length) for track in result.tracks]
    for track, old, new in zip(result.tracks, before, after, strict=True):
        check_end_to_end(track, rate)
        assert len(new) == length
        assert [frame for frame, was in zip(new, old, strict=True) if was] == [*filter(None, old)]
    for one in chosen:
        span, new = one.spot.span, after[one.spot.track]
        inside = new[span.start_frame : span.start_frame + span.duration_frames]
        if one.plan is None:
            assert set(inside) == {None}
            continue
        assert None not in inside
        check_filling(one, new)
    # Each is an edit of its own: any order of them ends in the same.
    dice.shuffle(edits)
    other = apply(timeline, edits)
    assert [seen(track, rate, length) for track in other.tracks] == after


def check_filling(one: Chosen, frames: list[Frame]) -> None:
    """Real, made, real: each run goes on frame by frame, the real ones from their shots."""
    assert one.plan is not None
    span, hole = one.spot.span, one.plan.hole
    start, end = span.start_frame, span.start_frame + span.duration_frames
    made = [
        ("made", n) for n in range(hole.duration_frames)
    ]  # the whole file, from its first frame
    assert frames[hole.start_frame : hole.start_frame + hole.duration_frames] == made
    for at in (*range(start, hole.start_frame), *range(hole.start_frame + len(made), end)):
        side = -1 if at < hole.start_frame else 1
        here, beside = frames[at], frames[at + side]
        assert here is not None
        assert beside == (here[0], here[1] + side)


@pytest.mark.parametrize("seed", range(80))
def test_jump_cuts(edit_at: Any, seed: int) -> None:
    dice = random.Random(seed)
    rate = dice.choice(RATES)
    edit = edit_at(rate)
    takes, at = [], 0
    for number in range(dice.randrange(2, 7)):
        at += dice.randrange(0, 12)
        frames = dice.randrange(1, 24)
        if at + frames > MEDIA_FRAMES:
            break
        url = "file:///media/A.mov"
        takes.append(edit.clip(f"A{number}", at, frames, available=(0, MEDIA_FRAMES), url=url))
        at += frames
    lane = edit.video(*takes)
    timeline = edit.timeline(lane, edit.audio(*[take.deepcopy() for take in takes]))
    length = round(lane.duration().to_seconds() * rate)
    before = [seen(track, rate, length) for track in timeline.tracks]
    side = dice.randrange(2, 8)
    chosen = plan(timeline, rate, jump_cuts=True, side_frames=side)
    cuts = {one.spot.span.start_frame for one in chosen}
    jumps = {
        n
        for n in range(1, length)
        if (before[0][n] or ("", 0))[1] != (before[0][n - 1] or ("", 0))[1] + 1
    }
    assert cuts == jumps
    result = apply(timeline, placements(chosen, rate))
    picture, sound = (seen(track, rate, length) for track in result.tracks)
    assert sound == before[1]
    made = {
        at: n
        for one in chosen
        if one.plan is not None
        for n, at in enumerate(
            range(
                one.plan.hole.start_frame,
                one.plan.hole.start_frame + one.plan.hole.duration_frames,
            )
        )
    }
    for at, frame in enumerate(picture):
        assert frame == (("made", made[at]) if at in made else before[0][at])
    for one in chosen:
        if one.plan is not None:
            cut, hole = one.spot.span.start_frame, one.plan.hole
            assert hole.duration_frames == 2 * (cut - hole.start_frame) <= 2 * side


@pytest.mark.parametrize("seed", range(80))
def test_media_of_other_rates(edit_at: Any, seed: int) -> None:
    """Whatever the rates: whole frames, no hole, and no clip shows more than its file holds."""
    dice = random.Random(seed)
    rate = dice.choice(RATES)
    edit = edit_at(rate)
    files = {f"M{n}": dice.choice([*RATES, Fraction(24), Fraction(50)]) for n in range(3)}

    def clip(name: str, number: int) -> Any:
        frames = dice.randrange(2, 40)
        most = int((MEDIA_FRAMES / files[name] - frames / rate) * files[name])
        shown = edit.range(dice.randrange(0, most + 1), 1, rate=files[name])
        item = edit.clip(f"{name}-{number}", 0, frames, url=f"file:///media/{name}.mov")
        item.media_reference.available_range = edit.range(0, MEDIA_FRAMES, rate=files[name])
        item.source_range = TimeRange(shown.start_time, edit.time(frames))
        return item

    items = []
    for number in range(5):
        items += [clip(dice.choice(sorted(files)), number), edit.gap(dice.randrange(1, 60))]
    timeline = edit.timeline(edit.video(*items))

    def probe(path: Path, sequence_rate: Fraction | None) -> MediaFacts:
        return MediaFacts(path, files[path.stem], MEDIA_FRAMES, 0, True)

    path = Path("/edit/cut.otio")
    document = TimelineDocument(path, format_of(path), timeline, rate)
    chosen = list(choose(Look(document, probe), Choice()))
    edits = []
    for one in chosen[:-1]:  # the last is the black at the tail
        assert one.plan is not None
        media = one.plan.before.media
        facts = MediaFacts(Path("/made/made.mov"), media.rate, one.plan.make_frames, 0, True)
        takes = [MadeTake(facts, 0, "morph", {})] if one.plan.make_frames else []
        edits.append(place_piece(one.plan, takes, "made", {}))
    result = apply(timeline, edits)
    track = result.tracks[0]
    check_end_to_end(track, rate)
    assert track.duration().to_seconds() == timeline.tracks[0].duration().to_seconds()
    assert [type(item).__name__ for item in track].count("Gap") == 1
    for item in list(track)[:-1]:
        shown, held = item.source_range, item.media_reference.available_range
        assert seconds_of(shown.start_time) >= seconds_of(held.start_time)
        end_s = seconds_of(shown.start_time) + seconds_of(shown.duration)
        assert end_s <= seconds_of(held.start_time) + seconds_of(held.duration)
