import pytest
from longtake_engine.weights.cache import CacheFolder


@pytest.fixture
def repository(tmp_path) -> CacheFolder:
    repository = CacheFolder(tmp_path / "hub", "owner/name")
    repository.blob("d1").parent.mkdir(parents=True)
    repository.blob("d1").write_bytes(b"content")
    return repository


def test_content_is_linked_and_goes_with_its_last_link(repository):
    first, second = (repository.snapshot(commit) / "vae/config.json" for commit in ("c1", "c2"))
    repository.place(first, "d1")
    repository.place(second, "d1")
    assert first.read_bytes() == second.read_bytes() == b"content"
    assert repository.delete(first) == 0
    assert second.read_bytes() == b"content"
    assert repository.delete(second) == 7
    repository.prune()
    assert not repository.root.exists()


def test_where_a_disk_has_no_links_the_file_itself_is_there(repository, monkeypatch):
    def refuse(*_, **__):
        raise OSError("no links on this disk")

    monkeypatch.setattr(type(repository.root), "symlink_to", refuse)
    path = repository.snapshot("c1") / "vae/config.json"
    repository.place(path, "d1")
    assert path.read_bytes() == b"content"
    assert not repository.blob("d1").exists()
    assert repository.delete(path) == 7


def test_a_branch_is_named_once_and_goes_with_its_commit(repository):
    path = repository.snapshot("c1") / "config.json"
    repository.place(path, "d1")
    repository.name_branch("main", "c1")
    repository.name_branch("main", "c2")
    assert (repository.root / "refs/main").read_text() == "c1"
    repository.delete(path)
    repository.prune()
    assert not (repository.root / "refs").exists()
