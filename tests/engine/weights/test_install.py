"""Installing, over a real connection to a hub on loopback, in the process that does it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from longtake_engine.errors import (
    AccessRefused,
    BadInput,
    Busy,
    LicenseNotAccepted,
    MissingInput,
    NoNetwork,
    NotPossible,
    OutOfSpace,
)
from longtake_engine.jobs.errand_message import InstallErrand, errand_line
from longtake_engine.testing.hub import COMMIT, tiny_pipeline, tiny_weights
from longtake_engine.weights import check
from longtake_engine.weights.catalogue import Catalogue
from longtake_engine.weights.install import InstallOptions
from longtake_engine.weights.install import install as install_here

NAME = "wan-vace-1.3b"
REPOSITORY = "Wan-AI/Wan2.1-VACE-1.3B-diffusers"
PIN = Catalogue().find(NAME).revision
WEIGHTS = "transformer/diffusion_pytorch_model-1-of-2.safetensors"
LAST = "vae/diffusion_pytorch_model.safetensors"
SMALL_FILES = """
import resource, runpy
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
runpy.run_module("longtake_engine.jobs.errand_worker", run_name="__main__")
"""
ERRAND = InstallErrand(name=NAME, accept_license=False, to_folder=None, revision="", dry_run=False)


def test_a_model_lies_in_the_hubs_cache_verified_and_without_what_it_is_not_loaded_from(
    install, store, hub, cache
):
    outcome = install()
    assert outcome.error is None
    model = store.find(NAME)
    assert model.folder == cache / "models--Wan-AI--Wan2.1-VACE-1.3B-diffusers/snapshots" / PIN
    paths = {file.path for file in model.manifest.files}
    assert paths == set(hub.repositories[REPOSITORY]) - {"README.md", "all_in_one.safetensors"}
    for file in model.manifest.files:
        assert (model.folder / file.path).read_bytes() == hub.repositories[REPOSITORY][file.path]
        assert check.hash_file(model.folder / file.path)[0] == file.sha256
    assert model.manifest.revision == PIN
    assert store.partial(NAME) is None
    assert not list(cache.rglob("*.incomplete"))
    assert outcome.settled[0].downloaded_bytes == model.manifest.size_bytes


def test_other_programs_find_it_in_the_cache(install, cache):
    from huggingface_hub import try_to_load_from_cache

    install(revision="main")
    for revision in ("main", COMMIT):
        found = try_to_load_from_cache(REPOSITORY, LAST, cache_dir=cache, revision=revision)
        assert isinstance(found, str)
        assert Path(found).read_bytes() == tiny_weights(3, 100_000)


def test_progress_counts_bytes_up_to_all_of_them(install, store):
    told = [progress for progress in install().progress if progress.total_bytes]
    size_bytes = store.find(NAME).manifest.size_bytes
    counts = [progress.done_bytes for progress in told]
    assert {progress.total_bytes for progress in told} == {size_bytes}
    assert counts == sorted(counts)
    assert counts[-1] == size_bytes


def test_what_is_installed_is_not_asked_for_again(install, hub):
    install()
    asked = len(hub.asked)
    again = install()
    assert again.error is None
    assert again.settled[0].downloaded_bytes == 0
    assert len(hub.asked) == asked


def test_what_lies_in_the_cache_already_is_not_downloaded_and_not_removed(
    install, store, hub, cache, home
):
    install()
    for record in (home / "models").iterdir():  # another program's cache, as far as we know
        record.unlink()
    asked = len(hub.asked)
    assert install().error is None
    assert len(hub.asked) == asked
    folder = store.find(NAME).folder
    assert store.remove(NAME).freed_bytes == 0
    assert (folder / LAST).is_file()


def test_another_folder_is_taken(install, store, tmp_path, cache):
    install(to=tmp_path / "disk")
    assert store.find(NAME).folder.is_relative_to(tmp_path / "disk")
    assert not cache.exists()


def test_a_dry_run_says_how_much_and_leaves_nothing(install, store, hub, cache):
    outcome = install("hunyuan-video", dry_run=True)
    assert isinstance(outcome.error, AccessRefused)  # the hub here does not have it
    outcome = install(dry_run=True)
    wanted = set(hub.repositories[REPOSITORY]) - {"README.md", "all_in_one.safetensors"}
    sizes = sum(len(hub.repositories[REPOSITORY][path]) for path in wanted)
    assert outcome.settled[0].downloaded_bytes == sizes
    assert not hub.asked
    assert not cache.exists()
    assert store.standing(NAME).state == "missing"


def test_a_broken_connection_is_taken_up_where_it_broke(install, store, hub):
    hub.cuts[WEIGHTS] = 300_000
    assert install().error is None
    ranges = [given for path, given in hub.asked if path == WEIGHTS]
    assert ranges == ["", "bytes=262144-"]
    assert store.find(NAME)


def test_an_ended_download_goes_on_where_it_was(begun, install, store, hub):
    piece = begun()
    standing = store.standing(NAME)
    assert standing.state == "partial"
    with pytest.raises(NotPossible, match="in part only"):
        store.find(NAME)
    kept = piece.stat().st_size
    assert 0 < kept < 400_080
    hub.asked.clear()
    assert install().error is None
    assert [given for path, given in hub.asked if path == WEIGHTS] == [f"bytes={kept}-"]
    assert not any(path == "model_index.json" for path, _ in hub.asked)
    assert store.find(NAME).manifest.files


def test_a_part_can_be_removed(begun, store, cache):
    begun()
    before = store.standing(NAME).size_bytes
    removed = store.remove(NAME)
    assert removed.freed_bytes == before > 0
    assert store.standing(NAME).state == "missing"
    assert not [path for path in cache.rglob("*") if path.is_file()]


def test_two_do_not_install_the_same_at_once(install, store):
    with store.locked(NAME):
        outcome = install()
    assert isinstance(outcome.error, Busy)


def test_what_came_damaged_is_thrown_away_and_comes_again(install, store, hub, cache):
    hub.served[LAST] = b"x" * len(hub.repositories[REPOSITORY][LAST])
    outcome = install()
    assert isinstance(outcome.error, BadInput)
    assert LAST in outcome.error.sentence
    assert "run the same command again" in outcome.error.sentence
    assert store.standing(NAME).state == "partial"
    assert not list(cache.rglob("*.incomplete"))
    hub.served.clear()
    hub.asked.clear()
    assert install().error is None
    assert [path for path, _ in hub.asked] == [LAST]


def test_a_pickle_by_another_name_is_refused_with_the_right_hash(install, store, hub, cache):
    hub.repositories[REPOSITORY][LAST] = b"\x80\x04\x95" + b"evil" * 100
    outcome = install()
    assert isinstance(outcome.error, BadInput)
    assert "pickled" in outcome.error.sentence
    assert LAST in outcome.error.sentence
    assert store.standing(NAME).state == "partial"
    assert not any(path.read_bytes()[:1] == b"\x80" for path in cache.rglob("*") if path.is_file())


def test_a_cut_off_safetensors_file_is_refused_with_the_right_hash(install, hub):
    hub.repositories[REPOSITORY][LAST] = tiny_weights(3)[:-100]
    outcome = install()
    assert isinstance(outcome.error, BadInput)
    assert "no whole safetensors file" in outcome.error.sentence


def test_pickled_weights_are_refused_before_anything_is_downloaded(install, hub, cache):
    files = hub.repositories[REPOSITORY]
    files["vae/pytorch_model.bin"] = files.pop(LAST)
    outcome = install()
    assert isinstance(outcome.error, BadInput)
    assert "vae/pytorch_model.bin" in outcome.error.sentence
    assert not hub.asked
    assert not cache.exists()


def test_pickled_weights_beside_safe_ones_are_left_out(install, store, hub):
    hub.repositories[REPOSITORY]["vae/pytorch_model.bin"] = b"\x80"
    hub.repositories[REPOSITORY]["examples/notes.pt"] = b"\x80"
    assert install().error is None
    assert not any("bin" in file.path for file in store.find(NAME).manifest.files)


def test_a_missing_piece_is_named(install, hub, store):
    del hub.repositories[REPOSITORY][WEIGHTS]
    outcome = install()
    assert isinstance(outcome.error, MissingInput)
    assert WEIGHTS in outcome.error.sentence
    assert store.standing(NAME).state == "partial"


def test_a_missing_part_is_named(install, hub):
    for path in [path for path in hub.repositories[REPOSITORY] if path.startswith("vae/")]:
        del hub.repositories[REPOSITORY][path]
    outcome = install()
    assert isinstance(outcome.error, MissingInput)
    assert "the part vae" in outcome.error.sentence


def test_a_branch_is_fixed_to_its_commit(install, store, hub):
    name = "skyreels-v2-df-1.3b"
    entry = Catalogue().find(name)
    hub.repositories[entry.repository] = tiny_pipeline(entry.pipeline)
    assert entry.revision == "main"
    assert install(name, accept=True).error is None
    assert store.find(name).manifest.revision == COMMIT


def test_a_wrong_revision(install, store):
    outcome = install(revision="v9")
    assert isinstance(outcome.error, MissingInput)
    assert "no revision v9" in outcome.error.sentence
    assert store.standing(NAME).state == "missing"


def test_a_licence_is_to_be_accepted_and_says_for_whom_it_is_not(install, hub):
    hub.repositories["hunyuanvideo-community/HunyuanVideo"] = tiny_pipeline("HunyuanVideoPipeline")
    outcome = install("hunyuan-video")
    assert isinstance(outcome.error, LicenseNotAccepted)
    assert "South Korea" in outcome.error.sentence
    assert "--accept-licence" in outcome.error.sentence
    assert not hub.asked
    assert install("hunyuan-video", accept=True).error is None


def test_a_gated_repository_wants_a_token(install, hub, store):
    hub.gated.add(REPOSITORY)
    outcome = install()
    assert isinstance(outcome.error, AccessRefused)
    assert "HF_TOKEN" in outcome.error.sentence
    assert install(HF_TOKEN="hf_secret").error is None
    assert store.find(NAME)
    assert not hub.tokens_elsewhere  # large files lie with somebody who need not know it


def test_no_network(install):
    outcome = install(HF_ENDPOINT="http://127.0.0.1:9")
    assert isinstance(outcome.error, NoNetwork)
    assert "http://127.0.0.1:9 cannot be reached" in outcome.error.sentence


def test_offline_says_so_and_how_to_use_what_is_here(install, hub, cache):
    outcome = install(HF_HUB_OFFLINE="1")
    assert isinstance(outcome.error, NoNetwork)
    assert "HF_HUB_OFFLINE" in outcome.error.sentence
    assert f"longtake models import {cache}" in outcome.error.sentence
    assert not hub.asked


@pytest.fixture
def offer(monkeypatch, tmp_path):
    """Lets the hub offer one large file, which nobody downloads."""
    from longtake_engine.weights import install as module
    from longtake_engine.weights.hub import Listing, RemoteFile

    class Hub:
        @staticmethod
        def cache_folder() -> Path:
            return tmp_path / "cache"

        @staticmethod
        def list_files(repository: str, revision: str) -> Listing:
            return Listing(repository, COMMIT, (RemoteFile(LAST, 30 * 10**9, "a" * 64, ""),))

    def load_hub() -> type[Hub]:
        return Hub

    monkeypatch.setattr(module, "load_hub", load_hub)


def _ignore(progress: object) -> None:
    pass


def test_a_disk_that_is_too_small_is_noticed_before(offer, monkeypatch, store, tmp_path):
    def small_disk(path: Path) -> SimpleNamespace:
        return SimpleNamespace(free=10**9)

    monkeypatch.setattr(shutil, "disk_usage", small_disk)
    with pytest.raises(OutOfSpace, match=r"30\.0 GB are to be downloaded and 1\.0 GB are free"):
        install_here(Catalogue().find(NAME), store, InstallOptions(), _ignore)
    assert not (tmp_path / "cache").exists()
    assert store.standing(NAME).state == "missing"


def test_a_mirror_with_other_content_than_is_known_is_refused(offer, store):
    entry = msgspec.structs.replace(Catalogue().find(NAME), sha256={LAST: "b" * 64})
    with pytest.raises(BadInput, match=r"offers another vae/.* HF_ENDPOINT is a mirror"):
        install_here(entry, store, InstallOptions(), _ignore)


def test_an_ended_download_can_be_made_on_another_disk(begun, install, store, cache, tmp_path):
    begun()
    assert install(to=tmp_path / "disk").error is None
    assert store.find(NAME).folder.is_relative_to(tmp_path / "disk")
    assert not [path for path in cache.rglob("*") if path.is_file()]


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as unix does")
def test_a_disk_that_gets_full_keeps_what_came(home, settings, install, hub, cache):
    done = subprocess.Popen(
        [sys.executable, "-c", SMALL_FILES, "--home", str(home), "--log", str(home / "store.log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | settings,
    )
    assert done.stdin is not None and done.stdout is not None
    done.stdin.write(errand_line(ERRAND))
    done.stdin.flush()
    last = json.loads(done.stdout.readlines()[-1])
    done.stdin.close()
    done.wait(30)
    done.stdout.close()
    assert last["fault"]["reason"] == "OUT_OF_SPACE"
    assert "is full" in last["fault"]["sentence"]
    assert "goes on from there" in last["fault"]["sentence"]
    [piece] = cache.rglob("*.incomplete")
    kept = piece.stat().st_size
    assert kept > 200_000
    hub.asked.clear()
    assert install().error is None
    assert hub.asked[0][1] == f"bytes={kept}-"
