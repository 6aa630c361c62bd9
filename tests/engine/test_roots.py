from pathlib import Path

import pytest
from longtake_engine.errors import PathRefused, WrongCall
from longtake_engine.roots import Roots


def test_without_roots_everything_is_open(tmp_path):
    assert Roots().check(tmp_path / "a" / ".." / "b") == tmp_path.resolve() / "b"


def test_what_lies_under_a_root_and_the_root_itself_is_open(tmp_path):
    roots = Roots([tmp_path / "a", tmp_path / "b"])
    assert roots.check(tmp_path / "b" / "clip.mov") == tmp_path.resolve() / "b" / "clip.mov"
    assert roots.check(tmp_path / "a") == tmp_path.resolve() / "a"


@pytest.mark.parametrize("path", ["c/clip.mov", "a/../c/clip.mov", "ab/clip.mov", "."])
def test_what_lies_beside_is_refused(tmp_path, path):
    with pytest.raises(PathRefused, match="--root"):
        Roots([tmp_path / "a"]).check(tmp_path / path)


def test_a_link_out_of_a_root_is_refused_but_may_be_replaced(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret").write_text("")
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "folder").symlink_to(tmp_path)
    roots = Roots([root])
    with pytest.raises(PathRefused):
        roots.check(root / "link")
    assert roots.check_target(root / "link") == root.resolve() / "link"
    with pytest.raises(PathRefused):
        roots.check_target(root / "folder" / "out.mov")


def test_a_root_may_itself_be_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "root").symlink_to(tmp_path / "real")
    path = Roots([tmp_path / "root"]).check(tmp_path / "root" / "clip.mov")
    assert path == tmp_path.resolve() / "real" / "clip.mov"


def test_what_is_no_path_at_all():
    with pytest.raises(WrongCall, match="not a path"):
        Roots().check(Path("a\0b"))
