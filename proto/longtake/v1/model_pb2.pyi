from longtake.v1 import job_pb2 as _job_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Task(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TASK_UNSPECIFIED: _ClassVar[Task]
    TASK_EXTEND: _ClassVar[Task]
    TASK_INTERPOLATE: _ClassVar[Task]
    TASK_INPAINT: _ClassVar[Task]
    TASK_GENERATE: _ClassVar[Task]
    TASK_OUTPAINT: _ClassVar[Task]
    TASK_ANIMATE: _ClassVar[Task]

class WeightsState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    WEIGHTS_STATE_UNSPECIFIED: _ClassVar[WeightsState]
    WEIGHTS_STATE_MISSING: _ClassVar[WeightsState]
    WEIGHTS_STATE_PARTIAL: _ClassVar[WeightsState]
    WEIGHTS_STATE_INSTALLED: _ClassVar[WeightsState]
    WEIGHTS_STATE_DAMAGED: _ClassVar[WeightsState]
TASK_UNSPECIFIED: Task
TASK_EXTEND: Task
TASK_INTERPOLATE: Task
TASK_INPAINT: Task
TASK_GENERATE: Task
TASK_OUTPAINT: Task
TASK_ANIMATE: Task
WEIGHTS_STATE_UNSPECIFIED: WeightsState
WEIGHTS_STATE_MISSING: WeightsState
WEIGHTS_STATE_PARTIAL: WeightsState
WEIGHTS_STATE_INSTALLED: WeightsState
WEIGHTS_STATE_DAMAGED: WeightsState

class Model(_message.Message):
    __slots__ = ("name", "description", "built_in", "tasks", "takes_prompt", "min_known_frames", "max_new_frames", "remakes_known_frames", "license")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    BUILT_IN_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    TAKES_PROMPT_FIELD_NUMBER: _ClassVar[int]
    MIN_KNOWN_FRAMES_FIELD_NUMBER: _ClassVar[int]
    MAX_NEW_FRAMES_FIELD_NUMBER: _ClassVar[int]
    REMAKES_KNOWN_FRAMES_FIELD_NUMBER: _ClassVar[int]
    LICENSE_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    built_in: bool
    tasks: _containers.RepeatedScalarFieldContainer[Task]
    takes_prompt: bool
    min_known_frames: int
    max_new_frames: int
    remakes_known_frames: bool
    license: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., built_in: _Optional[bool] = ..., tasks: _Optional[_Iterable[_Union[Task, str]]] = ..., takes_prompt: _Optional[bool] = ..., min_known_frames: _Optional[int] = ..., max_new_frames: _Optional[int] = ..., remakes_known_frames: _Optional[bool] = ..., license: _Optional[str] = ...) -> None: ...

class ListModelsRequest(_message.Message):
    __slots__ = ("task",)
    TASK_FIELD_NUMBER: _ClassVar[int]
    task: Task
    def __init__(self, task: _Optional[_Union[Task, str]] = ...) -> None: ...

class ListModelsResponse(_message.Message):
    __slots__ = ("models",)
    MODELS_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[Model]
    def __init__(self, models: _Optional[_Iterable[_Union[Model, _Mapping]]] = ...) -> None: ...

class OpenModel(_message.Message):
    __slots__ = ("name", "description", "tasks", "pipeline", "repository", "revision", "license", "license_summary", "license_not_for", "license_must_be_accepted", "gated", "memory_bytes", "memory_note", "disk_bytes", "state", "folder", "imported", "problem", "camera_loras")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    TASKS_FIELD_NUMBER: _ClassVar[int]
    PIPELINE_FIELD_NUMBER: _ClassVar[int]
    REPOSITORY_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    LICENSE_FIELD_NUMBER: _ClassVar[int]
    LICENSE_SUMMARY_FIELD_NUMBER: _ClassVar[int]
    LICENSE_NOT_FOR_FIELD_NUMBER: _ClassVar[int]
    LICENSE_MUST_BE_ACCEPTED_FIELD_NUMBER: _ClassVar[int]
    GATED_FIELD_NUMBER: _ClassVar[int]
    MEMORY_BYTES_FIELD_NUMBER: _ClassVar[int]
    MEMORY_NOTE_FIELD_NUMBER: _ClassVar[int]
    DISK_BYTES_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    IMPORTED_FIELD_NUMBER: _ClassVar[int]
    PROBLEM_FIELD_NUMBER: _ClassVar[int]
    CAMERA_LORAS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    tasks: _containers.RepeatedScalarFieldContainer[Task]
    pipeline: str
    repository: str
    revision: str
    license: str
    license_summary: str
    license_not_for: str
    license_must_be_accepted: bool
    gated: bool
    memory_bytes: int
    memory_note: str
    disk_bytes: int
    state: WeightsState
    folder: str
    imported: bool
    problem: str
    camera_loras: _containers.RepeatedCompositeFieldContainer[CameraLora]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., tasks: _Optional[_Iterable[_Union[Task, str]]] = ..., pipeline: _Optional[str] = ..., repository: _Optional[str] = ..., revision: _Optional[str] = ..., license: _Optional[str] = ..., license_summary: _Optional[str] = ..., license_not_for: _Optional[str] = ..., license_must_be_accepted: _Optional[bool] = ..., gated: _Optional[bool] = ..., memory_bytes: _Optional[int] = ..., memory_note: _Optional[str] = ..., disk_bytes: _Optional[int] = ..., state: _Optional[_Union[WeightsState, str]] = ..., folder: _Optional[str] = ..., imported: _Optional[bool] = ..., problem: _Optional[str] = ..., camera_loras: _Optional[_Iterable[_Union[CameraLora, _Mapping]]] = ...) -> None: ...

