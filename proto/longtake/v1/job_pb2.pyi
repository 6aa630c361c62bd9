import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from longtake.v1 import media_pb2 as _media_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class JobState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOB_STATE_UNSPECIFIED: _ClassVar[JobState]
    JOB_STATE_QUEUED: _ClassVar[JobState]
    JOB_STATE_RUNNING: _ClassVar[JobState]
    JOB_STATE_SUCCEEDED: _ClassVar[JobState]
    JOB_STATE_FAILED: _ClassVar[JobState]
    JOB_STATE_CANCELLED: _ClassVar[JobState]

class Contents(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONTENTS_UNSPECIFIED: _ClassVar[Contents]
    CONTENTS_WHOLE: _ClassVar[Contents]
    CONTENTS_NEW_ONLY: _ClassVar[Contents]

class Join(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    JOIN_UNSPECIFIED: _ClassVar[Join]
    JOIN_AUTO: _ClassVar[Join]
    JOIN_CUT: _ClassVar[Join]
    JOIN_DISSOLVE: _ClassVar[Join]
    JOIN_MORPH: _ClassVar[Join]

class Quality(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    QUALITY_UNSPECIFIED: _ClassVar[Quality]
    QUALITY_DRAFT: _ClassVar[Quality]
    QUALITY_STANDARD: _ClassVar[Quality]
    QUALITY_BEST: _ClassVar[Quality]

class MaskHides(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    MASK_HIDES_UNSPECIFIED: _ClassVar[MaskHides]
    MASK_HIDES_AUTO: _ClassVar[MaskHides]
    MASK_HIDES_WHITE: _ClassVar[MaskHides]
    MASK_HIDES_BLACK: _ClassVar[MaskHides]
    MASK_HIDES_ALPHA: _ClassVar[MaskHides]
    MASK_HIDES_CLEAR: _ClassVar[MaskHides]

class Defect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DEFECT_UNSPECIFIED: _ClassVar[Defect]
    DEFECT_LOGO: _ClassVar[Defect]
    DEFECT_DUST: _ClassVar[Defect]
    DEFECT_SCRATCHES: _ClassVar[Defect]
    DEFECT_SPOTS: _ClassVar[Defect]

class Anchor(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ANCHOR_UNSPECIFIED: _ClassVar[Anchor]
    ANCHOR_CENTER: _ClassVar[Anchor]
    ANCHOR_TOP: _ClassVar[Anchor]
    ANCHOR_BOTTOM: _ClassVar[Anchor]
    ANCHOR_LEFT: _ClassVar[Anchor]
    ANCHOR_RIGHT: _ClassVar[Anchor]
    ANCHOR_TOP_LEFT: _ClassVar[Anchor]
    ANCHOR_TOP_RIGHT: _ClassVar[Anchor]
    ANCHOR_BOTTOM_LEFT: _ClassVar[Anchor]
    ANCHOR_BOTTOM_RIGHT: _ClassVar[Anchor]

class Fit(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FIT_UNSPECIFIED: _ClassVar[Fit]
    FIT_AUTO: _ClassVar[Fit]
    FIT_KEEP: _ClassVar[Fit]
    FIT_INSIDE: _ClassVar[Fit]
    FIT_FILL: _ClassVar[Fit]

class CameraKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CAMERA_KIND_UNSPECIFIED: _ClassVar[CameraKind]
    CAMERA_KIND_STATIC: _ClassVar[CameraKind]
    CAMERA_KIND_PAN_LEFT: _ClassVar[CameraKind]
    CAMERA_KIND_PAN_RIGHT: _ClassVar[CameraKind]
    CAMERA_KIND_TILT_UP: _ClassVar[CameraKind]
    CAMERA_KIND_TILT_DOWN: _ClassVar[CameraKind]
    CAMERA_KIND_DOLLY_IN: _ClassVar[CameraKind]
    CAMERA_KIND_DOLLY_OUT: _ClassVar[CameraKind]
    CAMERA_KIND_TRUCK_LEFT: _ClassVar[CameraKind]
    CAMERA_KIND_TRUCK_RIGHT: _ClassVar[CameraKind]
    CAMERA_KIND_ZOOM_IN: _ClassVar[CameraKind]
    CAMERA_KIND_ZOOM_OUT: _ClassVar[CameraKind]
    CAMERA_KIND_ORBIT_LEFT: _ClassVar[CameraKind]
    CAMERA_KIND_ORBIT_RIGHT: _ClassVar[CameraKind]
    CAMERA_KIND_HANDHELD: _ClassVar[CameraKind]
JOB_STATE_UNSPECIFIED: JobState
JOB_STATE_QUEUED: JobState
JOB_STATE_RUNNING: JobState
JOB_STATE_SUCCEEDED: JobState
JOB_STATE_FAILED: JobState
JOB_STATE_CANCELLED: JobState
CONTENTS_UNSPECIFIED: Contents
CONTENTS_WHOLE: Contents
CONTENTS_NEW_ONLY: Contents
JOIN_UNSPECIFIED: Join
JOIN_AUTO: Join
JOIN_CUT: Join
JOIN_DISSOLVE: Join
JOIN_MORPH: Join
QUALITY_UNSPECIFIED: Quality
QUALITY_DRAFT: Quality
QUALITY_STANDARD: Quality
QUALITY_BEST: Quality
MASK_HIDES_UNSPECIFIED: MaskHides
MASK_HIDES_AUTO: MaskHides
MASK_HIDES_WHITE: MaskHides
MASK_HIDES_BLACK: MaskHides
MASK_HIDES_ALPHA: MaskHides
MASK_HIDES_CLEAR: MaskHides
DEFECT_UNSPECIFIED: Defect
DEFECT_LOGO: Defect
DEFECT_DUST: Defect
DEFECT_SCRATCHES: Defect
DEFECT_SPOTS: Defect
ANCHOR_UNSPECIFIED: Anchor
ANCHOR_CENTER: Anchor
ANCHOR_TOP: Anchor
ANCHOR_BOTTOM: Anchor
ANCHOR_LEFT: Anchor
ANCHOR_RIGHT: Anchor
ANCHOR_TOP_LEFT: Anchor
ANCHOR_TOP_RIGHT: Anchor
ANCHOR_BOTTOM_LEFT: Anchor
ANCHOR_BOTTOM_RIGHT: Anchor
FIT_UNSPECIFIED: Fit
FIT_AUTO: Fit
FIT_KEEP: Fit
FIT_INSIDE: Fit
FIT_FILL: Fit
CAMERA_KIND_UNSPECIFIED: CameraKind
CAMERA_KIND_STATIC: CameraKind
CAMERA_KIND_PAN_LEFT: CameraKind
CAMERA_KIND_PAN_RIGHT: CameraKind
CAMERA_KIND_TILT_UP: CameraKind
CAMERA_KIND_TILT_DOWN: CameraKind
CAMERA_KIND_DOLLY_IN: CameraKind
CAMERA_KIND_DOLLY_OUT: CameraKind
CAMERA_KIND_TRUCK_LEFT: CameraKind
CAMERA_KIND_TRUCK_RIGHT: CameraKind
CAMERA_KIND_ZOOM_IN: CameraKind
CAMERA_KIND_ZOOM_OUT: CameraKind
CAMERA_KIND_ORBIT_LEFT: CameraKind
CAMERA_KIND_ORBIT_RIGHT: CameraKind
CAMERA_KIND_HANDHELD: CameraKind

class ExtendSpec(_message.Message):
    __slots__ = ("input_path", "head", "tail", "contents")
    INPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    TAIL_FIELD_NUMBER: _ClassVar[int]
    CONTENTS_FIELD_NUMBER: _ClassVar[int]
    input_path: str
    head: _media_pb2.Duration
    tail: _media_pb2.Duration
    contents: Contents
    def __init__(self, input_path: _Optional[str] = ..., head: _Optional[_Union[_media_pb2.Duration, _Mapping]] = ..., tail: _Optional[_Union[_media_pb2.Duration, _Mapping]] = ..., contents: _Optional[_Union[Contents, str]] = ...) -> None: ...

class InterpolateSpec(_message.Message):
    __slots__ = ("input_paths", "factor", "frame_rate", "duration", "input_ranges", "join", "quality")
    INPUT_PATHS_FIELD_NUMBER: _ClassVar[int]
    FACTOR_FIELD_NUMBER: _ClassVar[int]
    FRAME_RATE_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    INPUT_RANGES_FIELD_NUMBER: _ClassVar[int]
    JOIN_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    input_paths: _containers.RepeatedScalarFieldContainer[str]
    factor: _media_pb2.Rational
    frame_rate: _media_pb2.Rational
    duration: _media_pb2.Duration
    input_ranges: _containers.RepeatedCompositeFieldContainer[_media_pb2.FrameRange]
    join: Join
    quality: Quality
    def __init__(self, input_paths: _Optional[_Iterable[str]] = ..., factor: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ..., frame_rate: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ..., duration: _Optional[_Union[_media_pb2.Duration, _Mapping]] = ..., input_ranges: _Optional[_Iterable[_Union[_media_pb2.FrameRange, _Mapping]]] = ..., join: _Optional[_Union[Join, str]] = ..., quality: _Optional[_Union[Quality, str]] = ...) -> None: ...

class InpaintSpec(_message.Message):
    __slots__ = ("input_path", "mask_path", "boxes", "mask_hides", "mask_start_frame", "points", "defects", "between_start", "between_end", "output_range", "matte_path", "margin")
    INPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    MASK_PATH_FIELD_NUMBER: _ClassVar[int]
    BOXES_FIELD_NUMBER: _ClassVar[int]
    MASK_HIDES_FIELD_NUMBER: _ClassVar[int]
    MASK_START_FRAME_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    DEFECTS_FIELD_NUMBER: _ClassVar[int]
    BETWEEN_START_FIELD_NUMBER: _ClassVar[int]
    BETWEEN_END_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_RANGE_FIELD_NUMBER: _ClassVar[int]
    MATTE_PATH_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    input_path: str
    mask_path: str
    boxes: _containers.RepeatedCompositeFieldContainer[Box]
    mask_hides: MaskHides
    mask_start_frame: int
    points: _containers.RepeatedCompositeFieldContainer[Point]
    defects: _containers.RepeatedScalarFieldContainer[Defect]
    between_start: _media_pb2.Duration
    between_end: _media_pb2.Duration
    output_range: _media_pb2.FrameRange
    matte_path: str
    margin: int
    def __init__(self, input_path: _Optional[str] = ..., mask_path: _Optional[str] = ..., boxes: _Optional[_Iterable[_Union[Box, _Mapping]]] = ..., mask_hides: _Optional[_Union[MaskHides, str]] = ..., mask_start_frame: _Optional[int] = ..., points: _Optional[_Iterable[_Union[Point, _Mapping]]] = ..., defects: _Optional[_Iterable[_Union[Defect, str]]] = ..., between_start: _Optional[_Union[_media_pb2.Duration, _Mapping]] = ..., between_end: _Optional[_Union[_media_pb2.Duration, _Mapping]] = ..., output_range: _Optional[_Union[_media_pb2.FrameRange, _Mapping]] = ..., matte_path: _Optional[str] = ..., margin: _Optional[int] = ...) -> None: ...

class OutpaintSpec(_message.Message):
    __slots__ = ("input_path", "size", "anchor", "fit", "follow", "boxes", "points", "output_range")
    INPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_FIELD_NUMBER: _ClassVar[int]
    FIT_FIELD_NUMBER: _ClassVar[int]
    FOLLOW_FIELD_NUMBER: _ClassVar[int]
    BOXES_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_RANGE_FIELD_NUMBER: _ClassVar[int]
    input_path: str
    size: PictureSize
    anchor: Anchor
    fit: Fit
    follow: bool
    boxes: _containers.RepeatedCompositeFieldContainer[Box]
    points: _containers.RepeatedCompositeFieldContainer[Point]
    output_range: _media_pb2.FrameRange
    def __init__(self, input_path: _Optional[str] = ..., size: _Optional[_Union[PictureSize, _Mapping]] = ..., anchor: _Optional[_Union[Anchor, str]] = ..., fit: _Optional[_Union[Fit, str]] = ..., follow: _Optional[bool] = ..., boxes: _Optional[_Iterable[_Union[Box, _Mapping]]] = ..., points: _Optional[_Iterable[_Union[Point, _Mapping]]] = ..., output_range: _Optional[_Union[_media_pb2.FrameRange, _Mapping]] = ...) -> None: ...

class AnimateSpec(_message.Message):
    __slots__ = ("input_path", "duration", "frame_rate", "loop", "output_range")
    INPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    FRAME_RATE_FIELD_NUMBER: _ClassVar[int]
    LOOP_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_RANGE_FIELD_NUMBER: _ClassVar[int]
    input_path: str
    duration: _media_pb2.Duration
    frame_rate: _media_pb2.Rational
    loop: bool
    output_range: _media_pb2.FrameRange
    def __init__(self, input_path: _Optional[str] = ..., duration: _Optional[_Union[_media_pb2.Duration, _Mapping]] = ..., frame_rate: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ..., loop: _Optional[bool] = ..., output_range: _Optional[_Union[_media_pb2.FrameRange, _Mapping]] = ...) -> None: ...

class GenerateSpec(_message.Message):
    __slots__ = ("duration", "size", "frame_rate", "still_paths", "input_path", "like_path", "matte_path", "subject", "shots")
    DURATION_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    FRAME_RATE_FIELD_NUMBER: _ClassVar[int]
    STILL_PATHS_FIELD_NUMBER: _ClassVar[int]
    INPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    LIKE_PATH_FIELD_NUMBER: _ClassVar[int]
    MATTE_PATH_FIELD_NUMBER: _ClassVar[int]
    SUBJECT_FIELD_NUMBER: _ClassVar[int]
    SHOTS_FIELD_NUMBER: _ClassVar[int]
    duration: _media_pb2.Duration
    size: PictureSize
    frame_rate: _media_pb2.Rational
    still_paths: _containers.RepeatedScalarFieldContainer[str]
    input_path: str
    like_path: str
    matte_path: str
    subject: str
    shots: _containers.RepeatedCompositeFieldContainer[SiblingShot]
    def __init__(self, duration: _Optional[_Union[_media_pb2.Duration, _Mapping]] = ..., size: _Optional[_Union[PictureSize, _Mapping]] = ..., frame_rate: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ..., still_paths: _Optional[_Iterable[str]] = ..., input_path: _Optional[str] = ..., like_path: _Optional[str] = ..., matte_path: _Optional[str] = ..., subject: _Optional[str] = ..., shots: _Optional[_Iterable[_Union[SiblingShot, _Mapping]]] = ...) -> None: ...

class SiblingShot(_message.Message):
    __slots__ = ("prompt", "duration")
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    DURATION_FIELD_NUMBER: _ClassVar[int]
    prompt: str
    duration: _media_pb2.Duration
    def __init__(self, prompt: _Optional[str] = ..., duration: _Optional[_Union[_media_pb2.Duration, _Mapping]] = ...) -> None: ...

class PictureSize(_message.Message):
    __slots__ = ("width", "height")
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    width: int
    height: int
    def __init__(self, width: _Optional[int] = ..., height: _Optional[int] = ...) -> None: ...

class Box(_message.Message):
    __slots__ = ("x", "y", "width", "height", "frame")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    x: int
    y: int
    width: int
    height: int
    frame: int
    def __init__(self, x: _Optional[int] = ..., y: _Optional[int] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., frame: _Optional[int] = ...) -> None: ...

class Point(_message.Message):
    __slots__ = ("x", "y", "frame")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    x: int
    y: int
    frame: int
    def __init__(self, x: _Optional[int] = ..., y: _Optional[int] = ..., frame: _Optional[int] = ...) -> None: ...

class Guidance(_message.Message):
    __slots__ = ("prompt", "negative_prompt", "seed", "reference_paths", "strength", "camera", "box_paths", "strokes", "expand_prompt")
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_PROMPT_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    REFERENCE_PATHS_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    CAMERA_FIELD_NUMBER: _ClassVar[int]
    BOX_PATHS_FIELD_NUMBER: _ClassVar[int]
    STROKES_FIELD_NUMBER: _ClassVar[int]
    EXPAND_PROMPT_FIELD_NUMBER: _ClassVar[int]
    prompt: str
    negative_prompt: str
    seed: int
    reference_paths: _containers.RepeatedScalarFieldContainer[str]
    strength: float
    camera: CameraMove
    box_paths: _containers.RepeatedCompositeFieldContainer[BoxPath]
    strokes: _containers.RepeatedCompositeFieldContainer[Stroke]
    expand_prompt: bool
    def __init__(self, prompt: _Optional[str] = ..., negative_prompt: _Optional[str] = ..., seed: _Optional[int] = ..., reference_paths: _Optional[_Iterable[str]] = ..., strength: _Optional[float] = ..., camera: _Optional[_Union[CameraMove, _Mapping]] = ..., box_paths: _Optional[_Iterable[_Union[BoxPath, _Mapping]]] = ..., strokes: _Optional[_Iterable[_Union[Stroke, _Mapping]]] = ..., expand_prompt: _Optional[bool] = ...) -> None: ...

class CameraMove(_message.Message):
    __slots__ = ("kind", "amount")
    KIND_FIELD_NUMBER: _ClassVar[int]
    AMOUNT_FIELD_NUMBER: _ClassVar[int]
    kind: CameraKind
    amount: float
    def __init__(self, kind: _Optional[_Union[CameraKind, str]] = ..., amount: _Optional[float] = ...) -> None: ...

class BoxPath(_message.Message):
    __slots__ = ("boxes", "name", "matte_path")
    BOXES_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    MATTE_PATH_FIELD_NUMBER: _ClassVar[int]
    boxes: _containers.RepeatedCompositeFieldContainer[Box]
    name: str
    matte_path: str
    def __init__(self, boxes: _Optional[_Iterable[_Union[Box, _Mapping]]] = ..., name: _Optional[str] = ..., matte_path: _Optional[str] = ...) -> None: ...

class Stroke(_message.Message):
    __slots__ = ("region_path", "dx", "dy", "box", "frame")
    REGION_PATH_FIELD_NUMBER: _ClassVar[int]
    DX_FIELD_NUMBER: _ClassVar[int]
    DY_FIELD_NUMBER: _ClassVar[int]
    BOX_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    region_path: str
    dx: float
    dy: float
    box: Box
    frame: int
    def __init__(self, region_path: _Optional[str] = ..., dx: _Optional[float] = ..., dy: _Optional[float] = ..., box: _Optional[_Union[Box, _Mapping]] = ..., frame: _Optional[int] = ...) -> None: ...

class OutputSpec(_message.Message):
    __slots__ = ("path", "codec", "no_audio", "replace_existing", "music")
    PATH_FIELD_NUMBER: _ClassVar[int]
    CODEC_FIELD_NUMBER: _ClassVar[int]
    NO_AUDIO_FIELD_NUMBER: _ClassVar[int]
    REPLACE_EXISTING_FIELD_NUMBER: _ClassVar[int]
    MUSIC_FIELD_NUMBER: _ClassVar[int]
    path: str
    codec: str
    no_audio: bool
    replace_existing: bool
    music: str
    def __init__(self, path: _Optional[str] = ..., codec: _Optional[str] = ..., no_audio: _Optional[bool] = ..., replace_existing: _Optional[bool] = ..., music: _Optional[str] = ...) -> None: ...

class JobSpec(_message.Message):
    __slots__ = ("extend", "interpolate", "inpaint", "generate", "outpaint", "animate", "output", "guidance", "model", "take_count", "deinterlace", "sequence_rate")
    EXTEND_FIELD_NUMBER: _ClassVar[int]
    INTERPOLATE_FIELD_NUMBER: _ClassVar[int]
    INPAINT_FIELD_NUMBER: _ClassVar[int]
    GENERATE_FIELD_NUMBER: _ClassVar[int]
    OUTPAINT_FIELD_NUMBER: _ClassVar[int]
    ANIMATE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    GUIDANCE_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    TAKE_COUNT_FIELD_NUMBER: _ClassVar[int]
    DEINTERLACE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_RATE_FIELD_NUMBER: _ClassVar[int]
    extend: ExtendSpec
    interpolate: InterpolateSpec
    inpaint: InpaintSpec
    generate: GenerateSpec
    outpaint: OutpaintSpec
    animate: AnimateSpec
    output: OutputSpec
    guidance: Guidance
    model: str
    take_count: int
    deinterlace: bool
    sequence_rate: _media_pb2.Rational
    def __init__(self, extend: _Optional[_Union[ExtendSpec, _Mapping]] = ..., interpolate: _Optional[_Union[InterpolateSpec, _Mapping]] = ..., inpaint: _Optional[_Union[InpaintSpec, _Mapping]] = ..., generate: _Optional[_Union[GenerateSpec, _Mapping]] = ..., outpaint: _Optional[_Union[OutpaintSpec, _Mapping]] = ..., animate: _Optional[_Union[AnimateSpec, _Mapping]] = ..., output: _Optional[_Union[OutputSpec, _Mapping]] = ..., guidance: _Optional[_Union[Guidance, _Mapping]] = ..., model: _Optional[str] = ..., take_count: _Optional[int] = ..., deinterlace: _Optional[bool] = ..., sequence_rate: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ...) -> None: ...

class Progress(_message.Message):
    __slots__ = ("phase", "done_frames", "total_frames", "remaining_s", "preview_jpeg")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    DONE_FRAMES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FRAMES_FIELD_NUMBER: _ClassVar[int]
    REMAINING_S_FIELD_NUMBER: _ClassVar[int]
    PREVIEW_JPEG_FIELD_NUMBER: _ClassVar[int]
    phase: str
    done_frames: int
    total_frames: int
    remaining_s: float
    preview_jpeg: bytes
    def __init__(self, phase: _Optional[str] = ..., done_frames: _Optional[int] = ..., total_frames: _Optional[int] = ..., remaining_s: _Optional[float] = ..., preview_jpeg: _Optional[bytes] = ...) -> None: ...

class Score(_message.Message):
    __slots__ = ("confidence", "psnr_db", "freeze_psnr_db", "ssim", "liveliness")
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    PSNR_DB_FIELD_NUMBER: _ClassVar[int]
    FREEZE_PSNR_DB_FIELD_NUMBER: _ClassVar[int]
    SSIM_FIELD_NUMBER: _ClassVar[int]
    LIVELINESS_FIELD_NUMBER: _ClassVar[int]
    confidence: float
    psnr_db: float
    freeze_psnr_db: float
    ssim: float
    liveliness: float
    def __init__(self, confidence: _Optional[float] = ..., psnr_db: _Optional[float] = ..., freeze_psnr_db: _Optional[float] = ..., ssim: _Optional[float] = ..., liveliness: _Optional[float] = ...) -> None: ...

class SeamReport(_message.Message):
    __slots__ = ("frame", "color_jump", "sharpness_ratio", "noise_ratio", "motion_ratio")
    FRAME_FIELD_NUMBER: _ClassVar[int]
    COLOR_JUMP_FIELD_NUMBER: _ClassVar[int]
    SHARPNESS_RATIO_FIELD_NUMBER: _ClassVar[int]
    NOISE_RATIO_FIELD_NUMBER: _ClassVar[int]
    MOTION_RATIO_FIELD_NUMBER: _ClassVar[int]
    frame: int
    color_jump: float
    sharpness_ratio: float
    noise_ratio: float
    motion_ratio: float
    def __init__(self, frame: _Optional[int] = ..., color_jump: _Optional[float] = ..., sharpness_ratio: _Optional[float] = ..., noise_ratio: _Optional[float] = ..., motion_ratio: _Optional[float] = ...) -> None: ...

class Take(_message.Message):
    __slots__ = ("media_path", "start_frame", "duration_frames", "rate", "made_ranges", "model", "score", "seams", "seconds", "notes", "fillings", "fillings_png")
    MEDIA_PATH_FIELD_NUMBER: _ClassVar[int]
    START_FRAME_FIELD_NUMBER: _ClassVar[int]
    DURATION_FRAMES_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    MADE_RANGES_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SEAMS_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    FILLINGS_FIELD_NUMBER: _ClassVar[int]
    FILLINGS_PNG_FIELD_NUMBER: _ClassVar[int]
    media_path: str
    start_frame: int
    duration_frames: int
    rate: _media_pb2.Rational
    made_ranges: _containers.RepeatedCompositeFieldContainer[_media_pb2.FrameRange]
    model: str
    score: Score
    seams: _containers.RepeatedCompositeFieldContainer[SeamReport]
    seconds: float
    notes: _containers.RepeatedScalarFieldContainer[str]
    fillings: _containers.RepeatedCompositeFieldContainer[Filling]
    fillings_png: bytes
    def __init__(self, media_path: _Optional[str] = ..., start_frame: _Optional[int] = ..., duration_frames: _Optional[int] = ..., rate: _Optional[_Union[_media_pb2.Rational, _Mapping]] = ..., made_ranges: _Optional[_Iterable[_Union[_media_pb2.FrameRange, _Mapping]]] = ..., model: _Optional[str] = ..., score: _Optional[_Union[Score, _Mapping]] = ..., seams: _Optional[_Iterable[_Union[SeamReport, _Mapping]]] = ..., seconds: _Optional[float] = ..., notes: _Optional[_Iterable[str]] = ..., fillings: _Optional[_Iterable[_Union[Filling, _Mapping]]] = ..., fillings_png: _Optional[bytes] = ...) -> None: ...

class Filling(_message.Message):
    __slots__ = ("start_frame", "filled_share", "seen_share")
    START_FRAME_FIELD_NUMBER: _ClassVar[int]
    FILLED_SHARE_FIELD_NUMBER: _ClassVar[int]
    SEEN_SHARE_FIELD_NUMBER: _ClassVar[int]
    start_frame: int
    filled_share: _containers.RepeatedScalarFieldContainer[float]
    seen_share: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, start_frame: _Optional[int] = ..., filled_share: _Optional[_Iterable[float]] = ..., seen_share: _Optional[_Iterable[float]] = ...) -> None: ...

class Job(_message.Message):
    __slots__ = ("id", "spec", "state", "create_time", "start_time", "end_time", "progress", "takes", "error", "attempt")
    ID_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    TAKES_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    id: str
    spec: JobSpec
    state: JobState
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    progress: Progress
    takes: _containers.RepeatedCompositeFieldContainer[Take]
    error: _status_pb2.Status
    attempt: int
    def __init__(self, id: _Optional[str] = ..., spec: _Optional[_Union[JobSpec, _Mapping]] = ..., state: _Optional[_Union[JobState, str]] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., progress: _Optional[_Union[Progress, _Mapping]] = ..., takes: _Optional[_Iterable[_Union[Take, _Mapping]]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., attempt: _Optional[int] = ...) -> None: ...

class CreateJobRequest(_message.Message):
    __slots__ = ("request_id", "spec")
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    SPEC_FIELD_NUMBER: _ClassVar[int]
    request_id: str
    spec: JobSpec
    def __init__(self, request_id: _Optional[str] = ..., spec: _Optional[_Union[JobSpec, _Mapping]] = ...) -> None: ...

class CreateJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: Job
    def __init__(self, job: _Optional[_Union[Job, _Mapping]] = ...) -> None: ...

class GetJobRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class GetJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: Job
    def __init__(self, job: _Optional[_Union[Job, _Mapping]] = ...) -> None: ...

class ListJobsRequest(_message.Message):
    __slots__ = ("page_size", "page_token")
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    page_size: int
    page_token: str
    def __init__(self, page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListJobsResponse(_message.Message):
    __slots__ = ("jobs", "next_page_token")
    JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[Job]
    next_page_token: str
    def __init__(self, jobs: _Optional[_Iterable[_Union[Job, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WatchJobRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class WatchJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: Job
    def __init__(self, job: _Optional[_Union[Job, _Mapping]] = ...) -> None: ...

class CancelJobRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class CancelJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: Job
    def __init__(self, job: _Optional[_Union[Job, _Mapping]] = ...) -> None: ...

class DeleteJobRequest(_message.Message):
    __slots__ = ("id",)
    ID_FIELD_NUMBER: _ClassVar[int]
    id: str
    def __init__(self, id: _Optional[str] = ...) -> None: ...

class DeleteJobResponse(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class EstimateJobRequest(_message.Message):
    __slots__ = ("spec",)
    SPEC_FIELD_NUMBER: _ClassVar[int]
    spec: JobSpec
    def __init__(self, spec: _Optional[_Union[JobSpec, _Mapping]] = ...) -> None: ...

class EstimateJobResponse(_message.Message):
    __slots__ = ("model", "new_frames", "total_frames", "seconds", "memory_bytes", "disk_bytes", "disk_free_bytes", "measured")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    NEW_FRAMES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FRAMES_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    DISK_BYTES_FIELD_NUMBER: _ClassVar[int]
    DISK_FREE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MEASURED_FIELD_NUMBER: _ClassVar[int]
    model: str
    new_frames: int
    total_frames: int
    seconds: float
    memory_bytes: int
    disk_bytes: int
    disk_free_bytes: int
    measured: bool
    def __init__(self, model: _Optional[str] = ..., new_frames: _Optional[int] = ..., total_frames: _Optional[int] = ..., seconds: _Optional[float] = ..., memory_bytes: _Optional[int] = ..., disk_bytes: _Optional[int] = ..., disk_free_bytes: _Optional[int] = ..., measured: _Optional[bool] = ...) -> None: ...
