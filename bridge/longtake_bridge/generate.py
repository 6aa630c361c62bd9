"""A shot that nobody shot: of stills, of words, or of a clip.

with Engine.open() as engine:
    push = GenerateOptions(
        still_paths=(Path("map.png"),), duration=Length(frames=96), camera=Camera("dolly-in")
    )
    generate_media(engine, Path("map.mov"), options=push).takes[0].notes
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longtake.v1 import job_pb2

from longtake_bridge.client import Engine
from longtake_bridge.errors import wrong_call
from longtake_bridge.option import CAMERAS, Camera, GenerateOptions, ShotOptions
from longtake_bridge.output import absolute, output_path
from longtake_bridge.request import (
    OnChange,
    ignore_change,
    job_spec,
    length_to_proto,
    make_media,
    rational,
)
from longtake_bridge.result import Result

_NAME = re.compile(r"\w+", re.UNICODE)
_NAMED_WORDS = 6  # of a prompt, in the name of a file


def generate_media(
    engine: Engine,
    output: Path | None = None,
    *,
    options: GenerateOptions,
    on_change: OnChange = ignore_change,
) -> Result:
    """What was made.

    Without `output` the file lies beside the first still or the clip, or where the caller stands,
    and replaces nothing.

    Raises:
        BridgeError: The call means nothing, the engine refused, or the work was cancelled.
    """
    return make_media(engine, generate_spec(output, options=options), options, on_change)


def generate_spec(output: Path | None, *, options: GenerateOptions) -> job_pb2.JobSpec:
    """The request that `generate_media` makes, whole in itself.

    Raises:
        BridgeError: WRONG_CALL; it contradicts itself, or says nothing.
    """
    check_generate(options)
    sources = (*options.still_paths, *((options.input_path,) if options.input_path else ()))
    source = sources[0] if sources else Path(prompt_name(options.prompt))
    path = output_path(source, output, options.codec, done="generated")
    return shot_spec(options, path)


def shot_spec(options: GenerateOptions, path: Path) -> job_pb2.JobSpec:
    """The request for a shot that is written to `path`."""
    size, rate = options.size, options.frame_rate
    work = job_pb2.GenerateSpec(
        duration=length_to_proto(options.duration),
        size=job_pb2.PictureSize(width=size[0], height=size[1]) if size else None,
        frame_rate=rational(rate) if rate is not None else None,
        still_paths=[str(absolute(still)) for still in options.still_paths],
        input_path=str(absolute(options.input_path)) if options.input_path else "",
        like_path=str(absolute(options.like_path)) if options.like_path else "",
        matte_path=str(absolute(options.matte_path)) if options.matte_path else "",
        subject=options.same_subject if options.shots else "",
        shots=[
            job_pb2.SiblingShot(prompt=shot.prompt, duration=length_to_proto(shot.duration))
            for shot in options.shots
        ],
    )
    spec = job_spec(work, path, options)
    spec.guidance.strength = options.strength
    spec.guidance.expand_prompt = options.expand_prompt
    spec.guidance.reference_paths.extend(str(absolute(one)) for one in options.reference_paths)
    if options.camera is not None:
        kind = f"CAMERA_KIND_{options.camera.kind.upper().replace('-', '_')}"
        spec.guidance.camera.CopyFrom(job_pb2.CameraMove(kind=kind, amount=options.camera.amount))
    return spec


@dataclass(frozen=True, slots=True)
class WrittenPrompt:
    """A prompt as it would go to a model; to be edited, and given as it is then."""

    prompt: str
    added: tuple[str, ...]
    written_by: str  # "template" or a language model; empty where nothing was added
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The one object that `--show-prompt --json` prints."""
        return {
            "prompt": self.prompt,
            "added": list(self.added),
            "written_by": self.written_by or None,
            "notes": list(self.notes),
        }


