"""What a host says of its timeline: the selected clip, what lies around it, and what is asked."""

from fractions import Fraction
from typing import Annotated, Literal

from msgspec import Meta, Struct

TaskName = Literal[
    "extend",
    "fill_gap",
    "smooth_jump_cut",
    "slow_motion",
    "remove",
    "outpaint",
    "animate",
    "generate",
]
Side = Literal["head", "tail"]
Positive = Annotated[int, Meta(ge=1)]
FromZero = Annotated[int, Meta(ge=0)]


class Track(Struct, frozen=True, forbid_unknown_fields=True):
    """One track of the host's timeline."""

    kind: Literal["video", "audio"]
    index: FromZero  # the host's own number, growing from the bottom; tracks may be left out
    name: str = ""


class Item(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that lies on a track. Without `media` it only takes up room: a title, a scene."""

    track: Track
    record_start: int  # frame of the timeline, in the host's own count
    record_frames: Positive  # timeline frames
    name: str = ""
    media: str | None = None  # absolute path, or pattern of a sequence of images (shot.%04d.png)
    source_start: int = 0  # first frame shown, from 0 at the file's first, at `source_rate`
    source_rate: Fraction | None = None  # what source frames are counted at; the timeline's if null
    source_frames: Positive | None = None  # shown of the file; null: as long as on the timeline
    speed: float = 1.0  # 2 is twice as fast, -1 backwards; known from source_frames as well
    enabled: bool = True
    head_transition: bool = False  # a transition or fade of the host lies on this edge
    tail_transition: bool = False


class Context(Struct, frozen=True, forbid_unknown_fields=True):
    """What is selected and what lies around it; or a timeline file and a clip's name in it."""

    rate: Fraction | None = None  # timeline frames a second; needed with `items`
    items: tuple[Item, ...] = ()
    clip: FromZero | None = None  # which of `items` is selected
    # Frame of the timeline: the gap or cut there, where no clip is selected; else what `remove` has
    # boxes and points drawn on; where what `generate` makes begins.
    at: int | None = None
    track: Track | None = None  # with `at`: on this video track; else the topmost that has one
    start_frame: int = 0  # the first frame that things may lie on
    shared_tracks: bool = False  # sound and picture lie on the same tracks, as Blender's channels
    project: str | None = None  # path of the project; made media goes into a folder beside it
    media_folder: str | None = None  # or into this one
    timeline: str | None = None  # instead of `items`: path of a timeline or project file
    clip_name: str | None = None  # with `timeline`: the clip; fill_gap does without
    at_timecode: str | None = None  # with `timeline`: instead of `at`, as the timeline shows it

    @property
    def is_file(self) -> bool:
        """Whether it speaks of a timeline file rather than of what lies in the host."""
        return self.timeline is not None


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How it is to be made; all of it may be left out but what the task needs."""

    head: str | None = None  # extend: how much, as 2s, 48f or a timecode
    tail: str | None = None
    side: Side = "tail"  # fill_gap, smooth_jump_cut: the gap or cut after the clip, or before it
    side_frames: Annotated[int, Meta(ge=2, le=500)] | None = None  # smooth_jump_cut
    factor: Fraction | None = None  # slow_motion: how many times as long, more than 1
    follow: Literal["gap", "ripple", "overwrite"] = "gap"  # extend, slow_motion
    # outpaint: the new picture, "1080x1920"; where the old one lies in it, and how large.
    size: str | None = None
    anchor: Literal[
        "center",
        "top",
        "bottom",
        "left",
        "right",
        "top-left",
        "top-right",
        "bottom-left",
        "bottom-right",
    ] = "center"
    fit: Literal["auto", "keep", "inside", "fill"] = "auto"
    follow_subject: bool = False  # outpaint: go with it; boxes and points show it
    # remove: what is to go, all of it together. Boxes are "X,Y,W,H", points "X,Y", in pixels of the
    # upright picture from its top left; with "@48", on that frame of the file.
    boxes: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    mask: str | None = None  # absolute path of an image, a video or a pattern of images
    mask_hides: Literal["auto", "white", "black", "alpha", "clear"] = "auto"
    defects: tuple[Literal["logo", "dust", "scratches", "spots"], ...] = ()
    between_start: str | None = None  # only from here, as 2s or 48f from where the clip begins
    between_end: str | None = None  # and up to here
    margin: Annotated[int, Meta(ge=0, le=200)] | None = None  # pixels; null: as it moves
    # animate: what flows, absolute paths of masks or boxes "X,Y,W,H", and which way each does, as
    # "DX,DY" in pixels a second; things that go along boxes "X,Y,W,H@0 X,Y,W,H@48", frames of the
    # file or from where a still begins to show; and their masks, all of them or none.
    regions: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    move_masks: tuple[str, ...] = ()
    duration: str | None = None  # generate: how long, as 4s, 96f or a timecode; 4s where null
    stills: tuple[str, ...] = ()  # generate: absolute paths of pictures over which a camera moves
    camera: str | None = None  # generate: "dolly-in", "pan-left:0.8", ...; null: as the still asks
    own_first: bool = True  # generate: look for fitting footage of the user's own first
    expand_prompt: bool = False  # generate: write the prompt out as a shot
    join: Literal["auto", "cut", "dissolve", "morph"] = "auto"
    quality: Literal["draft", "standard", "best"] = "standard"
    model: str = "auto"
    take_count: Annotated[int, Meta(ge=1, le=16)] = 1
    prompt: str = ""
    negative_prompt: str = ""
    seed: Annotated[int, Meta(ge=0, le=2**32 - 1)] = 0
    codec: Literal["prores", "dnxhr", "ffv1", "h264", "source"] = "prores"
    music: Literal["fade", "hold"] = "fade"
    no_audio: bool = False
    deinterlace: bool = False
    output: str | None = None  # of a timeline file: where the new timeline goes
