"""The service of models: backends, and the store of open weights."""

from collections.abc import Iterator

import grpc
from longtake.v1 import model_pb2, model_pb2_grpc

from longtake_engine.errors import WrongCall
from longtake_engine.jobs.enquiry import EnquiryDesk
from longtake_engine.jobs.errand import HUB_FOLDERS, ErrandDesk, RunningErrand
from longtake_engine.jobs.errand_message import (
    ErrandEvent,
    ImportErrand,
    InstallErrand,
    LoraErrand,
    Settled,
    StoreProgress,
    Unusable,
    VerifyErrand,
)
from longtake_engine.roots import Roots
from longtake_engine.server.answer_out import to_model
from longtake_engine.server.guidance_in import to_camera_kind, to_guidance
from longtake_engine.server.value_in import to_path
from longtake_engine.server.weights_out import to_open_model, to_progress
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.lora import LoraShelf
from longtake_engine.weights.store import ModelStore

# ruff: noqa: D102 # the methods are named and described in proto/longtake/v1


class ModelServicer(model_pb2_grpc.ModelServiceServicer):
    """Backends, and the store of open weights."""

    def __init__(
        self, desk: EnquiryDesk, errands: ErrandDesk, store: ModelStore, roots: Roots
    ) -> None:
        self._desk = desk
        self._errands = errands
        self._store = store
        self._roots = roots

    def ListModels(self, request, context):
        models = [to_model(model) for model in self._desk.models()]
        wanted = [m for m in models if not request.task or request.task in m.tasks]
        return model_pb2.ListModelsResponse(models=wanted)

    def ListOpenModels(self, request, context):
        catalogue = Catalogue()
        entries = [catalogue.find(request.name)] if request.name else list(catalogue)
        shelf = LoraShelf(self._store)
        models = [
            to_open_model(entry, self._store.standing(entry.name), shelf.every(entry.name))
            for entry in entries
        ]
        return model_pb2.ListOpenModelsResponse(models=models)

    def ExpandPrompt(self, request, context):
        guidance = to_guidance(request.guidance)
        written = self._desk.expand(guidance.prompt, guidance.camera, shown=request.shown)
        return model_pb2.ExpandPromptResponse(
            prompt=written.prompt,
            added=written.added,
            written_by=written.written_by,
            notes=written.notes,
        )

    def CompareTexts(self, request, context):
        found = self._desk.compare(tuple(request.wishes), tuple(request.texts))
        rows = [model_pb2.TextLikeness(scores=row) for row in found.scores]
        return model_pb2.CompareTextsResponse(model=found.model, likeness=rows)

    def InstallModel(
        self, request, context: grpc.ServicerContext
    ) -> Iterator[model_pb2.InstallModelResponse]:
        to_folder = None
        if request.to_folder:
            to_folder = self._roots.check(to_path(request.to_folder, "the folder of models"))
        errand = InstallErrand(
            name=Catalogue().find(request.name).name,
            accept_license=request.accept_license,
            to_folder=to_folder,
            revision=request.revision,
            dry_run=request.dry_run,
        )
        with self._errands.run(errand, self._settings(request.settings)) as running:
            for event, left_s in _events(running, context):
                match event:
                    case StoreProgress():
                        yield model_pb2.InstallModelResponse(progress=to_progress(event, left_s))
                    case Settled(_, _, downloaded_bytes):
                        yield model_pb2.InstallModelResponse(
                            model=self._open_model(event), downloaded_bytes=downloaded_bytes
                        )

    def ImportModels(
        self, request, context: grpc.ServicerContext
    ) -> Iterator[model_pb2.ImportModelsResponse]:
        errand = self._import_errand(request)
        with self._errands.run(errand, {}) as running:
            for event, left_s in _events(running, context):
                match event:
                    case StoreProgress():
                        yield model_pb2.ImportModelsResponse(progress=to_progress(event, left_s))
                    case Settled():
                        yield model_pb2.ImportModelsResponse(model=self._open_model(event))
                    case Unusable(sentence):
                        yield model_pb2.ImportModelsResponse(refusal=sentence)

    def VerifyModels(
        self, request, context: grpc.ServicerContext
    ) -> Iterator[model_pb2.VerifyModelsResponse]:
        known = {entry.name for entry in Catalogue()}
        names = [name for name in self._store.names() if name in known]
        if request.name:
            names = [Catalogue().find(request.name).name]
        with self._errands.run(VerifyErrand(tuple(names)), {}) as running:
            for event, left_s in _events(running, context):
                match event:
                    case StoreProgress():
                        yield model_pb2.VerifyModelsResponse(progress=to_progress(event, left_s))
                    case Settled():
                        yield model_pb2.VerifyModelsResponse(model=self._open_model(event))

    def RemoveModel(self, request, context):
        if request.camera:
            name = Catalogue().find(request.name).name
            lora = LoraShelf(self._store).forget(name, to_camera_kind(request.camera))
            return model_pb2.RemoveModelResponse(folder=str(lora.path), kept_files=True)
        removed = self._store.remove(Catalogue().find(request.name).name)
        return model_pb2.RemoveModelResponse(
            freed_bytes=removed.freed_bytes,
            folder=str(removed.folder),
            kept_files=removed.kept_files,
        )

    def _import_errand(self, request: model_pb2.ImportModelsRequest) -> ImportErrand | LoraErrand:
        path = self._roots.check(to_path(request.folder, "the folder of models"))
        name = Catalogue().find(request.name).name if request.name else ""
        if not request.camera:
            return ImportErrand(folder=path, name=name, accept_license=request.accept_license)
        if not name:
            raise WrongCall("Say beside which model the camera move was taught, with --as NAME.")
        camera = to_camera_kind(request.camera)
        return LoraErrand(path=path, name=name, camera=camera, strength=request.strength)

    def _open_model(self, settled: Settled) -> model_pb2.OpenModel:
        standing = self._store.standing(settled.name)
        loras = LoraShelf(self._store).every(settled.name)
        message = to_open_model(Catalogue().find(settled.name), standing, loras)
        if not message.folder and settled.folder is not None:
            message.folder = str(settled.folder)
        return message

    def _settings(self, messages) -> dict[str, str]:
        settings = {setting.name: setting.value for setting in messages if setting.value}
        for name in HUB_FOLDERS & settings.keys():
            settings[name] = str(self._roots.check(to_path(settings[name], name)))
        return settings


def _events(
    running: RunningErrand, context: grpc.ServicerContext
) -> Iterator[tuple[ErrandEvent, float]]:
    """The events of an errand, which is ended where its caller goes away."""
    if context.add_callback(running.close):  # else the caller is gone already
        yield from running
