"""What the store says, as messages."""

from longtake.v1 import model_pb2

from longtake_engine.server.answer_out import TASKS
from longtake_engine.weights.entry import Entry
from longtake_engine.weights.lora import CameraLora
from longtake_engine.weights.progress import StoreProgress
from longtake_engine.weights.store import Standing

_STATES = {
    "missing": model_pb2.WEIGHTS_STATE_MISSING,
    "partial": model_pb2.WEIGHTS_STATE_PARTIAL,
    "installed": model_pb2.WEIGHTS_STATE_INSTALLED,
    "damaged": model_pb2.WEIGHTS_STATE_DAMAGED,
}


def to_open_model(
    entry: Entry, standing: Standing, loras: tuple[CameraLora, ...] = ()
) -> model_pb2.OpenModel:
    """A model of the catalogue, what of it lies here, and the camera moves beside it."""
    manifest = standing.manifest
    return model_pb2.OpenModel(
        name=entry.name,
        description=entry.description,
        tasks=[TASKS[task] for task in entry.tasks],
        pipeline=entry.pipeline,
        repository=entry.repository,
        revision=entry.revision if manifest is None else manifest.revision,
        license=entry.license.name,
        license_summary=entry.license.summary,
        license_not_for=entry.license.not_for,
        license_must_be_accepted=entry.license.must_accept,
        gated=entry.gated,
        memory_bytes=round(entry.memory_gb * 1e9),
        memory_note=entry.memory_note,
        disk_bytes=standing.size_bytes or round(entry.disk_gb * 1e9),
        state=_STATES[standing.state],
        folder="" if standing.folder is None else str(standing.folder),
        imported=manifest is not None and manifest.imported,
        problem=standing.problem,
        camera_loras=[
            model_pb2.CameraLora(
                camera=f"CAMERA_KIND_{lora.camera.upper()}",
                path=str(lora.path),
                strength=lora.strength,
            )
            for lora in loras
        ],
    )


def to_progress(progress: StoreProgress, remaining_s: float) -> model_pb2.StoreProgress:
    """How far the store is, as a message."""
    return model_pb2.StoreProgress(
        phase=progress.phase,
        file=progress.file,
        done_bytes=progress.done_bytes,
        total_bytes=progress.total_bytes,
        remaining_s=remaining_s,
    )
