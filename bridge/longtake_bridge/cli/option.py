"""The options that several commands share; light, for --help loads it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.errors import wrong_call
from longtake_bridge.length import parse_length, parse_rate
from longtake_bridge.mark import parse_size
from longtake_bridge.option import CODECS, MUSIC, ExtendOptions
from longtake_bridge.output import is_timeline

if TYPE_CHECKING:
    from longtake_bridge.timeline.placement import Follow

Command = Callable[..., Any]
Option = Callable[[Command], Command]  # as click makes it


class Parsed(click.ParamType):
    """What a text means to `parse`, which raises a BridgeError where it means nothing."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name, self._parse = name, parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The meaning; of a default, which is no text, that itself."""
        return self._parse(value) if isinstance(value, str) else value


def _parse_path(text: str) -> Path:
    if not text:  # of a variable that was not set; for Path it would be the folder we are in
        raise wrong_call("A path is empty; name a file.")
    return Path(text)


LENGTH = Parsed("T", parse_length)  # 2s, 48f or a timecode
RATE = Parsed("RATE", parse_rate)  # 24, 23.976 or 24000/1001
SIZE = Parsed("WxH", parse_size)  # 1080x1920
PATH = Parsed("PATH", _parse_path)


def output_option(done: str) -> Option:
    """-o, for a command whose result is called what was `done`."""
    return click.option(
        "-o",
        "--output",
        metavar="OUT",
        type=PATH,
        help=f'Where to write; "NAME ({done})" beside the input where left out.',
    )


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object on stdout."
)
connect_option = click.option(
    "--connect",
    metavar="ADDRESS",
    help="Use the engine at HOST:PORT or unix:PATH and start none; its token is in LONGTAKE_TOKEN.",
)
verbose_option = click.option(
    "--verbose", is_flag=True, help="Show the traceback where Longtake has a bug."
)


@dataclass(frozen=True, slots=True)
class ExtendCall:
    """What the command line asks for, whole and checked as far as it can be without the engine."""

    input_path: Path
    output: Path | None
    options: ExtendOptions
    only_new: bool
    clip: str | None
    follow: Follow  # what becomes of what follows on the timeline
    media_folder: Path | None

    @property
    def on_timeline(self) -> bool:
        """Whether the input is a timeline rather than media."""
        return is_timeline(self.input_path)


def with_options(*options: Option) -> Option:
    """Give a command these arguments and options, and those that every command has."""

    def decorate(command: Command) -> Command:
        for option in reversed((*options, json_option, connect_option, verbose_option)):
            command = option(command)
        return command

    return decorate


def read_call(values: dict[str, Any]) -> ExtendCall:
    """What the parsed values of EXTEND_OPTIONS ask for.

    Raises:
        BridgeError: WRONG_CALL; they contradict each other.
    """
    call = ExtendCall(
        input_path=values.pop("input_path"),
        output=values.pop("output"),
        only_new=values.pop("only_new"),
        clip=values.pop("clip"),
        follow=values.pop("follow") or "gap",
        media_folder=values.pop("media_folder"),
        options=ExtendOptions(**values),
    )
    _check(call)
    return call


def print_json(value: dict[str, Any]) -> None:
    """Print the one object of --json."""
    click.echo(json.dumps(value))  # ASCII alone, for no console's code page to spoil
    sys.stdout.flush()


def _check(call: ExtendCall) -> None:
    if call.options.head is None and call.options.tail is None:
        raise wrong_call("Say how much to add: --tail 2s, --head 48f, or both.")
    name = call.input_path.name
    if call.on_timeline:
        if call.clip is None:
            raise wrong_call(f"{name} is a timeline; name the clip to extend with --clip NAME.")
        if call.only_new:
            raise wrong_call(
                "--only-new is for media; on a timeline the new frames lie by themselves."
            )
        return
    timeline_only = {
        "--clip": call.clip is not None,
        f"--{call.follow}": call.follow != "gap",
        "--media": call.media_folder is not None,
    }
    for option, was_given in timeline_only.items():
        if was_given:
            raise wrong_call(f"{option} is for timelines, and {name} is media; leave it out.")
    if call.only_new and call.options.head is not None and call.options.tail is not None:
        raise wrong_call(
            "--only-new makes one file of one side; run it once with --head and once with --tail."
        )


# The options of every command that makes frames; their values are fields of `MakeOptions`, and so
# are those of the three after them.
MAKE_OPTIONS = (
    click.option(
        "--model",
        default="auto",
        show_default=True,
        metavar="NAME",
        help="What makes the frames (see `longtake models`); auto measures on the clip.",
    ),
    click.option(
        "--takes",
        "take_count",
        type=click.IntRange(1, 16),
        default=1,
        show_default=True,
        metavar="N",
        help="Make N takes, each in another way, best first.",
    ),
    click.option("--prompt", default="", help="What should be seen, for models that listen."),
    click.option("--negative", "negative_prompt", default="", help="What should not be seen."),
    click.option(
        "--seed",
        type=click.IntRange(0, 2**32 - 1),
        default=0,
        metavar="N",
        help="The same seed gives the same frames.",
    ),
    click.option(
        "--codec",
        type=click.Choice(CODECS),
        default="prores",
        show_default=True,
        help="What the new file is written as; source is the clip's own.",
    ),
)
no_audio_option = click.option("--no-audio", is_flag=True, help="Write no sound.")
music_option = click.option(
    "--music",
    type=click.Choice(MUSIC),
    default="fade",
    show_default=True,
    help="What music does under new frames: its last chord fades, or is held.",
)
deinterlace_option = click.option(
    "--deinterlace", is_flag=True, help="Take an interlaced clip, deinterlaced."
)
force_option = click.option(
    "--force", is_flag=True, help="Replace an OUT that Longtake did not make."
)

# How the result lies on a timeline: `follow`, "gap" where None, and `media_folder`.
media_option = click.option(
    "--media",
    "media_folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="On a timeline: where the new media goes; a folder beside OUT where left out.",
)
PLACE_OPTIONS = (
    click.option(
        "--ripple",
        "follow",
        flag_value="ripple",
        help="On a timeline: push what follows along, where no gap takes the new frames.",
    ),
    click.option(
        "--overwrite",
        "follow",
        flag_value="overwrite",
        help="On a timeline: lay the new frames over what follows.",
    ),
    media_option,
)

# Those of `longtake extend`; `read_call` reads them.
EXTEND_OPTIONS = (
    click.argument("input_path", metavar="INPUT", type=PATH),
    click.option("--head", type=LENGTH, help="Add T before the first frame."),
    click.option("--tail", type=LENGTH, help="Add T after the last frame: 2s, 48f or 00:00:02:00."),
    output_option("extended"),
    click.option("--only-new", is_flag=True, help="Write the new frames alone (one side)."),
    *MAKE_OPTIONS,
    no_audio_option,
    music_option,
    deinterlace_option,
    click.option(
        "--rate",
        "sequence_rate",
        type=RATE,
        help="Frames a second of a sequence of images; 24 where left out.",
    ),
    force_option,
    click.option("--clip", metavar="NAME", help="On a timeline: the clip to extend."),
    *PLACE_OPTIONS,
)
