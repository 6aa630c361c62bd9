"""The store of weights behind gRPC: its statuses, and that nothing else waits for it."""

import json
import time
from pathlib import Path

import grpc
import numpy as np
import psutil
import pytest
from longtake.v1 import job_pb2, media_pb2, model_pb2

pytest.importorskip("huggingface_hub", reason="needs the extra `weights`")
pytest.importorskip("safetensors", reason="needs the extra `weights`")

from longtake_engine.testing.hub import FakeHub, tiny_pipeline

NAME = "wan-vace-1.3b"
REPOSITORY = "Wan-AI/Wan2.1-VACE-1.3B-diffusers"
HELD = "transformer/diffusion_pytorch_model-1-of-2.safetensors"
DEADLINE_S = 30


@pytest.fixture
def hub():
    with FakeHub({REPOSITORY: tiny_pipeline(size=100_000)}) as hub:
        yield hub


@pytest.fixture
def ask(hub, tmp_path):
    """A request to install the model that the hub offers."""

    def make(name: str = NAME, **fields) -> model_pb2.InstallModelRequest:
        settings = {
            "HF_ENDPOINT": hub.address,
            "HF_HUB_CACHE": str(tmp_path / "hub"),
            "HF_HOME": str(tmp_path / "hf"),
            "NO_PROXY": "127.0.0.1,localhost",
        }
        given = [model_pb2.HubSetting(name=name, value=value) for name, value in settings.items()]
        return model_pb2.InstallModelRequest(name=name, settings=given, **fields)

    return make


def install(caller, request) -> list[model_pb2.InstallModelResponse]:
    return list(caller.call(caller.models.InstallModel, request))


def standing(caller, name: str = NAME) -> model_pb2.OpenModel:
    request = model_pb2.ListOpenModelsRequest(name=name)
    [model] = caller.call(caller.models.ListOpenModels, request).models
    return model


def wait_until(true) -> None:
    deadline_s = time.monotonic() + DEADLINE_S
    while not true():
        assert time.monotonic() < deadline_s, "it never came to that"
        time.sleep(0.01)


def test_installing_sends_progress_and_then_the_model(caller, ask, tmp_path):
    answers = install(caller, ask())
    model = answers[-1].model
    assert model.state == model_pb2.WEIGHTS_STATE_INSTALLED
    assert Path(model.folder).is_relative_to(tmp_path / "hub")
    assert answers[-1].downloaded_bytes == model.disk_bytes > 1_000_000
    assert answers[0].progress.phase == "asking for its files"
    last = [answer.progress for answer in answers if answer.HasField("progress")][-1]
    assert last.done_bytes == last.total_bytes == model.disk_bytes
    assert standing(caller) == model
    [verified] = [
        answer.model
        for answer in caller.call(caller.models.VerifyModels, model_pb2.VerifyModelsRequest())
        if answer.HasField("model")
    ]
    assert verified == model
    removed = caller.call(caller.models.RemoveModel, model_pb2.RemoveModelRequest(name=NAME))
    assert (removed.freed_bytes, removed.kept_files) == (model.disk_bytes, False)
    assert standing(caller).state == model_pb2.WEIGHTS_STATE_MISSING


