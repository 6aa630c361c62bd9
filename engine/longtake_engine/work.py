"""What the engine is asked for and what it answers, as values.

They cross two borders: the wire (`server/job_in.py`, `job_out.py`) and the pipe to the worker
process (JSON, by msgspec). Paths are absolute on the engine's machine. Fields mean what the fields
of the same name in `proto/` mean.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

T = TypeVar("T")
Join = Literal["auto", "cut", "dissolve", "morph"]
Quality = Literal["draft", "standard", "best"]
MaskHides = Literal["auto", "white", "black", "alpha", "clear"]
Defect = Literal["logo", "dust", "scratches", "spots"]
Anchor = Literal[
    "center",
    "top",
    "bottom",
    "left",
    "right",
    "top_left",
    "top_right",
    "bottom_left",
    "bottom_right",
]
Fit = Literal["auto", "keep", "inside", "fill"]
CameraKind = Literal[
    "static",
    "pan_left",
    "pan_right",
    "tilt_up",
    "tilt_down",
    "dolly_in",
    "dolly_out",
    "truck_left",
    "truck_right",
    "zoom_in",
    "zoom_out",
    "orbit_left",
    "orbit_right",
    "handheld",
]


class Length(msgspec.Struct, frozen=True):
    """A length of time as a person gave it; exactly one field is set."""

    frames: int | None = None
    seconds: Fraction | None = None
    timecode: str | None = None


class FrameRange(msgspec.Struct, frozen=True):
    """A half-open run of frames."""

    start_frame: int
    duration_frames: int


class Box(msgspec.Struct, frozen=True):
    """A rectangle on one frame, in pixels from the top left of the upright picture."""

    x: int
    y: int
    width: int
    height: int
    frame: int = 0


class Extend(msgspec.Struct, frozen=True, tag="extend"):
    """Frames before the head or after the tail of a clip."""

    input_path: Path
    head: Length | None = None
    tail: Length | None = None
    contents: Literal["whole", "new_only"] = "whole"


class Interpolate(msgspec.Struct, frozen=True, tag="interpolate"):
    """Frames between frames."""

    input_paths: tuple[Path, ...]
    factor: Fraction | None = None
    frame_rate: Fraction | None = None
    duration: Length | None = None
    input_ranges: tuple[FrameRange, ...] = ()  # shown of each clip; empty for all of it
    join: Join = "auto"  # of two clips
    quality: Quality = "standard"


class Point(msgspec.Struct, frozen=True):
    """A place on one frame, in pixels from the top left of the upright picture."""

    x: int
    y: int
    frame: int = 0


class Inpaint(msgspec.Struct, frozen=True, tag="inpaint"):
    """A region of every picture: all that is hidden by any of mask, boxes, points and defects."""

    input_path: Path
    mask_path: Path | None = None
    boxes: tuple[Box, ...] = ()
    mask_hides: MaskHides = "auto"
    mask_start_frame: int | None = None
    points: tuple[Point, ...] = ()
    defects: tuple[Defect, ...] = ()
    between_start: Length | None = None  # from the start of the clip, or its own timecode
    between_end: Length | None = None
    output_range: FrameRange | None = None  # that the made file holds; None for all
    matte_path: Path | None = None  # where the matte is written
    margin: int | None = None  # pixels


class Outpaint(msgspec.Struct, frozen=True, tag="outpaint"):
    """The picture of a clip in another shape, its new border made."""

    input_path: Path
    size: tuple[int, int]  # width, height
    anchor: Anchor = "center"
    fit: Fit = "auto"
    follow: bool = False
    boxes: tuple[Box, ...] = ()  # the subject
    points: tuple[Point, ...] = ()
    output_range: FrameRange | None = None  # that the made file holds; None for all


class Animate(msgspec.Struct, frozen=True, tag="animate"):
    """Parts of a still or a clip that move, as the guidance's strokes and box paths say."""

    input_path: Path
    duration: Length | None = None  # None: the clip's own
    frame_rate: Fraction | None = None  # of a still
    loop: bool = False
    output_range: FrameRange | None = None  # of a clip, that the made file holds; None for all


class SiblingShot(msgspec.Struct, frozen=True):
    """A further shot of the subject of a shot."""

    prompt: str  # says the subject
    duration: Length | None = None  # None: that of the first


class Generate(msgspec.Struct, frozen=True, tag="generate"):
    """A whole shot."""

    duration: Length | None = None  # None: that of input_path
    size: tuple[int, int] | None = None  # width, height
    frame_rate: Fraction | None = None
    still_paths: tuple[Path, ...] = ()
    input_path: Path | None = None  # a clip to make it from
    like_path: Path | None = None  # a clip to cut with
    matte_path: Path | None = None  # of the one still: white, or opaque, where what is near lies
    subject: str = ""  # words that name, in every prompt, what looks the same in all shots
    shots: tuple[SiblingShot, ...] = ()  # further ones, made together with this one


Work = Extend | Interpolate | Inpaint | Outpaint | Animate | Generate


class CameraMove(msgspec.Struct, frozen=True):
    """A move of the camera."""

    kind: CameraKind
    amount: float = 0.0  # over 0, hardly, to 1, as far as can be; 0 for the usual


