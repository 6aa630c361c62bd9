"""What this engine and its backends can do, as values light enough for the daemon."""

from typing import Literal

import msgspec

Task = Literal["extend", "interpolate", "inpaint", "outpaint", "animate", "generate"]
Beginning = Literal["words", "still", "clip"]  # what a shot is made from


class ModelInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend is called and what it can be asked for; fields as in `proto/` Model."""

    name: str
    description: str
    tasks: tuple[Task, ...]
    min_known_frames: int
    built_in: bool = True
    takes_prompt: bool = False
    max_new_frames: int = 0  # 0: any number
    remakes_known_frames: bool = False
    foretells: bool = True  # False: it keeps the picture alive rather than guess what comes
    follows_camera: bool = False  # it does nothing for a camera that stands
    quick: bool = True  # False: it takes minutes, and is not tried on the clip beforehand
    max_pixels: int = 0  # of a picture that it makes; larger ones are enlarged; 0: any number
    shares_subject: bool = False  # it can make several shots of one subject together
    makes_from: tuple[Beginning, ...] = ()  # of "generate"; empty where nobody says
    license: str = "Apache-2.0"
