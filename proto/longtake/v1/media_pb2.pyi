from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ScanType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCAN_TYPE_UNSPECIFIED: _ClassVar[ScanType]
    SCAN_TYPE_PROGRESSIVE: _ClassVar[ScanType]
    SCAN_TYPE_TOP_FIELD_FIRST: _ClassVar[ScanType]
    SCAN_TYPE_BOTTOM_FIELD_FIRST: _ClassVar[ScanType]
SCAN_TYPE_UNSPECIFIED: ScanType
SCAN_TYPE_PROGRESSIVE: ScanType
SCAN_TYPE_TOP_FIELD_FIRST: ScanType
SCAN_TYPE_BOTTOM_FIELD_FIRST: ScanType

class Rational(_message.Message):
    __slots__ = ("numerator", "denominator")
    NUMERATOR_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    numerator: int
    denominator: int
    def __init__(self, numerator: _Optional[int] = ..., denominator: _Optional[int] = ...) -> None: ...

class Duration(_message.Message):
    __slots__ = ("frames", "seconds", "timecode")
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    TIMECODE_FIELD_NUMBER: _ClassVar[int]
    frames: int
    seconds: Rational
    timecode: str
    def __init__(self, frames: _Optional[int] = ..., seconds: _Optional[_Union[Rational, _Mapping]] = ..., timecode: _Optional[str] = ...) -> None: ...

class FrameRange(_message.Message):
    __slots__ = ("start_frame", "duration_frames")
    START_FRAME_FIELD_NUMBER: _ClassVar[int]
    DURATION_FRAMES_FIELD_NUMBER: _ClassVar[int]
    start_frame: int
    duration_frames: int
    def __init__(self, start_frame: _Optional[int] = ..., duration_frames: _Optional[int] = ...) -> None: ...

class ColorDescription(_message.Message):
    __slots__ = ("range", "matrix", "primaries", "transfer")
    RANGE_FIELD_NUMBER: _ClassVar[int]
    MATRIX_FIELD_NUMBER: _ClassVar[int]
    PRIMARIES_FIELD_NUMBER: _ClassVar[int]
    TRANSFER_FIELD_NUMBER: _ClassVar[int]
    range: str
    matrix: str
    primaries: str
    transfer: str
    def __init__(self, range: _Optional[str] = ..., matrix: _Optional[str] = ..., primaries: _Optional[str] = ..., transfer: _Optional[str] = ...) -> None: ...

class VideoStream(_message.Message):
    __slots__ = ("index", "codec", "pixel_format", "width", "height", "pixel_aspect", "rotation_degrees", "frame_rate", "variable_frame_rate", "frame_count", "start_timecode", "bit_depth", "has_alpha", "color", "scan_type")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    CODEC_FIELD_NUMBER: _ClassVar[int]
    PIXEL_FORMAT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    PIXEL_ASPECT_FIELD_NUMBER: _ClassVar[int]
    ROTATION_DEGREES_FIELD_NUMBER: _ClassVar[int]
    FRAME_RATE_FIELD_NUMBER: _ClassVar[int]
    VARIABLE_FRAME_RATE_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    START_TIMECODE_FIELD_NUMBER: _ClassVar[int]
    BIT_DEPTH_FIELD_NUMBER: _ClassVar[int]
    HAS_ALPHA_FIELD_NUMBER: _ClassVar[int]
    COLOR_FIELD_NUMBER: _ClassVar[int]
    SCAN_TYPE_FIELD_NUMBER: _ClassVar[int]
    index: int
    codec: str
    pixel_format: str
    width: int
    height: int
    pixel_aspect: Rational
    rotation_degrees: int
    frame_rate: Rational
    variable_frame_rate: bool
    frame_count: int
    start_timecode: str
    bit_depth: int
    has_alpha: bool
    color: ColorDescription
    scan_type: ScanType
    def __init__(self, index: _Optional[int] = ..., codec: _Optional[str] = ..., pixel_format: _Optional[str] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., pixel_aspect: _Optional[_Union[Rational, _Mapping]] = ..., rotation_degrees: _Optional[int] = ..., frame_rate: _Optional[_Union[Rational, _Mapping]] = ..., variable_frame_rate: _Optional[bool] = ..., frame_count: _Optional[int] = ..., start_timecode: _Optional[str] = ..., bit_depth: _Optional[int] = ..., has_alpha: _Optional[bool] = ..., color: _Optional[_Union[ColorDescription, _Mapping]] = ..., scan_type: _Optional[_Union[ScanType, str]] = ...) -> None: ...