def test_every_refusal_has_its_status(caller, ask, hub, tmp_path, refusal):
    def refused(request):
        return refusal(install, caller, request)

    unknown = refused(ask("wan-vace"))
    assert (unknown.code, unknown.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "WRONG_CALL")
    terms = refused(ask("hunyuan-video"))
    assert terms.code is grpc.StatusCode.FAILED_PRECONDITION
    assert terms.reason == "LICENSE_NOT_ACCEPTED"
    revision = refused(ask(revision="v9"))
    assert (revision.code, revision.reason) == (grpc.StatusCode.NOT_FOUND, "MISSING_INPUT")
    hub.gated.add(REPOSITORY)
    gated = refused(ask())
    assert (gated.code, gated.reason) == (grpc.StatusCode.PERMISSION_DENIED, "ACCESS_REFUSED")
    hub.gated.clear()
    hub.repositories[REPOSITORY][HELD] = b"\x80"
    pickled = refused(ask())
    assert (pickled.code, pickled.reason) == (grpc.StatusCode.FAILED_PRECONDITION, "BAD_INPUT")
    offline = ask()
    offline.settings.add(name="HF_HUB_OFFLINE", value="1")
    network = refused(offline)
    assert (network.code, network.reason) == (grpc.StatusCode.UNAVAILABLE, "NO_NETWORK")
    relative = refused(ask(to_folder="disk"))
    assert relative.reason == "WRONG_CALL"
    removal = model_pb2.RemoveModelRequest(name="svd")
    assert refusal(caller.call, caller.models.RemoveModel, removal).reason == "WRONG_CALL"


def test_a_job_runs_and_the_store_answers_while_a_download_hangs(caller, ask, hub, make_spec):
    hub.held[HELD] = 300_000
    stream = caller.models.InstallModel(ask(), metadata=caller.metadata)
    assert next(stream).progress.phase == "asking for its files"
    assert hub.reached.wait(DEADLINE_S)
    assert caller.end(caller.create(make_spec())).state == job_pb2.JOB_STATE_SUCCEEDED
    assert standing(caller).state == model_pb2.WEIGHTS_STATE_PARTIAL
    second = caller.models.InstallModel(ask(), metadata=caller.metadata, timeout=DEADLINE_S)
    with pytest.raises(grpc.RpcError) as caught:
        list(second)
    assert caught.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED  # type: ignore[attr-defined]
    hub.let_go.set()
    assert list(stream)[-1].model.state == model_pb2.WEIGHTS_STATE_INSTALLED


def test_ending_the_call_ends_the_download_and_keeps_what_came(caller, ask, hub, tmp_path):
    hub.held[HELD] = 300_000
    before = set(psutil.Process().children())
    stream = caller.models.InstallModel(ask(), metadata=caller.metadata)
    next(stream)
    assert hub.reached.wait(DEADLINE_S)
    wait_until(lambda: any(p.stat().st_size for p in tmp_path.rglob("*.incomplete")))
    [process] = [one for one in set(psutil.Process().children()) - before]
    stream.cancel()
    wait_until(lambda: not process.is_running())
    assert standing(caller).state == model_pb2.WEIGHTS_STATE_PARTIAL
    hub.asked.clear()
    assert install(caller, ask())[-1].model.state == model_pb2.WEIGHTS_STATE_INSTALLED
    assert hub.asked[0][1].startswith("bytes=")


def test_a_daemon_that_is_killed_takes_its_download_along_and_loses_nothing(
    start_daemon, ask, hub, tmp_path
):
    hub.held[HELD] = 300_000
    daemon = start_daemon()
    stream = daemon.caller.models.InstallModel(ask(), metadata=daemon.caller.metadata)
    next(stream)
    assert hub.reached.wait(DEADLINE_S)
    wait_until(lambda: any(p.stat().st_size for p in tmp_path.rglob("*.incomplete")))
    [process] = psutil.Process(daemon.process.pid).children()
    daemon.process.kill()
    daemon.process.wait()
    wait_until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)
    again = start_daemon()
    hub.asked.clear()
    assert install(again.caller, ask())[-1].model.state == model_pb2.WEIGHTS_STATE_INSTALLED
    assert hub.asked[0][1].startswith("bytes=")


def test_a_stop_says_so_to_whoever_waits(engine, caller, ask, hub):
    hub.held[HELD] = 300_000
    stream = caller.models.InstallModel(ask(), metadata=caller.metadata)
    next(stream)
    assert hub.reached.wait(DEADLINE_S)
    engine[0].stop()
    with pytest.raises(grpc.RpcError) as caught:
        list(stream)
    assert caught.value.code() in (  # type: ignore[attr-defined]
        grpc.StatusCode.UNAVAILABLE,
        grpc.StatusCode.CANCELLED,
    )


