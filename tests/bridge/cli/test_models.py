import io
import json
import signal
import time
from pathlib import Path

import pytest
from google.rpc import code_pb2
from longtake.v1 import job_pb2, model_pb2
from longtake_bridge.cli.store_progress import show_store_progress
from longtake_bridge.testing import FakeEngine, Fault

FOLDER = "/models/hub/snapshots/c0ffee"


def open_model(**fields) -> model_pb2.OpenModel:
    return model_pb2.OpenModel(
        **{
            "name": "wan",
            "description": "Goes on.",
            "tasks": [model_pb2.TASK_EXTEND, model_pb2.TASK_GENERATE],
            "pipeline": "WanPipeline",
            "repository": "Wan-AI/Wan",
            "revision": "main",
            "license": "Community",
            "license_summary": "Free for most.",
            "memory_bytes": 8_190_000_000,
            "state": model_pb2.WEIGHTS_STATE_MISSING,
            **fields,
        }
    )


INSTALLED = open_model(
    state=model_pb2.WEIGHTS_STATE_INSTALLED, folder=FOLDER, disk_bytes=12_300_000_000
)


@pytest.fixture
def models(fake: FakeEngine) -> FakeEngine:
    fake.models = (
        model_pb2.Model(
            name="motion",
            description="Carries the motion on.",
            built_in=True,
            tasks=[model_pb2.TASK_EXTEND],
            min_known_frames=2,
            license="Apache-2.0",
        ),
    )
    fake.open_models = (open_model(license_not_for="pirates", license_must_be_accepted=True),)
    return fake


def test_lists_what_is_built_in_and_what_can_be_installed(models: FakeEngine, longtake) -> None:
    lines = longtake("models").out.splitlines()
    said = [" ".join(line.split()) for line in lines]
    assert said[0] == "motion built in extend: Carries the motion on."
    assert said[1] == "wan not installed 8.19 GB extend, generate: Goes on."
    assert longtake("models", "list").out.splitlines() == lines
    motion, wan = json.loads(longtake("models", "--json").out)["models"]
    assert (motion["tasks"], motion["max_new_frames"]) == (["extend"], None)
    assert (wan["state"], wan["built_in"]) == ("missing", False)
    assert wan["license_not_for"] == "pirates"


def test_shows_who_may_use_one_and_what_it_needs(models: FakeEngine, longtake) -> None:
    out = longtake("models", "show", "wan").out
    for words in (
        "Licence: Community. Free for most.",
        "Not allowed for: pirates.",
        "--accept-licence",
        "Graphics memory: 8.19 GB",
        "Wan-AI/Wan, revision main",
        "--dry-run",
    ):
        assert words in out
    assert json.loads(longtake("models", "show", "wan", "--json").out)["repository"] == "Wan-AI/Wan"
    assert "built in" in longtake("models", "show", "motion").out
    assert longtake("models", "show", "nothing").code == 2