class BoxPath(msgspec.Struct, frozen=True):
    """A thing that moves: where it is on the frames of the boxes, two or more on rising frames."""

    boxes: tuple[Box, ...]
    name: str = ""
    matte_path: Path | None = None  # where it is on the frame of the first box in the picture


class Stroke(msgspec.Struct, frozen=True):
    """A region that flows, and pixels a second: an image, white where it does, or a box."""

    region_path: Path | None
    dx: float
    dy: float
    box: Box | None = None  # its frame is not looked at
    frame: int = 0  # of a clip, that the region was drawn on


class Guidance(msgspec.Struct, frozen=True):
    """What to make of the unknown frames, for backends that can be told."""

    prompt: str = ""
    negative_prompt: str = ""
    seed: int = 0
    reference_paths: tuple[Path, ...] = ()
    strength: float = 0.0
    camera: CameraMove | None = None
    box_paths: tuple[BoxPath, ...] = ()
    strokes: tuple[Stroke, ...] = ()
    expand_prompt: bool = False


class Output(msgspec.Struct, frozen=True):
    """Where and how the result is written."""

    path: Path
    codec: Literal["prores", "dnxhr", "ffv1", "h264", "source"] = "prores"
    no_audio: bool = False
    replace_existing: bool = False
    music: Literal["fade", "hold"] = "fade"  # what becomes of it under new frames


class Spec(msgspec.Struct, frozen=True):
    """One piece of work, whole in itself."""

    work: Work
    output: Output
    guidance: Guidance = Guidance()
    model: str = "auto"
    take_count: int = 1
    deinterlace: bool = False
    sequence_rate: Fraction | None = None

    @property
    def take_paths(self) -> tuple[Path, ...]:
        """The file of each take: out.mov, out-2.mov, out-3.mov, ...; of shots that are made
        together, the file of each shot."""
        path = self.output.path
        shots = len(self.work.shots) if isinstance(self.work, Generate) else 0
        count = self.take_count + shots
        others = (path.with_stem(f"{path.stem}-{n}") for n in range(2, count + 1))
        return (path, *others)

    @property
    def made_paths(self) -> tuple[Path, ...]:
        """Every file that the work writes: its takes, and the matte where one is asked for."""
        matte = self.work.matte_path if isinstance(self.work, Inpaint) else None
        return self.take_paths if matte is None else (*self.take_paths, matte)


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """How far a running job is."""

    phase: str
    done_frames: int = 0
    total_frames: int = 0
    remaining_s: float = -1.0
    preview_jpeg: bytes = b""


class Score(msgspec.Struct, frozen=True):
    """How well a backend foretold frames of this very clip that were hidden from it, or regions
    of them."""

    confidence: float  # 0 to 1, for a person
    psnr_db: float
    freeze_psnr_db: float
    ssim: float
    liveliness: float


class SeamReport(msgspec.Struct, frozen=True):
    """The join of known and made frames against the clip's own frame-to-frame change."""

    frame: int  # first after the join, counted in the made file
    color_jump: float
    sharpness_ratio: float
    noise_ratio: float
    motion_ratio: float


class Filling(msgspec.Struct, frozen=True):
    """A run of frames in which a region was filled, and where what fills it comes from."""

    start_frame: int  # counted in the made file
    filled_share: tuple[float, ...]  # of each picture
    seen_share: tuple[float, ...]  # of what was filled, that another frame truly saw


class Take(msgspec.Struct, frozen=True, tag="take"):
    """One way of doing the work, on disk."""

    media_path: Path
    start_frame: int  # of the file's first frame, counted in frames of the source
    duration_frames: int
    rate: Fraction
    made_ranges: tuple[FrameRange, ...]
    model: str
    score: Score
    seams: tuple[SeamReport, ...]
    seconds: float
    notes: tuple[str, ...] = ()
    fillings: tuple[Filling, ...] = ()
    fillings_png: bytes = b""


class Estimate(msgspec.Struct, frozen=True):
    """What work would cost."""

    model: str
    new_frames: int
    total_frames: int
    seconds: float
    memory_bytes: int
    disk_bytes: int
    disk_free_bytes: int
    measured: bool = False  # whether earlier work of this kind on this machine has corrected it


class SheetRow(msgspec.Struct, frozen=True):
    """One row of a contact sheet."""

    media_path: Path
    label: str
    frames: tuple[int, ...]  # of the file, left to right
    marked: bool = False


def to_json(value: object) -> bytes:
    """One line of JSON, without a line end, that `from_json` reads back."""
    return msgspec.json.encode(value, enc_hook=_encode)


def from_json(line: bytes, kind: type[T]) -> T:
    """The value of type `kind` that `to_json` wrote.

    Raises:
        msgspec.ValidationError: The line does not hold one.
    """
    return msgspec.json.decode(line, type=kind, dec_hook=_decode)


def _encode(value: Any) -> str:
    if isinstance(value, Fraction | Path):
        return str(value)
    raise NotImplementedError(f"no JSON for {type(value).__name__}")


def _decode(kind: type, value: Any) -> Any:
    if kind in (Fraction, Path):
        return kind(value)
    raise NotImplementedError(f"no {kind.__name__} from JSON")
