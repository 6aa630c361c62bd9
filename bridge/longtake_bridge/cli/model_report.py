"""Models in plain lines for a person, and as values for a program."""

from collections.abc import Sequence
from typing import Any

from longtake.v1 import job_pb2, model_pb2

from longtake_bridge.cli.estimate import size_text

_SAID = {
    "built_in": "built in",
    "missing": "not installed",
    "partial": "in part",
    "installed": "installed",
    "damaged": "damaged",
}


def built_in_row(model: model_pb2.Model) -> dict[str, Any]:
    """A backend as a program reads it."""
    return {
        "name": model.name,
        "description": model.description,
        "built_in": model.built_in,
        "state": "built_in" if model.built_in else "installed",
        "tasks": _tasks(model.tasks),
        "takes_prompt": model.takes_prompt,
        "min_known_frames": model.min_known_frames,
        "max_new_frames": model.max_new_frames or None,
        "license": model.license,
    }


def open_row(model: model_pb2.OpenModel) -> dict[str, Any]:
    """An open-weights model as a program reads it."""
    return {
        "name": model.name,
        "description": model.description,
        "built_in": False,
        "state": model_pb2.WeightsState.Name(model.state).removeprefix("WEIGHTS_STATE_").lower(),
        "tasks": _tasks(model.tasks),
        "license": model.license,
        "license_summary": model.license_summary,
        "license_not_for": model.license_not_for or None,
        "license_must_be_accepted": model.license_must_be_accepted,
        "gated": model.gated,
        "memory_bytes": model.memory_bytes or None,
        "memory_note": model.memory_note or None,
        "disk_bytes": model.disk_bytes or None,
        "pipeline": model.pipeline,
        "repository": model.repository,
        "revision": model.revision or None,
        "folder": model.folder or None,
        "imported": model.imported,
        "problem": model.problem or None,
        "camera_moves": [
            {"camera": _camera(lora), "file": lora.path, "strength": round(lora.strength, 3)}
            for lora in model.camera_loras
        ],
    }


def list_lines(rows: Sequence[dict[str, Any]]) -> list[str]:
    """A line for each model: its name, whether it is here, what it needs and does."""
    width = max((len(row["name"]) for row in rows), default=0)
    return [
        f"{row['name'].ljust(width)}  {_SAID[row['state']]:<13}  {_memory(row):>7}  {_purpose(row)}"
        for row in rows
    ]


def show_lines(row: dict[str, Any]) -> list[str]:
    """All there is to know of a model."""
    lines = [f"{row['name']}: {row['description']}"]
    if row["tasks"]:
        lines.append(f"Does: {', '.join(row['tasks'])}.")
    if row["built_in"] or "repository" not in row:
        return [*lines, f"Here: {_SAID[row['state']]}.", f"Licence: {row['license']}."]
    lines.append(f"Here: {_place(row)}")
    if row["problem"]:
        lines.append(f"Damaged: {row['problem']}")
    if row["memory_bytes"]:
        note = f", {row['memory_note']}" if row["memory_note"] else ""
        lines.append(f"Graphics memory: {size_text(row['memory_bytes'])}{note}.")
    if row["state"] == "missing":
        about = f"about {size_text(row['disk_bytes'])}" if row["disk_bytes"] else "not known here"
        install = f"`longtake models install {row['name']} --dry-run` asks"
        lines.append(f"Disk: {about}; {install}.")
    lines += [
        f"Camera move {one['camera']}: {one['file']}, strength {one['strength']:g}."
        for one in row["camera_moves"]
    ]
    lines.append(f"Licence: {row['license']}. {row['license_summary']}")
    if row["license_not_for"]:
        lines.append(f"Not allowed for: {row['license_not_for']}.")
    if row["license_must_be_accepted"]:
        lines.append("It must be accepted: install it with --accept-licence.")
    lines.append(f"From: {row['repository']}, {_revision(row)} ({row['pipeline']}).")
    if row["gated"]:
        lines.append("Its repository wants an account that has accepted its terms, and HF_TOKEN.")
    return lines


def _camera(lora: model_pb2.CameraLora) -> str:
    name = job_pb2.CameraKind.Name(lora.camera)
    return name.removeprefix("CAMERA_KIND_").lower().replace("_", "-")


def _purpose(row: dict[str, Any]) -> str:
    return (
        f"{', '.join(row['tasks'])}: {row['description']}" if row["tasks"] else row["description"]
    )


def _tasks(tasks: Sequence[model_pb2.Task]) -> list[str]:
    return [model_pb2.Task.Name(task).removeprefix("TASK_").lower() for task in tasks]


def _memory(row: dict[str, Any]) -> str:
    return size_text(row["memory_bytes"]) if row.get("memory_bytes") else ""


def _place(row: dict[str, Any]) -> str:
    if not row["folder"]:
        return f"{_SAID[row['state']]}."
    how = "imported" if row["imported"] else _SAID[row["state"]]
    return f"{how}, {size_text(row['disk_bytes'] or 0)} in {row['folder']}."


def _revision(row: dict[str, Any]) -> str:
    return f"revision {row['revision']}" if row["revision"] else "of a revision that nobody noted"
