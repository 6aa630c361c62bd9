"""Frames before or after a clip: a media file, or a clip on a timeline.

with Engine.open() as engine:
    result = extend_media(engine, Path("clip.mp4"), options=ExtendOptions(tail=parse_length("2s")))
"""

from pathlib import Path

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import ExtendOptions
from longtake_bridge.output import absolute, output_path
from longtake_bridge.request import (
    OnChange,
    ignore_change,
    job_spec,
    length_to_proto,
    make_media,
)
from longtake_bridge.result import Result


def extend_media(
    engine: Engine,
    input_path: Path,
    output: Path | None = None,
    *,
    options: ExtendOptions,
    only_new: bool = False,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made: the whole clip with its new frames, or the new frames alone where `only_new`.

    Without `output` the file lies beside the clip and replaces nothing.

    Raises:
        BridgeError: The call means nothing, the engine refused, or the work was cancelled.
    """
    spec = media_spec(input_path, output, options=options, only_new=only_new)
    return make_media(engine, spec, options, on_change)


def media_spec(
    input_path: Path, output: Path | None, *, options: ExtendOptions, only_new: bool = False
) -> job_pb2.JobSpec:
    """The request that `extend_media` makes, whole in itself.

    Raises:
        BridgeError: WRONG_CALL; nothing is asked for, or --only-new of both sides.
    """
    if options.head is None and options.tail is None:
        raise wrong_call("Say how much to add: --tail 2s, --head 48f, or both.")
    if only_new and options.head is not None and options.tail is not None:
        raise wrong_call(
            "--only-new makes one file of one side; run it once with --head and once with --tail."
        )
    contents = job_pb2.CONTENTS_NEW_ONLY if only_new else job_pb2.CONTENTS_WHOLE
    work = job_pb2.ExtendSpec(
        input_path=str(absolute(input_path)),
        head=length_to_proto(options.head),
        tail=length_to_proto(options.tail),
        contents=contents,
    )
    return job_spec(work, output_path(input_path, output, options.codec), options)
