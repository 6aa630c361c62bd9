from typing import Any

import grpc
import numpy as np
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from longtake.v1 import media_pb2, model_pb2


def test_probe_says_what_images_hold(caller, tmp_path):
    from longtake_engine.media.still import write_png

    for number in range(3):
        write_png(tmp_path / f"shot.{number:04}.png", np.zeros((16, 24, 3), np.uint8))
    rate = media_pb2.Rational(numerator=24000, denominator=1001)
    request = media_pb2.ProbeRequest(path=str(tmp_path / "shot.%04d.png"), sequence_rate=rate)
    media = caller.call(caller.media.Probe, request).media
    [video] = media.video_streams
    assert media.container == "image2"
    assert (video.width, video.height, video.frame_count) == (24, 16, 3)
    assert video.frame_rate == rate
    assert video.pixel_aspect == media_pb2.Rational(numerator=1, denominator=1)


def test_a_text_file_renamed_is_bad_input(caller, tmp_path, refusal):
    (tmp_path / "text.mov").write_text("not a film")
    request = media_pb2.ProbeRequest(path=str(tmp_path / "text.mov"))
    refused = refusal(caller.call, caller.media.Probe, request)
    assert refused.code is grpc.StatusCode.FAILED_PRECONDITION
    assert (refused.domain, refused.reason) == ("longtake", "BAD_INPUT")
    assert "text.mov" in refused.sentence


def test_a_missing_file_is_not_found(caller, tmp_path, refusal):
    request = media_pb2.ProbeRequest(path=str(tmp_path / "nosuch.mov"))
    refused = refusal(caller.call, caller.media.Probe, request)
    assert (refused.code, refused.reason) == (grpc.StatusCode.NOT_FOUND, "MISSING_INPUT")


def test_a_sheet_is_drawn_of_files_under_the_roots(caller, tmp_path, refusal):
    from longtake_engine.testing.media import make_clip

    clip = make_clip(tmp_path / "clip.mkv", frames=3)
    row = media_pb2.SheetRow(media_path=str(clip), label="take 1", frames=[0, 2])
    answer = caller.call(caller.media.DrawSheet, media_pb2.DrawSheetRequest(rows=[row]))
    assert answer.png.startswith(b"\x89PNG")
    for rows in ([], [row] * 17, [media_pb2.SheetRow(media_path=str(clip))]):
        request = media_pb2.DrawSheetRequest(rows=rows)
        assert refusal(caller.call, caller.media.DrawSheet, request).reason == "WRONG_CALL"


def test_models_are_listed_and_chosen_by_task(caller):
    everything = caller.call(caller.models.ListModels, model_pb2.ListModelsRequest()).models
    assert {"motion", "retime"} <= {model.name for model in everything}
    assert all(model.description and model.tasks for model in everything)
    request = model_pb2.ListModelsRequest(task=model_pb2.TASK_EXTEND)
    chosen = caller.call(caller.models.ListModels, request).models
    assert [m.name for m in chosen] == [
        m.name for m in everything if model_pb2.TASK_EXTEND in m.tasks
    ]


def test_health_is_open_to_all_and_says_serving(engine):
    with grpc.insecure_channel(engine[1]) as channel:
        stub: Any = health_pb2_grpc.HealthStub(channel)
        for service in ["", "longtake.v1.JobService", "longtake.v1.MediaService"]:
            answer = stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=30)
            assert answer.status == health_pb2.HealthCheckResponse.SERVING


def test_reflection_names_every_service(caller):
    channel = grpc.intercept_channel(caller.channel, _WithMetadata(caller.metadata))
    database = ProtoReflectionDescriptorDatabase(channel)
    services = set(database.get_services())
    assert {
        "longtake.v1.JobService",
        "longtake.v1.MediaService",
        "longtake.v1.ModelService",
        "grpc.health.v1.Health",
    } <= services
    file = database.FindFileContainingSymbol("longtake.v1.JobService")
    assert file.name == "longtake/v1/job.proto"


class _WithMetadata(grpc.StreamStreamClientInterceptor):
    def __init__(self, metadata) -> None:
        self._metadata = metadata

    def intercept_stream_stream(self, continuation, client_call_details, request_iterator):
        details: Any = client_call_details  # a namedtuple, which its class does not say
        return continuation(details._replace(metadata=self._metadata), request_iterator)
