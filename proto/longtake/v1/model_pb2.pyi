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
TASK_UNSPECIFIED: Task
TASK_EXTEND: Task
TASK_INTERPOLATE: Task
TASK_INPAINT: Task
TASK_GENERATE: Task

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
