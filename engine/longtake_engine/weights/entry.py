"""What Longtake knows of one open-weights model, as its file in `entries/` says it."""

from typing import Any

import msgspec

from longtake_engine.ability import Task

# What a pipeline is loaded from. The root of a repository often holds the same weights once more,
# for other programs: only those in the folders of the pipeline's parts are wanted.
PIPELINE_FILES = (
    "model_index.json",
    "*/*.json",
    "*/*.txt",
    "*/*.model",
    "*/*.jinja",
    "*/*.safetensors",
    "LICENSE*",
)


class License(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Under what terms a model may be used."""

    name: str
    summary: str  # in plain words
    not_for: str = ""  # for whom or for what it is not allowed
    must_accept: bool = False


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One model of the catalogue."""

    name: str  # what the commands take; lower case, digits, dots and hyphens
    description: str
    tasks: tuple[Task, ...]
    pipeline: str  # class of its pipeline, the `_class_name` of its model_index.json
    # Classes of pipelines over the same parts, one of which its model_index.json may name instead.
    kin: tuple[str, ...] = ()
    repository: str  # "owner/name"
    license: License
    revision: str = "main"  # a commit, or a branch that is fixed to a commit when it is installed
    gated: bool = False  # wants an account's consent and a token
    memory_gb: float = 0.0  # of graphics memory that it needs at least; 0: nobody says
    memory_note: str = ""  # what that holds for
    disk_gb: float = 0.0  # about; 0: not known before its repository is asked
    files: tuple[str, ...] = PIPELINE_FILES  # patterns of `fnmatch`
    without: tuple[str, ...] = ()  # patterns of those to leave out of `files`
    sha256: dict[str, str] = {}  # of files whose hash is known beforehand, by path
    # What tells it from others of its pipeline: values in its JSON files, by path.
    marks: dict[str, dict[str, Any]] = {}