def test_installs_with_the_settings_of_whoever_asks(
    models: FakeEngine, longtake, monkeypatch, tmp_path: Path
) -> None:
    for name in ("HF_TOKEN", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://mirror.test")
    monkeypatch.setenv("HF_HUB_CACHE", "hub")
    monkeypatch.setenv("LONGTAKE_SECRET", "mine")
    monkeypatch.chdir(tmp_path)
    progress = model_pb2.StoreProgress(
        phase="downloading",
        file="vae/weights.safetensors",
        done_bytes=3_000_000_000,
        total_bytes=12_300_000_000,
        remaining_s=90,
    )
    models.store_answers = (
        model_pb2.InstallModelResponse(progress=progress),
        model_pb2.InstallModelResponse(model=INSTALLED, downloaded_bytes=12_300_000_000),
    )
    answer = longtake("models", "install", "wan", "--accept-licence", "--to", "disk")
    assert answer.code == 0
    done, ready = answer.out.splitlines()
    assert done == f"wan is installed: 12.3 GB were downloaded to {FOLDER}."
    assert ready == "No backend of this Longtake runs it yet."
    assert answer.err == "downloading 3 GB of 12.3 GB, 1 min 30 s left\n"
    (request,) = models.store_requests
    assert isinstance(request, model_pb2.InstallModelRequest)
    assert request.accept_license
    assert request.to_folder == str(tmp_path / "disk")
    given = {setting.name: setting.value for setting in request.settings}
    assert given["HF_ENDPOINT"] == "http://mirror.test"
    assert given["HF_HUB_CACHE"] == str(tmp_path / "hub")
    assert "LONGTAKE_SECRET" not in given


def test_another_machines_engine_hears_no_settings_and_no_token(
    models: FakeEngine, longtake, monkeypatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "secret")
    monkeypatch.setenv("LONGTAKE_TOKEN", models.token)
    models.store_answers = (model_pb2.InstallModelResponse(model=INSTALLED),)
    assert longtake("models", "install", "wan", "--connect", models.address).code == 0
    (request,) = models.store_requests
    assert isinstance(request, model_pb2.InstallModelRequest)
    assert not request.settings


def test_a_dry_run_says_how_much(models: FakeEngine, longtake) -> None:
    models.store_answers = (
        model_pb2.InstallModelResponse(
            model=open_model(folder=FOLDER), downloaded_bytes=28_900_000_000
        ),
    )
    answer = longtake("models", "install", "wan", "--dry-run")
    assert answer.out.startswith(f"28.9 GB would be downloaded to {FOLDER}.\n")
    value = json.loads(longtake("models", "install", "wan", "--dry-run", "--json").out)
    assert (value["downloaded_bytes"], value["dry_run"]) == (28_900_000_000, True)


@pytest.mark.parametrize(
    ("reason", "code", "exit_code"),
    [
        ("LICENSE_NOT_ACCEPTED", code_pb2.FAILED_PRECONDITION, 2),
        ("NO_NETWORK", code_pb2.UNAVAILABLE, 4),
        ("ACCESS_REFUSED", code_pb2.PERMISSION_DENIED, 4),
        ("OUT_OF_SPACE", code_pb2.RESOURCE_EXHAUSTED, 4),
        ("MISSING_INPUT", code_pb2.NOT_FOUND, 3),
        ("BAD_INPUT", code_pb2.FAILED_PRECONDITION, 3),
    ],
)
def test_what_goes_wrong_is_a_sentence_and_an_exit_code(
    reason: str, code: int, exit_code: int, models: FakeEngine, longtake
) -> None:
    models.store_fault = Fault("That went wrong.", reason, code)
    answer = longtake("models", "install", "wan", "--json")
    assert answer.code == exit_code
    assert answer.err == "longtake: That went wrong.\n"
    assert json.loads(answer.out)["error"]["reason"] == reason


def test_imports_where_it_lies(models: FakeEngine, longtake, tmp_path: Path) -> None:
    used = open_model(state=model_pb2.WEIGHTS_STATE_INSTALLED, folder=FOLDER, disk_bytes=2000)
    models.store_answers = (
        model_pb2.ImportModelsResponse(model=used),
        model_pb2.ImportModelsResponse(refusal="A file is pickled."),
    )
    answer = longtake("models", "import", tmp_path, "--as", "wan")
    assert answer.code == 0
    assert answer.out == f"wan is in use from {FOLDER} (2 kB, nothing was copied).\n"
    assert answer.err == "Not used: A file is pickled.\n"
    models.store_answers = models.store_answers[1:]
    assert longtake("models", "import", tmp_path).code == 3
    request = models.store_requests[0]
    assert isinstance(request, model_pb2.ImportModelsRequest)
    assert (request.folder, request.name) == (str(tmp_path), "wan")


def test_a_camera_move_is_imported_for_its_model_and_forgotten(
    models: FakeEngine, longtake, tmp_path: Path
) -> None:
    move = model_pb2.CameraLora(
        camera=job_pb2.CAMERA_KIND_DOLLY_IN, path="/loras/push.safetensors", strength=0.8
    )
    models.store_answers = (model_pb2.ImportModelsResponse(model=open_model(camera_loras=[move])),)
    push = tmp_path / "push.safetensors"
    answer = longtake(
        "models", "import", push, "--as", "wan", "--camera", "dolly-in", "--strength", "0.8"
    )
    assert answer.out == f"wan makes the camera move dolly-in by {push} from now on.\n"
    request = models.store_requests[0]
    assert isinstance(request, model_pb2.ImportModelsRequest)
    assert request.camera == job_pb2.CAMERA_KIND_DOLLY_IN
    assert request.strength == pytest.approx(0.8)
    models.open_models = (open_model(camera_loras=[move]),)
    shown = longtake("models", "show", "wan").out
    assert "Camera move dolly-in: /loras/push.safetensors, strength 0.8." in shown
    models.store_answers = (model_pb2.RemoveModelResponse(folder=str(push), kept_files=True),)
    forgotten = longtake("models", "remove", "wan", "--camera", "dolly-in").out
    assert forgotten == f"wan makes the camera move dolly-in without {push} from now on.\n"
    assert longtake("models", "import", push, "--strength", "1").code == 2
    assert longtake("models", "import", push, "--camera", "sideways").code == 2


def test_verify_ends_with_3_where_one_is_damaged(models: FakeEngine, longtake) -> None:
    models.store_answers = (model_pb2.VerifyModelsResponse(model=INSTALLED),)
    answer = longtake("models", "verify")
    assert (answer.code, answer.out) == (0, "wan: whole, 12.3 GB were looked through.\n")
    damaged = open_model(state=model_pb2.WEIGHTS_STATE_DAMAGED, problem="A file is gone.")
    models.store_answers = (model_pb2.VerifyModelsResponse(model=damaged),)
    answer = longtake("models", "verify", "wan")
    assert (answer.code, answer.out) == (3, "wan: A file is gone.\n")
    assert "✖ Open weights" not in longtake("doctor").out
    models.open_models = (damaged,)
    assert "✖ Open weights: A file is gone. → longtake models verify" in longtake("doctor").out


def test_remove_says_what_it_frees(models: FakeEngine, longtake) -> None:
    models.store_answers = (model_pb2.RemoveModelResponse(freed_bytes=12_300_000_000),)
    assert longtake("models", "remove", "wan").out == "wan is removed; 12.3 GB are free now.\n"
    models.store_answers = (model_pb2.RemoveModelResponse(folder=FOLDER, kept_files=True),)
    answer = longtake("models", "remove", "wan")
    assert answer.out == f"wan is forgotten; its files are where they were, in {FOLDER}.\n"


def test_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    steps = [
        model_pb2.StoreProgress(
            phase="downloading",
            file="vae/x.safetensors",
            done_bytes=done,
            total_bytes=10_000,
            remaining_s=-1,
        )
        for done in (0, 5000, 10_000)
    ]
    terminal, pipe = Terminal(), io.StringIO()
    for stream in (terminal, pipe):
        with show_store_progress(stream) as show:
            for step in steps:
                show(step)
    assert " 50% |" in terminal.getvalue()
    assert "downloading vae/x.safetensors" in terminal.getvalue()
    assert "5 kB of 10 kB" in terminal.getvalue()
    assert pipe.getvalue() == "downloading 0 B of 10 kB\n"


@pytest.fixture
def hub(monkeypatch, tmp_path: Path):
    pytest.importorskip("huggingface_hub", reason="needs the extra `weights`")
    from longtake_engine.testing.hub import FakeHub, tiny_pipeline

    with FakeHub({"Wan-AI/Wan2.1-VACE-1.3B-diffusers": tiny_pipeline(size=100_000)}) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        yield hub


def test_the_whole_way_with_ctrl_c_in_the_midst(hub, home, spawn, longtake, tmp_path: Path) -> None:
    from longtake_bridge import daemon

    name = "wan-vace-1.3b"
    hub.held["transformer/diffusion_pytorch_model-1-of-2.safetensors"] = 300_000
    try:
        process = spawn("models", "install", name)
        assert hub.reached.wait(60)
        _wait_for_piece(tmp_path / "hub")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert process.returncode == 130
        assert f"what has come is kept, and the same `longtake models install {name}`" in said
        hub.let_go.set()
        shown = json.loads(longtake("models", "show", name, "--json").out)
        assert shown["state"] == "partial"
        hub.asked.clear()
        answer = longtake("models", "install", name)
        assert answer.code == 0, answer.err
        assert hub.asked[0][1].startswith("bytes=")
        assert json.loads(longtake("models", "show", name, "--json").out)["state"] == "installed"
        assert longtake("models", "verify", name).code == 0
        assert "are free now" in longtake("models", "remove", name).out
        again = longtake("models", "remove", name)
        assert (again.code, "nothing to remove" in again.err) == (2, True)
    finally:
        daemon.stop(home)


def _wait_for_piece(cache: Path) -> None:
    deadline_s = time.monotonic() + 60
    while time.monotonic() < deadline_s:
        if any(path.stat().st_size for path in cache.rglob("*.incomplete")):
            return
    raise AssertionError("nothing came")


def test_the_engine_hears_every_setting_that_is_sent() -> None:
    from longtake_bridge.hub_setting import FOLDERS, VALUES
    from longtake_engine.jobs.errand import HUB_FOLDERS, HUB_SETTINGS

    assert {*VALUES, *FOLDERS} == HUB_SETTINGS
    assert set(FOLDERS) == HUB_FOLDERS
