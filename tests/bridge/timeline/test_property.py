"""Random timelines and edits against a model that knows no OTIO: lists of frames.

After any edit every track shows exactly what the model says, lies end to end on whole frames, and
the timeline that was given is as it was.
"""

import random
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.length import Length
from longtake_bridge.timeline.clip_search import find_clip
from longtake_bridge.timeline.location import path_from_url
from longtake_bridge.timeline.media import MediaFacts
from longtake_bridge.timeline.plan import MadeTake, place_side, plan_extension
from longtake_bridge.timeline.screen import shown_on
from longtake_bridge.timeline.track_edit import lay_out
from opentimelineio.schema import Gap

MEDIA_FRAMES = 120
Frame = tuple[str, int] | None  # name of the media and its frame; None in a gap


@dataclass(frozen=True)
class Run:
    """A clip of the model: a gap where it has no name."""

    name: str
    source: int
    frames: int


@dataclass(frozen=True)
class Case:
    """What is asked for."""

    side: str
    asked: int
    follow: str
    remade: int


def random_track(dice: random.Random, label: str, target: bool) -> list[Run]:
    runs = []
    place = dice.randrange(1, 4)
    for number in range(5):
        name = "A" if target and number == place else f"{label}{number}"
        if name != "A" and dice.random() < 0.4:
            runs.append(Run("", 0, dice.randrange(1, 40)))
            continue
        frames = dice.randrange(5, 60)
        runs.append(Run(name, dice.randrange(0, MEDIA_FRAMES - frames + 1), frames))
    return runs


def expand(runs: list[Run]) -> list[Frame]:
    return [(r.name, r.source + n) if r.name else None for r in runs for n in range(r.frames)]


def expected(tracks: list[list[Run]], place: int, case: Case) -> list[list[Frame]] | None:
    """What every track shows after the edit; None where there is no room."""
    runs = tracks[place]
    number = next(n for n, run in enumerate(runs) if run.name == "A")
    clip = runs[number]
    start = sum(run.frames for run in runs[:number])
    tail = case.side == "tail"
    past = MEDIA_FRAMES - clip.source - clip.frames if tail else clip.source
    handle = min(case.asked, past)
    new = case.asked - handle
    overlap = min(case.remade, clip.frames - 1 + handle) if new else 0
    made: list[Frame] = [("made", n) for n in range(new + case.remade)]
    made = made[case.remade - overlap :] if tail else made[: new + overlap]
    if tail:
        real = expand([Run("A", clip.source, clip.frames + handle - overlap)])
        whole = real + (made if new else [])
        point = start + clip.frames
    else:
        source = clip.source - handle + overlap
        real = expand([Run("A", source, clip.frames + handle - overlap)])
        whole = (made if new else []) + real
        point = start
    own = expand(runs)
    before, after = own[:start], own[start + clip.frames :]
    if case.follow == "ripple":
        result = [insert(track, point, case.asked) for track in tracks]
        result[place] = before + whole + after
        return result
    result = [expand(track) for track in tracks]
    beside = after if tail else before[::-1]
    if case.follow == "gap":
        if any(beside[: case.asked]) or (not tail and len(beside) < case.asked):
            return None
    elif not tail and len(beside) < case.asked:
        return None
    if tail:
        result[place] = before + whole + after[case.asked :]
    else:
        result[place] = before[: len(before) - case.asked] + whole + after
    return result


def insert(runs: list[Run], point: int, frames: int) -> list[Frame]:
    """A track after a ripple: what spans the point stays whole, the rest lies later."""
    at = 0
    for run in runs:
        if run.name and at < point < at + run.frames:
            point = at + run.frames
        at += run.frames
    shown = expand(runs)
    return [*shown[:point], *[None] * frames, *shown[point:]]


def trimmed(frames: list[Frame]) -> list[Frame]:
    """Without the gap at the end, which means nothing."""
    while frames and frames[-1] is None:
        frames = frames[:-1]
    return frames


