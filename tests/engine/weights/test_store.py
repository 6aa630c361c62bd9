"""What is installed is found whole or not at all."""

import os

import pytest
from longtake_engine.errors import MissingInput, NotPossible, WrongCall
from longtake_engine.jobs.errand_message import VerifyErrand
from longtake_engine.testing.hub import tiny_pipeline
from longtake_engine.weights import store as module
from longtake_engine.weights.store import ModelStore

NAME = "wan-vace-1.3b"
LAST = "vae/diffusion_pytorch_model.safetensors"


def test_what_is_not_installed_says_how(store):
    with pytest.raises(NotPossible, match=f"run `longtake models install {NAME}`") as caught:
        store.find(NAME)
    assert caught.value.reason == "NOT_INSTALLED"
    with pytest.raises(WrongCall, match="nothing to remove"):
        store.remove(NAME)
    assert store.names() == []


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden"])
def test_a_name_is_no_path(name, store):
    with pytest.raises(WrongCall):
        store.find(name)


def test_backends_find_it_by_the_engines_home(install, home, monkeypatch, store):
    install()
    monkeypatch.setenv("LONGTAKE_HOME", str(home))
    assert module.find(NAME) == store.find(NAME)
    monkeypatch.setenv("LONGTAKE_HOME", str(home / "other"))
    with pytest.raises(NotPossible):
        module.find(NAME)


def test_its_stamp_changes_with_what_is_installed(install, store):
    empty = store.stamp()
    install()
    full = store.stamp()
    assert len({empty, full}) == 2
    assert store.stamp() == full
    store.remove(NAME)
    assert store.stamp() == empty


def test_a_file_that_is_gone_or_changed_is_noticed_without_reading_it(install, store):
    install()
    path = store.find(NAME).folder / LAST
    content = path.read_bytes()
    times = path.stat()
    path.write_bytes(content[:-1])
    with pytest.raises(MissingInput, match="another size"):
        store.find(NAME)
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns + 1))
    with pytest.raises(MissingInput, match=f"longtake models verify {NAME}"):
        store.find(NAME)
    path.unlink()
    with pytest.raises(MissingInput, match=f"lacks its file.*longtake models install {NAME}"):
        store.find(NAME)
    assert store.standing(NAME).state == "damaged"


def test_verify_finds_what_sizes_do_not_show_and_install_mends_it(install, run, store, hub):
    install()
    path = store.find(NAME).folder / LAST
    content = path.read_bytes()
    times = path.stat()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert store.standing(NAME).state == "installed"  # as a look from outside has it
    outcome = run(VerifyErrand((NAME,)))
    assert outcome.error is None
    assert outcome.progress[-1].done_bytes == store.manifest(NAME).size_bytes
    with pytest.raises(MissingInput, match=f"not what it was.*longtake models install {NAME}"):
        store.find(NAME)
    hub.asked.clear()
    [mended] = install().settled
    assert mended.downloaded_bytes == len(content)
    assert [asked for asked, _ in hub.asked] == [LAST]
    assert path.read_bytes() == content
    assert store.find(NAME)
    assert store.remove(NAME).freed_bytes > 1_000_000


def test_verify_takes_a_file_with_another_date_back_into_use(install, run, store):
    install()
    path = store.find(NAME).folder / LAST
    os.utime(path, ns=(1, 1))
    assert store.standing(NAME).state == "damaged"
    assert run(VerifyErrand((NAME,))).error is None
    assert store.find(NAME)


def test_verify_wants_an_installed_model(run):
    assert isinstance(run(VerifyErrand((NAME,))).error, NotPossible)


def test_removing_one_keeps_what_another_one_uses(install, store, hub):
    files = hub.repositories["Wan-AI/Wan2.1-VACE-1.3B-diffusers"]
    hub.repositories["Wan-AI/Wan2.1-VACE-14B-diffusers"] = tiny_pipeline(layers=40) | {
        LAST: files[LAST]
    }
    install()
    install("wan-vace-14b")
    before = store.find(NAME).manifest.size_bytes
    assert store.remove(NAME).freed_bytes == before
    assert store.find("wan-vace-14b")
    assert store.names() == ["wan-vace-14b"]


def test_a_manifest_that_cannot_be_read_is_none(install, store, home):
    install()
    (home / "models" / f"{NAME}.json").write_text('{"name": "wan')
    with pytest.raises(NotPossible):
        ModelStore(home).find(NAME)