def write_prompt(engine: Engine, options: GenerateOptions) -> WrittenPrompt:
    """The prompt of `options` written out as a shot; nothing is made.

    Raises:
        BridgeError: WRONG_CALL; there is no prompt.
    """
    if not options.prompt.strip():
        raise wrong_call("There is no prompt to write out; give one with --prompt.")
    guidance = shot_spec(options, Path()).guidance
    shown = bool(options.still_paths or options.input_path)
    written = engine.expand_prompt(guidance, shown=shown)
    return WrittenPrompt(
        written.prompt, tuple(written.added), written.written_by, tuple(written.notes)
    )


def check_generate(options: GenerateOptions) -> None:
    """Nothing, where `options` can mean something, as far as it is known without the engine.

    Raises:
        BridgeError: WRONG_CALL; they contradict each other, or say nothing.
    """
    check_shot(options)
    said = options.prompt or options.reference_paths or options.still_paths or options.input_path
    if not said:
        raise wrong_call("Say what to make: --prompt TEXT, or --image STILL for a shot of a still.")
    if options.input_path is not None and options.still_paths:
        raise wrong_call("A shot is made from a clip or from stills; give --input or --image.")
    if options.matte_path is not None and len(options.still_paths) != 1:
        raise wrong_call("A matte says what of one still is near; give it with one --image.")
    if options.duration is None and options.input_path is None:
        raise wrong_call("A shot has a length; give --duration, such as --duration 4s.")
    if options.strength and options.input_path is None:
        raise wrong_call("--strength says how far to leave a clip; give one with --input.")
    if options.input_path is not None and not options.strength:
        raise wrong_call("Say how far to leave the clip: --strength 0.3 keeps most of it.")
    _check_series(options)
    if not 0 <= options.strength <= 1:
        raise wrong_call(f"--strength {options.strength:g} is not possible; give 0 to 1.")


def _check_series(options: GenerateOptions) -> None:
    if bool(options.shots) != bool(options.same_subject.strip()):
        raise wrong_call(
            "Shots of one subject are two or more: give each other one with --shot TEXT, and with"
            " --same-subject the words that name in all of them what looks the same."
        )
    if not options.shots:
        return
    if options.still_paths or options.input_path:
        raise wrong_call("Shots of one subject are made from words; leave --image and --input out.")
    if options.take_count > 1:
        raise wrong_call(
            "Shots of one subject come in one take each; leave --takes out, and ask again with"
            " another --seed for others."
        )
    for prompt in (options.prompt, *(shot.prompt for shot in options.shots)):
        if not says_subject(prompt, options.same_subject):
            raise wrong_call(
                "Every shot has to name what they share:"
                f' "{options.same_subject}" is not in "{prompt}".'
            )


def says_subject(prompt: str, subject: str) -> bool:
    """Whether the words of `subject` stand in `prompt`, side by side and in any case."""
    return " ".join(subject.split()).lower() in " ".join(prompt.split()).lower()


def check_shot(options: ShotOptions) -> None:
    """Nothing, where the camera can move so.

    Raises:
        BridgeError: WRONG_CALL; it cannot.
    """
    camera = options.camera
    if camera is None:
        return
    if camera.kind not in CAMERAS:
        raise wrong_call(f'A camera cannot "{camera.kind}"; take one of {", ".join(CAMERAS)}.')
    if not 0 <= camera.amount <= 1:
        raise wrong_call(f"A camera cannot move by {camera.amount:g}; give 0 to 1.")


def parse_camera(text: str) -> Camera:
    """The move of "dolly-in" or "dolly-in:0.8".

    Raises:
        BridgeError: WRONG_CALL; it is none.
    """
    kind, _, amount = text.strip().lower().replace("_", "-").partition(":")
    try:
        camera = Camera(kind, float(amount) if amount else 0.0)
    except ValueError:
        raise wrong_call(
            f'"{amount}" is no amount; give 0 to 1, such as --camera {kind}:0.5.'
        ) from None
    check_shot(ShotOptions(camera=camera))
    return camera


def prompt_name(prompt: str) -> str:
    """A name for a shot of words: the first of them."""
    return " ".join(_NAME.findall(prompt)[:_NAMED_WORDS])[:60] or "shot"