class CameraLora(_message.Message):
    __slots__ = ("camera", "path", "strength")
    CAMERA_FIELD_NUMBER: _ClassVar[int]
    PATH_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    camera: _job_pb2.CameraKind
    path: str
    strength: float
    def __init__(self, camera: _Optional[_Union[_job_pb2.CameraKind, str]] = ..., path: _Optional[str] = ..., strength: _Optional[float] = ...) -> None: ...

class ListOpenModelsRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class ListOpenModelsResponse(_message.Message):
    __slots__ = ("models",)
    MODELS_FIELD_NUMBER: _ClassVar[int]
    models: _containers.RepeatedCompositeFieldContainer[OpenModel]
    def __init__(self, models: _Optional[_Iterable[_Union[OpenModel, _Mapping]]] = ...) -> None: ...

class StoreProgress(_message.Message):
    __slots__ = ("phase", "file", "done_bytes", "total_bytes", "remaining_s")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    DONE_BYTES_FIELD_NUMBER: _ClassVar[int]
    TOTAL_BYTES_FIELD_NUMBER: _ClassVar[int]
    REMAINING_S_FIELD_NUMBER: _ClassVar[int]
    phase: str
    file: str
    done_bytes: int
    total_bytes: int
    remaining_s: float
    def __init__(self, phase: _Optional[str] = ..., file: _Optional[str] = ..., done_bytes: _Optional[int] = ..., total_bytes: _Optional[int] = ..., remaining_s: _Optional[float] = ...) -> None: ...