def test_it_keeps_to_its_roots(start_daemon, ask, refusal, tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    caller = start_daemon("--root", str(inside)).caller
    assert refusal(install, caller, ask()).reason == "PATH_REFUSED"  # the cache lies outside
    outside = model_pb2.ImportModelsRequest(folder=str(tmp_path))
    refused = refusal(lambda: list(caller.call(caller.models.ImportModels, outside)))
    assert (refused.code, refused.reason) == (grpc.StatusCode.PERMISSION_DENIED, "PATH_REFUSED")


def test_importing_says_what_is_used_and_what_is_not(caller, tmp_path):
    for path, content in tiny_pipeline().items():
        target = tmp_path / "models" / "wan" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    (tmp_path / "models" / "other").mkdir()
    (tmp_path / "models" / "other" / "model_index.json").write_text(json.dumps({}))
    request = model_pb2.ImportModelsRequest(folder=str(tmp_path / "models"))
    answers = list(caller.call(caller.models.ImportModels, request))
    [model] = [answer.model for answer in answers if answer.HasField("model")]
    assert (model.name, model.imported) == (NAME, True)
    assert model.folder == str(tmp_path / "models" / "wan")
    [refused] = [answer.refusal for answer in answers if answer.HasField("refusal")]
    assert "other" in refused
    removed = caller.call(caller.models.RemoveModel, model_pb2.RemoveModelRequest(name=NAME))
    assert removed.kept_files


def test_a_camera_move_is_imported_beside_its_model_and_forgotten(caller, refusal, tmp_path):
    from safetensors.numpy import save_file

    path = tmp_path / "push.safetensors"
    numbers = {"diffusion_model.blocks.0.self_attn.q.lora_A.weight": np.zeros((2, 4))}
    save_file(numbers, path)
    camera = job_pb2.CAMERA_KIND_DOLLY_IN
    request = model_pb2.ImportModelsRequest(folder=str(path), camera=camera, strength=0.5)

    def imported():
        return list(caller.call(caller.models.ImportModels, request))

    assert refusal(imported).reason == "WRONG_CALL"  # beside which model?
    request.name = "wan-t2v-1.3b"
    *_, answer = imported()
    (lora,) = answer.model.camera_loras
    assert (lora.camera, lora.path, lora.strength) == (camera, str(path), 0.5)
    removal = model_pb2.RemoveModelRequest(name=request.name, camera=camera)
    assert caller.call(caller.models.RemoveModel, removal).kept_files
    assert path.is_file()
    assert refusal(caller.call, caller.models.RemoveModel, removal).reason == "WRONG_CALL"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="reads /proc")
def test_the_daemon_itself_loads_nothing_for_it(start_daemon, ask, refusal):
    daemon = start_daemon()
    standing(daemon.caller)
    install(daemon.caller, ask())
    loaded = Path(f"/proc/{daemon.process.pid}/maps").read_text()
    for library in ("safetensors", "numpy", "torch", "hf_xet"):
        assert library not in loaded


def test_importing_the_daemon_loads_no_hub():
    import subprocess
    import sys

    script = (
        "import sys, longtake_engine.server.__main__, longtake_engine.weights.install\n"
        "names = ('huggingface_hub', 'safetensors', 'httpx2', 'numpy')\n"
        "print([name for name in names if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_probing_goes_on_meanwhile(caller, ask, hub, tmp_path, refusal):
    hub.held[HELD] = 300_000
    stream = caller.models.InstallModel(ask(), metadata=caller.metadata)
    next(stream)
    assert hub.reached.wait(DEADLINE_S)
    request = media_pb2.ProbeRequest(path=str(tmp_path / "nosuch.mov"))
    assert refusal(caller.call, caller.media.Probe, request).reason == "MISSING_INPUT"
    stream.cancel()