def seen(track: Any, rate: Fraction) -> list[Frame]:
    frames: list[Frame] = []
    for run in shown_on(track, rate):
        frames += [None] * (run.start_frame - len(frames))
        name = "made" if "/made/" in run.url else run.name
        source = run.source_s * rate
        assert source.denominator == 1
        frames += [(name, int(source) + n) for n in range(run.duration_frames)]
    return frames


def check_contiguous(track: Any, rate: Fraction) -> None:
    at = Fraction(0)
    for lying in lay_out(track):
        assert lying.start_s == at
        assert lying.end_s > lying.start_s
        assert (lying.end_s * rate).denominator == 1
        assert isinstance(lying.item, Gap) or lying.item.source_range.start_time.value >= 0
        at = lying.end_s


@pytest.mark.parametrize("seed", range(240))
def test_any_edit_shows_what_the_model_shows(edit_at: Any, seed: int) -> None:
    dice = random.Random(seed)
    rate = dice.choice([Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001)])
    edit = edit_at(rate)
    tracks = [random_track(dice, label, label == "x") for label in "xyz"]
    case = Case(
        dice.choice(["head", "tail"]),
        dice.randrange(1, 70),
        dice.choice(["gap", "ripple", "ripple", "overwrite"]),
        dice.choice([0, 0, 3, 9]),
    )
    timeline = edit.timeline(
        *[
            edit.video(
                *[
                    edit.clip(r.name, r.source, r.frames, available=(0, MEDIA_FRAMES))
                    if r.name
                    else edit.gap(r.frames)
                    for r in runs
                ]
            )
            for runs in tracks
        ]
    )
    before = timeline.to_json_string()
    wanted = expected(tracks, 0, case)
    if wanted is None:
        with pytest.raises(BridgeError, match="asked for"):
            extend(timeline, case, rate)
    else:
        result = extend(timeline, case, rate)
        for track, frames in zip(result.tracks, wanted, strict=True):
            check_contiguous(track, rate)
            assert seen(track, rate) == trimmed(frames)
    assert timeline.to_json_string() == before


def extend(timeline: Any, case: Case, rate: Fraction) -> Any:
    length = Length(frames=case.asked)
    plan = plan_extension(
        timeline,
        find_clip(timeline, "A", rate),
        head=length if case.side == "head" else None,
        tail=length if case.side == "tail" else None,
        media=MediaFacts(Path("/media/A.mov"), rate, MEDIA_FRAMES),
        follow=case.follow,  # pyright: ignore[reportArgumentType] # a literal drawn at random
        rate=rate,
        locate=lambda url: path_from_url(url, Path("/media")),
    )
    (side,) = plan.sides
    facts = MediaFacts(Path("/made/x.mov"), rate, side.make_frames + case.remade)
    source = MEDIA_FRAMES - case.remade if side.side == "tail" else -side.make_frames
    takes = [MadeTake(facts, source, "motion", {})] if side.make_frames else []
    placement = place_side(plan, side, takes, {})
    result = placement.apply(timeline)
    check_record_range(placement, result.tracks[0], rate)
    return result


def check_record_range(placement: Any, track: Any, rate: Fraction) -> None:
    """What a host is told of where the piece lies is where it lies."""
    told = placement.record_range
    runs = shown_on(track, rate)
    if placement.takes:
        (made,) = [run for run in runs if "/made/" in run.url]
        assert (told.start_frame, told.duration_frames) == (made.start_frame, made.duration_frames)
        assert placement.source_range.start_frame == made.source_s * rate
        assert placement.source_range.duration_frames == made.duration_frames
    else:
        (clip,) = [run for run in runs if run.name == "A"]
        edges = (told.start_frame, told.start_frame + told.duration_frames)
        assert clip.start_frame <= edges[0] < edges[1] <= clip.start_frame + clip.duration_frames