class HubSetting(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: str
    def __init__(self, name: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...

class InstallModelRequest(_message.Message):
    __slots__ = ("name", "accept_license", "to_folder", "revision", "dry_run", "settings")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_LICENSE_FIELD_NUMBER: _ClassVar[int]
    TO_FOLDER_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    DRY_RUN_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    name: str
    accept_license: bool
    to_folder: str
    revision: str
    dry_run: bool
    settings: _containers.RepeatedCompositeFieldContainer[HubSetting]
    def __init__(self, name: _Optional[str] = ..., accept_license: _Optional[bool] = ..., to_folder: _Optional[str] = ..., revision: _Optional[str] = ..., dry_run: _Optional[bool] = ..., settings: _Optional[_Iterable[_Union[HubSetting, _Mapping]]] = ...) -> None: ...

class InstallModelResponse(_message.Message):
    __slots__ = ("progress", "model", "downloaded_bytes")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    DOWNLOADED_BYTES_FIELD_NUMBER: _ClassVar[int]
    progress: StoreProgress
    model: OpenModel
    downloaded_bytes: int
    def __init__(self, progress: _Optional[_Union[StoreProgress, _Mapping]] = ..., model: _Optional[_Union[OpenModel, _Mapping]] = ..., downloaded_bytes: _Optional[int] = ...) -> None: ...

class ImportModelsRequest(_message.Message):
    __slots__ = ("folder", "name", "accept_license", "camera", "strength")
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ACCEPT_LICENSE_FIELD_NUMBER: _ClassVar[int]
    CAMERA_FIELD_NUMBER: _ClassVar[int]
    STRENGTH_FIELD_NUMBER: _ClassVar[int]
    folder: str
    name: str
    accept_license: bool
    camera: _job_pb2.CameraKind
    strength: float
    def __init__(self, folder: _Optional[str] = ..., name: _Optional[str] = ..., accept_license: _Optional[bool] = ..., camera: _Optional[_Union[_job_pb2.CameraKind, str]] = ..., strength: _Optional[float] = ...) -> None: ...

class ImportModelsResponse(_message.Message):
    __slots__ = ("progress", "model", "refusal")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    progress: StoreProgress
    model: OpenModel
    refusal: str
    def __init__(self, progress: _Optional[_Union[StoreProgress, _Mapping]] = ..., model: _Optional[_Union[OpenModel, _Mapping]] = ..., refusal: _Optional[str] = ...) -> None: ...

class VerifyModelsRequest(_message.Message):
    __slots__ = ("name",)
    NAME_FIELD_NUMBER: _ClassVar[int]
    name: str
    def __init__(self, name: _Optional[str] = ...) -> None: ...

class VerifyModelsResponse(_message.Message):
    __slots__ = ("progress", "model")
    PROGRESS_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    progress: StoreProgress
    model: OpenModel
    def __init__(self, progress: _Optional[_Union[StoreProgress, _Mapping]] = ..., model: _Optional[_Union[OpenModel, _Mapping]] = ...) -> None: ...

class RemoveModelRequest(_message.Message):
    __slots__ = ("name", "camera")
    NAME_FIELD_NUMBER: _ClassVar[int]
    CAMERA_FIELD_NUMBER: _ClassVar[int]
    name: str
    camera: _job_pb2.CameraKind
    def __init__(self, name: _Optional[str] = ..., camera: _Optional[_Union[_job_pb2.CameraKind, str]] = ...) -> None: ...

class RemoveModelResponse(_message.Message):
    __slots__ = ("freed_bytes", "folder", "kept_files")
    FREED_BYTES_FIELD_NUMBER: _ClassVar[int]
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    KEPT_FILES_FIELD_NUMBER: _ClassVar[int]
    freed_bytes: int
    folder: str
    kept_files: bool
    def __init__(self, freed_bytes: _Optional[int] = ..., folder: _Optional[str] = ..., kept_files: _Optional[bool] = ...) -> None: ...

class ExpandPromptRequest(_message.Message):
    __slots__ = ("guidance", "shown")
    GUIDANCE_FIELD_NUMBER: _ClassVar[int]
    SHOWN_FIELD_NUMBER: _ClassVar[int]
    guidance: _job_pb2.Guidance
    shown: bool
    def __init__(self, guidance: _Optional[_Union[_job_pb2.Guidance, _Mapping]] = ..., shown: _Optional[bool] = ...) -> None: ...

class ExpandPromptResponse(_message.Message):
    __slots__ = ("prompt", "added", "written_by", "notes")
    PROMPT_FIELD_NUMBER: _ClassVar[int]
    ADDED_FIELD_NUMBER: _ClassVar[int]
    WRITTEN_BY_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    prompt: str
    added: _containers.RepeatedScalarFieldContainer[str]
    written_by: str
    notes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, prompt: _Optional[str] = ..., added: _Optional[_Iterable[str]] = ..., written_by: _Optional[str] = ..., notes: _Optional[_Iterable[str]] = ...) -> None: ...

class CompareTextsRequest(_message.Message):
    __slots__ = ("wishes", "texts")
    WISHES_FIELD_NUMBER: _ClassVar[int]
    TEXTS_FIELD_NUMBER: _ClassVar[int]
    wishes: _containers.RepeatedScalarFieldContainer[str]
    texts: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, wishes: _Optional[_Iterable[str]] = ..., texts: _Optional[_Iterable[str]] = ...) -> None: ...

class TextLikeness(_message.Message):
    __slots__ = ("scores",)
    SCORES_FIELD_NUMBER: _ClassVar[int]
    scores: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, scores: _Optional[_Iterable[float]] = ...) -> None: ...

class CompareTextsResponse(_message.Message):
    __slots__ = ("model", "likeness")
    MODEL_FIELD_NUMBER: _ClassVar[int]
    LIKENESS_FIELD_NUMBER: _ClassVar[int]
    model: str
    likeness: _containers.RepeatedCompositeFieldContainer[TextLikeness]
    def __init__(self, model: _Optional[str] = ..., likeness: _Optional[_Iterable[_Union[TextLikeness, _Mapping]]] = ...) -> None: ...