class AudioStream(_message.Message):
    __slots__ = ("index", "codec", "sample_format", "sample_rate", "channel_layout", "channel_count", "start_s", "duration_s")
    INDEX_FIELD_NUMBER: _ClassVar[int]
    CODEC_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_RATE_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_LAYOUT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_COUNT_FIELD_NUMBER: _ClassVar[int]
    START_S_FIELD_NUMBER: _ClassVar[int]
    DURATION_S_FIELD_NUMBER: _ClassVar[int]
    index: int
    codec: str
    sample_format: str
    sample_rate: int
    channel_layout: str
    channel_count: int
    start_s: float
    duration_s: float
    def __init__(self, index: _Optional[int] = ..., codec: _Optional[str] = ..., sample_format: _Optional[str] = ..., sample_rate: _Optional[int] = ..., channel_layout: _Optional[str] = ..., channel_count: _Optional[int] = ..., start_s: _Optional[float] = ..., duration_s: _Optional[float] = ...) -> None: ...

class MediaInfo(_message.Message):
    __slots__ = ("path", "container", "size_bytes", "video_streams", "audio_streams", "notes")
    PATH_FIELD_NUMBER: _ClassVar[int]
    CONTAINER_FIELD_NUMBER: _ClassVar[int]
    SIZE_BYTES_FIELD_NUMBER: _ClassVar[int]
    VIDEO_STREAMS_FIELD_NUMBER: _ClassVar[int]
    AUDIO_STREAMS_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    path: str
    container: str
    size_bytes: int
    video_streams: _containers.RepeatedCompositeFieldContainer[VideoStream]
    audio_streams: _containers.RepeatedCompositeFieldContainer[AudioStream]
    notes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, path: _Optional[str] = ..., container: _Optional[str] = ..., size_bytes: _Optional[int] = ..., video_streams: _Optional[_Iterable[_Union[VideoStream, _Mapping]]] = ..., audio_streams: _Optional[_Iterable[_Union[AudioStream, _Mapping]]] = ..., notes: _Optional[_Iterable[str]] = ...) -> None: ...

class ProbeRequest(_message.Message):
    __slots__ = ("path", "sequence_rate")
    PATH_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_RATE_FIELD_NUMBER: _ClassVar[int]
    path: str
    sequence_rate: Rational
    def __init__(self, path: _Optional[str] = ..., sequence_rate: _Optional[_Union[Rational, _Mapping]] = ...) -> None: ...

class ProbeResponse(_message.Message):
    __slots__ = ("media",)
    MEDIA_FIELD_NUMBER: _ClassVar[int]
    media: MediaInfo
    def __init__(self, media: _Optional[_Union[MediaInfo, _Mapping]] = ...) -> None: ...

class SheetRow(_message.Message):
    __slots__ = ("media_path", "label", "frames", "marked")
    MEDIA_PATH_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    MARKED_FIELD_NUMBER: _ClassVar[int]
    media_path: str
    label: str
    frames: _containers.RepeatedScalarFieldContainer[int]
    marked: bool
    def __init__(self, media_path: _Optional[str] = ..., label: _Optional[str] = ..., frames: _Optional[_Iterable[int]] = ..., marked: _Optional[bool] = ...) -> None: ...

class DrawSheetRequest(_message.Message):
    __slots__ = ("rows",)
    ROWS_FIELD_NUMBER: _ClassVar[int]
    rows: _containers.RepeatedCompositeFieldContainer[SheetRow]
    def __init__(self, rows: _Optional[_Iterable[_Union[SheetRow, _Mapping]]] = ...) -> None: ...

class DrawSheetResponse(_message.Message):
    __slots__ = ("png",)
    PNG_FIELD_NUMBER: _ClassVar[int]
    png: bytes
    def __init__(self, png: _Optional[bytes] = ...) -> None: ...
