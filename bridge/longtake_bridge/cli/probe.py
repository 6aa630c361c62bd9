"""`longtake probe`."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longtake_bridge.cli.option import (
    PATH,
    RATE,
    connect_option,
    json_option,
    print_json,
    verbose_option,
)

if TYPE_CHECKING:
    from longtake.v1 import media_pb2

_SCANS = ("", "progressive", "top field first", "bottom field first")  # in the order of ScanType


@click.command("probe", short_help="Say what a media file holds.")
@click.argument("input_path", metavar="INPUT", type=PATH)
@click.option(
    "--rate",
    "sequence_rate",
    type=RATE,
    help="Frames a second of a sequence of images; 24 where left out.",
)
@json_option
@connect_option
@verbose_option
def probe_command(
    input_path: Path,
    sequence_rate: Fraction | None,
    as_json: bool,
    connect: str | None,
    verbose: bool,
) -> None:
    """Say what a media file holds, as the engine sees it."""
    from longtake_bridge.client import Engine
    from longtake_bridge.output import absolute
    from longtake_bridge.request import rational

    rate = rational(sequence_rate) if sequence_rate is not None else None
    with Engine.open(connect) as engine:
        media = engine.probe(str(absolute(input_path)), rate)
    if as_json:
        print_json(_media_json(media))
        return
    click.echo(f"{media.path} ({media.container})")
    for video in media.video_streams:
        click.echo(f"  video {video.index}: {_video_text(video)}")
    for audio in media.audio_streams:
        click.echo(
            f"  audio {audio.index}: {audio.codec}, {audio.sample_rate} Hz, "
            f"{audio.channel_layout or audio.channel_count}, {audio.duration_s:.3f} s"
        )
    for note in media.notes:
        click.echo(f"  {note}")


def _video_text(video: media_pb2.VideoStream) -> str:
    rate = Fraction(video.frame_rate.numerator, video.frame_rate.denominator or 1)
    tags = video.color
    parts = [
        f"{video.codec} {video.pixel_format}",
        f"{video.width}×{video.height}",
        f"{video.frame_count} frames at {rate} fps" + (" (variable)" * video.variable_frame_rate),
        "/".join(tag or "?" for tag in (tags.range, tags.matrix, tags.primaries, tags.transfer)),
        _SCANS[video.scan_type] if video.scan_type < len(_SCANS) else "",
        f"turned {video.rotation_degrees}°" if video.rotation_degrees else "",
        f"starts at {video.start_timecode}" if video.start_timecode else "",
    ]
    return ", ".join(part for part in parts if part)


def _media_json(media: media_pb2.MediaInfo) -> dict[str, Any]:
    return {
        "path": media.path,
        "container": media.container,
        "size_bytes": media.size_bytes,
        "video_streams": [_plain(video) for video in media.video_streams],
        "audio_streams": [_plain(audio) for audio in media.audio_streams],
        "notes": list(media.notes),
    }


def _plain(message: Any) -> Any:
    """A message as a dictionary of its own field names: numbers as numbers, rationals as "24/1"."""
    value = {}
    for field in message.DESCRIPTOR.fields:
        item = getattr(message, field.name)
        if field.enum_type is not None:
            prefix = "SCAN_TYPE_"
            item = field.enum_type.values_by_number[item].name.removeprefix(prefix).lower()
        elif field.message_type is not None:
            is_rational = field.message_type.name == "Rational"
            item = f"{item.numerator}/{item.denominator}" if is_rational else _plain(item)
        value[field.name] = item
    return value
