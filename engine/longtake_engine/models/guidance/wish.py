"""Guidance as models hear it: its pictures read, its drawing ready to be drawn."""

from msgspec.structs import replace

from longtake_engine.canvas import Canvas
from longtake_engine.models.diffusion.wish import Wish
from longtake_engine.models.guidance.control import control_of
from longtake_engine.models.guidance.reference import read_references
from longtake_engine.work import Guidance


def wish_of(guidance: Guidance, canvas: Canvas) -> Wish:
    """What `guidance` says of `canvas`.

    Raises:
        BadInput: A picture that it names cannot be read.
    """
    return Wish(
        prompt=guidance.prompt,
        negative_prompt=guidance.negative_prompt,
        seed=guidance.seed,
        strength=guidance.strength,
        references=read_references(guidance.reference_paths),
        draw=control_of(guidance, canvas),
        camera=guidance.camera,
        draw_besides=control_of(replace(guidance, camera=None), canvas),
    )
