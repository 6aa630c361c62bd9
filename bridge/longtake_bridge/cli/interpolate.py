"""`longtake interpolate`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.clip_command import clip_options, read_how, run_call
from longtake_bridge.cli.option import (
    LENGTH,
    PATH,
    PLACE_OPTIONS,
    RATE,
    Parsed,
    music_option,
    with_options,
)
from longtake_bridge.errors import wrong_call
from longtake_bridge.length import Length, parse_factor, parse_position
from longtake_bridge.option import JOINS, QUALITIES, InterpolateOptions
from longtake_bridge.output import is_timeline

if TYPE_CHECKING:
    from longtake.v1 import job_pb2

    from longtake_bridge.client import Engine
    from longtake_bridge.clip_edit import ClipJob, TimelineEdit
    from longtake_bridge.timeline.placement import Follow


_OPTIONS = (
    click.argument("input_paths", metavar="INPUT [SECOND]", nargs=-1, type=PATH),
    click.option(
        "--factor",
        type=Parsed("N", parse_factor),
        help="Slow motion: make INPUT N times as long (2, 2.5, 5/2), at its own frame rate.",
    ),
    click.option(
        "--rate",
        "frame_rate",
        type=RATE,
        metavar="FPS",
        help="Convert INPUT to FPS frames a second (25, 23.976, 24000/1001), as long as it is.",
    ),
    click.option("--duration", type=LENGTH, help="The gap between INPUT and SECOND: 2s, 12f, ..."),
    click.option(
        "--between",
        nargs=2,
        metavar="T T",
        help="Of one clip: from the first T up to the second alone; 2s, 48f or a timecode that "
        "INPUT shows.",
    ),
    click.option(
        "--join",
        type=click.Choice(JOINS),
        default="auto",
        show_default=True,
        help="How the gap is crossed: motion from shot to shot (morph), or both shots gone on "
        "with into a cut or a dissolve; auto looks at both and says why.",
    ),
    click.option(
        "--quality",
        type=click.Choice(QUALITIES),
        default="standard",
        show_default=True,
        help="What a frame may cost: draft is quick, best is slower.",
    ),
    music_option,
    *clip_options("interpolated", "the clip to slow down", PLACE_OPTIONS),
)


def _media(engine: Engine, call: _Call) -> job_pb2.JobSpec:
    from longtake_bridge.interpolate import interpolate_spec

    return interpolate_spec(call.input_paths, call.output, options=_with_range(engine, call))


def _clip(engine: Engine, call: _Call) -> ClipJob:
    from longtake_bridge.slow_timeline import slow_clip

    return slow_clip(engine, call.edit, call.options)


@click.command("interpolate", short_help="Make frames between frames: slow motion, rates, gaps.")
@with_options(*_OPTIONS)
def interpolate_command(**values: Any) -> None:
    """Make frames between frames.

    Of one clip: slow motion (--factor), or another frame rate (--rate). Frames that are due are
    the clip's own, bit by bit; nothing is blended across a cut; pictures that are held (pulldown,
    animation on twos) are told from motion. Slowed sound keeps its pitch.

    Of a clip on a timeline (--clip): slow motion (--factor) of what it shows, in its place.

    Of two shots: the frames of a gap between them (--duration), as a file of their own, at the
    rate and in the format of the first.
    """
    how = read_how(values)
    run_call(_read_call(values), how, media=_media, clip=_clip)


@dataclass(frozen=True, slots=True)
class _Call:
    """What the command line asks for, checked as far as it can be without the engine."""

    input_paths: tuple[Path, ...]
    output: Path | None
    options: InterpolateOptions
    between: tuple[Length | None, Length | None] | None
    clip: str | None
    follow: Follow
    media_folder: Path | None

    @property
    def on_timeline(self) -> bool:
        """Whether the input is a timeline rather than media."""
        return len(self.input_paths) == 1 and is_timeline(self.input_paths[0])

    @property
    def edit(self) -> TimelineEdit:
        """The part that speaks of the timeline."""
        from longtake_bridge.clip_edit import TimelineEdit

        path, clip = self.input_paths[0], self.clip or ""
        return TimelineEdit(path, clip, self.output, self.follow, self.media_folder)


def _read_call(values: dict[str, Any]) -> _Call:
    between = values.pop("between")
    places = None
    if between is not None:
        start, end = (parse_position(text) for text in between)
        places = (start, end)
        if end is None:
            raise wrong_call(
                f"--between {between[0]} {between[1]} is no time at all; end it later."
            )
    call = _Call(
        input_paths=values.pop("input_paths"),
        output=values.pop("output"),
        between=places,
        clip=values.pop("clip"),
        follow=values.pop("follow") or "gap",
        media_folder=values.pop("media_folder"),
        options=InterpolateOptions(**values),
    )
    _check(call)
    return call


def _check(call: _Call) -> None:
    if call.on_timeline:
        _check_on_timeline(call)
        return
    for option, was_given in (
        ("--clip", call.clip is not None),
        (f"--{call.follow}", call.follow != "gap"),
        ("--media", call.media_folder is not None),
    ):
        if was_given:
            raise wrong_call(f"{option} is for a timeline, and the input is media; leave it out.")
    if call.between is not None and len(call.input_paths) != 1:
        raise wrong_call("--between is for one clip; leave it out.")
    from longtake_bridge.interpolate import interpolate_spec

    interpolate_spec(call.input_paths, call.output, options=call.options)


def _check_on_timeline(call: _Call) -> None:
    name = call.input_paths[0].name
    if call.options.frame_rate is not None:
        raise wrong_call("--rate is for media: a timeline has its own. Give --factor instead.")
    if call.options.duration is not None:
        raise wrong_call("--duration is for two clips; `longtake fill` fills a timeline's gaps.")
    if call.between is not None:
        raise wrong_call("--between is for media; of a timeline's clip, all that it shows is made.")
    if call.clip is None:
        raise wrong_call(f"{name} is a timeline; name the clip to slow down with --clip NAME.")
    if call.options.factor is None:
        raise wrong_call("Say how slow: --factor 2 makes the clip twice as long.")
    if call.options.factor <= 1:
        factor = float(call.options.factor)
        raise wrong_call(f"--factor {factor:g} slows nothing down; give more than 1, such as 2.")


def _with_range(engine: Engine, call: _Call) -> InterpolateOptions:
    """The options with what --between means for the clip, which the engine looks at for that."""
    if call.between is None:
        return call.options
    from longtake_bridge.media_probe import frames_between, probe_with
    from longtake_bridge.output import absolute

    facts = probe_with(engine)(absolute(call.input_paths[0]), call.options.sequence_rate)
    return replace(call.options, shown=(frames_between(facts, *call.between),))
