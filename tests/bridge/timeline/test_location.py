from pathlib import Path

import pytest
from longtake_bridge.errors import BridgeError
from longtake_bridge.timeline.location import (
    is_bare_path,
    is_relative,
    path_from_url,
    relative_url,
    url_from_path,
)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///a/b%20c.mov", "/a/b c.mov"),
        ("file://localhost/a/b.mov", "/a/b.mov"),
        ("file:///a/sh%23ot%3F.mov", "/a/sh#ot?.mov"),
        ("file:///a/sh#ot.mov", "/a/sh#ot.mov"),
        ("/a/b c.mov", "/a/b c.mov"),
        ("media/b%20c.mov", "/edit/media/b c.mov"),
        ("../b.mov", "/b.mov"),
        ("file:///C:/clips/a%20b.mov", "C:/clips/a b.mov"),
        ("file://C:/clips/a.mov", "C:/clips/a.mov"),
        ("C:\\clips\\a.mov", "C:\\clips\\a.mov"),
        ("file://nas/clips/a.mov", "//nas/clips/a.mov"),
    ],
)
def test_a_url_means_a_path(url: str, path: str) -> None:
    assert path_from_url(url, Path("/edit")) == Path(path)


def test_a_bare_path_is_decoded_only_where_that_is_the_file(tmp_path: Path) -> None:
    (tmp_path / "100%25.mov").touch()
    (tmp_path / "a b.mov").touch()
    assert path_from_url("100%25.mov", tmp_path).name == "100%25.mov"
    assert path_from_url("a%20b.mov", tmp_path).name == "a b.mov"


def test_media_on_another_machine_is_refused() -> None:
    with pytest.raises(BridgeError, match="not on this machine") as caught:
        path_from_url("https://example.org/a.mov", Path("/edit"))
    assert caught.value.exit_code == 3


@pytest.mark.parametrize("name", ["plain.mov", "a b.mov", "é#?%.mov", "it's.mov"])
def test_urls_lead_back_to_the_path(name: str) -> None:
    path = Path("/edit/media") / name
    assert path_from_url(url_from_path(path), Path("/")) == path
    assert path_from_url(relative_url(path, Path("/edit")), Path("/edit")) == path


def test_kinds_of_url() -> None:
    assert is_relative("media/a.mov")
    assert not any(map(is_relative, ["/a.mov", "file:///a.mov", "C:\\a.mov", "file://nas/a.mov"]))
    assert is_bare_path("/a.mov")
    assert is_bare_path("C:/a.mov")
    assert not is_bare_path("file:///a.mov")
